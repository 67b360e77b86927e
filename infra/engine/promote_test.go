package engine_test

import (
	"slices"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/store"
)

// TestARushIsServedInTheOrderOfItsRanks: many more parents than places, and then places that come free.
func TestARushIsServedInTheOrderOfItsRanks(t *testing.T) {
	t.Parallel()
	const parents, places, freed = 200, 10, 10
	w := newTown(t)
	w.Narrow("cantine", places)
	homes := w.Crowd(parents, "cantine")
	for n, err := range town.InParallelUpTo(8, parents, func(n int) error {
		r, made, err := homes[n].Judged(booking.Booking, tuesday, "cantine")
		if err != nil {
			return err
		}
		_, err = homes[n].MadeFamily.Store.AddRequest(t.Context(), r, made)
		return err
	}) {
		if err != nil {
			t.Errorf("parent %d is told %v", n, err)
		}
	}
	check(t, work(w, town.Now))
	line, booked := inLine(homes, "cantine", tuesday), have(homes, booking.Booked, "cantine", tuesday)
	if len(booked) != places || len(line) != parents-places {
		t.Fatalf("%d are booked and %d wait", len(booked), len(line))
	}
	w.Sound()
	for _, err := range town.InParallelUpTo(4, freed, func(n int) error {
		one(booked[n], booking.Absence, "cantine", tuesday)
		return nil
	}) {
		check(t, err)
	}
	check(t, work(w, town.Now))
	w.Sound()
	if rest := inLine(homes, "cantine", tuesday); !slices.EqualFunc(rest, line[freed:], same) {
		t.Errorf("%d go on to wait, in another order", len(rest))
	}
	mails := outbox(w)
	for n, h := range line[:freed+3] {
		want, told := booking.Booked, 1
		if n >= freed {
			want, told = booking.Waitlisted, 0
		}
		got, rank := state(h, "cantine", tuesday)
		if got != want || got == booking.Waitlisted && rank != n+1-freed || mails.of(h, store.MailRequestPromoted) != told {
			t.Errorf("who had rank %d is %s with rank %d, told %d times", n+1, got, rank, mails.of(h, store.MailRequestPromoted))
		}
	}
}

func same(a, b town.Home) bool { return a.ID == b.ID }

// waiting is a town with one place at the canteen on a day, taken by the first of some homes, and waited for by the others in
// their order.
func waiting(t *testing.T, families int) (*town.Town, []town.Home) {
	t.Helper()
	w := newTown(t)
	w.Narrow("cantine", 1)
	homes := w.Crowd(families, "cantine")
	for _, h := range homes {
		one(h, booking.Booking, "cantine", tuesday)
	}
	return w, homes
}

func TestSeveralWorkersPromoteEachOnce(t *testing.T) {
	t.Parallel()
	w, homes := waiting(t, 9)
	check(t, w.Store.SetPlaces(t.Context(), places(w, "cantine", 6), tuesday, town.Now))
	total := 0
	for _, n := range town.InParallel(4, func(int) int {
		promoted, released, err := slotOf(w, "cantine", tuesday).Promote(t.Context(), town.Now)
		if err != nil || released > 0 {
			t.Errorf("%d released, %v", released, err)
		}
		return promoted
	}) {
		total += n
	}
	check(t, work(w, town.Now))
	for n, h := range homes {
		want, mails := booking.Booked, 1
		if n > 5 {
			want, mails = booking.Waitlisted, 0
		}
		if n == 0 {
			mails = 0 // booked at once
		}
		if got, _ := state(h, "cantine", tuesday); got != want || outbox(w).of(h, store.MailRequestPromoted) != mails {
			t.Errorf("family %d is %s, told %d times", n, got, outbox(w).of(h, store.MailRequestPromoted))
		}
	}
	if total != 5 {
		t.Errorf("the workers say that they promoted %d", total)
	}
	w.Sound()
	if promoted, released := promote(w, "cantine", tuesday, town.Now); promoted+released > 0 {
		t.Errorf("once more: %d promoted, %d released", promoted, released)
	}
}

// places is an activity with other places.
func places(w *town.Town, activity string, n int) collectivity.Activity {
	i := slices.IndexFunc(w.Activities, func(a collectivity.Activity) bool { return a.ID == activity })
	a := w.Activities[i]
	a.Capacity = n
	return a
}

