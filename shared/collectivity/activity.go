package collectivity

import (
	"slices"

	"preau/shared/calendar"
)

// Activity is what children come to: canteen, before- and after-school care, a Wednesday or holiday centre.
type Activity struct {
	ID, Name string
	Kind     Kind
	Options  []Option
	Groups   []Group            // age groups with places of their own; none: all children share Capacity
	Weekdays []calendar.Weekday // on which it opens
	During   During             // which of them: days of school, or of holidays
	Season   calendar.Period    // in which it opens
	Closed   []calendar.Period  // in which it does not
	Opened   []calendar.Period  // in which it does although its weekdays, the calendar or Closed say otherwise
	Starts   string             // local hour at which the service starts: 11:45
	Ends     string             // and ends; "" where nobody said
	Capacity int                // places a day; 0: room for all
	Decision Decision           // on bookings
	Absences Decision           // on absences; as on bookings unless said
	Rules    string             // notice rules in JSON (package notice); "": open until the service starts
	Promote  string             // local hour of the day before at which places stop going to those who wait; "": when booking closes
	Requires []string           // activities of which the child must have one on the same day
	Excludes []string           // activities that the child can not have on the same day
	Schools  []string           // whose children may be enrolled; none: all
	Archived bool               // no longer offered; its past stays
	Version  int                // grows with each write

	JustifyDays int // after an absence, until which its reason may be accepted; 0: no limit
}

// Kind says what a service is, where the law or a list needs to know.
type Kind string

// The kinds of activity.
const (
	Canteen   Kind = "canteen"
	Morning   Kind = "morning" // before school
	Evening   Kind = "evening" // after school
	Wednesday Kind = "wednesday"
	Holidays  Kind = "holidays"
	Other     Kind = "other"
)

// Kinds of activity, as a list shows them.
var Kinds = []Kind{Canteen, Morning, Evening, Wednesday, Holidays, Other}

// During says on which days of the school calendar an activity opens.
type During string

// The days. Public holidays and the town's closures are never among them.
const (
	AnyDay      During = ""
	SchoolDays  During = "school"   // of the child's school
	TermDays    During = "term"     // outside the school holidays, with or without school: a centre's Wednesdays
	HolidayDays During = "holidays" // weekdays of the school holidays
)

// Option is a formule: half-day, day, with or without meal. All options share the activity's places; Needs are the
// activities that it takes a place of too, as a meal does of the canteen's.
type Option struct {
	ID, Name string
	Needs    []string
}

// Group is an age group: children of From to To years on the day, both included.
type Group struct {
	ID, Name string
	From, To int
	Capacity int // places a day; 0: room for all
}

// AllAges is the group of all children where an activity has none of its own.
const AllAges = "all"

// unlimited is the number of places where nobody set one.
const unlimited = 1_000_000

// Open says whether the activity's own settings let it take place on a day; the town's calendar and events may not.
func (a Activity) Open(d calendar.Date) bool {
	return a.OpenedOn(d) || a.Season.Has(d) && slices.Contains(a.Weekdays, d.Weekday()) && !covers(a.Closed, d)
}

// OpenedOn says whether the day is an exceptional opening.
func (a Activity) OpenedOn(d calendar.Date) bool { return covers(a.Opened, d) }

func covers(periods []calendar.Period, d calendar.Date) bool {
	return slices.ContainsFunc(periods, func(p calendar.Period) bool { return p.Has(d) })
}

// Group is the age group of a child born on a day ("": unknown), on another day. ok is false when there is none.
func (a Activity) Group(born, on calendar.Date) (id string, ok bool) {
	if len(a.Groups) == 0 {
		return AllAges, true
	}
	if born == "" {
		return a.Groups[0].ID, true // nobody is turned away for a date that the town does not know
	}
	age := born.YearsUntil(on)
	i := slices.IndexFunc(a.Groups, func(g Group) bool { return g.From <= age && age <= g.To })
	if i < 0 {
		return "", false
	}
	return a.Groups[i].ID, true
}

// SameGroups says whether two editions of an activity have the same age groups, whatever their names and places.
func (a Activity) SameGroups(b Activity) bool {
	return slices.EqualFunc(a.Groups, b.Groups, func(x, y Group) bool { return x.ID == y.ID && x.From == y.From && x.To == y.To })
}

// Places of an age group a day.
func (a Activity) Places(group string) int {
	places := a.Capacity
	if i := slices.IndexFunc(a.Groups, func(g Group) bool { return g.ID == group }); i >= 0 {
		places = a.Groups[i].Capacity
	}
	if places == 0 {
		return unlimited
	}
	return places
}

// AbsenceDecision says who decides absences.
func (a Activity) AbsenceDecision() Decision {
	if a.Absences != "" {
		return a.Absences
	}
	return a.Decision
}

// HasOption says whether an option may be asked for: one of the activity's own, or none where it has none.
func (a Activity) HasOption(id string) bool {
	if len(a.Options) == 0 {
		return id == ""
	}
	return slices.ContainsFunc(a.Options, func(o Option) bool { return o.ID == id })
}

// Needs are the other activities that an option takes a place of.
func (a Activity) Needs(option string) []string {
	i := slices.IndexFunc(a.Options, func(o Option) bool { return o.ID == option })
	if i < 0 {
		return nil
	}
	return a.Options[i].Needs
}
