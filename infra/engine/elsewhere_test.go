package engine_test

import (
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/refusal"
	"preau/shared/store"
)

// outcome of one line that a home asked for: its state, or why it was not taken.
func outcome(t testing.TB, r booking.Request, err error) string {
	t.Helper()
	switch code := refusal.Code(err); {
	case code != "":
		return code
	case err != nil:
		t.Fatal(err)
	case len(r.Lines) != 1:
		t.Fatalf("%d lines", len(r.Lines))
	case r.Lines[0].Code != "":
		return r.Lines[0].Code
	}
	return string(r.Lines[0].State)
}

// TestOfTwoHouseholdsThatAskAtOnceOneHasTheDay: forty days, each asked for by both households at the same time, neither having
// seen the other. One has it, the other is told why not.
func TestOfTwoHouseholdsThatAskAtOnceOneHasTheDay(t *testing.T) {
	t.Parallel()
	const rounds = 40
	full := func(w *town.Town) { // others have all places of each day
		other := w.Crowd(1, "cantine")[0]
		w.Change("cantine", func(a *collectivity.Activity) { a.Capacity = 1 })
		for n := range rounds {
			one(other, booking.Booking, "cantine", dayOf(n))
		}
	}
	byAgent := func(w *town.Town) {
		w.Change("cantine", func(a *collectivity.Activity) { a.Decision = collectivity.ByAgent })
	}
	for _, c := range []struct {
		says      string
		set       func(*town.Town)
		had, told string
	}{
		{"where there are places", func(*town.Town) {}, "booked", "booked_elsewhere"},
		{"where there is none, one waits", full, "waitlisted", "waiting_elsewhere"},
		{"where an agent decides, one has asked", byAgent, "requested", "requested_elsewhere"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			w := newTown(t)
			everyDay(w)
			c.set(w)
			homes := w.Crowd(2, "cantine")
			homes[1] = homes[0].Share(homes[1], "cantine")
			first := 0
			for n, both := range town.InParallelUpTo(8, rounds, func(n int) [2]string { return asked(homes, dayOf(n)) }) {
				switch both {
				case [2]string{c.had, c.told}:
					first++
				case [2]string{c.told, c.had}:
				default:
					t.Errorf("%s: %v", dayOf(n), both)
				}
			}
			t.Logf("the first household came first in %d rounds of %d", first, rounds)
			w.Sound()
		})
	}
}

// asked has both households ask for a day at the same time. What each judges is from before.
func asked(homes []town.Home, d calendar.Date) (said [2]string) {
	requests := make([]booking.Request, len(homes))
	var made *booking.Town
	for n, h := range homes {
		var err error
		requests[n], made, err = h.Judged(booking.Booking, d, "cantine")
		check(h.T, err)
	}
	copy(said[:], town.InParallel(len(homes), func(n int) string {
		r, err := homes[n].MadeFamily.Store.AddRequest(homes[n].T.Context(), requests[n], made)
		return outcome(homes[n].T, r, err)
	}))
	return said
}

// dayOf is the nth day of those on which everything opens.
func dayOf(n int) calendar.Date { return calendar.Date("2026-11-30").AddDays(n/5*7 + n%5) }

// ask asks for one day of a home's child as request-booking does, whatever becomes of it.
func ask(h town.Home, kind booking.Kind, item string, d calendar.Date) string {
	h.T.Helper()
	r, made, err := h.Judged(kind, d, item)
	if err == nil {
		r, err = h.MadeFamily.Store.AddRequest(h.T.Context(), r, made)
	}
	return outcome(h.T, r, err)
}

