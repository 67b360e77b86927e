package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/collectivity"
)

func TestAnAgentOfASchoolJustifiesForItsChildrenOnly(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	verne, hugo := w.TwoSchools()
	var lines []map[string]any
	for _, h := range []town.Home{verne, hugo} {
		w.WriteDay(h.ID, booking.Day{Place: booking.Place{Date: friday, Child: h.Children[0], Activity: "cantine"}, State: booking.Absent, Request: "r"})
		l := line(h.ID, friday, "justify", reason)
		l["child"] = h.Children[0]
		lines = append(lines, l)
	}
	if got := justify(w, w.OfSchools(collectivity.Reviewer, "verne"), lines...); got[0] != "absent justified" || got[1] != "absent child_not_yours" {
		t.Errorf("got %q", got)
	}
}
