package booking

import (
	"slices"
	"time"

	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// Planning is what is known of a family's days.
type Planning struct {
	Town       *Town
	Resident   bool // the family lives in the collectivity
	Children   []Child
	Enrolments []Enrolment
	Days       map[Place]Day
	Elsewhere  Elsewhere // of children of two files
}

// Child is what the rules need to know of a child; what the town does not know is "".
type Child struct {
	ID            string
	FirstName     string
	Born          calendar.Date
	School, Class string    // ids
	Other         string    // of a child of two files: the other family
	NotBefore     time.Time // nothing is written of its days before this instant; zero: whenever
}

// child finds a child of the family. One that has left it is known by its id alone.
func (p Planning) child(id string) Child {
	i := slices.IndexFunc(p.Children, func(c Child) bool { return c.ID == id })
	if i < 0 {
		return Child{ID: id}
	}
	return p.Children[i]
}

// Enrolled says whether the child may use the activity on the day.
func (p Planning) Enrolled(place Place) bool {
	return covered(p.Enrolments, place)
}

func covered(by []Enrolment, place Place) bool {
	return slices.ContainsFunc(by, func(e Enrolment) bool { return e.covers(place) })
}

// Day is the state of a place: as written, or as enrolment and opening say. What the town has cancelled shows at once,
// although days that were asked for are rewritten by the event's worker.
func (p Planning) Day(place Place) Day {
	child := p.child(place.Child)
	day, written := p.Days[place]
	if !written {
		day = Day{Place: place, Group: collectivity.AllAges, State: Enrolled}
	}
	if theirs, ok := p.Elsewhere.Days[place]; ok {
		day = day.beside(theirs)
	}
	if day.State == Enrolled {
		day.State = p.unwritten(place, child)
	}
	if day.State == Closed || day.State == Absent {
		return day
	}
	if e, ok := p.Town.cancels(child, place); ok {
		day.State, day.Event, day.Reason = Cancelled, e.ID, e.Name
	}
	return day
}

func (p Planning) unwritten(place Place, child Child) State {
	if a, ok := p.Town.Activity(place.Activity); !ok || a.Archived || !p.Town.Opens(a, child.School, place.Date) {
		return Closed
	}
	return Enrolled
}

// Allowance is what a parent may do with a day now.
type Allowance struct {
	Actions []Action
	Until   time.Time // at which they close; zero: never
	Code    string    // why there is none
	Text    string    // French: what the notice rule says
	Late    bool      // a booking now is, or would be, charged as late
	Due     bool      // an absence now would be billed
}

// Allowed is what a parent may do with a day at an instant.
func (p Planning) Allowed(day Day, now time.Time) Allowance {
	action, code := actionOf(day.State)
	a, _ := p.Town.Activity(day.Activity)
	start := p.Town.start(a, day.Date)
	switch {
	case code != "":
		return Allowance{Code: code}
	case day.Elsewhere != "":
		return Allowance{Code: day.Elsewhere}
	case action == Cancel:
		return Allowance{Actions: []Action{Cancel}}
	case !now.Before(start):
		return Allowance{Code: "past"}
	case action == Miss:
		return p.mayMiss(a, day, now, start)
	case !p.Enrolled(day.Place):
		return Allowance{Code: "not_enrolled"}
	}
	if _, code := actionOf(p.anew(day).State); code != "" {
		return Allowance{Code: code}
	}
	return p.mayBook(a, day, now, start)
}

// anew is a day as if nothing had been written of it, by either household: one that was absent or refused may have been closed or
// cancelled since.
func (p Planning) anew(day Day) Day {
	if day.State == Enrolled {
		return day
	}
	p.Days, p.Elsewhere.Days = nil, nil
	return p.Day(day.Place)
}

// mayBook applies the notice rules for bookings.
func (p Planning) mayBook(a collectivity.Activity, day Day, now, start time.Time) Allowance {
	child := p.child(day.Child)
	if _, ok := a.Group(child.Born, day.Date); !ok {
		return Allowance{Code: "age_out"}
	}
	v := p.Town.notice(Booking, a, child, day.Date, p.Resident, now)
	out := Allowance{Actions: []Action{Book}, Until: earlier(v.Closes, start), Text: v.Text}
	switch v.State {
	case "closed":
		return Allowance{Code: "too_late", Text: v.Text, Late: !v.LateUntil.IsZero()}
	case "not_open_yet":
		return Allowance{Code: "not_open_yet", Text: v.Text}
	case "late":
		out.Late, out.Until = true, earlier(v.LateUntil, start)
	}
	return out
}

// mayMiss applies the notice rules for absences: after their limit an absence is still taken until the service starts, and
// billed, unless an event of the town lets families declare it.
func (p Planning) mayMiss(a collectivity.Activity, day Day, now, start time.Time) Allowance {
	child := p.child(day.Child)
	v := p.Town.notice(Absence, a, child, day.Date, p.Resident, now)
	out := Allowance{Actions: []Action{Miss}, Until: earlier(v.Closes, start), Text: v.Text}
	if reopened := earlier(p.Town.reopened(child, day.Place), start); reopened.After(out.Until) {
		out.Until, out.Text = reopened, "Absence à déclarer jusqu’au "+p.Town.french(reopened)+", par exception."
		if now.Before(reopened) {
			return out
		}
	}
	switch v.State {
	case "not_open_yet":
		return Allowance{Code: "not_open_yet", Text: v.Text}
	case "closed", "late":
		out.Due, out.Until = true, start
		out.Text += " Une absence peut encore être déclarée avant le début du service ; la journée est facturée."
	}
	return out
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// WaitUntil is the instant at which a day that waits for a place stops waiting: when booking closes, or at the hour that
// the activity sets.
func (p Planning) WaitUntil(place Place) time.Time {
	a, _ := p.Town.Activity(place.Activity)
	start := p.Town.start(a, place.Date)
	v := p.Town.notice(Booking, a, p.child(place.Child), place.Date, p.Resident, start)
	until := v.Closes
	if !v.LateUntil.IsZero() {
		until = v.LateUntil
	}
	if until.IsZero() || start.Before(until) {
		until = start
	}
	if a.Promote != "" {
		until = earlier(until, p.Town.at(place.Date.AddDays(-1), a.Promote))
	}
	return until
}

// actionOf is the one thing that a state lets a parent do, or why there is none.
func actionOf(s State) (Action, string) {
	switch s {
	case Enrolled, Absent, Refused:
		return Book, ""
	case Booked:
		return Miss, ""
	case Requested, AbsenceRequested, Waitlisted:
		return Cancel, ""
	case Cancelled:
		return "", "cancelled"
	}
	return "", "closed"
}
