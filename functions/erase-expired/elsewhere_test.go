package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/family"
)

func TestWhatTheOtherHouseholdRemovesGoesFromTheFileItLiesWith(t *testing.T) {
	t.Parallel()
	h := opened(t, "Léa")
	var other town.Home
	h.onTable(t, func() { other = h.Home.Share(h.Town.NewHome()) })
	contact := h.Join(family.Contact, map[string]any{"lastName": "Grandjean", "firstName": "Jeanne", "phone": "06 11 22 33 44", "children": []any{h.Children[0]}})
	theirs := house{Home: other}.at("2027-03-12")
	theirs.Remove(family.Contact, contact)
	if got := h.due(t); got != "2027-03-12" {
		t.Errorf("queued for %q", got)
	}
	h.run(t, nightOf("2027-03-13"))
	h.run(t, nightOf("2027-09-01"))
	holds(t, "after the school year", h.dump(t), false, "Grandjean", "FILE#CONTACT#"+contact)
}
