package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/id"
	"preau/shared/store"
)

// large is a request of one child at the canteen over some months, and at the centre that an agent decides on: more days than
// are written at once.
func large(h town.Home) booking.Asking {
	return booking.Asking{
		Kind: booking.Booking, Period: calendar.Period{From: "2026-11-30", To: "2027-02-12"},
		Items: []booking.Item{{Child: h.Children[0], Activity: "cantine"}, {Child: h.Children[0], Activity: "mercredi", Option: "matin"}},
	}
}

// small is one over two weeks.
func small(h town.Home) booking.Asking {
	a := large(h)
	a.Period.To = "2026-12-11"
	return a
}

// busy is a town in which agents decide on the centre, and where one place at the canteen is taken on every other day, so
// that a request is booked, waits, and asks.
func busy(t *testing.T) (*town.Town, town.Home, map[string]string) {
	t.Helper()
	w, table := newTownAnd(t)
	everyDay(w)
	w.Change("mercredi", func(a *collectivity.Activity) { a.Decision = collectivity.ByAgent })
	w.Narrow("cantine", 1)
	first := w.Crowd(1, "cantine")[0]
	a := large(first)
	a.Items, a.Weekdays = a.Items[:1], []calendar.Weekday{"mon", "thu"}
	first.Ask(a)
	return w, w.Crowd(1, "cantine", "mercredi")[0], table
}

// begun is when a worker begins: the lease of who wrote a header is over by then.
var begun = town.Now.Add(2 * time.Minute)

// header writes a request whose days are still to be written: its process dies then.
func header(h town.Home, table map[string]string, asking booking.Asking) booking.Request {
	h.T.Helper()
	f := reopened(h.T, h, table, dying(h.T, 1))
	_, planning, err := f.Planning(h.T.Context(), booking.WeeksOf(asking.Period))
	check(h.T, err)
	r := booking.Request{ID: f.RequestID(id.New(town.Now)), Account: h.Account.ID, CreatedAt: town.Now, Asking: asking}
	r.Lines, err = planning.Ask(r)
	check(h.T, err)
	_, _ = f.AddRequest(h.T.Context(), r, planning.Town) // it fails, where it would do more
	return r
}

// dying stands in front of the table until a number of writes is done.
func dying(t testing.TB, writes int32) (address string) {
	t.Helper()
	var done atomic.Int32
	return testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
		if writing(operation) && done.Add(1) > writes {
			return "AccessDeniedException" // not tried again
		}
		return ""
	})
}

// tally counts a request's lines and its days by state: "12 booked 10 requested / 12 booked 10 requested".
func tally(h town.Home, id string) string {
	h.T.Helper()
	r, err := h.MadeFamily.Store.Request(h.T.Context(), id)
	check(h.T, err)
	days, err := h.MadeFamily.Store.Days(h.T.Context(), calendar.Period{From: "2026-01-01", To: "2027-12-31"})
	check(h.T, err)
	lines, written := map[string]int{}, map[string]int{}
	for _, l := range r.Lines {
		lines[strings.TrimSpace(string(l.State)+" "+l.Code)]++
	}
	for _, d := range days {
		written[string(d.State)]++
	}
	return fmt.Sprint(lines, " / ", written)
}

// TestARequestThatIsWithdrawnWhileItIsWorkedOffEndsThere: what is booked stays, all else is as before, whatever the moment.
func TestARequestThatIsWithdrawnWhileItIsWorkedOffEndsThere(t *testing.T) {
	t.Parallel()
	for says, asking := range map[string]func(town.Home) booking.Asking{"small": small, "large": large} {
		for _, after := range []int32{0, 1, 2, 5, 9} {
			t.Run(fmt.Sprintf("%s, after %d writes", says, after), func(t *testing.T) {
				t.Parallel()
				w, h, table := busy(t)
				r := header(h, table, asking(h))
				var writes atomic.Int32
				f := reopened(t, h, table, testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
					if writing(operation) && writes.Add(1) == after+1 {
						s, err := h.MadeFamily.Store.Request(t.Context(), r.ID)
						if err == nil && !s.Settled {
							_, err = h.MadeFamily.Store.StopRequest(t.Context(), s, begun)
						}
						if err != nil && !errors.Is(err, store.ErrMoved) {
							t.Error(err)
						}
					}
					return ""
				}))
				s, err := f.Request(t.Context(), r.ID)
				check(t, err)
				_, err = f.Resume(t.Context(), s, begun)
				check(t, err)
				check(t, work(w, begun))
				check(t, work(w, begun.Add(2*time.Minute)))
				endsWithdrawn(t, h, r.ID)
			})
		}
	}
}

