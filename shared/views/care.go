package views

import (
	"cmp"
	"slices"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/store"
)

// CareChild shows carers a child of a day. photo makes the links of a photo.
func CareChild(town *booking.Town, activity collectivity.Activity, one store.Cared, photo func(family.Member) *api.Photo) api.CareChild {
	m, day := one.Child, one.Day
	school, class := schoolOf(town.Configuration, m)
	out := api.CareChild{
		Family: one.ID, Child: m.ID, LastName: m.Text("identity", "lastName"), FirstName: m.Text("identity", "firstName"), BirthDate: m.Text("identity", "birthDate"),
		School: school, Class: class, Option: day.Option, Group: day.Group, State: string(day.State), Presence: string(day.Presence),
		Care: Care(town.Configuration.Settings, one),
	}
	if day.Group == collectivity.AllAges { // who has no place is of the group of their age
		out.Group, _ = activity.Group(store.ChildOf(m, town.Configuration).Born, day.Date)
	}
	if p := photo(m); p != nil {
		out.Photo = p.Small
	}
	return out
}

// Care shows carers what to know of a child on a day: of its health what the store has opened.
func Care(settings collectivity.Settings, one store.Cared) api.Care {
	c := carer{settings, one}
	out := api.Care{
		Health: c.health(), Authorisations: c.authorisations(), Guardians: c.guardians(), Collectors: []api.CarePerson{}, Emergency: []api.CarePerson{},
		NotToCollect: c.courts(),
	}
	c.contacts(&out)
	return out
}

// CareRead is of which children something of their health is shown, family by family, as consultations have it.
type CareRead map[string]store.Read

// Add a child as it is shown.
func (r CareRead) Add(one store.Cared, shown api.Care) {
	const health = "child.health"
	if of := r[one.ID][health]; shown.Health != nil && !slices.Contains(of, one.Child.ID) {
		r[one.ID] = store.Read{health: append(of, one.Child.ID)}
	}
}

// schoolOf are the names of a child's school and class, which files hold by name or id.
func schoolOf(configuration collectivity.Configuration, m family.Member) (school, class string) {
	school, class = m.Text("school", "school"), m.Text("school", "class")
	s, known := configuration.SchoolOf(school)
	if !known {
		return school, class
	}
	if c, known := s.ClassOf(class); known {
		class = c.Name
	}
	return s.Name, class
}

// carer tells of one child.
type carer struct {
	settings collectivity.Settings
	store.Cared
}

// known lists what is known of a field of the child's health; nothing of one that the town does not ask for.
func (c carer) known(field string) []family.Known {
	s, _ := family.SectionOf(family.Child, "health")
	f, _ := s.Field(field)
	if s.Mode(c.settings, f) == collectivity.Hidden {
		return nil
	}
	return family.KnownOf(c.Child, s.Name, field, family.Declared(s, c.Changes, c.Child.ID))
}

func (c carer) health() *api.CareHealth {
	h := api.CareHealth{Medication: c.texts("medication"), Diet: c.texts("diet"), Advice: c.texts("advice")}
	for _, k := range c.known("allergies") {
		record, _ := k.Value.(map[string]any)
		h.Allergies = append(h.Allergies, api.CareAllergy{
			Allergen: textOf(record["allergen"]), Consequence: textOf(record["consequence"]), Treatment: textOf(record["treatment"]), CareMark: api.CareMark{Declared: k.Declared},
		})
	}
	for _, k := range c.known("pai") {
		if k.Value == true {
			h.PAI = &api.CareMark{Declared: k.Declared}
		}
	}
	for _, k := range c.known("doctor") {
		h.Doctor = textOf(k.Value)
	}
	for _, k := range c.known("doctorPhone") {
		h.DoctorPhone = textOf(k.Value)
	}
	if len(h.Allergies)+len(h.Medication)+len(h.Diet)+len(h.Advice) == 0 && h.PAI == nil && h.Doctor == "" && h.DoctorPhone == "" {
		return nil
	}
	return &h
}

func (c carer) texts(field string) (all []api.CareText) {
	for _, k := range c.known(field) {
		all = append(all, api.CareText{Text: textOf(k.Value), CareMark: api.CareMark{Declared: k.Declared}})
	}
	return all
}

func textOf(value any) string {
	text, _ := value.(string)
	return text
}

func (c carer) authorisations() map[string]api.CareAuthorisation {
	out := map[string]api.CareAuthorisation{}
	for name, a := range authorisations(c.settings, c.Household, c.Child, c.Changes, Viewer{Agent: &collectivity.Agent{}}) {
		out[name] = api.CareAuthorisation{Holds: a.Holds, CareMark: api.CareMark{Declared: a.Declared}}
	}
	return out
}

// guardians are the adults of the child: of its other household too, whom nobody there sees, but carers may have to call.
func (c carer) guardians() []api.CarePerson {
	out := []api.CarePerson{}
	for _, file := range append([]family.File{c.File}, c.Others...) {
		for _, g := range file.Guardians {
			if relation := g.Relation(c.Child.ID); relation != "" {
				out = append(out, api.CarePerson{ID: g.ID, Name: g.Name(), Relation: relation, Phones: c.phones(g, "phones", "mobile", "home", "work"), Court: c.kept(g)})
			}
		}
	}
	return out
}

// phones are an adult's numbers, in an order.
func (c carer) phones(m family.Member, section string, fields ...string) (all []string) {
	values := Values(c.settings, Viewer{Agent: &collectivity.Agent{}}, m, section)
	for _, f := range fields {
		if number := textOf(values[f]); number != "" {
			all = append(all, number)
		}
	}
	return all
}

// kept says whether a court keeps the child from somebody: a guardian, or whom it names as a contact is named.
func (c carer) kept(m family.Member) bool {
	return slices.ContainsFunc(c.Orders, func(o family.Order) bool {
		return o.Guardian == m.ID || o.Person != "" && sameName(o.Person, m.Name())
	})
}

// sameName says whether two names are of the same words, however they are written.
func sameName(a, b string) bool {
	return slices.Equal(slices.Sorted(slices.Values(store.Words(a))), slices.Sorted(slices.Values(store.Words(b))))
}

// courts are those who must not be given the child by a court's order.
func (c carer) courts() []api.CarePerson {
	out := []api.CarePerson{}
	for _, o := range c.Orders {
		if name := cmp.Or(o.Person, c.NameOf(o.Guardian)); name != "" {
			out = append(out, api.CarePerson{ID: o.Guardian, Name: name, Court: true})
		}
	}
	return out
}

// contacts sorts the child's contacts: who may collect it, whom to call, and from whom the family has taken it back.
func (c carer) contacts(out *api.Care) {
	for _, m := range c.Contacts {
		if !m.About(c.Child.ID) {
			continue
		}
		p := api.CarePerson{ID: m.ID, Name: m.Name(), Link: m.Text("contact", "link"), Phones: c.phones(m, "contact", "phone", "otherPhone"), Court: c.kept(m)}
		may, withdrawn := family.Collects(m, c.Child.ID, c.Changes)
		if may && !p.Court {
			out.Collectors = append(out.Collectors, p)
		}
		if withdrawn {
			gone := api.CarePerson{ID: p.ID, Name: p.Name, Link: p.Link, CareMark: api.CareMark{Declared: true}}
			out.NotToCollect = append(out.NotToCollect, gone)
		}
		if m.Value("contact", "emergency") == true {
			out.Emergency = append(out.Emergency, p)
		}
	}
}
