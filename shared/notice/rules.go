package notice

import "preau/shared/calendar"

// Rules are a settings document that made sense. The zero value lets everything be asked until the service starts.
type Rules struct {
	note  string
	rules []rule
	weeks []weekRule
}

// Kind of what is asked.
type Kind string

// The kinds.
const (
	Booking Kind = "booking"
	Absence Kind = "absence"
)

// rule is one entry of "rules". The first that fits a request decides it.
type rule struct {
	kind      Kind  // "": both
	residents *bool // nil: everybody
	ifs       []condition
	never     bool
	opens     *moment // nil: always open until it closes
	closes    *moment // nil: when the service starts
	late      *late
}

// late is how a request is taken after the closing.
type late struct {
	until     *moment // nil: when the service starts
	surcharge string  // as people read it: 50 %
}

// weekRule is one entry of "weeks". The first that fits a week decides it.
type weekRule struct {
	ifs     []condition
	whole   bool
	minimum int
}

// condition is one entry of "if": the day that from and steps lead to is of these sorts, not of those, between two dates.
type condition struct {
	from    anchor
	steps   []step
	is, not []sort
	between *calendar.Period
}

// moment is an instant: an anchor, an hour, then steps; or the earliest or the latest of several.
type moment struct {
	from  anchor
	clock int // minutes after midnight; of the service where from is "service"
	steps []step

	several []moment
	latest  bool // of several: the latest, else the earliest
}

// anchor is where a moment starts from: a name below, or a date.
type anchor string

const (
	fromDay        anchor = "day"
	fromService    anchor = "service"
	fromWeek       anchor = "week"
	fromMonth      anchor = "month"
	fromPeriod     anchor = "period"
	fromSchoolYear anchor = "schoolYear"
)

var anchors = []anchor{fromDay, fromService, fromWeek, fromMonth, fromPeriod, fromSchoolYear}

// step is one move from a day to another.
type step struct {
	move    string // its key in the document: days, weeks, weekday …
	n       int
	weekday calendar.Weekday
	in      string // of "nth": week, month or period
	back    bool   // of "roll"
	sorts   sorts  // of "days", "nth" and "roll": the days that count
}

// sorts picks days: those of any of these sorts (none: every day) and of none of the exceptions.
type sorts struct{ of, except []sort }

// sort is a name for some of the days: school, publicHoliday, mon …
type sort string

const endOfDay = 24 * 60
