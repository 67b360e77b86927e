// Package booking decides what may be asked of a day and what becomes of it. Pure rules: no clock, no table.
//
// A Planning is what a decision needs to know: a Town (its activities with their notice rules, its calendar and events),
// enrolments and the days already written. Ask judges a request against it, each day for itself, at the instant of asking.
// Seat then shares out the places of a slot: who gets one and who waits.
package booking

import (
	"slices"

	"preau/shared/calendar"
)

// State of a child's day at an activity (design: planning).
type State string

// The states of a day.
const (
	Closed           State = "closed"
	Cancelled        State = "cancelled" // by the town
	Enrolled         State = "enrolled"  // may come, is not expected
	Requested        State = "requested"
	Booked           State = "booked"
	AbsenceRequested State = "absence_requested"
	Absent           State = "absent"
	Waitlisted       State = "waitlisted"
	Refused          State = "refused"
	Withdrawn        State = "withdrawn" // of a request's line only: the day is as it was before
	Asked            State = "asked"     // of a request's line only: not written yet
)

// Kind of a request.
type Kind string

// The kinds of request.
const (
	Booking Kind = "booking"
	Absence Kind = "absence"
)

// Action is what a parent may do with a day.
type Action string

// The actions.
const (
	Book   Action = "book"
	Miss   Action = "absent"
	Cancel Action = "cancel"
)

// Slot names one activity on one day.
type Slot struct {
	Date     calendar.Date
	Activity string
}

// Place names one child's day at an activity: there is at most one, whatever the household.
type Place struct {
	Date            calendar.Date
	Child, Activity string
}

// Use is a place that a day takes of an activity: its own, or that of a meal which its option comes with.
type Use struct{ Activity, Group string }

// Presence is what carers noted of a day.
type Presence string

// The presences.
const (
	Present  Presence = "present"
	Missing  Presence = "absent"   // expected, and did not come
	Unbooked Presence = "unbooked" // came without a booking
)

// Day is what is written of a place.
type Day struct {
	Place
	Option    string
	Group     string // age group whose place it takes
	Needs     []Use  // places of other activities that it takes too
	State     State
	Request   string // the booking that it comes from
	Absence   string // the request for absence, if any
	Reason    string // of a refusal or of what the town took, for the parent
	Late      bool   // booked after the limit: billed with a surcharge
	Due       bool   // absent after the limit: billed
	Justified bool   // absent for a reason that the town accepted: not billed
	Held      bool   // it takes its places: booked, or cancelled by the town, whose places go to nobody
	Ranks     []int  // where it waits, of each of its places
	Event     string // that cancelled it, or waived its absence
	Presence  Presence
	Former    *Former // while it waits for an agent or a place
	Elsewhere string  // as a planning shows it: why it is the child's other household's, a code
	Rev       int     // grows with each write; a writer must have seen the latest
}

// Former is what a day was, absent or refused, before it was asked for again: it is so again if the asking is withdrawn.
type Former struct {
	State                    State
	Option, Group            string
	Needs                    []Use
	Request, Absence, Reason string
	Late, Due, Justified     bool
	Event                    string
}

// former is what a day says that would be lost if it were asked for again.
func (d Day) former() *Former {
	if d.State != Absent && d.State != Refused {
		return nil
	}
	return &Former{d.State, d.Option, stored(d.Group), d.Needs, d.Request, d.Absence, d.Reason, d.Late, d.Due, d.Justified, d.Event}
}

// Uses are the places that the day takes or waits for, the activity's own first.
func (d Day) Uses() []Use { return append([]Use{{d.Activity, d.Group}}, d.Needs...) }

// Enrolment lets a child use an activity between two dates on given weekdays. A standing one has its days booked ahead
// within capacity (request "standing"); parents declare absences.
type Enrolment struct {
	ID, Child, Activity string
	Period              calendar.Period
	Weekdays            []calendar.Weekday // none: every day that the activity opens
	Standing            bool
	Option              string // of a standing enrolment: what is booked
}

func (e Enrolment) covers(p Place) bool {
	return e.Child == p.Child && e.Activity == p.Activity && e.Period.Has(p.Date) &&
		(len(e.Weekdays) == 0 || slices.Contains(e.Weekdays, p.Date.Weekday()))
}

// Shares says whether two enrolments let one child use one activity on the same day. Two that share dates and no weekday do not.
func (e Enrolment) Shares(o Enrolment) bool {
	weekday := len(o.Weekdays) == 0 || len(e.Weekdays) == 0 || slices.ContainsFunc(o.Weekdays, func(d calendar.Weekday) bool { return slices.Contains(e.Weekdays, d) })
	return o.Child == e.Child && o.Activity == e.Activity && weekday && o.Period.From <= e.Period.To && e.Period.From <= o.Period.To
}

// active says whether a day in this state keeps the child's time: it is booked, or may become so.
func (s State) active() bool { return slices.Contains(Active, s) }

// Active are the states of a day that is booked or may become so. Coming are those of which nobody has asked an agent to take
// it back.
var (
	Active = []State{Requested, Booked, AbsenceRequested, Waitlisted}
	Coming = []State{Requested, Booked, Waitlisted}
)
