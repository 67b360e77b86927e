package booking

// A child of two files has one time: at an activity, on a day, it is the household's that asked first, until that withdraws, is
// refused or declares the child absent. So a child is booked once and waits once, whatever its households do; the one whose day
// it is pays, and alone cancels. The other sees that the day is booked, and nothing more.

// Elsewhere is what the other households of the family's children have to do with those children.
type Elsewhere struct {
	Days       map[Place]Day // those that are theirs, see Theirs
	Enrolments []Enrolment
}

// The codes of what the other household of a child has on a day.
const (
	BookedElsewhere    = "booked_elsewhere"
	WaitingElsewhere   = "waiting_elsewhere"
	RequestedElsewhere = "requested_elsewhere"
)

// Claims says whether a day is its household's: booked, asked for, or cancelled by the town with its places.
func (d Day) Claims() bool { return d.State.active() || d.Held }

// Theirs is what a household may know of a day of the other household of one of its children: neither who asked for it, nor when,
// nor what it costs. ok is false for a day that is nobody's.
func (d Day) Theirs() (seen Day, ok bool) {
	seen = Day{Place: d.Place, Needs: d.Needs, State: d.State, Elsewhere: BookedElsewhere}
	switch d.State {
	case Waitlisted:
		seen.Elsewhere = WaitingElsewhere
	case Requested:
		seen.Elsewhere = RequestedElsewhere
	case Cancelled:
		seen.Reason = d.Reason // the event's name
	}
	return seen, d.Claims()
}

// beside is a day as the household sees it beside what the other household of the child has there.
func (d Day) beside(theirs Day) Day {
	if d.Claims() {
		return d
	}
	if theirs.Elsewhere != BookedElsewhere { // it is not theirs yet: what was said here stands
		d.Elsewhere = theirs.Elsewhere
		return d
	}
	seen := Day{Place: d.Place, Group: d.Group, State: Booked, Elsewhere: theirs.Elsewhere, Rev: d.Rev}
	if theirs.State == Cancelled {
		seen.State, seen.Reason = theirs.State, theirs.Reason
	}
	return seen
}

// Has says whether there is something to show of a place: a day that is written, or that the child's other household has booked.
func (p Planning) Has(place Place) bool {
	_, written := p.Days[place]
	return written || p.Elsewhere.Days[place].Elsewhere == BookedElsewhere
}

// Known are the days that are written, as they are written, with those that the other household of a child has booked.
func (p Planning) Known() (days []Day) {
	for place, day := range p.Days {
		if theirs, ok := p.Elsewhere.Days[place]; ok {
			day = day.beside(theirs)
		}
		days = append(days, day)
	}
	for place, theirs := range p.Elsewhere.Days {
		if _, written := p.Days[place]; !written && p.Has(place) {
			days = append(days, Day{Place: place}.beside(theirs))
		}
	}
	return days
}

// mayHave says whether a child could come to an activity on a day, by either household.
func (p Planning) mayHave(place Place) bool {
	if _, theirs := p.Elsewhere.Days[place]; theirs || p.use(Item{Child: place.Child, Activity: place.Activity}, place.Date) {
		return true
	}
	return covered(p.Elsewhere.Enrolments, place)
}

// theirs says whether the other household of a child keeps its time at a place.
func (p Planning) theirs(place Place) bool {
	day, yes := p.active(place)
	return yes && day.Elsewhere != ""
}
