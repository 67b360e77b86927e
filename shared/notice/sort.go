package notice

import (
	"slices"

	"preau/shared/calendar"
	"preau/shared/schooldays"
)

// sortNames are all sorts of days, as doc.go explains them.
var sortNames = []sort{
	"mon", "tue", "wed", "thu", "fri", "sat", "sun",
	"school", "working", "workable", "publicHoliday",
	"term", "holidays", "autumn", "christmas", "winter", "spring", "summer",
	"evenWeek", "oddWeek",
	"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
}

var months = sortNames[len(sortNames)-12:]

func (s sort) has(cal schooldays.Calendar, d calendar.Date) bool {
	switch s {
	case "school":
		return cal.School(d)
	case "working":
		return cal.Working(d)
	case "workable":
		return cal.Workable(d)
	case "publicHoliday":
		return cal.Public(d)
	case "evenWeek":
		return d.EvenWeek()
	case "oddWeek":
		return !d.EvenWeek()
	case "holidays":
		return cal.Period(d).Holidays()
	case "term", "autumn", "christmas", "winter", "spring", "summer":
		return string(cal.Period(d).Kind) == string(s)
	}
	return string(d.Weekday()) == string(s) || months[number(d[5:7])-1] == s
}

func anyOf(list []sort, cal schooldays.Calendar, d calendar.Date) bool {
	return slices.ContainsFunc(list, func(s sort) bool { return s.has(cal, d) })
}

func (s sorts) has(cal schooldays.Calendar, d calendar.Date) bool {
	return (len(s.of) == 0 || anyOf(s.of, cal, d)) && !anyOf(s.except, cal, d)
}

// horizon is how far, in days, a day of some sort is looked for: past the longest summer. Sorts of which a calendar has no
// day, such as the school days of no school, end there.
const horizon = 400

// nearest is the first day that counts, from a day on, looking one way. The day itself may be it.
func (s sorts) nearest(cal schooldays.Calendar, d calendar.Date, way int) calendar.Date {
	for i := 0; i < horizon && !s.has(cal, d); i++ {
		d = d.AddDays(way)
	}
	return d
}
