package importing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"preau/shared/family"
	"preau/shared/tabular"
)

// A Family is what the rows of a file say of one family.
type Family struct {
	Key       string // that tells it from the file's others
	External  string // its number there
	Label     string
	Lines     []int // places in the report, from 0
	Guardians []Person
	Children  []Person
	Bad       bool // an error stands in one of its rows: none of it is imported
}

// most persons of a family: so many are written at once.
const mostPersons = 12

// Book gathers the families that a file tells of, row by row.
type Book struct {
	Rules
	Lines    []*Line
	Families []*Family
	byKey    map[string]*Family
	children map[string]childAt // by number, and by names and birth date
	adults   map[string]string  // folded name, by number
}

type childAt struct {
	family *Family
	key    string
	name   string
	number string
	line   int
	homes  int // families that have the child
}

// NewBook begins with none.
func NewBook(r Rules) *Book {
	return &Book{Rules: r, byKey: map[string]*Family{}, children: map[string]childAt{}, adults: map[string]string{}}
}

// Row takes a row. The error refuses the whole file.
func (b *Book) Row(row tabular.Row) error {
	rec := b.record(row)
	at := len(b.Lines)
	b.Lines = append(b.Lines, rec.Line)
	var adults []Person
	for _, who := range []string{"guardian1", "guardian2"} {
		p, there, err := b.person(rec, who, family.Guardian)
		if err != nil {
			return err
		}
		if there {
			adults = append(adults, p)
		}
	}
	child, hasChild, err := b.person(rec, "child", family.Child)
	if err != nil {
		return err
	}
	rec.Who = who(child, hasChild, adults)
	f := b.family(rec, adults, hasChild)
	if f == nil {
		return nil
	}
	f.Lines = append(f.Lines, at)
	if hasChild {
		b.place(rec, child.Values)
		child.Line = at
		child = b.addChild(f, rec, child)
	}
	for i, p := range adults {
		p.Line = at
		if relation := b.relation(rec, []string{"guardian1", "guardian2"}[i]); relation != "" && hasChild {
			p.Relations = map[string]string{child.Key: relation}
		} else {
			p.Usual = relation
		}
		b.addGuardian(f, rec, p)
	}
	f.Label = cmp.Or(f.Label, rec.texts["family.label"])
	if len(f.Guardians)+len(f.Children) > mostPersons {
		rec.note(wrong("family_too_large", "", fmt.Sprintf("La famille compte plus de %d personnes : vérifiez son numéro.", mostPersons)))
	}
	f.Bad = f.Bad || rec.Has(Error)
	return nil
}

// who names whom a row is about.
func who(child Person, hasChild bool, adults []Person) string {
	switch {
	case hasChild:
		return child.Name()
	case len(adults) > 0:
		return adults[0].Name()
	}
	return ""
}

// family finds the family of a row, or begins one; nil: nobody knows which.
func (b *Book) family(rec record, adults []Person, hasChild bool) *Family {
	number := rec.texts["family.id"]
	key := prefixed("n:", number)
	if key == "" && len(adults) > 0 {
		a := adults[0]
		key = "p:" + b.Fold(strings.Join([]string{a.Name(), a.External, a.Born(), a.Text("phones", "email"), a.Text("phones", "mobile"), a.Text("address", "street"), a.Text("address", "postcode")}, " "))
	}
	if key == "" || len(adults) == 0 && !hasChild {
		if !rec.Has(Error) {
			rec.note(wrong("family_missing", "", "La ligne ne dit pas de quelle famille elle parle : il y faut un numéro de famille, ou le nom d’un responsable."))
		}
		return nil
	}
	f := b.byKey[key]
	if f == nil {
		f = &Family{Key: key, External: number}
		b.byKey[key] = f
		b.Families = append(b.Families, f)
	} else if hasChild && b.strangers(f, adults) {
		rec.note(wrong("external_id_twice", rec.columns["family.id"], fmt.Sprintf(
			"Le numéro de famille « %s » est déjà celui d’une autre famille, avec %s (ligne %d).", number, f.Guardians[0].Name(), b.Lines[f.Lines[0]].Line)))
	}
	return f
}

// strangers says whether none of some adults is one of a family's.
func (b *Book) strangers(f *Family, adults []Person) bool {
	if len(adults) == 0 || len(f.Guardians) == 0 {
		return false
	}
	return !slices.ContainsFunc(adults, func(a Person) bool {
		return slices.ContainsFunc(f.Guardians, func(g Person) bool { return b.same(a, g) })
	})
}
