package mail

import (
	"slices"
	"strings"

	"preau/shared/calendar"
)

// days writes dates as people read them: one in full, several by month.
func days(dates []calendar.Date) string {
	dates = slices.Sorted(slices.Values(dates))
	if len(dates) == 1 {
		return dates[0].French()
	}
	var months []string
	var last string
	for _, d := range dates {
		weekday, number, month := parts(d)
		day := weekday + " " + number
		if month == last {
			months[len(months)-1] += ", " + day
			continue
		}
		months, last = append(months, month+" : "+day), month
	}
	return strings.Join(months, " ; ")
}

// parts of a date: lun., 23, novembre 2026.
func parts(d calendar.Date) (weekday, number, month string) {
	weekday, rest, _ := strings.Cut(d.French(), " ")
	number, month, _ = strings.Cut(rest, " ")
	return weekday[:3] + ".", number, month
}
