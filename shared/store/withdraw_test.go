package store_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/store"
)

// withdraw takes back all that waits of a request, as cancel-request does.
func withdraw(h town.Home, id string) booking.Request {
	h.T.Helper()
	var out booking.Request
	check(h.T, store.Again(h.T.Context(), func() error {
		s, err := h.MadeFamily.Store.Request(h.T.Context(), id)
		check(h.T, err)
		out, err = h.MadeFamily.Store.WithdrawRequest(h.T.Context(), s, s.PendingLines("", "", ""), h.Made(), h.Env.Now)
		return err
	}))
	return out
}

// decide has an agent decide on all of a request.
func decide(h town.Home, id string, v store.Verdict) {
	h.T.Helper()
	s, err := h.MadeFamily.Store.Request(h.T.Context(), id)
	check(h.T, err)
	d := store.Decisions{Lines: map[int]store.Verdict{}}
	for _, i := range s.PendingLines("", "", "") {
		d.Lines[i] = v
	}
	decided, err := h.MadeFamily.Store.DecideRequest(h.T.Context(), s, d, h.Made(), h.Env.Now)
	check(h.T, err)
	if len(decided.Codes) > 0 {
		h.T.Fatalf("it was not decided: %v", decided.Codes)
	}
}

// day reads a day of the first child.
func dayAt(h town.Home, d calendar.Date, activity string) booking.Day {
	h.T.Helper()
	place := booking.Place{Date: d, Child: h.Children[0], Activity: activity}
	days, err := h.MadeFamily.Store.DaysAt(h.T.Context(), []booking.Place{place})
	check(h.T, err)
	return days[place]
}

// TestWhatIsWithdrawnIsAsItWasBefore: a day that was absent or refused, asked for again in vain, keeps all that it said.
func TestWhatIsWithdrawnIsAsItWasBefore(t *testing.T) {
	t.Parallel()
	const wednesday = calendar.Date("2026-11-25")
	booked := func(h town.Home) {
		decide(h, h.Day(booking.Booking, 0, "mercredi", "journee", wednesday).ID, store.Verdict{Accept: true})
	}
	absent := func(h town.Home) {
		booked(h)
		decide(h, h.Day(booking.Absence, 0, "mercredi", "", wednesday).ID, store.Verdict{Accept: true})
	}
	refused := func(h town.Home) {
		decide(h, h.Day(booking.Booking, 0, "mercredi", "journee", wednesday).ID, store.Verdict{Reason: "Le groupe est complet."})
	}
	limits := func(h town.Home) { // an absence now is billed
		change(h.Town, "mercredi", func(a *collectivity.Activity) {
			a.Rules = `{"rules": [{"kind": "absence", "closes": {"steps": [{"days": -9}]}}]}`
		})
	}
	for _, c := range []struct {
		says   string
		before func(town.Home)
	}{
		{"an absence", absent},
		{"an absence that is billed", func(h town.Home) { limits(h); absent(h) }},
		{"an absence that is billed, and that the town accepted", func(h town.Home) {
			limits(h)
			absent(h)
			d := dayAt(h, wednesday, "mercredi")
			d.Justified, d.Option, d.Needs = true, "matin", nil
			h.WriteDay(h.ID, d)
		}},
		{"a refusal", refused},
		{"a refusal of a day that was absent", func(h town.Home) { limits(h); absent(h); refused(h) }},
		{"a booked day", booked},
	} {
		for _, waits := range []string{"for an agent", "for a place"} {
			if waits == "for a place" && c.says == "a booked day" {
				continue // it has one
			}
			t.Run(c.says+", asked again and withdrawn while it waits "+waits, func(t *testing.T) {
				t.Parallel()
				h := town.NewHome(t, "Léa")
				everyDay(h.Town, collectivity.ByAgent)
				change(h.Town, "mercredi", func(a *collectivity.Activity) { a.Capacity = 1 })
				c.before(h)
				before := dayAt(h, wednesday, "mercredi")
				if waits == "for a place" {
					change(h.Town, "mercredi", func(a *collectivity.Activity) { a.Decision = collectivity.AtOnce })
					fill(h, "mercredi", "matin", wednesday)
				}
				kind := booking.Booking
				if before.State == booking.Booked {
					kind = booking.Absence
					change(h.Town, "mercredi", func(a *collectivity.Activity) { a.Absences = collectivity.ByAgent })
				}
				r := h.Day(kind, 0, "mercredi", "matin", wednesday)
				if during := dayAt(h, wednesday, "mercredi"); during.State == before.State {
					t.Fatalf("it waits not: %+v", during)
				}
				if got := withdraw(h, r.ID).State(); got != "withdrawn" {
					t.Errorf("the request is %s", got)
				}
				after := dayAt(h, wednesday, "mercredi")
				if after.Rev <= before.Rev {
					t.Errorf("revision %d after %d", after.Rev, before.Rev)
				}
				after.Rev, after.Absence = before.Rev, strings.TrimPrefix(after.Absence, r.ID) // the absence taken back may be named
				if diff := cmp.Diff(before, after, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("it differs: %s", diff)
				}
				h.Sound()
			})
		}
	}
}