// TestWhoAskedFirstHasTheDayUntilItIsGivenBack: the other household is refused until then, and may ask at once after.
func TestWhoAskedFirstHasTheDayUntilItIsGivenBack(t *testing.T) {
	t.Parallel()
	pair := func(t *testing.T, set func(*collectivity.Activity)) (w *town.Town, anne, paul town.Home) {
		w = newTown(t)
		everyDay(w)
		w.Change("cantine", set)
		homes := w.Crowd(2, "cantine")
		return w, homes[0], homes[0].Share(homes[1], "cantine")
	}
	want := func(t *testing.T, says, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s, want %s", says, got, want)
		}
	}
	t.Run("by an absence", func(t *testing.T) {
		t.Parallel()
		w, anne, paul := pair(t, func(*collectivity.Activity) {})
		want(t, "anne", ask(anne, booking.Booking, "cantine", tuesday), "booked")
		want(t, "paul", ask(paul, booking.Booking, "cantine", tuesday), "booked_elsewhere")
		want(t, "paul, absent", ask(paul, booking.Absence, "cantine", tuesday), "booked_elsewhere")
		want(t, "anne, absent", ask(anne, booking.Absence, "cantine", tuesday), "absent")
		want(t, "paul, again", ask(paul, booking.Booking, "cantine", tuesday), "booked")
		want(t, "anne, again", ask(anne, booking.Booking, "cantine", tuesday), "booked_elsewhere")
		w.Sound()
	})
	t.Run("by an absence that an agent accepts", func(t *testing.T) {
		t.Parallel()
		w, anne, paul := pair(t, func(a *collectivity.Activity) { a.Absences = collectivity.ByAgent })
		want(t, "anne", ask(anne, booking.Booking, "cantine", tuesday), "booked")
		absence := one(anne, booking.Absence, "cantine", tuesday)
		want(t, "paul, while it is asked for", ask(paul, booking.Booking, "cantine", tuesday), "booked_elsewhere")
		decide(anne, absence.ID, true)
		want(t, "paul", ask(paul, booking.Booking, "cantine", tuesday), "booked")
		w.Sound()
	})
	t.Run("by an agent's refusal", func(t *testing.T) {
		t.Parallel()
		w, anne, paul := pair(t, func(a *collectivity.Activity) { a.Decision = collectivity.ByAgent })
		asked := one(anne, booking.Booking, "cantine", tuesday)
		want(t, "paul", ask(paul, booking.Booking, "cantine", tuesday), "requested_elsewhere")
		decide(anne, asked.ID, false)
		asked = one(paul, booking.Booking, "cantine", tuesday)
		want(t, "anne, again", ask(anne, booking.Booking, "cantine", tuesday), "requested_elsewhere")
		decide(paul, asked.ID, true)
		want(t, "anne", ask(anne, booking.Booking, "cantine", tuesday), "booked_elsewhere")
		w.Sound()
	})
	t.Run("by leaving the list of those who wait", func(t *testing.T) {
		t.Parallel()
		w, anne, paul := pair(t, func(a *collectivity.Activity) { a.Capacity = 1 })
		other := w.Crowd(1, "cantine")[0]
		want(t, "another", ask(other, booking.Booking, "cantine", tuesday), "booked")
		waiting := one(anne, booking.Booking, "cantine", tuesday)
		want(t, "paul", ask(paul, booking.Booking, "cantine", tuesday), "waiting_elsewhere")
		withdraw(anne, waiting.ID)
		want(t, "paul, after her", ask(paul, booking.Booking, "cantine", tuesday), "waitlisted")
		want(t, "another, absent", ask(other, booking.Absence, "cantine", tuesday), "absent")
		promote(w, "cantine", tuesday, town.Now)
		if now, _ := state(paul, "cantine", tuesday); now != booking.Booked {
			t.Errorf("paul, promoted: %s", now)
		}
		want(t, "anne, again", ask(anne, booking.Booking, "cantine", tuesday), "booked_elsewhere")
		w.Sound()
	})
	t.Run("not by an agent who books for the family beyond the places", func(t *testing.T) {
		t.Parallel()
		w, anne, paul := pair(t, func(a *collectivity.Activity) { a.Capacity = 1 })
		r, made, err := paul.Judged(booking.Booking, tuesday, "cantine")
		check(t, err)
		want(t, "anne", ask(anne, booking.Booking, "cantine", tuesday), "booked")
		r.Agent, r.Overbook = "odile", true
		r, err = paul.MadeFamily.Store.AddRequest(t.Context(), r, made)
		want(t, "the agent for paul", outcome(t, r, err), "booked_elsewhere")
		w.Sound()
	})
}

