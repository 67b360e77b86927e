package store

import (
	"context"

	"preau/shared/booking"
)

// Foresee answers what would become of a request if it were sent now, without writing: whether each day would be booked, wait for
// a place or for an agent, or not be taken. Others may come first.
func (f FamilyStore) Foresee(ctx context.Context, r booking.Request) (booking.Request, error) {
	var k *rooms
	_, planning, err := f.planning(ctx, booking.WeeksOf(r.Period), func(h Household, town *booking.Town, _ map[booking.Place]booking.Day) error {
		k = newRooms(town)
		if len(h.others()) == 0 {
			return nil // they are read below, when it is known of which days
		}
		return f.fetch(ctx, k, sought(r, town))
	})
	if err != nil {
		return r, err
	}
	if r.Lines, err = planning.Judge(r); err != nil {
		return r, err
	}
	var seats []booking.Seats
	for _, l := range r.Lines {
		if a, _ := planning.Town.Activity(l.Activity); l.State == booking.Asked && r.Target(a) == booking.Booked {
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

// sought are seats that a request may come to, before it is judged: as many as one trip reads.
func sought(r booking.Request, town *booking.Town) (seats []booking.Seats) {
	for _, d := range r.Period.Days(r.Weekdays, r.Weeks) {
		for _, i := range r.Items {
			a, ok := town.Activity(i.Activity)
			if !ok || r.Target(a) != booking.Booked || !a.Open(d) {
				continue
			}
			for _, activity := range append([]string{a.ID}, a.Needs(i.Option)...) {
				seats = append(seats, booking.Seats{Date: d, Activity: activity})
			}
			if len(seats) >= 100 {
				return seats[:100]
			}
		}
	}
	return seats
}
