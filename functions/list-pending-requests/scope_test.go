package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
)

func TestAnAgentOfASchoolSeesTheRequestsOfItsChildrenOnly(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	verne, hugo := w.TwoSchools()
	for _, h := range []town.Home{verne, hugo} {
		h.Day(booking.Booking, 0, "mercredi", "matin", "2026-11-25")
	}
	got := town.Read[api.List[api.PendingRequest]](t, newHandler(), queue(verne, w.OfSchools(collectivity.Reader, "verne")), 200)
	if len(got.Items) != 1 || got.Items[0].Family != verne.ID {
		t.Errorf("got %+v", got.Items)
	}
	if all := town.Read[api.List[api.PendingRequest]](t, newHandler(), queue(verne, w.Agent(collectivity.Reader)), 200); len(all.Items) != 2 {
		t.Errorf("who has all schools sees %+v", all.Items)
	}
}

func TestWhatWaitsOfAnAgentsOwnFamilyIsNotInTheirQueue(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	second, elsewhere := h.Share(h.NewHome("Zoé"), "mercredi"), h.NewHome("Tom")
	h.Day(booking.Booking, 0, "mercredi", "matin", "2026-11-25")
	second.Day(booking.Booking, 1, "mercredi", "matin", "2026-11-25")
	elsewhere.Day(booking.Booking, 0, "mercredi", "matin", "2026-11-25")
	if all := town.Read[api.List[api.PendingRequest]](t, newHandler(), queue(h, h.Agent(collectivity.Manager)), 200); len(all.Items) != 3 {
		t.Errorf("another agent sees %+v", all.Items)
	}
	got := town.Read[api.List[api.PendingRequest]](t, newHandler(), queue(h, second.ParentAgent(collectivity.Manager)), 200)
	if len(got.Items) != 1 || got.Items[0].Family != elsewhere.ID {
		t.Errorf("a parent sees %+v", got.Items)
	}
}
