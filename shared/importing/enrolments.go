package importing

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"preau/shared/family"
	"preau/shared/tabular"
)

// Asked is an enrolment as a row asks for it.
type Asked struct {
	*Line
	Family string // its number
	Child  Person
	cells  map[string]string
}

// Cell of a row by the names that enrolments use: activity, from, to, weekdays, standing, option.
func (a Asked) Cell(name string) string { return a.cells["enrolment."+name] }

// Enrolment reads a row. The error refuses the whole file.
func (r Rules) Enrolment(row tabular.Row) (Asked, error) {
	rec := r.record(row)
	a := Asked{Line: rec.Line, Family: rec.texts["family.id"], cells: rec.texts}
	var err error
	if a.Child.Values, err = r.values(rec, "child", family.Child); err != nil {
		return a, err
	}
	a.Child.External, a.Child.Key = rec.texts["child.id"], "child"
	rec.Who = a.Child.Name()
	if a.Child.External == "" && a.Child.Name() == "" && !rec.Has(Error) {
		rec.note(wrong("required", "", "L’enfant manque : son numéro, ou ses nom et prénom."))
	}
	for _, name := range []string{"from", "to"} {
		day, err := readDay(rec.texts["enrolment."+name], r.Formats.Today)
		var american errAmerican
		if errors.As(err, &american) {
			return a, american.in(rec.Line.Line, rec.columns["enrolment."+name])
		}
		a.cells["enrolment."+name] = day
	}
	return a, nil
}

// Child finds a child of the town by its number, else by its names with its family's number or its birth date. Numbers may be the ids
// that the portal's own lists show. The note says why nobody is sure.
func (d *Directory) Child(a Asked) (p Place, no *Note) {
	var sure, maybe []Place
	for _, i := range slices.Concat(d.with("c", a.Child), d.people["id:"+a.Child.External]) {
		k := d.all[i]
		ours := a.Family != "" && (strings.EqualFold(k.External, a.Family) || k.ID == a.Family)
		if a.Family != "" && !ours && (k.External != "" || d.has(a.Family)) {
			continue
		}
		for _, c := range k.Children {
			switch how := d.alike(a.Child, c); {
			case how == certain || how == likely && ours || a.Child.External == c.ID:
				sure = append(sure, Place{k.ID, c.ID})
			case how == likely:
				maybe = append(maybe, Place{k.ID, c.ID})
			}
		}
	}
	slices.SortFunc(sure, func(a, b Place) int { return strings.Compare(a.Family+a.Child, b.Family+b.Child) })
	sure = slices.Compact(sure)
	switch {
	case len(sure) == 1:
		return sure[0], nil
	case len(sure) == 0 && len(maybe) == 0:
		return p, new(wrong("child_unknown", "", "Aucun enfant de la collectivité ne correspond."))
	case len(sure) == 0:
		return p, new(warn("ambiguous", "", "Un enfant de ce nom existe, mais rien ne dit que c’est lui : indiquez son numéro, celui de sa famille ou sa date de naissance."))
	}
	return p, new(warn("ambiguous", "", fmt.Sprintf("%d enfants de la collectivité correspondent, ou un enfant de deux foyers : indiquez le numéro de la famille.", len(sure))))
}

// has says whether a family of the town has that number, or id.
func (d *Directory) has(number string) bool {
	return d.ids[number] || len(d.numbers[strings.ToLower(number)]) > 0
}
