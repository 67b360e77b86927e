package main

import (
	"fmt"
	"strings"
	"testing"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func at(s *store.Store) httpapi.Handler { return httpapi.SignedIn(app{s}.handle) }

func show(h town.Home, request string) httpapi.Request {
	return h.Event("show-request", map[string]string{"request": request})
}

func outcomes(r api.Request) string {
	var all []string
	for _, d := range r.Days {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s", d.Date[5:], d.State, d.Code)))
	}
	return strings.Join(all, ", ")
}

func cantine(h town.Home, from, to calendar.Date) booking.Asking {
	return booking.Asking{Kind: booking.Booking, Period: calendar.Period{From: from, To: to}, Items: []booking.Item{{Child: h.Children[0], Activity: "cantine"}}}
}

func TestARequestIsShownWithWhatBecameOfEachDay(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	r := h.Ask(cantine(h, "2026-11-23", "2026-11-27"))
	got := town.Read[api.Request](t, at(h.Env.Store), show(h, r.ID), 200)
	if want := "11-23 booked, 11-24 booked already_booked, 11-26 booked, 11-27 booked"; outcomes(got) != want {
		t.Errorf("got %s, want %s", outcomes(got), want)
	}
	if got.ID != r.ID || got.State != "partly" || got.Progress != (api.Progress{Done: true, Settled: 4, Total: 4}) {
		t.Errorf("got %s, %s, %+v", got.ID, got.State, got.Progress)
	}
}

// TestALargeRequestIsShownWhole although lists leave its days out.
func TestALargeRequestIsShownWhole(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	r := h.Ask(cantine(h, "2026-11-24", "2027-06-25"))
	got := town.Read[api.Request](t, at(h.Env.Store), show(h, r.ID), 200)
	if len(got.Days) <= 100 || strings.Count(outcomes(got), "booked") != len(got.Days) || !got.Progress.Done || got.Progress.Settled != len(got.Days) {
		t.Errorf("%d days, %+v: %s", len(got.Days), got.Progress, outcomes(got))
	}
	for i, d := range got.Days[1:] {
		if d.Date <= got.Days[i].Date {
			t.Fatalf("%s comes after %s", d.Date, got.Days[i].Date)
		}
	}
}

func TestARequestIsShownWhileItIsWorkedOff(t *testing.T) { // not parallel: it changes what this process opens
	variables := testkit.OwnTable(t) // nobody else goes on with it
	var h town.Home
	testkit.Within(t, variables, func() { h = town.NewHome(t, "Léa") })
	r := h.CutShort(variables, 3, "cut", cantine(h, "2026-11-24", "2026-11-30")) // its header and two of four days
	handler := at(h.Env.Store)
	got := town.Read[api.Request](t, handler, show(h, r.ID), 200)
	if want := "11-24 booked, 11-26 booked, 11-27 requested, 11-30 requested"; outcomes(got) != want || got.Progress != (api.Progress{Settled: 2, Total: 4}) || got.State != "pending" {
		t.Errorf("got %s, %s, %+v; want %s", outcomes(got), got.State, got.Progress, want)
	}
	h.WorkOff(r.ID)
	got = town.Read[api.Request](t, handler, show(h, r.ID), 200)
	if got.Progress != (api.Progress{Done: true, Settled: 4, Total: 4}) || got.State != "accepted" {
		t.Errorf("worked off it is %s, %+v", got.State, got.Progress)
	}
}

func TestWhatIsNotTheFamilysIsNotFound(t *testing.T) {
	t.Parallel()
	h, other := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	sibling := h.NewHome("Zoé")
	mine := h.Day(booking.Booking, 0, "cantine", "", "2026-11-24").ID
	for says, c := range map[string]struct {
		who     town.Home
		request string
		code    string
	}{
		"a request that was never made":            {h, h.MadeFamily.Store.RequestID("never"), "request_not_found"},
		"another family's request under one's own": {sibling, mine, "request_not_found"},
		"a request of another town's family":       {other, mine, "request_not_found"},
		"a part of a key":                          {h, "~", "request_not_found"},
	} {
		t.Run(says, func(t *testing.T) {
			town.Refused(t, town.Send(t, at(h.Env.Store), show(c.who, c.request)), 404, c.code)
		})
	}
	event := town.As(show(h, mine), other.Account)
	town.Refused(t, town.Send(t, at(h.Env.Store), event), 404, "family_not_found")
}
