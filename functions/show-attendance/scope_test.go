package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/collectivity"
)

func TestAnAgentOfASchoolSeesItsChildrenOnly(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	verne, hugo := w.TwoSchools()
	for _, h := range []town.Home{verne, hugo} {
		h.Day(booking.Booking, 0, "cantine", "", tuesday)
	}
	day := show(w, w.OfSchools(collectivity.Reader, "verne"), "cantine", tuesday)
	if told(day.Lines) != "Léa booked" || len(day.Others)+len(day.Waiting) != 0 {
		t.Errorf("sees %s, %+v", told(day.Lines), day)
	}
	if both := show(w, w.OfSchools(collectivity.Reader, "verne", "hugo"), "cantine", tuesday); told(both.Lines) != "Léa booked, Tom booked" {
		t.Errorf("of both: %s", told(both.Lines))
	}
}