// fill makes one more family take the place of a day.
func fill(h town.Home, activity, option string, d calendar.Date) town.Home {
	h.T.Helper()
	other := h.Town.NewHome("Tom")
	if r := other.Day(booking.Booking, 0, activity, option, d); r.State() != "accepted" {
		h.T.Fatalf("the place is not taken: %s", r.State())
	}
	return other
}

// TestARequestThatWasCutShortIsWithdrawnToWhatWasBefore: whoever goes on with it knows from the days what they were.
func TestARequestThatWasCutShortIsWithdrawnToWhatWasBefore(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	everyDay(h.Town, collectivity.AtOnce)
	h.Day(booking.Booking, 0, "cantine", "", tuesday)
	h.Day(booking.Absence, 0, "cantine", "", tuesday)
	before := dayAt(h, tuesday, "cantine")
	change(h.Town, "cantine", func(a *collectivity.Activity) { a.Capacity = 0 })
	for _, a := range []string{"cantine", "periscolaire"} {
		change(h.Town, a, func(a *collectivity.Activity) { a.Decision = collectivity.ByAgent })
	}
	asking := booking.Asking{Kind: booking.Booking, Period: calendar.Period{From: tuesday, To: tuesday}}
	for _, a := range []string{"cantine", "periscolaire"} {
		asking.Items = append(asking.Items, booking.Item{Child: h.Children[0], Activity: a})
	}
	r := h.CutShort(nil, 2, "cut", asking) // the header and the canteen
	if s := dayAt(h, tuesday, "cantine").State; s != booking.Requested {
		t.Fatalf("it is %s", s)
	}
	if got := h.WorkOff(r.ID); got.State() != "pending" {
		t.Fatalf("it is %s", got.State())
	}
	withdraw(h, r.ID)
	after := dayAt(h, tuesday, "cantine")
	after.Rev = before.Rev
	if diff := cmp.Diff(before, after, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("it differs: %s", diff)
	}
	h.Sound()
}

// TestADayThatIsBookedKeepsWhatCarersNoted: they may have written down a child before its family asks.
func TestADayThatIsBookedKeepsWhatCarersNoted(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.WriteDay(h.ID, booking.Day{Place: booking.Place{Date: tuesday, Child: h.Children[0], Activity: "cantine"}, State: booking.Enrolled, Presence: booking.Unbooked, Rev: 3})
	h.Day(booking.Booking, 0, "cantine", "", tuesday)
	if d := dayAt(h, tuesday, "cantine"); d.State != booking.Booked || d.Presence != booking.Unbooked || d.Rev != 4 {
		t.Errorf("it is %+v", d)
	}
}
