package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open()}.handle) }

func TestRequestsAreListedWithTheirOutcomesAndFiltered(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	h.Day(booking.Booking, 1, "mercredi", "matin", "2026-11-25")
	h.Day(booking.Absence, 0, "cantine", "", "2026-11-24")
	cases := []struct {
		says, query string
		want        int
	}{
		{"all", "", 3},
		{"of one child", "child=" + h.Children[0], 2},
		{"of one activity", "activity=mercredi", 1},
		{"bookings", "kind=booking", 2},
		{"absences", "kind=absence", 1},
		{"pending ones", "state=pending", 1},
		{"accepted ones", "state=accepted", 2},
		{"accepted ones of the other child", "state=accepted&child=" + h.Children[1], 0},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			event := h.Event("list-requests", nil)
			event.RawQueryString = c.query
			list := town.Read[api.List[api.Request]](t, newHandler(), event, 200)
			if len(list.Items) != c.want {
				t.Errorf("%d requests, want %d", len(list.Items), c.want)
			}
		})
	}
}

func TestALongListIsReadPageByPageNewestFirst(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	const requests = page + 5
	for n := range requests {
		h.Day(booking.Booking, 0, "cantine", "", nthSchoolDay(n))
	}
	seen := map[string]bool{}
	event := h.Event("list-requests", nil)
	for pages := 1; ; pages++ {
		list := town.Read[api.List[api.Request]](t, newHandler(), event, 200)
		for _, r := range list.Items {
			if seen[r.ID] {
				t.Errorf("%s is listed twice", r.ID)
			}
			seen[r.ID] = true
		}
		if list.Cursor == "" {
			break
		}
		event.RawQueryString = "cursor=" + list.Cursor
		if pages > 5 {
			t.Fatal("the list does not end")
		}
	}
	if len(seen) != requests {
		t.Errorf("%d requests, want %d", len(seen), requests)
	}
}

func TestACursorOfAnotherFamilyOpensNothing(t *testing.T) {
	t.Parallel()
	h, other := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	for n := range page + 1 {
		h.Day(booking.Booking, 0, "cantine", "", nthSchoolDay(n))
	}
	list := town.Read[api.List[api.Request]](t, newHandler(), h.Event("list-requests", nil), 200)
	for says, cursor := range map[string]string{"another family's": list.Cursor, "nonsense": "bm9uc2Vuc2U", "not base 64": "***"} {
		event := other.Event("list-requests", nil)
		event.RawQueryString = "cursor=" + cursor
		reply := town.Send(t, newHandler(), event)
		if reply.StatusCode != 400 || reply.Code() != "invalid_input" {
			t.Errorf("%s: got %d %s", says, reply.StatusCode, reply.Response.Body)
		}
	}
}

func TestAStrangerSeesNoRequests(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Account = h.Citizen()
	if reply := town.Send(t, newHandler(), h.Event("list-requests", nil)); reply.StatusCode != 404 {
		t.Errorf("got %d", reply.StatusCode)
	}
}

// nthSchoolDay counts Tuesdays and Thursdays from 24 November 2026 on.
func nthSchoolDay(n int) calendar.Date {
	return calendar.Date("2026-11-24").AddDays(n/2*7 + n%2*2)
}
