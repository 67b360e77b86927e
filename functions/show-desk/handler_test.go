package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().ByClock(town.Clock), town.Clock}.handle)
}

func desk(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "show-desk", map[string]string{"slug": w.Slug}), agent)
}

func TestTheDeskTellsTheRightAndWhatWaits(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	town.NewHome(t, "Tom").Propose(0, "phones", map[string]any{"mobile": "0612345678"}) // of another town
	h.Propose(0, "phones", map[string]any{"mobile": "0612345678"})
	h.Day(booking.Booking, 0, "mercredi", "matin", "2026-11-25")
	h.Day(booking.Booking, 1, "mercredi", "matin", "2026-11-25")
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-24") // booked at once
	got := town.Read[api.Desk](t, newHandler(), desk(h.Town, h.Agent(collectivity.Reviewer)), 200)
	want := api.Desk{Name: "Odile Test", AgentRight: api.AgentRight{Role: "reviewer"}, Today: []string{"cantine", "periscolaire"}, Waiting: &api.Waiting{Changes: 1, Requests: 2}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestAnAgentOfSomeActivitiesIsNotToldWhatWaitsElsewhere(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Day(booking.Booking, 0, "mercredi", "matin", "2026-11-25")
	agent := h.Agent(collectivity.Reader)
	appointed := collectivity.Agent{Account: agent.ID, Name: "Zoé Roux", Role: collectivity.Reader, Activities: []string{"cantine"}, Schools: []string{"verne"}, Health: true}
	if err := h.Town.Store.AppointAgent(t.Context(), appointed); err != nil {
		t.Fatal(err)
	}
	got := town.Read[api.Desk](t, newHandler(), desk(h.Town, agent), 200)
	want := api.Desk{Name: "Zoé Roux", AgentRight: api.AgentRight{Role: "reader", Activities: []string{"cantine"}, Schools: []string{"verne"}, Health: true}, Today: []string{"cantine"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestNobodyElseHasADesk(t *testing.T) {
	t.Parallel()
	h, other := town.NewHome(t, "Léa"), town.New(t)
	for says, who := range map[string]account.Account{"a parent": h.Account, "an agent of another town": other.Agent(collectivity.Manager)} {
		if reply := town.Send(t, newHandler(), desk(h.Town, who)); reply.StatusCode != 404 {
			t.Errorf("%s got %d", says, reply.StatusCode)
		}
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	r := desk(w, w.Agent(collectivity.Reader))
	town.Rights(t, "show-desk")
	town.Read[api.Desk](t, handler(t.Context()), r, 200)
}

func TestOnlyWhatTakesPlaceTodayIsListed(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.KeepCalendar()
	school := func(id string, days ...calendar.Weekday) collectivity.School {
		return collectivity.School{ID: id, Name: "École " + id, Weekdays: days}
	}
	for _, s := range []collectivity.School{school("verne"), school("hugo", "tue", "thu", "fri")} { // hugo has no school on Mondays
		if err := w.Store.SaveSchool(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	w.Change("cantine", func(a *collectivity.Activity) { a.During = collectivity.SchoolDays })
	w.Change("periscolaire", func(a *collectivity.Activity) { a.During = collectivity.HolidayDays })
	for says, tc := range map[string]struct {
		agent account.Account
		want  []string
	}{
		"an activity of the holidays does not on a day of school": {w.Agent(collectivity.Reader), []string{"cantine"}},
		"nor does the canteen of a school that is closed":         {w.OfSchools(collectivity.Reader, "hugo"), []string{}},
		"an agent of the school that is open has it":              {w.OfSchools(collectivity.Reader, "verne"), []string{"cantine"}},
		"what is not the agent's is not listed":                   {w.Scoped(collectivity.Reader, "mercredi"), []string{}},
	} {
		got := town.Read[api.Desk](t, newHandler(), desk(w, tc.agent), 200)
		if d := cmp.Diff(tc.want, got.Today); d != "" {
			t.Errorf("%s (-want +got)\n%s", says, d)
		}
	}
}
