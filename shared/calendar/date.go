// Package calendar holds days without hours, ISO weeks and the hours of a place.
//
// A Date is a day on the wall calendar of a collectivity; it becomes an instant only together with a zone and an hour,
// so that daylight-saving changes move nothing.
package calendar

import (
	"fmt"
	"slices"
	"time"
)

// Date is a day written 2026-11-23. Dates compare as strings do.
type Date string

const layout = "2006-01-02"

// ParseDate reads a day that exists; 2026-02-30 does not.
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(layout, s); err != nil {
		return "", fmt.Errorf("%q is not a day", s)
	}
	return Date(s), nil
}

// DateOf is the day of an instant in a zone.
func DateOf(t time.Time, zone *time.Location) Date { return Date(t.In(zone).Format(layout)) }

func (d Date) time() time.Time {
	t, err := time.Parse(layout, string(d))
	if err != nil {
		panic(fmt.Sprintf("calendar: %q was never parsed", string(d)))
	}
	return t
}

// AddDays moves by calendar days.
func (d Date) AddDays(n int) Date { return Date(d.time().AddDate(0, 0, n).Format(layout)) }

// AddYears moves by years; 29 February becomes 1 March.
func (d Date) AddYears(n int) Date { return Date(d.time().AddDate(n, 0, 0).Format(layout)) }

// Weekday is mon … sun.
func (d Date) Weekday() Weekday { return Weekdays[(int(d.time().Weekday())+6)%7] }

// EvenWeek says whether the day lies in an even ISO 8601 week.
func (d Date) EvenWeek() bool {
	_, week := d.time().ISOWeek()
	return week%2 == 0
}

// YearsUntil is the age in whole years, on a day, of who was born on the date.
func (d Date) YearsUntil(on Date) int {
	years := on.time().Year() - d.time().Year()
	if on < d.AddYears(years) {
		years--
	}
	return years
}

// DaysUntil counts the calendar days from d to end; negative when end comes first.
func (d Date) DaysUntil(end Date) int { return int(end.time().Sub(d.time()).Hours() / 24) }

// At is the instant of a wall-clock hour "11:45" on the day in a zone. An hour that the clocks skip in spring
// means the same time after the change.
func (d Date) At(clock string, zone *time.Location) (time.Time, error) {
	h, err := time.Parse("15:04", clock)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not an hour: %w", clock, err)
	}
	t := d.time()
	return time.Date(t.Year(), t.Month(), t.Day(), h.Hour(), h.Minute(), 0, 0, zone), nil
}

// French writes the day as people read it: lundi 23 novembre 2026.
func (d Date) French() string {
	t := d.time()
	day := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return fmt.Sprintf("%s %s %s %d", frenchDays[(int(t.Weekday())+6)%7], day, frenchMonths[t.Month()-1], t.Year())
}

var (
	frenchDays   = [7]string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}
	frenchMonths = [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
)

// Weekday is a day of the week as the API writes it.
type Weekday string

// Weekdays in their order, Monday first.
var Weekdays = [7]Weekday{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// Weeks restricts a period to some of its ISO weeks.
type Weeks string

// The choices of weeks.
const (
	EveryWeek Weeks = "every"
	OddWeeks  Weeks = "odd"
	EvenWeeks Weeks = "even"
)

// Period is all days from From to To, both included.
type Period struct{ From, To Date }

// Has says whether the day lies in the period.
func (p Period) Has(d Date) bool { return p.From <= d && d <= p.To }

// Days lists the period's days that fall on the weekdays (none: all of them) in the chosen weeks.
func (p Period) Days(weekdays []Weekday, weeks Weeks) []Date {
	var days []Date
	for d := p.From; d <= p.To; d = d.AddDays(1) {
		if len(weekdays) > 0 && !slices.Contains(weekdays, d.Weekday()) {
			continue
		}
		if weeks == OddWeeks && d.EvenWeek() || weeks == EvenWeeks && !d.EvenWeek() {
			continue
		}
		days = append(days, d)
	}
	return days
}

// Now is the clock that functions are wired with: UTC, to the millisecond, as everything is stored.
func Now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
