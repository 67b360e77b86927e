package importing

import (
	"cmp"
	"fmt"
	"strings"

	"preau/shared/family"
)

func (b *Book) addGuardian(f *Family, rec record, p Person) {
	if p.External != "" {
		number, name := strings.ToLower(p.External), b.Fold(p.Name())
		if was, known := b.adults[number]; known && was != name {
			rec.note(wrong("external_id_twice", "", "Le numéro de responsable « "+p.External+" » est déjà celui de quelqu’un d’autre."))
			return
		}
		b.adults[number] = name
	}
	for i, g := range f.Guardians {
		if b.same(p, g) {
			b.join(&f.Guardians[i], p, rec)
			return
		}
	}
	f.Guardians = append(f.Guardians, p)
}

// addChild adds the child of a row to its family, and notices that another family has them too. It answers the child as the family
// has them.
func (b *Book) addChild(f *Family, rec record, p Person) Person {
	if no := b.numbered(f, rec, p); no {
		return p
	}
	for i, c := range f.Children {
		if b.same(p, c) {
			b.join(&f.Children[i], p, rec)
			return f.Children[i]
		}
		if b.Fold(p.Name()) == b.Fold(c.Name()) && (p.External == "" || c.External == "") {
			rec.note(wrong("child_twice", rec.columns["child.birthDate"], fmt.Sprintf("La famille a déjà un enfant de ce nom, né à une autre date (ligne %d).", b.Lines[c.Line].Line)))
			return p
		}
	}
	b.shared(f, rec, &p)
	f.Children = append(f.Children, p)
	return p
}

// numbered holds each child's number to one name.
func (b *Book) numbered(f *Family, rec record, p Person) (taken bool) {
	if p.External == "" {
		return false
	}
	at, known := b.children[p.Key]
	if known && at.name != b.Fold(p.Name()) {
		rec.note(wrong("external_id_twice", rec.columns["child.id"], fmt.Sprintf("Le numéro d’enfant « %s » est déjà celui d’un autre enfant (ligne %d).", p.External, at.line)))
		return true
	}
	return false
}

// shared looks for the child in the families before: by number, else by names and birth date.
func (b *Book) shared(f *Family, rec record, p *Person) {
	name := b.Fold(p.Name())
	keys := []string{}
	if p.External != "" {
		keys = append(keys, p.Key)
	}
	if p.Born() != "" {
		keys = append(keys, "b:"+name+" "+p.Born())
	}
	for _, k := range keys {
		at, known := b.children[k]
		if !known {
			b.children[k] = childAt{f, p.Key, name, strings.ToLower(p.External), rec.Line.Line, 1}
			continue
		}
		if p.Twin != nil || at.family == f || at.number != "" && p.External != "" && at.number != strings.ToLower(p.External) {
			continue
		}
		if at.homes++; at.homes > 2 {
			rec.note(wrong("two_files_at_most", "", fmt.Sprintf("Deux autres familles du fichier ont déjà cet enfant (ligne %d) : un enfant a deux foyers au plus.", at.line)))
			return
		}
		b.children[k] = at
		p.Twin = &Twin{at.family.Key, at.key}
		rec.note(warn("child_of_two_homes", "", fmt.Sprintf("Même enfant que ligne %d : il fera partie des deux dossiers, et ses données de santé et autorisations seront communes aux deux foyers.", at.line)))
	}
}

// join completes what is known of a person with what another row says.
func (b *Book) join(p *Person, more Person, rec record) {
	p.External = cmp.Or(p.External, more.External)
	p.Usual = cmp.Or(p.Usual, more.Usual)
	for child, relation := range more.Relations {
		if p.Relations == nil {
			p.Relations = map[string]string{}
		}
		p.Relations[child] = relation
	}
	for section, fields := range more.Values {
		for field, value := range fields {
			switch was := p.Values[section][field]; {
			case was == nil:
				if p.Values[section] == nil {
					p.Values[section] = map[string]any{}
				}
				p.Values[section][field] = value
			case !b.alike(was, value):
				rec.note(warn("rows_differ", "", fmt.Sprintf("%s : « %v » n’est pas repris, la ligne %d dit « %v ».", p.Name(), value, b.Lines[p.Line].Line, was)))
			}
		}
	}
}

// alike says whether two values differ by no more than capitals and accents.
func (b Rules) alike(a, c any) bool {
	if family.Same(a, c) {
		return true
	}
	x, isText := a.(string)
	y, also := c.(string)
	return isText && also && b.Fold(x) == b.Fold(y)
}
