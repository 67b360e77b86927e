package family

import (
	"cmp"
	"slices"
	"strings"

	"preau/shared/collectivity"
	"preau/shared/refusal"
)

// Propose makes the fields of a change: what differs from the member's values, each valid and editable. Version is the
// file's version that the person saw; where the section moved since, the refusal carries both values.
func Propose(settings collectivity.Settings, m Member, section Section, version int, values map[string]any, formats Formats) ([]FieldChange, error) {
	clean, err := section.read(settings, values, formats)
	if err != nil {
		return nil, err
	}
	if err := mayConsent(section, m, clean, formats); err != nil {
		return nil, err
	}
	if err := section.mayLink(m, clean, formats.File); err != nil {
		return nil, err
	}
	if err := section.mayLast(m, clean); err != nil {
		return nil, err
	}
	if err := section.mayConcern(m, clean, formats.File); err != nil {
		return nil, err
	}
	if m.Versions[section.Name] > version {
		return nil, moved(m, section, clean)
	}
	var fields []FieldChange
	for _, name := range section.names(clean) {
		old := m.Value(section.Name, name)
		value := section.kept(name, clean[name], old, formats.File)
		if Same(value, old) {
			continue
		}
		if change := m.Pending[section.Name][name]; change != "" {
			return nil, formats.File.pending("values."+name, change)
		}
		fields = append(fields, FieldChange{Field: name, Old: old, New: value, State: Pending})
	}
	if len(fields) == 0 {
		return nil, refusal.OfField("values", "nothing_changes", "Ces informations sont déjà celles du dossier.")
	}
	return fields, nil
}

// mayConsent refuses the consent of a guardian who holds no parental authority over the child. What an agent writes down is
// the consent of the guardian named.
func mayConsent(section Section, m Member, values map[string]any, formats Formats) error {
	by, _ := formats.File.Member(formats.By)
	for name := range values {
		if f, _ := section.Field(name); f.Kind == Consent && !by.Holder(m.ID) {
			return ErrNotHolder
		}
	}
	return nil
}

// kept is a new value with what it does not speak of: a contact of a child of two files may be one of other children of the other
// file too, whom nobody here knows.
func (s Section) kept(name string, value, old any, file File) any {
	if f, _ := s.Field(name); f.Kind != OfChildren {
		return value
	}
	had, _ := old.([]any)
	children := slices.Clone(each(value))
	for _, child := range had {
		id, _ := child.(string)
		if _, known := file.Member(id); !known && len(children) > 0 {
			children = append(children, child)
		}
	}
	if len(children) == len(had) && within(children, old) {
		return old
	}
	if len(children) == 0 {
		return nil
	}
	return children
}

// mayLink refuses an address that would be the same as itself, or as one that is linked in turn.
func (s Section) mayLink(m Member, values map[string]any, file File) error {
	for name, value := range values {
		id, _ := value.(string)
		f, _ := s.Field(name)
		if other, ok := file.Member(id); f.Kind == Housemate && ok && (other.ID == m.ID || other.Text(s.Name, name) != "") {
			return refusal.OfField("values."+name, "address_linked", details["address_linked"])
		}
	}
	return nil
}

// mayLast refuses a document that would end before it begins.
func (s Section) mayLast(m Member, values map[string]any) error {
	from, until := s.text(m, values, "validFrom"), s.text(m, values, "validUntil")
	if s.Target == Document && until != "" && until < from {
		return refusal.OfField("values.validUntil", "period_reversed", "La fin de validité précède son début.")
	}
	return nil
}

// mayConcern refuses a document that tells of an adult and would be about a child.
func (s Section) mayConcern(m Member, values map[string]any, file File) error {
	about, _ := file.Member(s.text(m, values, "about"))
	if s.Target == Document && AdultDocument(s.text(m, values, "type")) && about.Target != Guardian {
		return refusal.OfField("values.about", "guardian_required", details["guardian_required"])
	}
	return nil
}

// text of a field as values would leave it, or "".
func (s Section) text(m Member, values map[string]any, name string) string {
	if v, given := values[name]; given {
		text, _ := v.(string)
		return text
	}
	return m.Text(s.Name, name)
}

// ProposeMember makes the fields of a member to be added: all that are given, and each that is required.
func ProposeMember(settings collectivity.Settings, file File, section Section, values map[string]any, formats Formats) ([]FieldChange, error) {
	given := map[string]any{}
	for _, f := range section.Fields {
		if section.Mode(settings, f) == collectivity.Required {
			given[f.Name] = nil
		}
	}
	for name, v := range values {
		given[name] = v
	}
	clean, err := section.read(settings, given, formats)
	if err != nil {
		return nil, err
	}
	if len(file.Members())+len(file.Adding) >= mostMembers {
		return nil, errFull
	}
	var fields []FieldChange
	for _, name := range section.names(clean) {
		if clean[name] != nil {
			fields = append(fields, FieldChange{Field: name, New: clean[name], State: Pending})
		}
	}
	return fields, nil
}

// mostMembers keeps a file within one read and one transaction.
const mostMembers = 60

