// Package booking decides what may be asked of a day and what becomes of it. Pure rules: no clock, no table.
//
// A Planning is what a decision needs to know: enrolments, activities and the days already written. Ask judges a request
// against it, each day for itself, at the instant of asking.
package booking

import (
	"slices"
	"time"

	"preau/shared/calendar"
	"preau/shared/collectivity"
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

// Slot is where the place is.
func (p Place) Slot() Slot { return Slot{p.Date, p.Activity} }

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
	Reason    string // of a refusal, for the parent
	Late      bool   // booked after the limit: billed with a surcharge
	Due       bool   // absent after the limit: billed
	Justified bool   // absent for a reason that the town accepted: not billed
	Held      bool   // it takes its places: booked, or cancelled by the town, whose places go to nobody
	Ranks     []int  // where it waits, of each of its places
	Event     string // that cancelled it
	Presence  Presence
	Rev       int // grows with each write; a writer must have seen the latest
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

// Planning is what is known of a family's days.
type Planning struct {
	Children   []string // ids
	Enrolments []Enrolment
	Activities []collectivity.Activity
	Days       map[Place]Day
	Zone       *time.Location
}

// Activity finds one of the collectivity's activities.
func (p Planning) Activity(id string) (collectivity.Activity, bool) {
	i := slices.IndexFunc(p.Activities, func(a collectivity.Activity) bool { return a.ID == id })
	if i < 0 {
		return collectivity.Activity{}, false
	}
	return p.Activities[i], true
}

// Enrolled says whether the child may use the activity on the day.
func (p Planning) Enrolled(place Place) bool {
	return slices.ContainsFunc(p.Enrolments, func(e Enrolment) bool { return e.covers(place) })
}

// Day is the state of a place: as written, or as enrolment and opening say.
func (p Planning) Day(place Place) Day {
	if day, ok := p.Days[place]; ok {
		return day
	}
	day := Day{Place: place, State: Enrolled}
	if a, ok := p.Activity(place.Activity); !ok || !a.Open(place.Date) {
		day.State = Closed
	}
	return day
}

// Limit is the instant at which asking closes: when the service starts.
func (p Planning) Limit(place Place) time.Time {
	a, _ := p.Activity(place.Activity)
	t, err := place.Date.At(a.Starts, p.Zone)
	if err != nil {
		t, _ = place.Date.At("00:00", p.Zone)
	}
	return t
}

// Allowed is what a parent may do with a day at an instant: the actions and until when, or the code of why not.
func (p Planning) Allowed(day Day, now time.Time) (actions []Action, until time.Time, code string) {
	limit := p.Limit(day.Place)
	switch action, code := actionOf(day.State); {
	case code != "":
		return nil, time.Time{}, code
	case !now.Before(limit) && action != Cancel:
		return nil, time.Time{}, "past"
	case action == Book && !p.Enrolled(day.Place):
		return nil, time.Time{}, "not_enrolled"
	case action == Cancel:
		return []Action{Cancel}, time.Time{}, ""
	default:
		return []Action{action}, limit, ""
	}
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

// details are the French sentences of the codes.
var details = map[string]string{
	"past":               "Cette journée est passée ou le service a commencé.",
	"closed":             "L’activité n’a pas lieu ce jour-là.",
	"cancelled":          "La collectivité a annulé cette journée.",
	"not_enrolled":       "L’enfant n’est pas inscrit à cette activité ce jour-là.",
	"not_booked":         "Aucune réservation à annuler ce jour-là.",
	"already_booked":     "Cette journée est déjà réservée.",
	"already_requested":  "Une demande est déjà en attente pour cette journée.",
	"already_absent":     "L’absence est déjà déclarée.",
	"option_required":    "Choisissez une formule.",
	"option_unknown":     "Cette formule n’existe pas pour cette activité.",
	"slot_full":          "Il n’y a plus de place ce jour-là.",
	"day_changed":        "Cette journée vient d’être modifiée. Vérifiez le planning.",
	"day_twice":          "Cette journée figure deux fois dans la demande.",
	"nothing_pending":    "Rien n’est en attente de décision.",
	"own_family":         "Un agent ne décide pas pour sa propre famille.",
	"request_not_found":  "Cette demande n’existe pas.",
	"activity_not_yours": "Cette activité n’est pas de votre ressort.",
	"try_again":          "Trop de demandes pour ces places en même temps. Réessayez dans quelques instants.",
	"reason_required":    "Un refus doit être motivé.",
}

// Detail is the French sentence of a day's code.
func Detail(code string) string { return details[code] }
