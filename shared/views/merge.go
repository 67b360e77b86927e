package views

import (
	"cmp"
	"slices"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/store"
)

// Merge shows an agent what becomes of a file that is merged into another.
func Merge(m store.Merge, agent collectivity.Agent) api.Merge {
	out := api.Merge{
		From:      api.MergedFile{Family: m.From.ID, Label: m.From.Label, Version: m.From.Version},
		Into:      api.MergedFile{Family: m.Into.ID, Label: m.Into.Label, Version: m.Into.Version},
		Guardians: []api.MergedMember{}, Children: []api.MergedMember{}, Contacts: []api.MergedMember{}, Documents: []api.MergedMember{},
		Enrolments: []api.MergedEnrolment{}, Obstacles: []api.MergeObstacle{},
	}
	lists := map[family.Target]*[]api.MergedMember{
		family.Guardian: &out.Guardians, family.Child: &out.Children, family.Contact: &out.Contacts, family.Document: &out.Documents,
	}
	for _, member := range m.Members {
		list := lists[member.Target]
		*list = append(*list, mergedMember(member, agent))
	}
	for _, e := range m.Enrolments {
		child, _ := m.From.Member(e.Child)
		shown := api.MergedEnrolment{
			ID: e.ID, Child: child.Text("identity", "firstName"), Activity: e.Activity, From: string(e.Period.From), To: string(e.Period.To), Outcome: "left",
		}
		if e.Into.ID != "" {
			shown.Outcome = "moved"
		}
		out.Enrolments = append(out.Enrolments, shown)
	}
	for _, no := range m.Forbids {
		out.Obstacles = append(out.Obstacles, api.MergeObstacle{Code: no.Code, Detail: no.Detail})
	}
	return out
}

func mergedMember(m family.Merged, agent collectivity.Agent) api.MergedMember {
	out := api.MergedMember{ID: m.ID, Name: cmp.Or(m.Name(), documentLabels[m.Text("document", "type")]), Outcome: "moved"}
	if m.Same {
		out.Outcome, out.Same = "same", m.Into.ID
	}
	out.Takes, out.Differs = saidLabels(m.Member, m.Takes, agent), saidLabels(m.Member, m.Drops, agent)
	return out
}

// saidLabels names fields; of sections that the agent has no right to, the section alone.
func saidLabels(m family.Member, all []family.Said, agent collectivity.Agent) (labels []string) {
	for _, said := range all {
		s, _ := family.SectionOf(m.Target, said.Section)
		label := s.Label
		if family.AgentSees(agent, m, s) {
			label += " : " + s.FieldLabel(said.Field)
		}
		if !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	return labels
}