// ProposeRemoval makes the one field of a member to be removed. The last guardian stays, and nobody removes themselves: they end
// their subscription.
func ProposeRemoval(file File, m Member, by string) ([]FieldChange, error) {
	if change := m.Pending[Membership][Removed]; change != "" {
		return nil, file.pending("values."+Removed, change)
	}
	if m.Target == Guardian {
		switch {
		case m.ID == by:
			return nil, refusal.New(refusal.Conflict, "remove_yourself", "Pour quitter ce dossier, mettez fin à votre abonnement.").At("target")
		case len(file.Guardians) < 2:
			return nil, ErrLastGuardian
		}
	}
	return []FieldChange{{Field: Removed, Old: false, New: true, State: Pending}}, nil
}

// pending refuses a field that waits for a change, and names it. One of a child's other household is named to nobody here: only
// who proposed it may take it back.
func (f File) pending(field, change string) error {
	if f.elsewhere(change) {
		return refusal.New(refusal.Conflict, "field_pending", "L’autre foyer de l’enfant a proposé une modification de ce champ : elle attend la décision de la collectivité.").At(field)
	}
	no := refusal.New(refusal.Conflict, "field_pending", "Une modification de ce champ attend déjà une décision. Retirez-la d’abord.")
	return no.At(field).With("change", change)
}

// elsewhere says whether a change is one of the other household of a child: its id begins with that family's.
func (f File) elsewhere(change string) bool {
	of, _, _ := strings.Cut(change, "-")
	return slices.ContainsFunc(f.Children, func(c Member) bool { return c.Other != "" && c.Other == of })
}

// moved tells both values of each touched field that differs.
func moved(m Member, section Section, values map[string]any) error {
	type both struct {
		Field   string `json:"field"`
		Current any    `json:"current"`
		Yours   any    `json:"yours"`
	}
	conflicts := []both{}
	for _, name := range section.names(values) {
		if current := m.Value(section.Name, name); !Same(values[name], current) {
			f, _ := section.Field(name)
			conflicts = append(conflicts, both{name, f.Masked(current), f.Masked(values[name])})
		}
	}
	no := refusal.New(refusal.Conflict, "version_moved", "Le dossier a changé depuis que vous l’avez ouvert. Vérifiez vos informations et recommencez.")
	return no.With("conflicts", conflicts)
}

// names of the values, in the order of the section's fields.
func (s Section) names(values map[string]any) []string {
	var names []string
	for name := range values {
		names = append(names, name)
	}
	place := func(name string) int {
		f, _ := s.Field(name)
		return slices.IndexFunc(s.Fields, func(of Field) bool { return of.Name == f.Name })
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(place(a), place(b)), strings.Compare(a, b)) })
	return names
}

// read brings given values to the form in which they are kept, or says what is wrong with each.
func (s Section) read(settings collectivity.Settings, values map[string]any, formats Formats) (map[string]any, error) {
	clean := map[string]any{}
	var wrong mistakes
	for name, value := range values {
		path := "values." + name
		f, ok := s.Field(name)
		switch {
		case !ok || f.Name != name:
			wrong.add(path, "unknown_field")
			continue
		case s.PerID && !slices.ContainsFunc(formats.File.Children, func(c Member) bool { return c.ID == name }):
			wrong.add(path, "member_unknown")
			continue
		}
		if f.Kind == Consent {
			name = ConsentOf(name, formats.By)
		}
		clean[name] = f.read(path, value, s.Mode(settings, f), formats, &wrong)
	}
	if len(wrong) > 0 {
		slices.SortFunc(wrong, func(a, b refusal.Field) int { return strings.Compare(a.Field, b.Field) })
		return nil, refusal.OfFields(wrong)
	}
	return clean, nil
}

// What is refused of a proposal.
var (
	ErrTargetUnknown  = refusal.OfField("target", "member_unknown", "Cette personne ne fait pas partie du dossier.")
	ErrSectionUnknown = refusal.OfField("section", "section_unknown", "Cette rubrique n’existe pas pour cette personne.")
	ErrVersionUnknown = refusal.OfField("version", "version_unknown", "Cette version du dossier n’existe pas.")
	ErrNotYours       = refusal.New(refusal.Forbidden, "section_not_yours", "Vous ne pouvez pas modifier cette rubrique pour cette personne.").At("target")
	ErrNotHolder      = refusal.New(refusal.Forbidden, "not_holder", "Seul un titulaire de l’autorité parentale peut donner cette autorisation.").At("target")
	ErrLastGuardian   = refusal.New(refusal.Conflict, "last_guardian", "Un dossier garde au moins un responsable.").At("target")
	ErrChildEnrolled  = refusal.New(refusal.Conflict, "child_enrolled", "Cet enfant est encore inscrit à une activité. Mettez d’abord fin à ses inscriptions.")
	ErrChildShared    = refusal.New(refusal.Conflict, "child_shared", "Cet enfant figure aussi dans le dossier de son autre foyer. Contactez votre collectivité.")
	ErrAddUnknown     = refusal.OfField("add", "unknown_value", "On ajoute un responsable (guardian), un enfant (child) ou un contact (contact).")
)
