package importing

import (
	"cmp"
	"fmt"
	"maps"
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

// fields of a person, in the order of the sections.
func (p Person) fields(of family.Target) (all []family.Said) {
	for _, s := range family.SectionsOf(of) {
		for _, name := range slices.Sorted(maps.Keys(p.Values[s.Name])) {
			all = append(all, family.Said{Section: s.Name, Field: name})
		}
	}
	return all
}
