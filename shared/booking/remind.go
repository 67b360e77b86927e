package booking

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// Reminders are told each evening at this hour of the town's clocks, of limits up to a week ahead.
const (
	remindAt    = "18:00"
	MaxReminder = 7 // days
)

// NextReminder is the evening after an instant.
func NextReminder(now time.Time, zone *time.Location) time.Time {
	today := calendar.DateOf(now, zone)
	for _, d := range []calendar.Date{today, today.AddDays(1)} {
		if at, _ := d.At(remindAt, zone); now.Before(at) {
			return at
		}
	}
	panic("tomorrow's evening is over") // only an hour that does not exist could say so
}

// RemindUntil is the end of the last of some days after today: limits up to it are reminded of.
func RemindUntil(now time.Time, days int, zone *time.Location) time.Time {
	until, _ := calendar.DateOf(now, zone).AddDays(days+1).At("00:00", zone)
	return until
}

// Closing is a day for which nothing is booked or asked, and the instant at which booking closes.
type Closing struct {
	Place
	At time.Time
}

// Closing lists the days of a period on which children are enrolled, that have nothing booked or asked, and whose booking
// limit comes after an instant and not after another; the earliest limit first. A day that goes with nothing else that the
// child has is no day to be booked.
func (p Planning) Closing(period calendar.Period, now, until time.Time) (all []Closing) {
	seen := map[Place]bool{}
	for _, e := range p.Enrolments {
		within := calendar.Period{From: max(period.From, e.Period.From), To: min(period.To, e.Period.To)}
		for _, d := range within.Days(e.Weekdays, calendar.EveryWeek) {
			place := Place{d, e.Child, e.Activity}
			if seen[place] {
				continue
			}
			seen[place] = true
			if at, ok := p.closes(place, now, until); ok {
				all = append(all, Closing{place, at})
			}
		}
	}
	slices.SortFunc(all, p.compare)
	return all
}

// compare puts the earlier limit first, then the earlier day; of one day children and activities in their usual order.
func (p Planning) compare(a, b Closing) int {
	child := func(c Closing) int {
		return slices.IndexFunc(p.Children, func(child Child) bool { return child.ID == c.Child })
	}
	activity := func(c Closing) int {
		return slices.IndexFunc(p.Town.Activities, func(a collectivity.Activity) bool { return a.ID == c.Activity })
	}
	return cmp.Or(a.At.Compare(b.At), strings.Compare(string(a.Date), string(b.Date)), child(a)-child(b), activity(a)-activity(b))
}

// closes is when booking a place closes; ok is false where there is nothing to be reminded of.
func (p Planning) closes(place Place, now, until time.Time) (at time.Time, ok bool) {
	day := p.Day(place)
	if day.State != Enrolled || !slices.ContainsFunc(p.Children, func(c Child) bool { return c.ID == place.Child }) {
		return at, false
	}
	may := p.Allowed(day, now)
	if !slices.Contains(may.Actions, Book) || may.Late || may.Until.After(until) {
		return at, false
	}
	alone := []Line{{Place: place, State: Asked, Was: Enrolled}}
	p.exclude(alone)
	return may.Until, alone[0].taken()
}
