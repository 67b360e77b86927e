package store_test

import (
	"testing"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/id"
	"preau/shared/store"
)

// TestWhoBeginsToWaitNeedNotKnowOfWhoCameMeanwhile: in a rush everybody would have to try again for everybody else. Another
// family begins to wait between a parent's rank and the writing of the day, and nothing has to be tried again.
func TestWhoBeginsToWaitNeedNotKnowOfWhoCameMeanwhile(t *testing.T) {
	t.Parallel()
	const day = calendar.Date("2026-12-01")
	w := town.New(t)
	w.Narrow("cantine", 1)
	w.NewHome("Léa").Day(booking.Booking, 0, "cantine", "", day)
	first, second := w.NewHome("Noé"), w.NewHome("Inès")
	tried := 0
	front := testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
		if operation == "TransactWriteItems" {
			if tried++; tried == 2 { // the first has found out that there is no place
				second.Day(booking.Booking, 0, "cantine", "", day)
			}
		}
		return ""
	})
	var s *store.Store
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": front}, func() { s = store.Open() })
	right, err := s.FamilyOf(t.Context(), account.CallerOf(first.Account.User, false), first.ID)
	check(t, err)
	r, made := judged(first, booking.Booking, day, "cantine")
	r.ID = right.Store.RequestID(id.New(town.Now))
	written, err := right.Store.AddRequest(t.Context(), r, made)
	check(t, err)
	if got := written.Lines[0]; tried != 2 || got.State != booking.Waitlisted {
		t.Errorf("%s after %d tries", got.State, tried)
	}
	for want, h := range []town.Home{first, second} {
		days, err := h.MadeFamily.Store.Days(t.Context(), calendar.Period{From: day, To: day})
		check(t, err)
		ranks, err := h.MadeFamily.Store.Ranks(t.Context(), days)
		check(t, err)
		for _, rank := range ranks {
			if rank != want+1 {
				t.Errorf("who came as number %d has rank %d", want+1, rank)
			}
		}
	}
	w.Sound()
}
