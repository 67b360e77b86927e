package schooldays

import (
	"strings"

	"preau/shared/calendar"
)

// Period is a stretch of the school year: a holiday, from its Saturday on, or the term between two of them.
type Period struct {
	calendar.Period
	Kind Kind
}

// Holidays says whether the period is one of school holidays.
func (p Period) Holidays() bool { return p.Kind != Term }

// Period is the stretch of the school year that a day lies in. Where the data on holidays says nothing of the day, that is
// the rest of the school year, from 1 September to 31 August.
func (c Calendar) Period(d calendar.Date) Period {
	if !c.Covers(d) {
		return Period{c.zone.beyond(d), Term}
	}
	term := calendar.Period{From: c.zone.From, To: c.zone.To}
	for _, b := range c.zone.Breaks {
		switch {
		case b.Kind == Bridge:
		case b.To < d:
			term.From = max(term.From, b.To.AddDays(1))
		case b.From > d:
			term.To = min(term.To, b.From.AddDays(-1))
		default:
			return Period{calendar.Period{From: b.From, To: b.To}, b.Kind}
		}
	}
	return Period{term, Term}
}

// beyond is the part of a day's school year of which the data says nothing.
func (z Zone) beyond(d calendar.Date) calendar.Period {
	year := calendar.Period{From: SchoolYear(d), To: SchoolYear(d).AddYears(1).AddDays(-1)}
	switch {
	case z.From == "":
	case d < z.From:
		year.To = min(year.To, z.From.AddDays(-1))
	default:
		year.From = max(year.From, z.To.AddDays(1))
	}
	return year
}

// SchoolYear is the 1 September on which the school year of a day begins.
func SchoolYear(d calendar.Date) calendar.Date {
	year, _, _ := strings.Cut(string(d), "-")
	if first := calendar.Date(year + "-09-01"); first <= d {
		return first
	}
	return calendar.Date(year + "-09-01").AddYears(-1)
}
