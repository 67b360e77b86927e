package views

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/store"
)

// Subscriptions shows subscriptions with the names of their families and collectivities.
func Subscriptions(ctx context.Context, s *store.Store, subs []store.Subscription) ([]api.Subscription, error) {
	glimpses, err := s.Glimpses(ctx, subs)
	if err != nil {
		return nil, err
	}
	out := make([]api.Subscription, 0, len(subs))
	for _, sub := range subs {
		out = append(out, api.Subscription{
			Family: sub.Family, Guardian: sub.Guardian, Label: glimpses[sub.Family].Label, Since: Instant(sub.Since),
			Collectivity: api.CollectivityName{Slug: sub.Slug, Name: glimpses[sub.Family].Town},
		})
	}
	return out, nil
}

// Guardians shows the adults of a file as one of them may see them.
func Guardians(settings collectivity.Settings, file family.File, viewer family.Member) []api.Guardian {
	out := []api.Guardian{}
	for _, m := range file.Guardians {
		g := api.Guardian{ID: m.ID, You: m.ID == viewer.ID, Identity: section(settings, viewer, m, "identity"), Address: section(settings, viewer, m, "address"), Phones: section(settings, viewer, m, "phones")}
		for child, relation := range m.Relations {
			g.Children = append(g.Children, api.GuardianOfWhom{Child: child, Relation: relation})
		}
		slices.SortFunc(g.Children, func(a, b api.GuardianOfWhom) int { return strings.Compare(a.Child, b.Child) })
		out = append(out, g)
	}
	return out
}

// section shows what a viewer may see of a member's section; of an adult of another household, the name only.
func section(settings collectivity.Settings, viewer, m family.Member, name string) map[string]any {
	s, _ := family.SectionOf(family.Guardian, name)
	if !family.Sees(viewer, m, s) {
		return nil
	}
	near := family.Edits(viewer, m, s)
	out := map[string]any{}
	for _, f := range s.Fields {
		value := m.Value(name, f.Name)
		public := f.Name == "civility" || f.Name == "firstName" || f.Name == "lastName"
		if value != nil && s.Mode(settings, f) != collectivity.Hidden && (near || public) {
			out[f.Name] = value
		}
	}
	return out
}

// Sections shows what a collectivity asks for and lets families edit.
func Sections(settings collectivity.Settings) []api.Section {
	out := []api.Section{}
	for _, s := range family.Sections {
		shown := api.Section{Target: string(s.Target), Name: s.Name, Label: s.Label, Fields: []api.Field{}}
		for _, f := range s.Fields {
			mode := s.Mode(settings, f)
			if mode == collectivity.Hidden {
				continue
			}
			shown.Fields = append(shown.Fields, api.Field{
				Name: f.Name, Label: f.Label, Kind: string(f.Kind), Choices: f.Choices, Editable: mode != collectivity.Shown, Required: mode == collectivity.Required,
			})
		}
		out = append(out, shown)
	}
	return out
}

// Changes shows those changes that a viewer may see and that are in a state ("": any), newest first.
func Changes(file family.File, viewer family.Member, state string, changes []family.Change) []api.Change {
	changes = slices.SortedFunc(slices.Values(changes), newestFirst)
	out := []api.Change{}
	for _, c := range changes {
		member, _ := file.Member(c.Target)
		s, ok := family.SectionOf(member.Target, c.Section)
		if ok && family.Edits(viewer, member, s) && (state == "" || state == string(c.State())) {
			out = append(out, Change(member, c))
		}
	}
	return out
}

func newestFirst(a, b family.Change) int {
	return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(b.ID, a.ID))
}

// Change shows a change of a member's section.
func Change(member family.Member, c family.Change) api.Change {
	s, _ := family.SectionOf(member.Target, c.Section)
	out := api.Change{
		ID: c.ID, Target: c.Target, Section: c.Section, State: string(c.State()), By: c.By,
		CreatedAt: Instant(c.CreatedAt), DecidedAt: Instant(c.DecidedAt), Reason: c.Reason(), Fields: []api.FieldChange{},
	}
	for _, f := range c.Fields {
		out.Fields = append(out.Fields, api.FieldChange{Field: f.Field, Label: s.FieldLabel(f.Field), Old: f.Old, New: f.New, State: string(f.State), Reason: f.Reason})
	}
	return out
}