// TestWhatDoesNotGoTogetherDoesNotAcrossHouseholdsEither: each is fine beside what it has seen.
func TestWhatDoesNotGoTogetherDoesNotAcrossHouseholdsEither(t *testing.T) {
	t.Parallel()
	excludes := func(w *town.Town) {
		w.Change("cantine", func(a *collectivity.Activity) { a.Excludes = []string{"periscolaire"} })
	}
	requires := func(w *town.Town) {
		w.Change("periscolaire", func(a *collectivity.Activity) { a.Requires = []string{"cantine", "mercredi"} })
	}
	for _, c := range []struct {
		says         string
		set          func(*town.Town)
		anne, paul   string // what each has booked before
		first        string // anne asks; a leading "-" is an absence
		second, want string // paul asks, and what becomes of it
	}{
		{"one excludes the other", excludes, "", "", "cantine", "periscolaire", "excluded"},
		{"the other way round", excludes, "", "", "periscolaire", "cantine", "excluded"},
		{"a meal, and a day with its meal", nil, "", "", "cantine", "mercredi journee", "excluded"},
		{"a day with its meal, and a meal", nil, "", "", "mercredi journee", "cantine", "excluded"},
		{"a day without a meal, and a meal", nil, "", "", "mercredi matin", "cantine", "booked"},
		{"what the other requires is left first", requires, "cantine", "", "-cantine", "periscolaire", "requires_other"},
		{"what requires what the other leaves is booked first", requires, "", "cantine", "periscolaire", "-cantine", "required_elsewhere"},
		{"of two that would do, each household leaves one", func(w *town.Town) {
			requires(w)
			w.Change("mercredi", func(a *collectivity.Activity) { a.Options = nil })
		}, "cantine periscolaire", "mercredi", "-cantine", "-mercredi", "required_by_other"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			w := newTown(t)
			everyDay(w)
			if c.set != nil {
				c.set(w)
			}
			homes := w.Crowd(2, "cantine", "mercredi", "periscolaire")
			anne, paul := homes[0], homes[0].Share(homes[1], "cantine", "mercredi", "periscolaire")
			for n, before := range []string{c.anne, c.paul} {
				for _, item := range strings.Fields(before) {
					one([]town.Home{anne, paul}[n], booking.Booking, item, tuesday)
				}
			}
			judged := func(h town.Home, item string) (booking.Request, *booking.Town) {
				kind := booking.Booking
				if activity, absence := strings.CutPrefix(item, "-"); absence {
					kind, item = booking.Absence, activity
				}
				r, made, err := h.Judged(kind, tuesday, item)
				check(t, err)
				return r, made
			}
			first, made := judged(anne, c.first)
			second, _ := judged(paul, c.second)
			r, err := anne.MadeFamily.Store.AddRequest(t.Context(), first, made)
			if got := outcome(t, r, err); got != "booked" && got != "absent" {
				t.Fatalf("the first: %s", got)
			}
			r, err = paul.MadeFamily.Store.AddRequest(t.Context(), second, made)
			if got := outcome(t, r, err); got != c.want {
				t.Errorf("the second: %s, want %s", got, c.want)
			}
			w.Sound()
		})
	}
}

// TestALongRequestForAChildOfTwoFilesFitsItsTransactions: as many days as are written at once, each looking into the other file.
func TestALongRequestForAChildOfTwoFilesFitsItsTransactions(t *testing.T) {
	t.Parallel()
	for _, decision := range []collectivity.Decision{collectivity.AtOnce, collectivity.ByAgent} {
		w := newTown(t)
		everyDay(w)
		w.Change("mercredi", func(a *collectivity.Activity) { a.Decision = decision })
		homes := w.Crowd(2, "cantine", "mercredi", "periscolaire")
		paul := homes[0].Share(homes[1], "cantine", "mercredi", "periscolaire")
		one(homes[0], booking.Booking, "mercredi journee", dayOf(7))
		asking := booking.Asking{
			Kind: booking.Booking, Items: []booking.Item{{Child: paul.Children[0], Activity: "mercredi", Option: "journee"}},
			Period: calendar.Period{From: dayOf(0), To: dayOf(69)},
		}
		states := map[string]int{}
		for _, l := range paul.Ask(asking).Lines {
			states[string(l.State)+" "+l.Code]++
		}
		taken, theirs := "booked ", "booked booked_elsewhere"
		if decision == collectivity.ByAgent {
			taken, theirs = "requested ", "enrolled requested_elsewhere"
		}
		if states[taken] != 69 || states[theirs] != 1 || len(states) != 2 {
			t.Errorf("%s: %v", decision, states)
		}
		w.Sound()
	}
}

