package importing

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"preau/shared/collectivity"
	"preau/shared/family"
)

// Step is what is to be done of one family: what an import's plan holds, line by line.
type Step struct {
	Family    string // its id
	Creates   bool
	Want      Family
	Homes     map[string]Place `json:",omitempty"` // children who are in another family, by key
	Overwrite bool             `json:",omitempty"`
}

// Takes says whether the family takes a child from another file: that one has to be there first.
func (s Step) Takes() bool { return len(s.Homes) > 0 }

// Edit is what a step makes of a file.
type Edit struct {
	family.Edit
	IDs    map[string]string // of everybody whom the rows tell of, by key
	Shares map[string]Share  // children whom another file has, by their id there
	Notes  []At
}

// Share puts a child of another family into the file too.
type Share struct {
	From      string            // that family
	Relations map[string]string // of the file's guardians to the child, by guardian
}

// At is a note and the row, by its place in the report, that it is about.
type At struct {
	Line int
	Note
}

// Changes says whether there is anything to be done.
func (e Edit) Changes() bool { return !e.Empty() || len(e.Shares) > 0 }

// editing holds a file against what rows say of it.
type editing struct {
	Edit
	Rules
	step  Step
	file  family.File
	home  map[string]string // households of the file, by home
	newID func(of family.Target, key string) string
}

// Edit says what a step makes of a file as it is: one that is new has nobody yet. What families may edit themselves stays as it is
// where it says something else, unless the step overwrites; what only the town may edit, follows the rows. newID names a new member,
// always the same.
func (r Rules) Edit(step Step, file family.File, newID func(of family.Target, key string) string) Edit {
	e := &editing{Rules: r, step: step, file: file, home: map[string]string{}, newID: newID}
	e.IDs, e.Shares = map[string]string{}, map[string]Share{}
	e.Numbers = map[string]string{}
	if file.External == "" {
		e.External = step.Want.External
	}
	for _, c := range step.Want.Children {
		e.child(c)
	}
	for _, g := range step.Want.Guardians {
		e.meet(g)
	}
	for _, g := range step.Want.Guardians {
		e.guardian(g)
	}
	e.unrelated()
	return e.Edit
}

// unrelated warns where nobody says what an adult is to a child, of whom one is new to the file.
func (e *editing) unrelated() {
	there := func(p Person) bool { _, ok := e.file.Member(e.IDs[p.Key]); return ok }
	for _, g := range e.step.Want.Guardians {
		for _, c := range e.step.Want.Children {
			if g.Relations[c.Key] == "" && !(there(g) && there(c)) {
				e.note(c.Line, warn("relation_missing", "", "Le lien avec l’enfant manque pour "+g.Name()+" : sans lui, on ne sait pas qui exerce l’autorité parentale. Il se complète dans le dossier."))
			}
		}
	}
}

func (e *editing) note(line int, n Note) { e.Notes = append(e.Notes, At{line, n}) }

// find is the member of the file who is a person of the rows.
func (e *editing) find(of []family.Member, p Person) (m family.Member, found bool) {
	for _, m := range of {
		if p.External != "" && m.External != "" {
			if strings.EqualFold(p.External, m.External) {
				return m, true
			}
			continue
		}
		born := m.Text("identity", "birthDate")
		if e.Fold(p.Name()) == e.Fold(m.Name()) && (born == "" || p.Born() == "" || born == p.Born()) {
			return m, true
		}
	}
	return m, false
}

func (e *editing) child(p Person) {
	if m, found := e.find(e.file.Children, p); found {
		e.IDs[p.Key] = m.ID
		if m.Home == "" && !m.Elsewhere {
			e.complete(m, p)
		}
		return
	}
	if at, elsewhere := e.step.Homes[p.Key]; elsewhere {
		e.IDs[p.Key] = at.Child
		e.Shares[at.Child] = Share{From: at.Family, Relations: map[string]string{}}
		e.note(p.Line, tell("", p.Name()+" : enfant d’un autre dossier, ajouté à celui-ci"))
		if p.Twin == nil { // the file itself does not say that there are two homes
			e.note(p.Line, warn("child_of_two_homes", "", p.Name()+" est déjà dans un autre dossier et fera partie des deux : ses données de santé et autorisations seront communes aux deux foyers. Vérifiez qu’il s’agit du même enfant."))
		}
		return
	}
	m := family.Member{ID: e.newID(family.Child, p.Key), Target: family.Child, Values: p.Values, External: p.External}
	e.IDs[p.Key] = m.ID
	e.Add = append(e.Add, m)
	e.note(p.Line, tell("", "Enfant ajouté : "+p.Name()))
}

