package town

import (
	"sync"
	"testing"
	"time"

	"preau/infra/seed"
	"preau/infra/testkit"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/id"
)

// Home is a family with a subscriber, in a town of its own.
type Home struct {
	*Town
	seed.MadeFamily
	Account account.Account
}

// NewHome makes a town with one family of the named children, whose first guardian is subscribed.
func NewHome(t testing.TB, children ...string) Home {
	t.Helper()
	return New(t).NewHome(children...)
}

// NewHome adds a family of the named children to the town, with a subscriber.
func (w *Town) NewHome(children ...string) Home {
	w.T.Helper()
	f := w.Family(children...)
	return Home{w, f, w.Subscriber(f, 0)}
}

// Event is a use case's sample event as this family's subscriber sends it.
func (h Home) Event(useCase string, more map[string]string) httpapi.Request {
	h.T.Helper()
	values := map[string]string{"family": h.ID, "child": h.Children[0], "guardian": h.Guardians[0], "slug": h.Slug}
	for name, v := range more {
		values[name] = v
	}
	return As(Event(h.T, useCase, values), h.Account)
}

// ParentAgent makes the home's subscriber an agent of the town too.
func (h Home) ParentAgent(role collectivity.Role) account.Account {
	h.T.Helper()
	check(h.T, h.Town.Store.AppointAgent(h.T.Context(), collectivity.Agent{Account: h.Account.ID, Name: "Anne Martin", Role: role, Health: true}))
	a := h.Account
	a.Agent = true
	return a
}

// Day asks for one day of the nth child, or of all children when n < 0.
func (h Home) Day(kind booking.Kind, n int, activity, option string, date calendar.Date) booking.Request {
	h.T.Helper()
	asking := booking.Asking{Kind: kind, Period: calendar.Period{From: date, To: date}}
	for i, child := range h.Children {
		if n < 0 || i == n {
			asking.Items = append(asking.Items, booking.Item{Child: child, Activity: activity, Option: option})
		}
	}
	return h.Ask(asking)
}

// Ask writes a request as request-booking does.
func (h Home) Ask(asking booking.Asking) booking.Request {
	h.T.Helper()
	_, planning, err := h.MadeFamily.Store.Planning(h.T.Context(), booking.WeeksOf(asking.Period))
	check(h.T, err)
	r := booking.Request{ID: h.MadeFamily.Store.RequestID(id.New(h.Env.Now)), Account: h.Account.ID, CreatedAt: h.Env.Now, Asking: asking}
	r.Lines, err = planning.Ask(r)
	check(h.T, err)
	written, err := h.MadeFamily.Store.AddRequest(h.T.Context(), r, planning.Town)
	check(h.T, err)
	if written.Settled {
		return written
	}
	return h.WorkOff(written.ID)
}

// WorkOff goes on with a large request as advance-bookings does, and waits until it is settled: the running platform's own
// worker lives by the real clock and may have it.
func (h Home) WorkOff(id string) (settled booking.Request) {
	h.T.Helper()
	testkit.Await(h.T, "request "+id+" to be settled", func() bool {
		stored, err := h.MadeFamily.Store.Request(h.T.Context(), id)
		check(h.T, err)
		settled, err = h.MadeFamily.Store.Resume(h.T.Context(), stored, h.Env.Now.Add(2*time.Minute))
		check(h.T, err)
		return settled.Settled
	})
	return settled
}

// Made is the town ready to judge requests by.
func (w *Town) Made() *booking.Town {
	w.T.Helper()
	made, err := w.Store.Town(w.T.Context())
	check(w.T, err)
	return made
}

// Narrow gives an activity few places a day.
func (w *Town) Narrow(activity string, places int) {
	w.T.Helper()
	for _, a := range w.Activities {
		if a.ID == activity {
			a.Capacity = places
			check(w.T, w.Store.SaveActivity(w.T.Context(), a))
		}
	}
}

// Booked counts a family's booked days.
func (h Home) Booked(p calendar.Period) int {
	h.T.Helper()
	days, err := h.MadeFamily.Store.Days(h.T.Context(), p)
	check(h.T, err)
	n := 0
	for _, d := range days {
		if d.State == booking.Booked {
			n++
		}
	}
	return n
}

// InParallel runs n calls at the same time and answers their results in order.
func InParallel[T any](n int, call func(int) T) []T { return InParallelUpTo(n, n, call) }

// InParallelUpTo runs n calls, some of them at the same time, and answers their results in order. A call that ends its test
// keeps no other waiting.
func InParallelUpTo[T any](some, n int, call func(int) T) []T {
	results := make([]T, n)
	free := make(chan struct{}, some)
	var wait sync.WaitGroup
	for i := range n {
		free <- struct{}{}
		wait.Go(func() {
			defer func() { <-free }()
			results[i] = call(i)
		})
	}
	wait.Wait()
	return results
}