// TestWhateverMeetsAPromotionNobodyWaitsBesideAFreePlace: a worker and somebody else write at the same time.
func TestWhateverMeetsAPromotionNobodyWaitsBesideAFreePlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says  string
		meets func(w *town.Town, homes []town.Home) error
		last  int // places in the end
	}{
		{"the first in line withdraws", func(_ *town.Town, homes []town.Home) error { return withdrawn(homes[1]) }, 2},
		{"all in line withdraw", func(_ *town.Town, homes []town.Home) error {
			for _, err := range town.InParallel(len(homes)-1, func(n int) error { return withdrawn(homes[n+1]) }) {
				if err != nil {
					return err
				}
			}
			return nil
		}, 2},
		{"the place is taken away again", func(w *town.Town, _ []town.Home) error {
			return w.Store.SetPlaces(w.T.Context(), places(w, "cantine", 1), tuesday, town.Now)
		}, 1},
		{"somebody else comes", func(w *town.Town, _ []town.Home) error {
			one(w.Crowd(1, "cantine")[0], booking.Booking, "cantine", tuesday)
			return nil
		}, 2},
		{"who is booked leaves", func(_ *town.Town, homes []town.Home) error {
			if s, _ := state(homes[0], "cantine", tuesday); s == booking.Booked {
				one(homes[0], booking.Absence, "cantine", tuesday)
			}
			return nil
		}, 2},
		{"an agent books more than there are places", func(_ *town.Town, homes []town.Home) error {
			h := homes[len(homes)-1]
			return store.Again(h.T.Context(), func() error {
				s, err := h.MadeFamily.Store.Request(h.T.Context(), h.DayAt(tuesday, "cantine").Request)
				d := store.Decisions{Lines: map[int]store.Verdict{}, Overbook: true, Agent: "odile"}
				for _, i := range s.PendingLines("", "", "") {
					d.Lines[i] = store.Verdict{Accept: true}
				}
				if err == nil && len(d.Lines) > 0 {
					_, err = h.MadeFamily.Store.DecideRequest(h.T.Context(), s, d, h.Made(), town.Now)
				}
				return err
			})
		}, 2},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			w, homes := waiting(t, 5)
			for range 3 {
				check(t, w.Store.SetPlaces(t.Context(), places(w, "cantine", 2), tuesday, town.Now))
				for _, err := range town.InParallel(2, func(n int) error {
					if n == 0 {
						_, _, err := slotOf(w, "cantine", tuesday).Promote(t.Context(), town.Now)
						return err
					}
					return c.meets(w, homes)
				}) {
					check(t, err)
				}
				check(t, work(w, town.Now))
				written := w.Written()
				written.Over = true
				for _, broken := range written.Broken() {
					t.Error(broken)
				}
				for _, s := range written.Slots {
					if p := s.Groups["all"]; p.Capacity != c.last || p.Free > 0 && p.Waiting > 0 {
						t.Errorf("%d places, %d free, %d wait", p.Capacity, p.Free, p.Waiting)
					}
				}
				inLine(homes, "cantine", tuesday)
			}
		})
	}
}

// withdrawn takes back what a home waits for, if it still does.
func withdrawn(h town.Home) error {
	return store.Again(h.T.Context(), func() error {
		id := h.DayAt(tuesday, "cantine").Request
		if id == "" {
			return nil
		}
		s, err := h.MadeFamily.Store.Request(h.T.Context(), id)
		if lines := s.PendingLines("", "", ""); err == nil && len(lines) > 0 {
			_, err = h.MadeFamily.Store.WithdrawRequest(h.T.Context(), s, lines, h.Made(), town.Now)
		}
		return err
	})
}

