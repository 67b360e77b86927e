package views

import (
	"slices"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/store"
)

// FoundFamily shows a family that a search finds.
func FoundFamily(l store.Listed) api.FoundFamily {
	out := api.FoundFamily{Family: l.Family, Label: l.Label, Guardians: []string{}, Children: []api.FoundChild{}}
	out.Guardians = append(out.Guardians, l.Guardians...)
	for _, c := range l.Children {
		out.Children = append(out.Children, api.FoundChild{ID: c.ID, Name: c.Name, BirthDate: c.Born})
	}
	return out
}

// OpenedFile shows a family file as an agent's role lets them see it. photo makes the links of a photo.
func OpenedFile(f store.OpenedFile, agent collectivity.Agent, today calendar.Date, photo func(family.Member) *api.Photo) api.OpenedFile {
	h, settings, v := f.Household, f.Configuration.Settings, Viewer{Agent: &agent}
	out := api.OpenedFile{
		Family: h.ID, Version: h.Version, Label: h.Label, HealthHidden: !agent.Health,
		Guardians: []api.OpenedGuardian{}, Children: []api.OpenedChild{},
		Documents: Documents(h, v, today), Pending: History(h.File, agent, f.Pending), Declared: declared(settings, h.File, agent, f.Pending),
		Missing: missingFor(agent, settings, h.File, f.Pending, today), Confirmation: Confirmation(h.File, today), Sections: sectionsFor(agent, settings),
		Orders: ordersFor(agent, f.Orders, today), Notes: notesFor(agent, f.Notes),
	}
	for i, g := range Guardians(settings, h.File, v) {
		m := h.Guardians[i]
		out.Guardians = append(out.Guardians, api.OpenedGuardian{Guardian: g, Household: m.Household, Subscribed: m.Account != ""})
	}
	for i, c := range Children(settings, h, f.Pending, v, photo) {
		out.Children = append(out.Children, api.OpenedChild{Child: c, OtherFamily: h.Children[i].Other})
	}
	return out
}

// ordersFor are orders of courts: in force, to every agent, lest somebody tells an address; the others, and the courts that gave
// them, to the office.
func ordersFor(agent collectivity.Agent, orders []family.Order, today calendar.Date) []api.CourtOrder {
	shown := CourtOrders(orders, today)
	if agent.Role.Covers(collectivity.Reviewer) {
		return shown
	}
	shown = slices.DeleteFunc(shown, func(o api.CourtOrder) bool { return !o.InForce })
	for i := range shown {
		shown[i].Reference, shown[i].RecordedBy = "", ""
	}
	return shown
}

// notesFor are notes, to the office.
func notesFor(agent collectivity.Agent, notes []family.Note) []api.Note {
	if !agent.Role.Covers(collectivity.Reviewer) {
		return []api.Note{}
	}
	return Notes(notes)
}

// sectionsFor are the sections that an agent may see.
func sectionsFor(agent collectivity.Agent, settings collectivity.Settings) []api.Section {
	return slices.DeleteFunc(Sections(settings), func(shown api.Section) bool {
		s, _ := family.SectionOf(family.Target(shown.Target), shown.Name)
		return s.Target != family.Document && !family.AgentSees(agent, family.Member{Target: s.Target}, s)
	})
}

// missingFor is what a file lacks, whoever of its guardians has to give it, of what an agent may see.
func missingFor(agent collectivity.Agent, settings collectivity.Settings, file family.File, pending []family.Change, today calendar.Date) []api.Missing {
	type gap struct{ member, section, field, kind string }
	known := map[gap]bool{}
	var all []family.Gap
	for _, guardian := range file.Guardians {
		for _, g := range family.Missing(settings, file, guardian, today, pending...) {
			k := gap{g.Member.ID, g.Section.Key(), g.Field.Name, g.Kind}
			if !known[k] && family.AgentSees(agent, lacking(g), g.Section) {
				known[k] = true
				all = append(all, g)
			}
		}
	}
	return Missing(all)
}

// lacking is the member of a gap; of a document the one that should be there.
func lacking(g family.Gap) family.Member {
	if g.Kind == "" {
		return g.Member
	}
	return family.Member{Target: family.Document, Values: map[string]map[string]any{"document": {"type": g.Kind}}}
}

// Filtered are those changes that a filter lets through.
func Filtered(filter api.ChangesQuery, changes []family.Change) []family.Change {
	return slices.DeleteFunc(changes, func(c family.Change) bool { return !lets(filter, c) })
}

