package notice

import (
	"fmt"
	"strings"
	"time"

	"preau/shared/calendar"
	"preau/shared/schooldays"
)

// place is what moments are computed against.
type place struct {
	cal    schooldays.Calendar
	day    calendar.Date // asked for
	starts int           // of the service on that day, minutes after midnight
	zone   *time.Location
}

// wall is a day and an hour on the wall clock, in minutes after midnight; 1440 is the end of the day.
type wall struct {
	day   calendar.Date
	clock int
}

// from is the day that an anchor names.
func (p place) from(a anchor) calendar.Date {
	switch a {
	case fromDay, fromService:
		return p.day
	case fromWeek:
		return monday(p.day)
	case fromMonth:
		return dayOfMonth(p.day, 1)
	case fromPeriod:
		return p.cal.Period(p.day).From
	case fromSchoolYear:
		return schooldays.SchoolYear(p.day)
	}
	return calendar.Date(a)
}

// at is the instant of a moment.
func (p place) at(m moment) time.Time {
	if len(m.several) > 0 {
		return p.choose(m)
	}
	w := wall{p.from(m.from), m.clock}
	if m.from == fromService {
		w.clock = p.starts
	}
	for _, s := range m.steps {
		w = s.apply(p.cal, w)
	}
	return p.instant(w)
}

func (p place) choose(m moment) time.Time {
	chosen := p.at(m.several[0])
	for _, other := range m.several[1:] {
		if at := p.at(other); at.After(chosen) == m.latest {
			chosen = at
		}
	}
	return chosen
}

// start is the instant at which the service starts.
func (p place) start() time.Time { return p.instant(wall{p.day, p.starts}) }

func (p place) instant(w wall) time.Time {
	w = w.normal()
	at, err := w.day.At(fmt.Sprintf("%02d:%02d", w.clock/60, w.clock%60), p.zone)
	if err != nil {
		panic("notice: " + err.Error()) // the clock was just brought between 00:00 and 23:59
	}
	return at
}

// normal brings the clock between 00:00 and 23:59.
func (w wall) normal() wall {
	days := w.clock / endOfDay
	if w.clock < 0 {
		days = -((-w.clock + endOfDay - 1) / endOfDay)
	}
	return wall{w.day.AddDays(days), w.clock - days*endOfDay}
}

// apply moves by one step. Hours move on the wall clock: 72 hours before 11:45 is 11:45, whatever the clocks did between.
func (s step) apply(cal schooldays.Calendar, w wall) wall {
	switch s.move {
	case "hours":
		return wall{w.day, w.clock + 60*s.n}.normal()
	case "minutes":
		return wall{w.day, w.clock + s.n}.normal()
	}
	return wall{s.from(cal, w.day), w.clock}
}

// from is the day that a step leads to.
func (s step) from(cal schooldays.Calendar, d calendar.Date) calendar.Date {
	switch s.move {
	case "days":
		return s.count(cal, d)
	case "clearDays":
		return d.AddDays(s.n + sign(s.n))
	case "weeks":
		return d.AddDays(7 * s.n)
	case "months":
		return addMonths(d, s.n)
	case "periods":
		return addPeriods(cal, d, s.n)
	case "weekday":
		return weekdayOf(d, s.weekday)
	case "dayOfMonth":
		return dayOfMonth(d, s.n)
	case "nth":
		return s.nth(cal, d)
	case "roll":
		return s.sorts.nearest(cal, d, way(s.back))
	}
	return d
}

// count moves by n of the days that count; the day itself is not counted.
func (s step) count(cal schooldays.Calendar, d calendar.Date) calendar.Date {
	if len(s.sorts.of)+len(s.sorts.except) == 0 {
		return d.AddDays(s.n)
	}
	return s.skip(cal, d, s.n*sign(s.n))
}

// skip passes that many of the days that count, or stops where there are none.
func (s step) skip(cal schooldays.Calendar, d calendar.Date, n int) calendar.Date {
	for i := 0; i < n && (i == 0 || s.sorts.has(cal, d)); i++ {
		d = s.sorts.nearest(cal, d.AddDays(sign(s.n)), sign(s.n))
	}
	return d
}

// nth is the n-th of the days that count in the day's week, month or period; from its end when n is negative.
func (s step) nth(cal schooldays.Calendar, d calendar.Date) calendar.Date {
	span := span(cal, d, s.in)
	d = s.sorts.nearest(cal, span.From, 1)
	if s.n < 0 {
		d = s.sorts.nearest(cal, span.To, -1)
	}
	return s.skip(cal, d, s.n*sign(s.n)-1)
}

func span(cal schooldays.Calendar, d calendar.Date, in string) calendar.Period {
	switch in {
	case "week":
		return calendar.Period{From: monday(d), To: monday(d).AddDays(6)}
	case "month":
		return calendar.Period{From: dayOfMonth(d, 1), To: dayOfMonth(d, 31)}
	}
	return cal.Period(d).Period
}

func monday(d calendar.Date) calendar.Date { return weekdayOf(d, "mon") }

// weekdayOf is the weekday of the day's ISO week.
func weekdayOf(d calendar.Date, w calendar.Weekday) calendar.Date {
	return d.AddDays(index(w) - index(d.Weekday()))
}

func index(w calendar.Weekday) int {
	return strings.Index("mon tue wed thu fri sat sun", string(w)) / 4
}

// dayOfMonth is that day of the day's month, or its last day where the month is shorter.
func dayOfMonth(d calendar.Date, n int) calendar.Date {
	for ; ; n-- {
		if day, err := calendar.ParseDate(fmt.Sprintf("%s-%02d", d[:7], n)); err == nil {
			return day
		}
	}
}

// addMonths keeps the day of the month, or takes the last where the month is shorter.
func addMonths(d calendar.Date, n int) calendar.Date {
	year, month, day := number(d[:4]), number(d[5:7]), number(d[8:])
	month += 12*year + n - 1
	return dayOfMonth(calendar.Date(fmt.Sprintf("%04d-%02d-01", month/12, month%12+1)), day)
}

// number reads a part of a day, which holds digits only.
func number(digits calendar.Date) (n int) {
	for _, digit := range digits {
		n = 10*n + int(digit-'0')
	}
	return n
}

// addPeriods goes to the first day of the period that comes n periods after the day's own: holidays and terms alternate.
func addPeriods(cal schooldays.Calendar, d calendar.Date, n int) calendar.Date {
	for ; n < 0; n++ {
		d = cal.Period(d).From.AddDays(-1)
	}
	for ; n > 0; n-- {
		d = cal.Period(d).To.AddDays(1)
	}
	return cal.Period(d).From
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

func way(back bool) int {
	if back {
		return -1
	}
	return 1
}
