package notice

import (
	"fmt"
	"slices"

	"preau/shared/calendar"
	"preau/shared/schooldays"
)

// Shortfall is a week of which too few days are taken.
type Shortfall struct {
	Monday  calendar.Date
	Missing []calendar.Date // the days of a whole week that are not taken
	Minimum int             // days to take, where the whole week need not be
	Code    string          // whole_week_only or too_few_days
	Text    string          // French
}

// Weeks checks the days that would be taken at an activity once a request is granted: for a booking, those already
// booked and those asked for; for an absence, those that stay booked. Each week that has any must have enough; a week left
// altogether is fine. Only days on which the activity is open can be missing, so a week with a public holiday is shorter.
func (r Rules) Weeks(cal schooldays.Calendar, taken []calendar.Date, open func(calendar.Date) bool) []Shortfall {
	taken = slices.Clone(taken)
	slices.Sort(taken)
	taken = slices.Compact(taken)
	var short []Shortfall
	for len(taken) > 0 {
		first := taken[0]
		end := slices.IndexFunc(taken, func(d calendar.Date) bool { return monday(d) != monday(first) })
		if end < 0 {
			end = len(taken)
		}
		if s := r.week(cal, taken[:end], open); s.Code != "" {
			short = append(short, s)
		}
		taken = taken[end:]
	}
	return short
}

// week checks the days taken of one week. The rule is the first that fits the earliest of them.
func (r Rules) week(cal schooldays.Calendar, taken []calendar.Date, open func(calendar.Date) bool) Shortfall {
	i := slices.IndexFunc(r.weeks, func(w weekRule) bool { return place{cal: cal, day: taken[0]}.all(w.ifs) })
	if i < 0 {
		return Shortfall{}
	}
	var missing []calendar.Date
	for n := range 7 {
		if d := monday(taken[0]).AddDays(n); open(d) && !slices.Contains(taken, d) {
			missing = append(missing, d)
		}
	}
	return r.weeks[i].judge(monday(taken[0]), len(taken), missing)
}

func (w weekRule) judge(monday calendar.Date, taken int, missing []calendar.Date) Shortfall {
	minimum := min(w.minimum, taken+len(missing))
	switch {
	case w.whole && len(missing) > 0:
		return Shortfall{
			Monday: monday, Missing: missing, Code: "whole_week_only",
			Text: fmt.Sprintf("La semaine du %s se réserve en entier.", monday.French()),
		}
	case taken < minimum:
		return Shortfall{
			Monday: monday, Minimum: minimum, Code: "too_few_days",
			Text: fmt.Sprintf("La semaine du %s se réserve pour %d jours au moins.", monday.French(), minimum),
		}
	}
	return Shortfall{}
}