// History shows a family's changes to an agent, newest first. Of what they have no right to they see that something changes, not
// what.
func History(file family.File, agent collectivity.Agent, changes []family.Change) []api.FamilyChange {
	changes = slices.SortedFunc(slices.Values(changes), newestFirst)
	out := []api.FamilyChange{}
	for _, c := range changes {
		section, ok := c.About()
		if !ok {
			continue
		}
		m := subject(file, c)
		shown := api.FamilyChange{Change: Change(c), Member: m.Name()}
		if family.AgentSees(agent, m, section) {
			shown.Decides = c.State() == family.Pending && family.AgentDecides(agent, m, section)
		} else {
			shown.Change, shown.Hidden = Hidden(shown.Change), true
		}
		out = append(out, shown)
	}
	return out
}

// subject is whom a change is about; of who is not in the file, what the change itself says.
func subject(file family.File, c family.Change) family.Member {
	if m, ok := file.Member(c.Target); ok {
		return m
	}
	return c.Added(0)
}

// declared are the fields of changes that count for carers already, of what an agent may see.
func declared(settings collectivity.Settings, file family.File, agent collectivity.Agent, pending []family.Change) []api.Declared {
	out := []api.Declared{}
	for _, c := range slices.SortedFunc(slices.Values(pending), newestFirst) {
		s, _ := c.About()
		m := subject(file, c)
		for _, d := range family.Urgent(c) {
			f, _ := s.Field(d.Field)
			if !family.AgentSees(agent, m, s) || s.Mode(settings, f) == collectivity.Hidden {
				continue
			}
			out = append(out, api.Declared{
				Change: c.ID, Target: c.Target, Member: m.Name(), Section: c.Section, Field: d.Field, Label: s.FieldLabel(d.Field),
				Old: f.Masked(d.Old), New: f.Masked(d.New),
			})
		}
	}
	return out
}

// A Reading is what an agent is shown of what is sealed of a family, which is recorded before: sections, and the members whom it
// is about. Documents are named by their type: document.pai.
type Reading struct{ read store.Read }

func (r *Reading) add(section, member string) {
	if r.read == nil {
		r.read = store.Read{}
	}
	if !slices.Contains(r.read[section], member) {
		r.read[section] = append(r.read[section], member)
	}
}

// Families is what was read of one family, as a consultation has it: nothing where nothing was.
func (r Reading) Families(id string) map[string]store.Read {
	if len(r.read) == 0 {
		return nil
	}
	return map[string]store.Read{id: r.read}
}

// ReadingOf is what an agent is shown of an opened file.
func ReadingOf(f store.OpenedFile, agent collectivity.Agent) (r Reading) {
	file := f.Household.File
	for _, m := range file.Members() {
		for _, s := range family.SectionsOf(m.Target) {
			if family.AgentSees(agent, m, s) {
				r.section(f.Configuration.Settings, m, s)
			}
		}
	}
	r.Changes(file, agent, f.Pending)
	return r
}

func (r *Reading) section(settings collectivity.Settings, m family.Member, s family.Section) {
	if s.Target == family.Document {
		r.document(m)
		return
	}
	for _, f := range s.Fields {
		if f.Sealed && m.Value(s.Name, f.Name) != nil && s.Mode(settings, f) != collectivity.Hidden {
			r.add(s.Key(), m.ID)
		}
	}
}

// document: that somebody has sent one, tells of their health.
func (r *Reading) document(m family.Member) {
	if kind := m.Text("document", "type"); family.HealthDocument(kind) {
		r.add("document."+kind, m.Text("document", "about"))
	}
}

// Changes adds what an agent is shown of changes.
func (r *Reading) Changes(file family.File, agent collectivity.Agent, changes []family.Change) {
	for _, c := range changes {
		s, ok := c.About()
		m := subject(file, c)
		if !ok || !family.AgentSees(agent, m, s) {
			continue
		}
		if s.Target == family.Document {
			r.document(m)
			continue
		}
		for _, d := range c.Fields {
			if f, ok := s.Field(d.Field); ok && f.Sealed {
				r.add(s.Key(), c.Target)
			}
		}
	}
}

// BankDetails shows a guardian's bank details in full.
func BankDetails(settings collectivity.Settings, m family.Member) api.BankDetails {
	out := api.BankDetails{Guardian: m.ID, Bank: map[string]any{}}
	s, _ := family.SectionOf(family.Guardian, "bank")
	for _, f := range s.Fields {
		if v := m.Value(s.Name, f.Name); v != nil && s.Mode(settings, f) != collectivity.Hidden {
			out.Bank[f.Name] = v
		}
	}
	return out
}
