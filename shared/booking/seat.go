package booking

import (
	"time"

	"preau/shared/calendar"
)

// Seats names the places of one age group of a slot.
type Seats struct {
	Date     calendar.Date
	Activity string
	Group    string
}

// Room is what is known of some seats. taken + free = capacity; free is negative where an agent took places that were not
// there, or where the town took places away.
type Room struct {
	Capacity, Taken, Free int
	Waiting               int // children who wait
	Next                  int // ranks given so far: the next one gets the one after
}

// Open says whether a place may be taken: there is one, and nobody waits for it.
func (r Room) Open() bool { return r.Free > 0 && r.Waiting == 0 }

// SeatsOf are the seats that a line takes.
func (l Line) SeatsOf() []Seats {
	seats := make([]Seats, 0, 1+len(l.Needs))
	for _, u := range l.Uses() {
		seats = append(seats, Seats{l.Date, u.Activity, u.Group})
	}
	return seats
}

// Seat shares out places among lines, in their order, at an instant: each is booked where all the places that it needs are
// open, else it waits for all of them, as long as it may. Nobody passes by those who wait, siblings included. rooms answers
// what is known of seats, and Seat keeps it up to date.
func Seat(lines []Line, now time.Time, rooms func(Seats) *Room) (states []State) {
	for _, l := range lines {
		state := seat(l, now, rooms)
		for _, s := range l.SeatsOf() {
			rooms(s).Add(state)
		}
		states = append(states, state)
	}
	return states
}

func seat(l Line, now time.Time, rooms func(Seats) *Room) State {
	for _, s := range l.SeatsOf() {
		switch {
		case rooms(s).Open():
		case now.Before(l.Until):
			return Waitlisted
		default:
			return l.Was
		}
	}
	return Booked
}

// Add counts a child who is booked or waits; other states take nothing.
func (r *Room) Add(s State) {
	switch s {
	case Booked:
		r.Taken++
		r.Free--
	case Waitlisted:
		r.Waiting++
		r.Next++
	}
}
