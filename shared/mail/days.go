package mail

import (
	"fmt"
	"slices"
	"strings"

	"preau/shared/calendar"
)

// few is how many days are named one by one.
const few = 12

// days writes dates as people read them: one in full, several by month, many as ranges of their weekdays.
func days(dates []calendar.Date) string {
	dates = slices.Compact(slices.Sorted(slices.Values(dates)))
	switch n := len(dates); {
	case n == 1:
		return dates[0].French()
	case n <= few:
		return byMonth(dates, func([]calendar.Date) bool { return false })
	}
	ranges := byMonth(dates, func(run []calendar.Date) bool { return len(run) > 2 })
	return fmt.Sprintf("%d jours (%s) – %s", len(dates), weekdays(dates), ranges)
}

// summary writes many dates by their weekdays and the period that they lie in.
func summary(dates []calendar.Date) string {
	dates = slices.Compact(slices.Sorted(slices.Values(dates)))
	p := calendar.Period{From: dates[0], To: dates[len(dates)-1]}
	return fmt.Sprintf("%s, %s (%d jours)", weekdays(dates), between(p), len(dates))
}

// between writes a period: du mardi 1er septembre 2026 au vendredi 2 juillet 2027.
func between(p calendar.Period) string {
	if p.From == p.To {
		return "le " + p.From.French()
	}
	return "du " + p.From.French() + " au " + p.To.French()
}

// weekdays names the days of the week that dates fall on: les lundis, mardis et jeudis.
func weekdays(dates []calendar.Date) string {
	var names []string
	for _, w := range calendar.Weekdays {
		if i := slices.IndexFunc(dates, func(d calendar.Date) bool { return d.Weekday() == w }); i >= 0 {
			name, _, _ := strings.Cut(dates[i].French(), " ")
			names = append(names, name+"s")
		}
	}
	switch n := len(names); n {
	case 7:
		return "tous les jours"
	case 1:
		return "les " + names[0]
	default:
		return "les " + strings.Join(names[:n-1], ", ") + " et " + names[n-1]
	}
}

// byMonth writes each month once, with its days; those that follow one another, weekday by weekday, as a range where joined
// says so.
func byMonth(dates []calendar.Date, joined func(run []calendar.Date) bool) string {
	var months []string
	for _, month := range split(dates, func(a, b calendar.Date) bool { return a[:7] == b[:7] }) {
		var days []string
		for _, run := range split(month, follows(dates)) {
			if joined(run) {
				days = append(days, "du "+short(run[0])+" au "+short(run[len(run)-1]))
				continue
			}
			for _, d := range run {
				days = append(days, short(d))
			}
		}
		_, _, name := parts(month[0])
		months = append(months, name+" : "+strings.Join(days, ", "))
	}
	return strings.Join(months, " ; ")
}

// follows says of two dates whether the second is the first's next among the weekdays of all dates.
func follows(all []calendar.Date) func(a, b calendar.Date) bool {
	on := map[calendar.Weekday]bool{}
	for _, d := range all {
		on[d.Weekday()] = true
	}
	return func(a, b calendar.Date) bool {
		next := a.AddDays(1)
		for !on[next.Weekday()] {
			next = next.AddDays(1)
		}
		return next == b
	}
}

// split cuts a list where two neighbours do not belong together.
func split[T any](all []T, together func(a, b T) bool) (parts [][]T) {
	for i, one := range all {
		if i == 0 || !together(all[i-1], one) {
			parts = append(parts, nil)
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], one)
	}
	return parts
}

// short is a day within its month: mar. 24.
func short(d calendar.Date) string {
	weekday, number, _ := parts(d)
	return weekday + " " + number
}

// parts of a date: lun., 23, novembre 2026.
func parts(d calendar.Date) (weekday, number, month string) {
	weekday, rest, _ := strings.Cut(d.French(), " ")
	number, month, _ = strings.Cut(rest, " ")
	return weekday[:3] + ".", number, month
}
