package store_test

import (
	"errors"
	"sync/atomic"
	"testing"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/store"
)

// TestAnAmendmentWhoseAnswerWasLostIsMadeOnce: the write lands, its answer does not come, and the SDK sends it again.
func TestAnAmendmentWhoseAnswerWasLostIsMadeOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	place := store.FamilyPlace{Family: "f", Place: booking.Place{Date: "2026-11-23", Child: "lea", Activity: "cantine"}}
	w.WriteDay("f", booking.Day{Place: place.Place, State: booking.Booked})
	agent := w.Agent(collectivity.Reviewer)
	var lost atomic.Bool
	front := testkit.Losing(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) bool {
		return operation == "TransactWriteItems" && lost.CompareAndSwap(false, true)
	})
	var s *store.Store
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": front}, func() { s = store.Open() })
	right, err := s.AgentOf(t.Context(), account.CallerOf(agent.User, true), w.Slug, collectivity.Reviewer)
	check(t, err)
	read, err := right.Recording(t.Context(), []store.FamilyPlace{place})
	check(t, err)
	day, code, err := right.Amend(t.Context(), place, read.Days[place], "record-attendance", town.Now, func(d booking.Day) (booking.Day, string) {
		d.Presence = booking.Present
		return d, ""
	})
	if err != nil || code != "" || !lost.Load() || day.Rev != 2 || len(w.Audited()) != 1 {
		t.Errorf("got %+v %q (%v), with %d records", day, code, err, len(w.Audited()))
	}
}

func TestTheFirstErrorOfManyThingsIsAnswered(t *testing.T) {
	t.Parallel()
	var done atomic.Int32
	broken := errors.New("the tenth")
	err := store.Each(20, func(i int) error {
		done.Add(1)
		if i == 9 {
			return broken
		}
		return nil
	})
	if !errors.Is(err, broken) || done.Load() < 10 || done.Load() == 20 {
		t.Errorf("%v after %d", err, done.Load())
	}
	if err := store.Each(0, func(int) error { return broken }); err != nil {
		t.Error(err)
	}
}

func TestPlacesOfADayAreReadByAgeGroup(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.WriteSlot("cantine", "2026-11-24", "petits", 8, 3, 5, 0)
	w.WriteSlot("cantine", "2026-11-25", "petits", 1, 1, 0, 0)  // another day
	w.WriteSlot("mercredi", "2026-11-24", "petits", 2, 2, 0, 0) // another activity
	read, err := w.Store.Attendance(t.Context(), "cantine", calendar.Period{From: "2026-11-24", To: "2026-11-24"})
	check(t, err)
	want := store.Places{Capacity: 8, Taken: 3, Free: 5}
	if len(read.Slots) != 1 || read.Slots["2026-11-24"]["petits"] != want || read.Town.Slug != w.Slug {
		t.Errorf("got %+v", read.Slots)
	}
}
