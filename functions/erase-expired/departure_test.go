package main

import (
	"testing"

	"preau/shared/account"
	"preau/shared/collectivity"
	"preau/shared/family"
)

// A family that an agent says has left is erased by the clock alone: what served care with the school year, the file under the
// agreement with the archives, what was billed after ten years, and then all that there is of it.
func TestAFamilyWhoseDepartureWasRecordedIsErasedWholly(t *testing.T) {
	t.Parallel()
	h := opened(t, "Zéphyrine", "Tom")
	h.archives(5)
	h.Give(h.Guardians[0], "fiscal", map[string]any{"quotient": 512.5})
	h.Join(family.Contact, map[string]any{"lastName": "Grandjean", "firstName": "Jeanne", "phone": "06 11 22 33 44", "children": []any{h.Children[0], h.Children[1]}})
	h.Papers("insurance", h.Children[0], "%PDF of hers")
	agent := h.Agent(collectivity.Reviewer)
	right, err := h.Env.Store.AgentOf(t.Context(), account.CallerOf(agent.User, true), h.Slug, collectivity.Reviewer)
	must(t, err)
	now := nightOf("2027-03-14")
	plan, err := right.PlanDeparture(t.Context(), h.ID, nil, "2027-03-12", "", now)
	must(t, err)
	must(t, right.RecordDeparture(t.Context(), plan, now))
	h.run(t, nightOf("2027-03-15"))
	holds(t, "in the school year", h.dump(t), true, "Zéphyrine", "Grandjean", "512.5")
	h.run(t, nightOf("2027-09-01"))
	dump := h.dump(t)
	holds(t, "after the school year", dump, true, "Zéphyrine", "512.5")
	holds(t, "after the school year", dump, false, "Grandjean", "FILE#DOCUMENT#")
	h.run(t, nightOf("2032-09-01"))
	dump = h.dump(t)
	holds(t, "after the agreement's years", dump, false, "Zéphyrine")
	holds(t, "after the agreement's years", dump, true, "512.5")
	h.run(t, nightOf("2038-01-01"))
	if keys := h.partition(t, "C#"+h.Slug+"#F#"+h.ID); len(keys) > 0 {
		t.Errorf("kept are %q", keys)
	}
}
