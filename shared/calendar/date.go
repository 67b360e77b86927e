// Package calendar holds days without hours, ISO weeks and the hours of a place.
//
// A Date is a day on the wall calendar of a collectivity; it becomes an instant only together with a zone and an hour,
// so that daylight-saving changes move nothing.
package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Date is a day written 2026-11-23. Dates compare as strings do.
type Date string

// ParseDate reads a day that exists; 2026-02-30 does not.
func ParseDate(s string) (Date, error) {
	if _, ok := parse(s); !ok {
		return "", fmt.Errorf("%q is not a day", s)
	}
	return Date(s), nil
}

// parse reads a day as midnight UTC. A planning reads thousands, in a fraction of what time.Parse takes.
func parse(s string) (t time.Time, ok bool) {
	if len(s) != len("2026-11-23") || s[4] != '-' || s[7] != '-' {
		return t, false
	}
	year, month, day := digits(s[:4]), digits(s[5:7]), digits(s[8:])
	if year < 0 || month < 1 || month > 12 || day < 1 {
		return t, false
	}
	t = time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == day // 30 February is a day of March
}

// digits reads a number of digits alone; anything else is -1.
func digits(s string) (n int) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = 10*n + int(s[i]-'0')
	}
	return n
}

// of is the day that an instant shows on its own clock.
func of(t time.Time) Date {
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return Date(t.Format("2006-01-02"))
	}
	text := [10]byte{4: '-', 7: '-'}
	write(text[:4], year)
	write(text[5:7], int(month))
	write(text[8:], day)
	return Date(text[:])
}

// write fills a place with a number's digits.
func write(place []byte, n int) {
	for i := len(place) - 1; i >= 0; i-- {
		place[i] = byte('0' + n%10)
		n /= 10
	}
}

// DateOf is the day of an instant in a zone.
func DateOf(t time.Time, zone *time.Location) Date { return of(t.In(zone)) }

func (d Date) time() time.Time {
	t, ok := parse(string(d))
	if !ok {
		panic(fmt.Sprintf("calendar: %q was never parsed", string(d)))
	}
	return t
}

// AddDays moves by calendar days.
func (d Date) AddDays(n int) Date { return of(d.time().AddDate(0, 0, n)) }

// AddMonths is the day so many months later; a day that its month does not have is the last one that it has.
func (d Date) AddMonths(n int) Date {
	t := d.time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return of(first.AddDate(0, 0, min(t.Day(), first.AddDate(0, 1, -1).Day())-1))
}

// AddYears moves by years; 29 February becomes 1 March.
func (d Date) AddYears(n int) Date { return of(d.time().AddDate(n, 0, 0)) }

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
	hour, minute, ok := parseClock(clock)
	if !ok {
		return time.Time{}, fmt.Errorf("%q is not an hour", clock)
	}
	year, month, day := d.time().Date()
	return time.Date(year, month, day, hour, minute, 0, 0, zone), nil
}

// parseClock reads 11:45, and 9:30 too.
func parseClock(s string) (hour, minute int, ok bool) {
	h, m, found := strings.Cut(s, ":")
	hour, minute = digits(h), digits(m)
	return hour, minute, found && (len(h) == 1 || len(h) == 2) && len(m) == 2 && 0 <= hour && hour < 24 && 0 <= minute && minute < 60
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
