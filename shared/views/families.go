package views

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/store"
)

// Subscriptions shows subscriptions with the names of their families and collectivities.
func Subscriptions(ctx context.Context, s *store.Store, a account.Account, subs []store.Subscription) ([]api.Subscription, error) {
	glimpses, err := s.Glimpses(ctx, subs)
	if err != nil {
		return nil, err
	}
	out := make([]api.Subscription, 0, len(subs))
	for _, sub := range subs {
		out = append(out, api.Subscription{
			Family: sub.Family, Guardian: sub.Guardian, Name: glimpses[sub.Family].Name, Label: glimpses[sub.Family].Label, Since: Instant(sub.Since),
			Collectivity: api.CollectivityName{Slug: sub.Slug, Name: glimpses[sub.Family].Gate.Name}, Suspended: glimpses[sub.Family].Gate.Suspended,
			TermsDue: termsDue(a, sub, glimpses[sub.Family].Gate),
		})
	}
	return out, nil
}

// A Viewer is who looks at a file: one of its guardians, or an agent of the town.
type Viewer struct {
	Guardian family.Member
	Agent    *collectivity.Agent
}

// sees says whether the viewer may see a section of a member.
func (v Viewer) sees(m family.Member, s family.Section) bool {
	if v.Agent != nil {
		return family.AgentSees(*v.Agent, m, s)
	}
	return family.Sees(v.Guardian, m, s)
}

// near says whether the viewer sees all fields of a section, not only how its member is called.
func (v Viewer) near(m family.Member, s family.Section) bool {
	return v.Agent != nil || family.Edits(v.Guardian, m, s)
}

// Guardians shows the adults of a file as a viewer may see them.
func Guardians(settings collectivity.Settings, file family.File, v Viewer) []api.Guardian {
	out := []api.Guardian{}
	for _, m := range file.Guardians {
		values := func(section string) map[string]any { return Values(settings, v, m, section) }
		g := api.Guardian{
			ID: m.ID, You: v.Agent == nil && m.ID == v.Guardian.ID, Identity: values("identity"), Address: addressOf(file, m, v, settings),
			Phones: values("phones"), Work: values("work"), Fiscal: values("fiscal"), Bank: values("bank"),
		}
		for _, c := range file.Children {
			if relation := m.Relation(c.ID); relation != "" {
				g.Children = append(g.Children, api.GuardianOfWhom{Child: c.ID, Relation: relation, Holder: m.Holder(c.ID)})
			}
		}
		out = append(out, g)
	}
	return out
}

// addressOf is an address, or the one that it is said to be the same as.
func addressOf(file family.File, m family.Member, v Viewer, settings collectivity.Settings) map[string]any {
	address := Values(settings, v, m, "address")
	lives := file.Lives(m)
	linked := maps.Clone(Values(settings, v, lives, "address"))
	if address == nil || linked == nil || lives.ID == m.ID {
		return address
	}
	linked["sameAs"] = address["sameAs"]
	return linked
}

// Values shows what a viewer may see of a member's section, nil if nothing; of an adult of another household, the name only. Bank
// details and the tax reference are masked.
func Values(settings collectivity.Settings, v Viewer, m family.Member, name string) map[string]any {
	s, ok := family.SectionOf(m.Target, name)
	if !ok || !v.sees(m, s) {
		return nil
	}
	near := v.near(m, s)
	out := map[string]any{}
	for field, value := range m.Values[name] {
		f, ok := s.Field(field)
		if ok && f.Kind != family.Attached && s.Mode(settings, f) != collectivity.Hidden && (near || family.Public(f.Name)) {
			out[field] = f.Masked(value)
		}
	}
	return out
}

// Children shows the children of a file, with what is theirs alone. photo makes the links of a photo.
func Children(settings collectivity.Settings, h store.Household, pending []family.Change, v Viewer, photo func(family.Member) *api.Photo) []api.Child {
	out := []api.Child{}
	for _, m := range h.Children {
		identity, school := Values(settings, v, m, "identity"), Values(settings, v, m, "school")
		c := api.Child{
			ID: m.ID, FirstName: m.Text("identity", "firstName"), LastName: m.Text("identity", "lastName"),
			BirthDate: textOf(identity["birthDate"]), BirthPlace: textOf(identity["birthPlace"]), Sex: textOf(identity["sex"]),
			School: textOf(school["school"]), Level: textOf(school["level"]), Class: textOf(school["class"]),
			Shared: m.Other != "", Health: Values(settings, v, m, "health"),
			Authorisations: authorisations(settings, h, m, pending, v), Contacts: []map[string]any{},
		}
		if s, ok := family.SectionOf(family.Child, "photo"); ok && s.Mode(settings, s.Fields[0]) != collectivity.Hidden {
			c.Photo = photo(m)
		}
		for _, contact := range h.Contacts {
			if contact.About(m.ID) {
				c.Contacts = append(c.Contacts, contactOf(settings, contact, v))
			}
		}
		out = append(out, c)
	}
	return out
}

