package importing

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"preau/shared/family"
)

// A Person is a guardian or a child as rows say them.
type Person struct {
	Key       string // within the family
	External  string
	Line      int // place in the report of the first row that tells of them, from 0
	Values    map[string]map[string]any
	Relations map[string]string `json:",omitempty"` // of a guardian: by a child's key
	Usual     string            `json:",omitempty"` // of a guardian: the relation to each child, where none is said
	Home      string            `json:",omitempty"` // of a guardian: those of one home live together
	SameAs    string            `json:",omitempty"` // of a guardian: key of the one whose address theirs is
	Twin      *Twin             `json:",omitempty"` // of a child: as whom another family of the file has them
}

// Twin is a child of another family of the file who is the same child: of parents who live apart.
type Twin struct{ Family, Child string }

// Text of a field, or "".
func (p Person) Text(section, field string) string {
	s, _ := p.Values[section][field].(string)
	return s
}

// Name is how they are called.
func (p Person) Name() string {
	return strings.TrimSpace(p.Text("identity", "firstName") + " " + p.Text("identity", "lastName"))
}

// Born is their birth date, or "".
func (p Person) Born() string { return p.Text("identity", "birthDate") }

// fields of a person, in the order of the sections.
func (p Person) fields(of family.Target) (all []family.Said) {
	for _, s := range family.SectionsOf(of) {
		for _, name := range slices.Sorted(maps.Keys(p.Values[s.Name])) {
			all = append(all, family.Said{Section: s.Name, Field: name})
		}
	}
	return all
}

// person reads somebody of a row; there is false where it tells of none.
func (b *Book) person(rec record, who string, of family.Target) (p Person, there bool, err error) {
	if !rec.has(who + ".") {
		return p, false, nil
	}
	if p.Values, err = b.values(rec, who, of); err != nil {
		return p, false, err
	}
	p.External = rec.texts[who+".id"]
	if p.Values["identity"]["lastName"] == nil && p.Values["identity"]["firstName"] == nil && who == "guardian2" {
		return p, false, nil // an address or a title alone is nobody
	}
	for _, field := range essential {
		name := who + "." + field
		if p.Values["identity"][field] != nil || rec.Has(Error) {
			continue
		}
		f, _ := FieldOf(b.Of, name)
		rec.note(wrong("required", rec.columns[name], "« "+f.Label+" » manque."))
	}
	if of == family.Child && p.Born() == "" && !rec.Has(Error) {
		rec.note(warn("birth_date_missing", rec.columns["child.birthDate"], "La date de naissance manque : l’enfant sera plus difficile à reconnaître, et son âge n’est pas vérifié."))
	}
	p.Key = cmp.Or(prefixed("n:", p.External), b.Fold(p.Name()))
	return p, p.Name() != "", nil
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + strings.ToLower(text)
}

// same says whether two rows tell of one person.
func (b *Book) same(a, g Person) bool {
	if a.External != "" && g.External != "" {
		return strings.EqualFold(a.External, g.External)
	}
	return b.Fold(a.Name()) == b.Fold(g.Name()) && (a.Born() == "" || g.Born() == "" || a.Born() == g.Born())
}

// relation of an adult of a row to its child.
func (b *Book) relation(rec record, who string) string {
	text := rec.texts[who+".relation"]
	if text == "" {
		return ""
	}
	value := b.choice("relation", text)
	if !slices.Contains(family.Relations, value) {
		rec.note(warn("unknown_value", rec.columns[who+".relation"], "« "+text+" » n’est pas repris : le lien avec l’enfant est mère, père, tuteur, beau-parent, grand-parent, famille d’accueil ou autre."))
		return ""
	}
	return value
}
