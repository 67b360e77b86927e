package engine_test

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/store"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const tuesday = calendar.Date("2026-11-24")

// everyDay has all activities open from Monday to Friday, the centre's whole day with a meal of the canteen.
func everyDay(w *town.Town) {
	w.T.Helper()
	for _, a := range w.Activities {
		w.Change(a.ID, func(a *collectivity.Activity) {
			a.Weekdays, a.Decision = []calendar.Weekday{"mon", "tue", "wed", "thu", "fri"}, collectivity.AtOnce
			if a.ID == "mercredi" {
				a.Options = []collectivity.Option{{ID: "journee", Name: "Journée", Needs: []string{"cantine"}}, {ID: "matin", Name: "Matin"}}
			}
		})
	}
}

// newTown makes a town in a table of its own, on which no platform works.
func newTown(t testing.TB) *town.Town {
	t.Helper()
	w, _ := newTownAnd(t)
	return w
}

// newTownAnd is newTown, and the variables that name its table.
func newTownAnd(t testing.TB) (w *town.Town, table map[string]string) {
	t.Helper()
	table = testkit.OwnTable(t)
	testkit.Within(t, table, func() { w = town.New(t) })
	return w, table
}

// work does what advance-bookings does at an instant until nothing is due. It answers the first failure.
func work(w *town.Town, now time.Time) error {
	for range 5 {
		done := 0
		err := cmp.Or(
			due(w, now, w.Env.Store.UnsettledRequests, func(u store.UnsettledRequest) error { done++; return resume(w, u, now) }),
			due(w, now, w.Env.Store.WaitingSlots, func(s store.WaitingSlot) error { done++; _, _, err := s.Promote(w.T.Context(), now); return err }),
		)
		if done == 0 || err != nil {
			return err
		}
	}
	return errors.New("there is always something due")
}

// due goes through a queue.
func due[T any](w *town.Town, now time.Time, page func(context.Context, time.Time, string) ([]T, string, error), work func(T) error) error {
	for cursor, more := "", true; more; more = cursor != "" {
		all, next, err := page(w.T.Context(), now, cursor)
		if err != nil {
			return err
		}
		for _, one := range all {
			if err := work(one); err != nil {
				return err
			}
		}
		cursor = next
	}
	return nil
}

func resume(w *town.Town, u store.UnsettledRequest, now time.Time) error {
	r, err := u.Store.Request(w.T.Context(), u.ID)
	if err == nil {
		_, err = u.Store.Resume(w.T.Context(), r, now)
	}
	return err
}

// slotOf is a slot as a key of the stream names it.
func slotOf(w *town.Town, activity string, d calendar.Date) store.WaitingSlot {
	w.T.Helper()
	slot, ok := w.Env.Store.WaitingSlot("C#"+w.Slug+"#S#"+activity, "SLOT#"+string(d))
	if !ok {
		w.T.Fatal("it names no slot")
	}
	return slot
}

// promote serves a slot once.
func promote(w *town.Town, activity string, d calendar.Date, now time.Time) (promoted, released int) {
	w.T.Helper()
	promoted, released, err := slotOf(w, activity, d).Promote(w.T.Context(), now)
	check(w.T, err)
	return promoted, released
}

// one asks for one day of a home's child, whatever becomes of it.
func one(h town.Home, kind booking.Kind, item string, d calendar.Date) booking.Request {
	h.T.Helper()
	r, made, err := h.Judged(kind, d, item)
	check(h.T, err)
	written, err := h.MadeFamily.Store.AddRequest(h.T.Context(), r, made)
	check(h.T, err)
	return written
}

// state is that of a home's child on a day, with the rank where it waits.
func state(h town.Home, activity string, d calendar.Date) (booking.State, int) {
	h.T.Helper()
	day := h.DayAt(d, activity)
	rank, err := h.MadeFamily.Store.Rank(h.T.Context(), day)
	check(h.T, err)
	return day.State, rank
}

// inLine are the homes that wait for a day, by their ranks, as the table has them: families are shown their place in it.
func inLine(homes []town.Home, activity string, d calendar.Date) (line []town.Home) {
	w := homes[0].Town
	w.T.Helper()
	ranks := map[string]int{}
	for _, day := range w.Written().Days {
		if day.State == string(booking.Waitlisted) && day.Activity == activity && day.Date == string(d) {
			ranks[day.Child] = day.Ranks[0]
		}
	}
	for _, h := range homes {
		if ranks[h.Children[0]] > 0 {
			line = append(line, h)
		}
	}
	slices.SortFunc(line, func(a, b town.Home) int { return ranks[a.Children[0]] - ranks[b.Children[0]] })
	for _, n := range []int{0, len(line) - 1} {
		if n >= 0 && n < len(line) {
			if _, rank := state(line[n], activity, d); rank != n+1 {
				w.T.Errorf("who is number %d of %d is shown rank %d", n+1, len(line), rank)
			}
		}
	}
	return line
}

// have are the homes whose child is in a state on a day.
func have(homes []town.Home, s booking.State, activity string, d calendar.Date) []town.Home {
	children := map[string]bool{}
	for _, day := range homes[0].Written().Days {
		if day.State == string(s) && day.Activity == activity && day.Date == string(d) {
			children[day.Child] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(homes), func(h town.Home) bool { return !children[h.Children[0]] })
}

// mails are the ids of those that were written; nothing sends them.
type mails []string

func outbox(w *town.Town) mails {
	w.T.Helper()
	ids, err := w.Env.Store.DueMails(w.T.Context(), w.Env.Now.AddDate(1, 0, 0))
	check(w.T, err)
	return ids
}

// of counts those of a kind about a home's requests.
func (all mails) of(h town.Home, kind string) (n int) {
	for _, id := range all {
		if strings.HasPrefix(id, kind+"-"+h.ID+"-") {
			n++
		}
	}
	return n
}

// reopened is a home's family as another connection reaches it: that of a process which meets its end, or others.
func reopened(t testing.TB, h town.Home, table map[string]string, address string) store.FamilyStore {
	t.Helper()
	variables := map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": address}
	maps.Copy(variables, table)
	var s *store.Store
	testkit.Within(t, variables, func() { s = store.Open() })
	right, err := s.AgentOf(t.Context(), account.CallerOf(h.Agent(collectivity.Manager).User, true), h.Slug, collectivity.Manager)
	check(t, err)
	return right.Family(h.ID)
}