// TestWhoWaitsForSeveralPlacesIsServedWhereAllAreThere: and stands in nobody's way until then.
func TestWhoWaitsForSeveralPlacesIsServedWhereAllAreThere(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	everyDay(w)
	w.Narrow("mercredi", 1)
	w.Narrow("cantine", 2)
	homes := w.Crowd(4, "cantine", "mercredi")
	says := func(want ...booking.State) {
		t.Helper()
		check(t, work(w, town.Now))
		for n, activity := range []string{"mercredi", "mercredi", "cantine", "cantine"} {
			if got, _ := state(homes[n], activity, tuesday); got != want[n] {
				t.Errorf("family %d is %s, want %s", n, got, want[n])
			}
		}
		w.Sound()
	}
	one(homes[0], booking.Booking, "mercredi journee", tuesday) // the centre's only place, and a meal
	one(homes[1], booking.Booking, "mercredi journee", tuesday) // waits for both, though a meal is there
	one(homes[2], booking.Booking, "cantine", tuesday)          // waits for the meal, behind one who can not have it yet
	says(booking.Booked, booking.Waitlisted, booking.Booked, "")
	one(homes[3], booking.Booking, "cantine", tuesday)
	says(booking.Booked, booking.Waitlisted, booking.Booked, booking.Waitlisted)
	one(homes[0], booking.Absence, "mercredi", tuesday) // both of its places are free
	says(booking.Absent, booking.Booked, booking.Booked, booking.Waitlisted)
	one(homes[2], booking.Absence, "cantine", tuesday)
	says(booking.Absent, booking.Booked, booking.Absent, booking.Booked)
	for n, want := range []int{0, 1, 1, 1} {
		if got := outbox(w).of(homes[n], store.MailRequestPromoted); got != want {
			t.Errorf("family %d is told %d times", n, got)
		}
	}
}

// TestWhoHasWaitedLongEnoughIsToldOnceThatThereIsNoPlace: when the service starts, or at the hour that the activity sets.
func TestWhoHasWaitedLongEnoughIsToldOnceThatThereIsNoPlace(t *testing.T) {
	t.Parallel()
	starts, err := tuesday.At("11:45", time.FixedZone("", 3600))
	check(t, err)
	w, homes := waiting(t, 3)
	check(t, work(w, starts.Add(-time.Millisecond)))
	if got := inLine(homes, "cantine", tuesday); len(got) != 2 {
		t.Fatalf("%d wait until then", len(got))
	}
	released := 0
	for _, n := range town.InParallel(3, func(int) int {
		_, released, err := slotOf(w, "cantine", tuesday).Promote(t.Context(), starts)
		if err != nil {
			t.Error(err)
		}
		return released
	}) {
		released += n
	}
	check(t, work(w, starts))
	for _, h := range homes[1:] {
		day := h.DayAt(tuesday, "cantine")
		if day.State != booking.Refused || day.Reason != booking.Detail("no_place") || outbox(w).of(h, store.MailRequestNoPlace) != 1 || outbox(w).of(h, store.MailRequestPromoted) != 0 {
			t.Errorf("it is %s because %q, told %d times", day.State, day.Reason, outbox(w).of(h, store.MailRequestNoPlace))
		}
		r, err := h.MadeFamily.Store.Request(t.Context(), day.Request)
		if check(t, err); r.State() != "refused" {
			t.Errorf("the request is %s", r.State())
		}
	}
	if released != 2 {
		t.Errorf("the workers say that they let %d go", released)
	}
	w.Sound()
	if left, _, err := w.Env.Store.WaitingSlots(t.Context(), starts.AddDate(1, 0, 0), ""); err != nil || len(left) > 0 {
		t.Errorf("still queued: %v, %v", left, err)
	}
}