func contactOf(settings collectivity.Settings, m family.Member, v Viewer) map[string]any {
	out := Values(settings, v, m, "contact")
	out["id"] = m.ID
	return out
}

// authorisations shows what holders of parental authority said, and what holds.
func authorisations(settings collectivity.Settings, h store.Household, child family.Member, pending []family.Change, v Viewer) map[string]api.Authorisation {
	s, _ := family.SectionOf(family.Child, "authorisations")
	declared := family.Declared(s, pending, child.ID)
	holders := h.Holders(child.ID)
	out := map[string]api.Authorisation{}
	for _, f := range s.Fields {
		if s.Mode(settings, f) == collectivity.Hidden {
			continue
		}
		a := api.Authorisation{Holds: family.Holds(child, f, holders, declared), Joint: f.Joint, Said: []api.AuthorisedBy{}}
		for _, guardian := range holders {
			_, waits := declared[family.ConsentOf(f.Name, guardian)]
			a.Declared = a.Declared || waits
			given, said := family.Given(child, f.Name, guardian)
			if !said {
				continue
			}
			a.Said = append(a.Said, api.AuthorisedBy{Guardian: guardian, Name: h.NameOf(guardian), Given: given, At: family.GivenAt(child, f.Name, guardian)})
			if v.Agent == nil && guardian == v.Guardian.ID {
				a.Yours = &given
			}
		}
		out[f.Name] = a
	}
	return out
}

// Documents shows the papers of a file.
func Documents(h store.Household, v Viewer, today calendar.Date) []api.Document {
	out := []api.Document{}
	for _, m := range h.Documents {
		if !v.sees(m, family.First(family.Document)) || !v.seesPaperOf(h, m) {
			continue
		}
		until := m.Text("document", "validUntil")
		out = append(out, api.Document{
			ID: m.ID, Type: m.Text("document", "type"), About: m.Text("document", "about"),
			ValidFrom: m.Text("document", "validFrom"), ValidUntil: until, Expired: until != "" && until < string(today),
		})
	}
	return out
}

// SeesDocument says whether a viewer may open a document.
func SeesDocument(h store.Household, v Viewer, m family.Member) bool {
	return m.Target == family.Document && v.sees(m, family.First(family.Document)) && v.seesPaperOf(h, m)
}

// seesPaperOf: papers about an adult are theirs, and their household's.
func (v Viewer) seesPaperOf(h store.Household, document family.Member) bool {
	return v.Agent != nil || h.SeesPaper(v.Guardian, document)
}

// Confirmation tells whether a file was confirmed in the school year of today.
func Confirmation(file family.File, today calendar.Date) api.Confirmation {
	return api.Confirmation{Due: file.Confirmed < family.ConfirmFrom(today), On: string(file.Confirmed), By: file.ConfirmedBy}
}

// Missing shows what is still to be given.
func Missing(gaps []family.Gap) []api.Missing {
	out := []api.Missing{}
	for _, g := range gaps {
		what := g.Field.Label
		if g.Kind != "" {
			what = documentLabels[g.Kind]
		}
		out = append(out, api.Missing{
			Target: g.Member.ID, Section: g.Section.Name, Field: g.Field.Name, Document: g.Kind,
			Detail: "Il manque : " + inSentence(cmp.Or(what, "Document")) + of(g.Member.Text(family.First(g.Member.Target).Name, "firstName")),
		})
	}
	return out
}

// inSentence is a label as it stands within a sentence: with a small letter, unless it begins with an acronym.
func inSentence(label string) string {
	r := []rune(label)
	if len(r) > 1 && unicode.IsUpper(r[1]) {
		return label
	}
	r[0] = unicode.ToLower(r[0])
	return string(r)
}

// of joins a first name: de Noé, d’Inès, d’Hugo, d’Yves, de Yasmine.
func of(name string) string {
	if name == "" {
		return ""
	}
	plain := strings.Join(store.Words(name), "") + "  "
	if strings.Contains("aeiouh", plain[:1]) || plain[0] == 'y' && !strings.Contains("aeiou", plain[1:2]) {
		return " d’" + name
	}
	return " de " + name
}

