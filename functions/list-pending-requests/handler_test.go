package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open()}.handle) }

func queue(h town.Home, agent account.Account) httpapi.Request {
	return town.As(h.Event("list-pending-requests", nil), agent)
}

func TestTheQueueHoldsWhatWaitsAndNothingElse(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	elsewhere := town.NewHome(t, "Tom")
	elsewhere.Day(booking.Booking, 0, "mercredi", "matin", "2026-11-25")
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-24") // booked at once
	pending := h.Day(booking.Booking, 0, "mercredi", "matin", "2026-11-25")
	withdrawn := h.Day(booking.Booking, 1, "mercredi", "matin", "2026-11-25")
	stored, err := h.MadeFamily.Store.Request(t.Context(), withdrawn.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.MadeFamily.Store.WithdrawRequest(t.Context(), stored, []int{0}, h.Made(), town.Now); err != nil {
		t.Fatal(err)
	}
	list := town.Read[api.List[api.PendingRequest]](t, newHandler(), queue(h, h.Agent(collectivity.Reader)), 200)
	if len(list.Items) != 1 || list.Items[0].ID != pending.ID || list.Items[0].Family != h.ID || list.Items[0].Label != h.Label {
		t.Errorf("got %+v", list.Items)
	}
	if c := list.Items[0].Children; len(c) != 1 || c[0].ID != h.Children[0] || c[0].FirstName != "Léa" || c[0].LastName != "Martin" {
		t.Errorf("for %+v", c)
	}
}

func TestAnAgentSeesTheActivitiesInTheirScope(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Day(booking.Booking, 0, "mercredi", "matin", "2026-11-25")
	agent := h.Agent(collectivity.Reviewer)
	for activity, want := range map[string]int{"cantine": 0, "mercredi": 1} {
		scoped := collectivity.Agent{Account: agent.ID, Role: collectivity.Reviewer, Activities: []string{activity}}
		if err := h.Town.Store.AppointAgent(t.Context(), scoped); err != nil {
			t.Fatal(err)
		}
		list := town.Read[api.List[api.PendingRequest]](t, newHandler(), queue(h, agent), 200)
		if len(list.Items) != want {
			t.Errorf("the agent of %s sees %d", activity, len(list.Items))
		}
	}
}

func TestNobodyElseSeesTheQueue(t *testing.T) {
	t.Parallel()
	h, other := town.NewHome(t, "Léa"), town.New(t)
	for says, who := range map[string]account.Account{"a parent": h.Account, "an agent of another town": other.Agent(collectivity.Manager)} {
		if reply := town.Send(t, newHandler(), queue(h, who)); reply.StatusCode != 404 {
			t.Errorf("%s got %d", says, reply.StatusCode)
		}
	}
}

func TestOfARequestForSeveralActivitiesAnAgentSeesTheirOwn(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	for _, a := range h.Activities {
		a.Decision = collectivity.ByAgent
		if err := h.Town.Store.SaveActivity(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	h.Ask(booking.Asking{
		Kind: booking.Booking, Period: calendar.Period{From: "2026-11-24", To: "2026-11-25"}, Comment: "Léa mange sans sel.",
		Items: []booking.Item{{Child: h.Children[0], Activity: "cantine"}, {Child: h.Children[0], Activity: "mercredi", Option: "matin"}},
	})
	agent := h.Agent(collectivity.Reviewer)
	if err := h.Town.Store.AppointAgent(t.Context(), collectivity.Agent{Account: agent.ID, Role: collectivity.Reviewer, Activities: []string{"mercredi"}}); err != nil {
		t.Fatal(err)
	}
	list := town.Read[api.List[api.PendingRequest]](t, newHandler(), queue(h, agent), 200)
	if len(list.Items) != 1 || len(list.Items[0].Items) != 1 || list.Items[0].Comment != "" {
		t.Fatalf("got %+v", list.Items)
	}
	for _, d := range list.Items[0].Days {
		if d.Activity != "mercredi" {
			t.Errorf("the agent sees %+v", d)
		}
	}
}
