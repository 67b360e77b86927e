package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
)

func TestAnAgentOfASchoolDecidesForItsChildrenOnly(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	verne, hugo := w.TwoSchools()
	mine, others := verne.Day(booking.Booking, 0, "mercredi", "matin", wednesday), hugo.Day(booking.Booking, 0, "mercredi", "matin", wednesday)
	agent := w.OfSchools(collectivity.Reviewer, "verne")
	if got := told(town.Read[api.Decided](t, handle(), decide(verne, agent, accept(mine.ID), accept(others.ID)), 200)); got != " child_not_yours, booked" {
		t.Errorf("got %q", got)
	}
}