var documentLabels = map[string]string{
	"insurance": "Attestation d’assurance", "vaccination": "Page des vaccins", "pai": "Document du PAI", "absence_certificate": "Justificatif d’absence",
	"address_proof": "Justificatif de domicile", "tax_notice": "Avis d’impôt", "judgment": "Jugement", "other": "Document",
}

// Sections shows what a collectivity asks for and lets families edit.
func Sections(settings collectivity.Settings) []api.Section {
	out := []api.Section{}
	for _, s := range family.Sections {
		shown := api.Section{Target: string(s.Target), Name: s.Name, Label: s.Label, Fields: []api.Field{}}
		for _, f := range s.Fields {
			if mode := s.Mode(settings, f); mode != collectivity.Hidden {
				shown.Fields = append(shown.Fields, field(f, mode))
			}
		}
		if len(shown.Fields) > 0 {
			out = append(out, shown)
		}
	}
	return out
}

// SectionOf shows the section of a change with the fields that it touches.
func SectionOf(c family.Change) api.Section {
	s, _ := c.About()
	out := api.Section{Target: string(s.Target), Name: s.Name, Label: s.Label, Fields: []api.Field{}}
	for _, touched := range c.Fields {
		if f, known := s.Field(touched.Field); known {
			shown := field(f, collectivity.Editable)
			shown.Name = touched.Field
			out.Fields = append(out.Fields, shown)
		}
	}
	return out
}

func field(f family.Field, mode collectivity.Mode) api.Field {
	out := api.Field{
		Name: f.Name, Label: f.Label, Kind: string(f.Kind), Choices: f.Choices, Max: f.Max, Joint: f.Joint,
		Editable: mode != collectivity.Shown, Required: mode == collectivity.Required,
	}
	for _, item := range f.Items {
		m := collectivity.Editable
		if item.Needed {
			m = collectivity.Required
		}
		out.Items = append(out.Items, field(item, m))
	}
	return out
}

// Changes shows those changes that a viewer may see and that a filter lets through, newest first.
func Changes(file family.File, v Viewer, filter api.ChangesQuery, changes []family.Change) []api.Change {
	changes = slices.SortedFunc(slices.Values(changes), newestFirst)
	out := []api.Change{}
	for _, c := range changes {
		if lets(filter, c) && v.seesChange(file, c) {
			out = append(out, Change(c))
		}
	}
	return out
}

func lets(q api.ChangesQuery, c family.Change) bool {
	return (q.State == "" || q.State == string(c.State())) && (q.Target == "" || q.Target == c.Target) && (q.Section == "" || q.Section == c.Section) &&
		(q.Field == "" || slices.ContainsFunc(c.Fields, func(f family.FieldChange) bool { return f.Field == q.Field || strings.HasPrefix(f.Field, q.Field+"@") }))
}

// seesChange says whether a viewer may see a change: an agent by their rights, a guardian what they may edit. Who has left is
// nobody's any more; the addition that was proposed is everybody's, but for papers of another adult.
func (v Viewer) seesChange(file family.File, c family.Change) bool {
	section, ok := c.About()
	if !ok {
		return false
	}
	m, known := file.Member(c.Target)
	if !known {
		m = c.Added(0)
	}
	if v.Agent != nil {
		return family.AgentSees(*v.Agent, m, section)
	}
	if c.Kind == family.Adds {
		return c.Of != family.Document || file.SeesPaper(v.Guardian, m)
	}
	return known && file.Edits(v.Guardian, m, section)
}

func newestFirst(a, b family.Change) int {
	return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(b.ID, a.ID))
}

// Change shows a change of a member's section. Bank details are masked on both sides.
func Change(c family.Change) api.Change {
	s, _ := c.About()
	out := api.Change{
		ID: c.ID, Kind: string(c.Kind), Target: c.Target, Of: string(c.Of), Section: c.Section, State: string(c.State()), By: c.By,
		CreatedAt: Instant(c.CreatedAt), DecidedAt: Instant(c.DecidedAt), Reason: c.Reason(), Fields: []api.FieldChange{},
	}
	for _, d := range c.Fields {
		f, _ := s.Field(d.Field)
		out.Fields = append(out.Fields, api.FieldChange{
			Field: d.Field, Label: s.FieldLabel(d.Field), Old: f.Masked(d.Old), New: f.Masked(d.New), State: string(d.State), Reason: d.Reason,
		})
	}
	return out
}

// Hidden is a change of which the viewer may know that it is there, not what of: that an allergy is changed tells already.
func Hidden(c api.Change) api.Change {
	c.Fields, c.Reason = []api.FieldChange{}, ""
	return c
}