// TestADayOfARequestThatIsStillBeingWrittenIsPromoted: whoever writes the request learns of it.
func TestADayOfARequestThatIsStillBeingWrittenIsPromoted(t *testing.T) {
	t.Parallel()
	const thursday = calendar.Date("2026-11-26")
	asking := func(h town.Home) booking.Asking {
		return booking.Asking{
			Kind: booking.Booking, Period: calendar.Period{From: tuesday, To: thursday},
			Items: []booking.Item{{Child: h.Children[0], Activity: "cantine"}},
		}
	}
	says := func(t *testing.T, h town.Home, id string, booked int) {
		t.Helper()
		r, err := h.MadeFamily.Store.Request(t.Context(), id)
		check(t, err)
		got := map[calendar.Date]booking.State{}
		for _, l := range r.Lines {
			got[l.Date] = l.State
		}
		if !r.Settled || got[tuesday] != booking.Booked || got[thursday] != booking.Booked || outbox(h.Town).of(h, store.MailRequestPromoted) != booked {
			t.Errorf("settled %v: %v, told %d times", r.Settled, got, outbox(h.Town).of(h, store.MailRequestPromoted))
		}
		h.Sound()
	}
	t.Run("which was cut short", func(t *testing.T) {
		t.Parallel()
		w, table := newTownAnd(t)
		w.Narrow("cantine", 1)
		first, second := w.Crowd(1, "cantine")[0], w.NewHome("Noé")
		one(first, booking.Booking, "cantine", tuesday)
		r := second.CutShort(table, 4, "cut", asking(second))
		if s, _ := state(second, "cantine", tuesday); s != booking.Waitlisted {
			t.Fatalf("it is %s", s)
		}
		one(first, booking.Absence, "cantine", tuesday)
		promote(w, "cantine", tuesday, town.Now)
		check(t, work(w, town.Now.Add(2*time.Minute)))
		says(t, second, r.ID, 1)
	})
	t.Run("just before its outcomes are", func(t *testing.T) {
		t.Parallel()
		w, table := newTownAnd(t)
		w.Narrow("cantine", 1)
		first, second := w.Crowd(1, "cantine")[0], w.Crowd(1, "cantine")[0]
		one(first, booking.Booking, "cantine", tuesday)
		request := before(t, table, "PutItem", second, asking(second), func() {
			one(first, booking.Absence, "cantine", tuesday)
			promote(w, "cantine", tuesday, town.Now)
		})
		says(t, second, request.ID, 1)
	})
}

// before asks as request-booking does, and lets something happen in the moment before the table hears of its first write of a
// kind.
func before(t *testing.T, table map[string]string, operation string, h town.Home, asking booking.Asking, happens func()) booking.Request {
	t.Helper()
	happened := false
	front := testkit.Front(t, testkit.Stack(t).DynamoDB, func(called string, _ []byte) string {
		if called == operation && !happened {
			happened = true
			happens()
		}
		return ""
	})
	f := reopened(t, h, table, front)
	_, planning, err := f.Planning(t.Context(), booking.WeeksOf(asking.Period))
	check(t, err)
	r := booking.Request{ID: f.RequestID("interrupted"), Account: h.Account.ID, CreatedAt: town.Now, Asking: asking}
	r.Lines, err = planning.Ask(r)
	check(t, err)
	r, err = f.AddRequest(t.Context(), r, planning.Town)
	check(t, err)
	if !happened {
		t.Fatalf("it makes no %s", operation)
	}
	return r
}

// TestWhateverHappensWhileAWorkerServesIsServedToo: at each call that a worker makes of the table.
func TestWhateverHappensWhileAWorkerServesIsServedToo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says    string
		happens func(w *town.Town, homes []town.Home, d calendar.Date) error
	}{
		{"there are more places", func(w *town.Town, _ []town.Home, d calendar.Date) error {
			return w.Store.SetPlaces(w.T.Context(), places(w, "cantine", 3), d, town.Now)
		}},
		{"who is booked leaves", func(_ *town.Town, homes []town.Home, d calendar.Date) error {
			one(homes[0], booking.Absence, "cantine", d)
			return nil
		}},
		{"somebody else comes", func(_ *town.Town, homes []town.Home, d calendar.Date) error {
			one(homes[len(homes)-1], booking.Booking, "cantine", d)
			return nil
		}},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			w, table := newTownAnd(t)
			w.Narrow("cantine", 1)
			homes := w.Crowd(4, "cantine")
			for n, d := 1, calendar.Date("2026-11-30"); ; n, d = n+1, d.AddDays(7) {
				for _, h := range homes[:3] {
					one(h, booking.Booking, "cantine", d)
				}
				calls := 0
				var s *store.Store
				table["AWS_ENDPOINT_URL_DYNAMODB"] = testkit.Front(t, testkit.Stack(t).DynamoDB, func(string, []byte) string {
					if calls++; calls == n {
						check(t, c.happens(w, homes, d))
					}
					return ""
				})
				testkit.Within(t, table, func() { s = store.Open() })
				slot, _ := s.WaitingSlot("C#"+w.Slug+"#S#cantine", "SLOT#"+string(d))
				_, _, err := slot.Promote(t.Context(), town.Now)
				check(t, err)
				check(t, work(w, town.Now))
				if w.Sound(); t.Failed() || calls < n {
					t.Logf("at call %d of %d", n, calls)
					return
				}
			}
		})
	}
}
