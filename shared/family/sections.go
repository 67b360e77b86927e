package family

import (
	"slices"
	"strings"

	"preau/shared/collectivity"
	"preau/shared/refusal"
)

// Target is what a section belongs to.
type Target string

// The members of a file.
const (
	Guardian Target = "guardian"
	Child    Target = "child"
)

// Section is a group of fields that are edited and decided together.
type Section struct {
	Target  Target
	Name    string
	Label   string // French
	Private bool   // of a guardian: seen within one household only
	Fields  []Field
}

// Field is one field of a section.
type Field struct {
	Name    string
	Label   string // French
	Kind    Kind
	Choices []string
	Max     int // characters; 100 unless said
	Needed  bool
}

// Sections are all sections that families may change. A new section is a new entry here: proposals, decisions, mails and
// the API follow.
var Sections = []Section{
	{Target: Guardian, Name: "identity", Label: "Identité", Fields: []Field{
		{Name: "civility", Label: "Civilité", Kind: Choice, Choices: []string{"mme", "m"}},
		{Name: "lastName", Label: "Nom", Kind: Name, Needed: true},
		{Name: "firstName", Label: "Prénom", Kind: Name, Needed: true},
		{Name: "birthName", Label: "Nom de naissance", Kind: Name},
		{Name: "birthDate", Label: "Date de naissance", Kind: PastDate},
		{Name: "situation", Label: "Situation familiale", Kind: Choice, Choices: []string{"single", "married", "civil_union", "cohabiting", "separated", "divorced", "widowed"}},
	}},
	{Target: Guardian, Name: "address", Label: "Adresse", Private: true, Fields: []Field{
		{Name: "street", Label: "Numéro et voie", Kind: Text, Needed: true},
		{Name: "complement", Label: "Complément d’adresse", Kind: Text},
		{Name: "postcode", Label: "Code postal", Kind: Postcode, Needed: true},
		{Name: "city", Label: "Commune", Kind: Name, Needed: true},
	}},
	{Target: Guardian, Name: "phones", Label: "Téléphones", Private: true, Fields: []Field{
		{Name: "mobile", Label: "Téléphone mobile", Kind: Phone},
		{Name: "home", Label: "Téléphone du domicile", Kind: Phone},
		{Name: "work", Label: "Téléphone professionnel", Kind: Phone},
	}},
}

// SectionOf finds a section of a kind of member.
func SectionOf(target Target, name string) (Section, bool) {
	i := slices.IndexFunc(Sections, func(s Section) bool { return s.Target == target && s.Name == name })
	if i < 0 {
		return Section{}, false
	}
	return Sections[i], true
}

// Key is the section's name in the settings: guardian.phones.
func (s Section) Key() string { return string(s.Target) + "." + s.Name }

// Label of one of the section's fields.
func (s Section) FieldLabel(name string) string {
	for _, f := range s.Fields {
		if f.Name == name {
			return f.Label
		}
	}
	return name
}

// Mode is what a collectivity lets families do with a field.
func (s Section) Mode(settings collectivity.Settings, f Field) collectivity.Mode {
	mode := settings.Mode(s.Key() + "." + f.Name)
	if mode == collectivity.Editable && f.Needed {
		return collectivity.Required
	}
	return mode
}

// read brings given values to the form in which they are kept, or says what is wrong with each.
func (s Section) read(settings collectivity.Settings, values map[string]any, formats Formats) (map[string]any, error) {
	clean := map[string]any{}
	var errs []refusal.Field
	for _, f := range s.Fields {
		value, given := values[f.Name]
		if !given {
			continue
		}
		mode := s.Mode(settings, f)
		read, code := f.read(value, mode, formats)
		if code != "" {
			errs = append(errs, refusal.Field{Field: "values." + f.Name, Code: code, Detail: details[code]})
		}
		clean[f.Name] = read
	}
	for name := range values {
		if !slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Name == name }) {
			errs = append(errs, refusal.Field{Field: "values." + name, Code: "unknown_field", Detail: details["unknown_field"]})
		}
	}
	if len(errs) > 0 {
		slices.SortFunc(errs, func(a, b refusal.Field) int { return strings.Compare(a.Field, b.Field) })
		return nil, refusal.OfFields(errs)
	}
	return clean, nil
}
