package importing

import (
	"cmp"
	"fmt"
)

// Close ends the families: who lives with whom, who is what to whom, what they are called. A family of which one row is wrong is
// wrong as a whole.
func (b *Book) Close() {
	for _, f := range b.Families {
		if f.Bad {
			b.spoil(f)
			continue
		}
		b.homes(f)
		b.relate(f)
		if f.Label == "" {
			named := f.Guardians
			if len(named) == 0 {
				named = f.Children
			}
			f.Label = "Famille " + named[0].Text("identity", "lastName")
		}
	}
}

// spoil leaves all rows of a family out.
func (b *Book) spoil(f *Family) {
	at := 0
	for _, i := range f.Lines {
		if b.Lines[i].Has(Error) {
			at = b.Lines[i].Line
			break
		}
	}
	for _, i := range f.Lines {
		if l := b.Lines[i]; !l.Has(Error) {
			l.note(wrong("family_wrong", "", fmt.Sprintf("Une autre ligne de la même famille est en erreur (ligne %d) : aucune n’est importée.", at)))
		}
	}
}

// homes says which adults live together: those of one address, and whoever has none, unless they are said to live apart.
func (b *Book) homes(f *Family) {
	for i := range f.Guardians {
		g := &f.Guardians[i]
		if g.Home = fmt.Sprint("h", i+1); i == 0 {
			continue
		}
		address := b.address(*g)
		for j, other := range f.Guardians[:i] {
			if there := b.address(other); address == there && address != "" || address == "" && j == 0 && !apart(*g) && !apart(other) {
				g.Home = other.Home
				if there != "" {
					g.SameAs = cmp.Or(other.SameAs, other.Key)
					delete(g.Values, "address")
				}
				break
			}
		}
	}
}

func (b *Book) address(p Person) string {
	return b.Fold(p.Text("address", "street") + " " + p.Text("address", "postcode") + " " + p.Text("address", "city"))
}

func apart(p Person) bool {
	s := p.Text("identity", "situation")
	return s == "separated" || s == "divorced"
}

// relate gives each adult the relation that their rows say to each child.
func (b *Book) relate(f *Family) {
	for i := range f.Guardians {
		g := &f.Guardians[i]
		if g.Relations == nil {
			g.Relations = map[string]string{}
		}
		for _, c := range f.Children {
			if g.Relations[c.Key] == "" && g.Usual != "" {
				g.Relations[c.Key] = g.Usual
			}
		}
	}
}
