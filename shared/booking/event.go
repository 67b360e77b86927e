package booking

import (
	"cmp"
	"slices"
	"time"

	"preau/shared/collectivity"
)

// cancels is the town's latest event that cancels a child's day.
func (t *Town) cancels(c Child, place Place) (collectivity.Event, bool) {
	for i := len(t.Events) - 1; i >= 0; i-- {
		if e := t.Events[i]; e.Effect == collectivity.Cancels && t.touches(e, c, place) {
			return e, true
		}
	}
	return collectivity.Event{}, false
}

// touches says whether an event counts for a child's day.
func (t *Town) touches(e collectivity.Event, c Child, place Place) bool {
	if !e.Touches(place.Date, place.Activity, c.School, c.Class) {
		return false
	}
	a, _ := t.Activity(place.Activity)
	return e.Counts(t.start(a, place.Date))
}

// reopened is until when an event takes absences of a day that the rules would not, revoked or not.
func (t *Town) reopened(c Child, place Place) (until time.Time) {
	for _, e := range t.Events {
		if e.Effect != collectivity.Reopens || !e.Touches(place.Date, place.Activity, c.School, c.Class) {
			continue
		}
		if at, err := e.Hour(place.Date, t.zone); err == nil && at.After(until) {
			until = at
		}
	}
	return until
}

// Touched are the written days that an event of the town counts for, in their order.
func (p Planning) Touched(e collectivity.Event) (days []Day) {
	for place, day := range p.Days {
		if p.Town.touches(e, p.child(place.Child), place) {
			days = append(days, day)
		}
	}
	return inOrder(days)
}

// Reopened are the booked days whose absence an event lets families declare, and that they can still declare when it is
// declared.
func (p Planning) Reopened(e collectivity.Event) []Day {
	return slices.DeleteFunc(p.Touched(e), func(d Day) bool {
		until, err := e.Hour(d.Date, p.Town.zone)
		return d.State != Booked || err != nil || !e.CreatedAt.Before(until)
	})
}

// CancelledBy are the days that an event takes from a family, as they become: booked ones are cancelled and keep their
// places, and absences that would be billed are not. What only waits is not among them.
func (p Planning) CancelledBy(e collectivity.Event) (days []Day) {
	for _, d := range p.Touched(e) {
		switch {
		case d.State == Booked:
			d.State, d.Held = Cancelled, true
		case d.State == Absent && d.Due && !d.Justified:
			d.Justified = true
		default:
			continue
		}
		d.Event, d.Reason = e.ID, e.Name
		days = append(days, d)
	}
	return days
}

// TakenBy are the days that an event has taken.
func (p Planning) TakenBy(event string) (days []Day) {
	for _, d := range p.Days {
		if d.Event == event {
			days = append(days, d)
		}
	}
	return inOrder(days)
}

// Released are the days that a revoked event had taken and gives back, as they become: booked again, or cancelled by another
// event that stands. What had started by then stays as it was.
func (p Planning) Released(e collectivity.Event) (days []Day) {
	for place, d := range p.Days {
		child := p.child(place.Child)
		if d.Event != e.ID || p.Town.touches(e, child, place) {
			continue
		}
		other, stands := p.Town.cancels(child, place)
		switch {
		case stands && (d.State == Cancelled || d.Justified):
			d.Event, d.Reason = other.ID, other.Name
		case d.State == Cancelled:
			d.State, d.Absence, d.Event, d.Reason = Booked, "", "", ""
		case d.State == Absent && d.Justified:
			d.Justified, d.Event, d.Reason = false, "", ""
		default:
			continue
		}
		days = append(days, d)
	}
	return inOrder(days)
}

func inOrder(days []Day) []Day {
	slices.SortFunc(days, func(a, b Day) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Child, b.Child), cmp.Compare(a.Activity, b.Activity))
	})
	return days
}
