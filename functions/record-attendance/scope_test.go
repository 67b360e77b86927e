package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/collectivity"
)

func TestAnAgentOfASchoolRecordsItsChildrenOnly(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	verne, hugo := w.TwoSchools()
	for _, h := range []town.Home{verne, hugo} {
		w.WriteDay(h.ID, booking.Day{Place: booking.Place{Date: today, Child: h.Children[0], Activity: "cantine"}, State: booking.Booked, Request: "r"})
	}
	got := record(w, w.OfSchools(collectivity.Reviewer, "verne"), today, mark(verne.ID, verne.Children[0], "present"), mark(hugo.ID, hugo.Children[0], "present"))
	if told(got[0]) != "booked present" || told(got[1]) != "booked child_not_yours" || got[1].Detail == "" {
		t.Errorf("got %+v", got)
	}
}
