package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/collectivity"
)

func TestACarerOfASchoolSeesItsChildrenOnly(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	verne, hugo := w.TwoSchools()
	for _, h := range []town.Home{verne, hugo} {
		h.Day(booking.Booking, 0, "cantine", "", tuesday)
	}
	if got := only(t, show(w, w.OfSchools(collectivity.Reader, "verne"))); got.FirstName != "Léa" {
		t.Errorf("sees %+v", got)
	}
}
