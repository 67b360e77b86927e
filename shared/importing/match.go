package importing

import (
	"fmt"
	"slices"
	"strings"
)

// Known is a family of the town, as its directory has it.
type Known struct {
	ID, Label, External string
	Guardians, Children []KnownPerson
}

// KnownPerson is one of its adults or children.
type KnownPerson struct{ ID, Name, Born, External string }

// Directory finds the town's families by numbers and names.
type Directory struct {
	Fold    Fold
	all     []Known
	numbers map[string][]int // of families, by number
	people  map[string][]int // of families, by number or name of a child or adult, or a child's id
	ids     map[string]bool  // of families
}

// NewDirectory has none yet.
func NewDirectory(fold Fold) *Directory {
	return &Directory{Fold: fold, numbers: map[string][]int{}, people: map[string][]int{}, ids: map[string]bool{}}
}

// Add takes a family of the town.
func (d *Directory) Add(k Known) {
	at := len(d.all)
	d.all = append(d.all, k)
	d.ids[k.ID] = true
	if k.External != "" {
		number := strings.ToLower(k.External)
		d.numbers[number] = append(d.numbers[number], at)
	}
	for _, of := range []struct {
		kind string
		all  []KnownPerson
	}{{"g", k.Guardians}, {"c", k.Children}} {
		for _, p := range of.all {
			for _, key := range d.keys(of.kind, p.Name, p.External) {
				if !slices.Contains(d.people[key], at) {
					d.people[key] = append(d.people[key], at)
				}
			}
		}
	}
	for _, c := range k.Children {
		d.people["id:"+c.ID] = append(d.people["id:"+c.ID], at)
	}
}

func (d *Directory) keys(kind, name, number string) []string {
	keys := []string{kind + ":" + d.Fold(name)}
	if number != "" {
		keys = append(keys, kind+"n:"+strings.ToLower(number))
	}
	return keys
}

// Place is a child of a family of the town.
type Place struct{ Family, Child string }

// Match is which family of the town one of the file is.
type Match struct {
	Family string           // "": a new one
	Homes  map[string]Place // children of the file's family, by key, who are in another family of the town
	Note   *Note            // why it is left to an agent, or what they should look at
	Left   bool
}

// likeness is how alike a family of the town and one of the file are.
type likeness struct {
	at                 int
	child, childMaybe  bool // a child of the same number, or names and birth date; of the same names, one of them without a birth date
	adultNumber, adult bool // an adult of the same number; of the same names
	children           map[string]string
}

// sure says whether the two are one family: an adult in common and a child, or an adult's number.
func (l likeness) sure() bool {
	return (l.child || l.childMaybe) && (l.adult || l.adultNumber) || l.adultNumber
}

// Match finds the family of the town that one of the file is: by its number, else by its people's numbers, else by their names and
// birth dates. What may be, and is not sure, is left to an agent.
func (d *Directory) Match(f Family) Match {
	m := Match{Homes: map[string]Place{}}
	found := d.candidates(f)
	if f.External != "" {
		switch same := d.numbers[strings.ToLower(f.External)]; {
		case len(same) > 1:
			return left("ambiguous", fmt.Sprintf("Plusieurs dossiers portent le numéro %s : %s.", f.External, d.labels(same)))
		case len(same) == 1:
			m.Family = d.all[same[0]].ID
			if !slices.ContainsFunc(found, func(l likeness) bool { return l.at == same[0] }) && len(f.Guardians) > 0 {
				return left("nobody_in_common", fmt.Sprintf("Le dossier n° %s est celui de « %s », sans personne en commun avec cette ligne.", f.External, d.all[same[0]].Label))
			}
		}
	}
	var sure, maybe []int
	for _, l := range found {
		k := d.all[l.at]
		other := k.External != "" && f.External != "" && !strings.EqualFold(k.External, f.External)
		switch {
		case k.ID == m.Family:
		case m.Family == "" && !other && l.sure():
			sure = append(sure, l.at)
		case l.child: // in another family, whose adults are others
			if m.Family == "" && !other {
				maybe = append(maybe, l.at)
				continue
			}
			for key, child := range l.children {
				m.Homes[key] = Place{k.ID, child}
			}
		case m.Family == "" && !other && l.adult:
			maybe = append(maybe, l.at)
		}
	}
	switch {
	case m.Family != "":
	case len(sure) == 1:
		m.Family = d.all[sure[0]].ID
	case len(sure) > 1:
		return left("ambiguous", "Plusieurs dossiers peuvent être cette famille : "+d.labels(sure)+".")
	case len(maybe) > 0:
		return left("ambiguous", "Ce dossier a un adulte ou un enfant du même nom, sans que l’on sache s’il s’agit de la même famille : "+d.labels(maybe)+".")
	}
	return m
}

func left(code, detail string) Match {
	return Match{Left: true, Note: &Note{Warning, code, "", detail + " La décision vous revient : rien n’est importé."}}
}

func (d *Directory) labels(all []int) string {
	var names []string
	for _, i := range all[:min(len(all), 5)] {
		names = append(names, "« "+d.all[i].Label+" »")
	}
	return strings.Join(names, ", ")
}

// candidates are the families of the town with somebody of one of the file.
func (d *Directory) candidates(f Family) []likeness {
	found := map[int]*likeness{}
	at := func(i int) *likeness {
		if found[i] == nil {
			found[i] = &likeness{at: i, children: map[string]string{}}
		}
		return found[i]
	}
	for _, c := range f.Children {
		for _, i := range d.with("c", c) {
			for _, k := range d.all[i].Children {
				switch d.alike(c, k) {
				case certain:
					at(i).child, at(i).children[c.Key] = true, k.ID
				case likely:
					at(i).childMaybe = true
				}
			}
		}
	}
	for _, g := range f.Guardians {
		for _, i := range d.with("g", g) {
			for _, k := range d.all[i].Guardians {
				if numbered(g, k) {
					at(i).adultNumber = true
				} else if d.alike(g, k) != different {
					at(i).adult = true
				}
			}
		}
	}
	var all []likeness
	for _, l := range found {
		all = append(all, *l)
	}
	slices.SortFunc(all, func(a, b likeness) int { return a.at - b.at })
	return all
}

// with are the families of the town that have somebody of the same number or names.
func (d *Directory) with(kind string, p Person) (all []int) {
	for _, key := range d.keys(kind, p.Name(), p.External) {
		all = append(all, d.people[key]...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func numbered(p Person, k KnownPerson) bool {
	return p.External != "" && strings.EqualFold(p.External, k.External)
}

// how sure it is that two are the same person.
type likelihood int

const (
	different likelihood = iota
	likely               // of the same names, and no birth date to tell
	certain
)

func (d *Directory) alike(p Person, k KnownPerson) likelihood {
	switch {
	case numbered(p, k):
		return certain
	case p.External != "" && k.External != "", d.Fold(p.Name()) != d.Fold(k.Name):
		return different
	case p.Born() == "" || k.Born == "":
		return likely
	case p.Born() == k.Born:
		return certain
	}
	return different
}