func endsWithdrawn(t *testing.T, h town.Home, id string) {
	t.Helper()
	r, err := h.MadeFamily.Store.Request(t.Context(), id)
	check(t, err)
	if !r.Settled || !r.Stopped || len(r.PendingLines("", "", "")) > 0 {
		t.Errorf("settled %v, stopped %v: %s", r.Settled, r.Stopped, tally(h, id))
	}
	if got := tally(h, id); strings.Contains(got, "asked") || strings.Contains(got, "waitlisted") || strings.Contains(got, "requested") {
		t.Errorf("left is %s", got)
	}
	h.Sound()
}

// TestAProcessThatEndsAWithdrawnRequestMayDieAtAnyWrite: the next one goes on, and nothing goes on to wait.
func TestAProcessThatEndsAWithdrawnRequestMayDieAtAnyWrite(t *testing.T) {
	t.Parallel()
	for says, asking := range map[string]func(town.Home) booking.Asking{"small": small, "large": large} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			for n := int32(0); ; n++ {
				w, h, table := busy(t)
				r := header(h, table, asking(h))
				dies(t, h, table, r.ID, 12, begun) // some days are written
				s, err := h.MadeFamily.Store.Request(t.Context(), r.ID)
				check(t, err)
				_, err = h.MadeFamily.Store.StopRequest(t.Context(), s, begun) // nobody knows that the process is dead
				check(t, err)
				died := dies(t, h, table, r.ID, n, begun.Add(2*time.Minute))
				check(t, work(w, begun.Add(4*time.Minute)))
				endsWithdrawn(t, h, r.ID)
				if !died || t.Failed() {
					t.Logf("%d writes", n)
					return
				}
			}
		})
	}
}

// TestWhatWasWrittenOfARequestStaysItsOwnWhenTheRestIsGone: an activity may be archived, or a child leave the file, while a
// request is half written.
func TestWhatWasWrittenOfARequestStaysItsOwnWhenTheRestIsGone(t *testing.T) {
	t.Parallel()
	for says, asking := range map[string]func(town.Home) booking.Asking{"small": small, "large": large} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			w, h, table := busy(t)
			r := header(h, table, asking(h))
			dies(t, h, table, r.ID, 9, begun)
			written := strings.SplitAfter(tally(h, r.ID), " / ")[1]
			if !strings.Contains(written, "booked") || !strings.Contains(written, "waitlisted") {
				t.Fatalf("written is %s", written)
			}
			w.Change("cantine", func(a *collectivity.Activity) { a.Archived = true })
			check(t, work(w, begun.Add(2*time.Minute)))
			if got := tally(h, r.ID); got != written+" / "+written {
				t.Errorf("in the end it is %s, and %s was written", got, written)
			}
			h.Sound()
		})
	}
}

// dies goes on with a request in a process that dies after a number of writes, and says whether it did.
func dies(t *testing.T, h town.Home, table map[string]string, id string, writes int32, now time.Time) bool {
	t.Helper()
	f := reopened(t, h, table, dying(t, writes))
	s, err := f.Request(t.Context(), id)
	check(t, err)
	_, err = f.Resume(t.Context(), s, now)
	return err != nil
}

func writing(operation string) bool {
	return slices.Contains([]string{"TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem"}, operation)
}
