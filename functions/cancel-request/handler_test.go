package main

import (
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), func() time.Time { return town.Now }}.handle)
}

const wednesday = calendar.Date("2026-12-02")

func TestWhatStillWaitsIsWithdrawn(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	r := h.Day(booking.Booking, -1, "mercredi", "matin", wednesday)
	event := h.Event("cancel-request", map[string]string{"request": r.ID})
	for _, says := range []string{"once", "and twice, which changes nothing"} {
		got := town.Read[api.Request](t, newHandler(), event, 200)
		if got.State != "withdrawn" || got.Days[0].State != "withdrawn" || got.Days[1].State != "withdrawn" {
			t.Errorf("%s: got %+v", says, got)
		}
	}
	days, err := h.MadeFamily.Store.Days(t.Context(), calendar.Period{From: wednesday, To: wednesday})
	if err != nil || len(days) != 0 {
		t.Errorf("%d days are still written, error %v", len(days), err)
	}
	h.Day(booking.Booking, 0, "mercredi", "journee", wednesday) // and may be asked for again
}

func TestAPeriodOfManyDaysIsWithdrawnWhole(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "a", "b", "c", "d")
	asking := booking.Asking{Kind: booking.Booking, Period: calendar.Period{From: "2026-12-01", To: "2027-06-25"}}
	for _, c := range h.Children {
		asking.Items = append(asking.Items, booking.Item{Child: c, Activity: "mercredi", Option: "matin"})
	}
	r := h.Ask(asking)
	got := town.Read[api.Request](t, newHandler(), h.Event("cancel-request", map[string]string{"request": r.ID}), 200)
	if got.State != "withdrawn" || len(got.Days) < 100 {
		t.Errorf("%d days, %s", len(got.Days), got.State)
	}
	if days, err := h.MadeFamily.Store.Days(t.Context(), asking.Period); err != nil || len(days) != 0 {
		t.Errorf("%d days are still written, error %v", len(days), err)
	}
}

func TestAnAbsenceThatWaitsIsWithdrawnAndTheChildIsExpectedAgain(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	book := h.Day(booking.Booking, 0, "mercredi", "matin", wednesday)
	stored, err := h.MadeFamily.Store.Request(t.Context(), book.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.MadeFamily.Store.DecideRequest(t.Context(), stored, store.Decisions{Lines: map[int]store.Verdict{0: {Accept: true}}}, h.Made(), town.Now); err != nil {
		t.Fatal(err)
	}
	absence := h.Day(booking.Absence, 0, "mercredi", "", wednesday)
	if absence.Lines[0].State != booking.AbsenceRequested {
		t.Fatalf("got %s", absence.Lines[0].State)
	}
	town.Read[api.Request](t, newHandler(), h.Event("cancel-request", map[string]string{"request": absence.ID}), 200)
	if n := h.Booked(calendar.Period{From: wednesday, To: wednesday}); n != 1 {
		t.Errorf("%d booked", n)
	}
}

func TestWhatCanNotBeWithdrawn(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	booked := h.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	pending := h.Day(booking.Booking, 0, "mercredi", "matin", wednesday)
	stranger := h
	stranger.Account = h.Citizen()
	manager := h
	manager.Account = h.Agent(collectivity.Manager)
	other := town.NewHome(t, "Tom")
	cases := []struct {
		says    string
		who     town.Home
		request string
		status  int
		code    string
	}{
		{"a booked day: it leaves by an absence", h, booked.ID, 409, "nothing_pending"},
		{"a request that does not exist", h, pending.ID + "x", 404, "request_not_found"},
		{"a request of another family", other, pending.ID, 404, "request_not_found"},
		{"a stranger's", stranger, pending.ID, 404, "family_not_found"},
		{"an agent's, who is no subscriber", manager, pending.ID, 404, "family_not_found"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			reply := town.Send(t, newHandler(), c.who.Event("cancel-request", map[string]string{"request": c.request}))
			if reply.StatusCode != c.status || reply.Code() != c.code {
				t.Errorf("got %d %s, want %d %s", reply.StatusCode, reply.Code(), c.status, c.code)
			}
		})
	}
}

// TestAWithdrawalAgainstADecisionEndsAsOneOfThem: whoever comes second is told.
func TestAWithdrawalAgainstADecisionEndsAsOneOfThem(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	for n := range 5 {
		date := wednesday.AddDays(7 * n)
		r := h.Day(booking.Booking, 0, "mercredi", "matin", date)
		stored, err := h.MadeFamily.Store.Request(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		town.InParallel(2, func(n int) error {
			if n == 0 {
				town.Send(t, newHandler(), h.Event("cancel-request", map[string]string{"request": r.ID}))
				return nil
			}
			_, err := h.MadeFamily.Store.DecideRequest(t.Context(), stored, store.Decisions{Lines: map[int]store.Verdict{0: {Accept: true}}}, h.Made(), town.Now)
			return err
		})
		after, err := h.MadeFamily.Store.Request(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		booked := h.Booked(calendar.Period{From: date, To: date})
		if after.State() == "accepted" && booked != 1 || after.State() == "withdrawn" && booked != 0 || after.State() == "pending" {
			t.Errorf("the request is %s with %d days booked", after.State(), booked)
		}
	}
}
