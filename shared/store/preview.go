package store

import (
	"context"

	"preau/shared/booking"
)

// Foresee answers what would become of a judged request if it were sent now, without writing: whether each day would be
// booked, wait for a place or for an agent. Others may come first.
func (f FamilyStore) Foresee(ctx context.Context, r booking.Request, town *booking.Town) (booking.Request, error) {
	k := newRooms(town)
	var seats []booking.Seats
	for _, l := range r.Lines {
		if a, _ := town.Activity(l.Activity); l.State == booking.Asked && r.Target(a) == booking.Booked {
			seats = append(seats, l.SeatsOf()...)
		}
	}
	if err := f.fetch(ctx, k, seats); err != nil {
		return r, err
	}
	k.forget()
	steps, full := f.ask(indexes(r.Lines), r.CreatedAt)(r, k)
	r = moved(r, steps)
	for line, code := range full {
		_ = takeNothing(&r, line, code) // never fails
	}
	r.Total, r.Settled = len(r.Lines), true
	return r, nil
}
