package collectivity

import (
	"slices"
	"time"

	"preau/shared/calendar"
)

// Event is what the town declares of some days: a closure, a strike, an outing. It touches the children of its schools
// and classes at its activities; none of a list means all.
type Event struct {
	ID         string
	Kind       EventKind
	Effect     Effect
	Name       string // as families read it: Grève du 3 décembre
	Text       string // what else families are told
	Period     calendar.Period
	Activities []string
	Schools    []string // ids
	Classes    []string // ids, of those schools
	Until      string   // of Reopen: local hour of the day until which an absence is taken, 09:00
	DayBefore  bool     // Until is of the day before
	Author     string   // the agent's account
	CreatedAt  time.Time
	RevokedAt  time.Time // zero: it stands
}

// Revoked says whether the event was taken back.
func (e Event) Revoked() bool { return !e.RevokedAt.IsZero() }

// Counts says whether a day whose service starts at an instant is the event's: what had started when it was declared, or
// starts after it was revoked, is as if it had never been.
func (e Event) Counts(start time.Time) bool {
	return e.CreatedAt.Before(start) && (!e.Revoked() || !e.RevokedAt.Before(start))
}

// EventKind is what an event is.
type EventKind string

// The kinds of event.
const (
	Closure EventKind = "closure"
	Strike  EventKind = "strike"
	Outing  EventKind = "outing"
)

// Effect is what an event does to booked days.
type Effect string

// The effects: booked days are cancelled, not billed, and their places go to nobody; or families may declare absences
// until an hour, whatever the notice rules say. A strike with minimum service reopens, one without cancels. That hour stays
// when the event is revoked: no limit that families were shown comes earlier.
const (
	Cancels Effect = "cancel"
	Reopens Effect = "reopen"
)

// Touches says whether an event is about a child's day: of a school and class (ids, "" where unknown) at an activity.
func (e Event) Touches(d calendar.Date, activity, school, class string) bool {
	return e.Period.Has(d) && among(e.Activities, activity) && among(e.Schools, school) && among(e.Classes, class)
}

func among(list []string, v string) bool { return len(list) == 0 || slices.Contains(list, v) }