// meet learns who of the rows' adults are in the file, and with whom they live there.
func (e *editing) meet(p Person) {
	if m, found := e.find(e.file.Guardians, p); found {
		e.IDs[p.Key] = m.ID
		e.home[p.Home] = cmp.Or(e.home[p.Home], m.Household)
		return
	}
	e.IDs[p.Key] = e.newID(family.Guardian, p.Key)
}

func (e *editing) guardian(p Person) {
	m, found := e.file.Member(e.IDs[p.Key])
	if found {
		e.complete(m, p)
		e.relations(m, p)
		return
	}
	m = family.Member{ID: e.IDs[p.Key], Target: family.Guardian, Values: p.Values, External: p.External}
	m.Household = cmp.Or(e.home[p.Home], m.ID)
	e.home[p.Home] = m.Household
	if at := e.IDs[p.SameAs]; at != "" {
		m.Values["address"] = map[string]any{"sameAs": at}
	}
	relations := map[string]any{}
	for child, relation := range p.Relations {
		id := e.IDs[child]
		if share, shared := e.Shares[id]; shared {
			if relation != "" {
				share.Relations[m.ID] = relation
			}
		} else if id != "" && relation != "" {
			relations[id] = relation
		}
	}
	if len(relations) > 0 {
		m.Values["relations"] = relations
	}
	e.Add = append(e.Add, m)
	e.note(p.Line, tell("", "Responsable ajouté : "+p.Name()))
}

// relations fills who an adult of the file is to its children.
func (e *editing) relations(m family.Member, p Person) {
	for _, child := range slices.Sorted(maps.Keys(p.Relations)) {
		id, relation := e.IDs[child], p.Relations[child]
		if share, shared := e.Shares[id]; shared && relation != "" {
			share.Relations[m.ID] = relation
			continue
		}
		if id == "" || relation == "" || m.Relation(id) == relation {
			continue
		}
		if was := m.Relation(id); was != "" {
			e.note(p.Line, warn("value_kept", "", p.Name()+" : le lien avec l’enfant du dossier est conservé, la ligne en donne un autre."))
			continue
		}
		e.set(m, "relations", id, relation)
	}
}

func (e *editing) set(m family.Member, section, field string, value any) {
	e.Set = append(e.Set, family.SetField{Member: m.ID, Section: section, Field: field, Old: m.Value(section, field), New: value})
}

// complete gives a member of the file what rows say of them.
func (e *editing) complete(m family.Member, p Person) {
	if m.External == "" && p.External != "" {
		e.Numbers[m.ID] = p.External
	}
	for _, s := range family.SectionsOf(m.Target) {
		if len(p.Values[s.Name]) == 0 {
			continue
		}
		if joint := s.Name == "address" || s.Name == "fiscal"; joint && len(m.Values[s.Name]) > 0 {
			e.whole(m, s, p)
			continue
		}
		for _, said := range p.fields(m.Target) {
			if said.Section == s.Name {
				e.field(m, s, said.Field, p)
			}
		}
	}
}

// whole says of a section of which a half makes no sense that it stays as it is.
func (e *editing) whole(m family.Member, s family.Section, p Person) {
	for field, v := range p.Values[s.Name] {
		if !e.alike(m.Value(s.Name, field), v) {
			e.note(p.Line, warn("value_kept", "", fmt.Sprintf("%s : « %s » du dossier est conservée, la ligne dit autre chose.", p.Name(), s.Label)))
			return
		}
	}
}

// field sets one field, where it may be.
func (e *editing) field(m family.Member, s family.Section, name string, p Person) {
	value, was := p.Values[s.Name][name], m.Value(s.Name, name)
	label := s.FieldLabel(name)
	f, _ := s.Field(name)
	switch {
	case e.alike(was, value):
	case m.Pending[s.Name][name] != "":
		e.note(p.Line, warn("field_pending", "", p.Name()+" : une demande de modification attend votre décision sur « "+label+" », qui reste inchangé."))
	case was == nil:
		e.note(p.Line, tell("", fmt.Sprintf("%s : %s renseigné (%v)", p.Name(), label, value)))
		e.set(m, s.Name, name, value)
	case e.step.Overwrite || s.Mode(e.Town.Settings, f) == collectivity.Shown:
		e.note(p.Line, tell("", fmt.Sprintf("%s : %s « %v » devient « %v »", p.Name(), label, was, value)))
		e.set(m, s.Name, name, value)
	default:
		e.note(p.Line, warn("value_kept", "", fmt.Sprintf("%s : %s « %v » du dossier est conservé, la ligne dit « %v ».", p.Name(), label, was, value)))
	}
}