// decide does as decide-requests does.
func decide(h town.Home, request string, accept bool) {
	h.T.Helper()
	r, err := h.MadeFamily.Store.Request(h.T.Context(), request)
	check(h.T, err)
	d := store.Decisions{Lines: map[int]store.Verdict{0: {Accept: accept, Reason: "Non."}}, Agent: "odile"}
	_, err = h.MadeFamily.Store.DecideRequest(h.T.Context(), r, d, h.Made(), town.Now)
	check(h.T, err)
}

func withdraw(h town.Home, request string) {
	h.T.Helper()
	r, err := h.MadeFamily.Store.Request(h.T.Context(), request)
	check(h.T, err)
	_, err = h.MadeFamily.Store.WithdrawRequest(h.T.Context(), r, []int{0}, h.Made(), town.Now)
	check(h.T, err)
}

// settled works until nothing is due: a running platform's worker may hold some of it.
func settled(t *testing.T, w *town.Town) {
	t.Helper()
	for n := range 60 {
		check(t, work(w, town.Now.Add(time.Duration(4+3*n)*time.Minute)))
		if written := w.Written(); len(written.Due()) == 0 {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// TestOfTwoStandingEnrolmentsEachDayIsOneHouseholds: both of them stand, and both are worked off at the same time.
func TestOfTwoStandingEnrolmentsEachDayIsOneHouseholds(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	everyDay(w)
	w.Change("cantine", func(a *collectivity.Activity) { a.Season = calendar.Period{From: "2026-11-23", To: "2026-12-31"} })
	homes := w.Crowd(2)
	homes[1] = homes[0].Share(homes[1])
	for _, h := range homes {
		h.EnrolFirst("cantine", true)
	}
	unsettled, _, err := firstPages(w)
	check(t, err)
	for _, err := range town.InParallel(len(unsettled), func(n int) error { return resume(w, unsettled[n], town.Now.Add(2*time.Minute)) }) {
		check(t, err)
	}
	settled(t, w)
	written := w.Written()
	if booked, requests := len(written.Days), len(written.Requests); booked != 29 || requests != 2 {
		t.Errorf("%d days are written of %d requests", booked, requests)
	}
	elsewhere := 0
	for _, r := range written.Requests {
		for _, l := range r.Lines {
			if l.Code == booking.BookedElsewhere && l.State == string(booking.Booked) {
				elsewhere++
			}
		}
	}
	if elsewhere != 29 {
		t.Errorf("%d days of a request are booked by the other household", elsewhere)
	}
	w.Sound()
}

// firstPages are the requests that are still to be worked off, of all shards.
func firstPages(w *town.Town) (all []store.UnsettledRequest, next string, err error) {
	err = due(w, town.Now.Add(2*time.Minute), w.Env.Store.UnsettledRequests, func(u store.UnsettledRequest) error {
		all = append(all, u)
		return nil
	})
	return all, "", err
}

// TestAnEventTakesTheDayOfBothHouseholds: what each has booked is cancelled and keeps its place, and comes back.
func TestAnEventTakesTheDayOfBothHouseholds(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	everyDay(w)
	homes := w.Crowd(2, "cantine", "periscolaire")
	anne, paul := homes[0], homes[0].Share(homes[1], "cantine", "periscolaire")
	for item, h := range map[string]town.Home{"cantine": anne, "periscolaire": paul} {
		if got := ask(h, booking.Booking, item, tuesday); got != "booked" {
			t.Fatalf("%s: %s", item, got)
		}
	}
	e := collectivity.Event{
		ID: "strike", Kind: collectivity.Strike, Effect: collectivity.Cancels, Name: "Grève", Period: calendar.Period{From: tuesday, To: tuesday},
		CreatedAt: town.Now, Author: "odile",
	}
	check(t, carryOut(w, e, false))
	for item, homes := range map[string][]town.Home{"cantine": {anne, paul}, "periscolaire": {paul, anne}} {
		if day := homes[0].DayAt(tuesday, item); day.State != booking.Cancelled || !day.Held {
			t.Errorf("%s: %s, held %v", item, day.State, day.Held)
		}
		if got := ask(homes[1], booking.Booking, item, tuesday); got != "cancelled" {
			t.Errorf("%s, by the other household: %s", item, got)
		}
	}
	check(t, carryOut(w, e, true))
	for item, homes := range map[string][]town.Home{"cantine": {anne, paul}, "periscolaire": {paul, anne}} {
		if day := homes[0].DayAt(tuesday, item); day.State != booking.Booked {
			t.Errorf("%s, after the strike was called off: %s", item, day.State)
		}
		if got := ask(homes[1], booking.Booking, item, tuesday); got != booking.BookedElsewhere {
			t.Errorf("%s, by the other household: %s", item, got)
		}
	}
	w.Sound()
}

// TestNobodyBooksFromASecondFileWhileOthersStillHaveReadTheFirst: what is asked in the minutes after a child was put into a file
// is kept, and worked off then.
func TestNobodyBooksFromASecondFileWhileOthersStillHaveReadTheFirst(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	everyDay(w)
	w.Change("periscolaire", func(a *collectivity.Activity) { a.Season = calendar.Period{From: "2026-11-23", To: "2026-12-04"} })
	homes := w.Crowd(2, "cantine")
	before, made, err := homes[0].Judged(booking.Booking, tuesday, "cantine") // it does not look into the second file
	check(t, err)
	paul := homes[0].ShareAt(town.Now, homes[1], "cantine")
	paul.EnrolFirst("periscolaire", true)
	r, _, err := paul.Judged(booking.Booking, tuesday, "cantine")
	check(t, err)
	kept, err := paul.MadeFamily.Store.AddRequest(t.Context(), r, made)
	check(t, err)
	if kept.Settled {
		t.Fatalf("it is written: %+v", kept.Lines)
	}
	check(t, work(w, town.Now.Add(time.Minute)))
	if days := w.Written().Days; len(days) > 0 {
		t.Errorf("written within the minute: %v", days)
	}
	if got, err := homes[0].MadeFamily.Store.AddRequest(t.Context(), before, made); outcome(t, got, err) != "booked" {
		t.Errorf("the first file: %s", outcome(t, got, err))
	}
	settled(t, w)
	after, err := paul.MadeFamily.Store.Request(t.Context(), kept.ID)
	check(t, err)
	if !after.Settled || outcome(t, after.Request, nil) != booking.BookedElsewhere {
		t.Errorf("the second file: settled %v, %+v", after.Settled, after.Lines)
	}
	written := w.Written()
	if due := written.Due(); len(due) > 0 {
		t.Errorf("still due: %v", due)
	}
	booked := 0
	for _, d := range written.Days {
		if d.Activity == "periscolaire" {
			booked++
		}
	}
	if booked == 0 {
		t.Error("the standing enrolment was not worked off")
	}
	w.Sound()
}

// carryOut declares an event, or takes it back, and does as advance-bookings does.
func carryOut(w *town.Town, e collectivity.Event, revoke bool) error {
	ctx := w.T.Context()
	c, err := w.Store.Configuration(ctx)
	check(w.T, err)
	if revoke {
		declared, err := w.Store.Event(ctx, e.ID)
		check(w.T, err)
		_, err = w.Store.RevokeEvent(ctx, c, declared, "odile", town.Now)
		check(w.T, err)
	} else {
		_, err = w.Store.DeclareEvent(ctx, c, e, "")
		check(w.T, err)
	}
	now := town.Now.Add(time.Minute)
	return due(w, now, w.Env.Store.DueEvents, func(d store.DueEvent) error { _, err := d.CarryOut(ctx, now); return err })
}
