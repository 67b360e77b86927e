package booking

import (
	"slices"

	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// together judges what depends on other days: activities that exclude or require one another, and weeks that are taken
// whole or for a minimum of days. Lines that can not be take the code that says why.
func (p Planning) together(r Request, lines []Line) {
	if r.Kind == Absence {
		p.keepRequired(lines)
	} else {
		p.exclude(lines)
		p.require(lines)
	}
	if r.Agent == "" {
		p.weeks(r.Kind, lines)
	}
}

// taken says whether a line was taken, or may still be.
func (l Line) taken() bool { return l.Code == "" }

func (l *Line) refuse(code, reason string) { l.State, l.Code, l.Reason = l.Was, code, reason }

// has says whether the child has an activity on the day: written already, or by an earlier line of the same request.
func (p Planning) has(lines []Line, place Place) bool {
	if p.Day(place).State.active() {
		return true
	}
	return slices.ContainsFunc(lines, func(l Line) bool { return l.Place == place && l.taken() })
}

// exclude refuses a line whose child has an activity that does not go with it: one that either of the two excludes, or
// one that its option comes with. The table checks the same when it is written.
func (p Planning) exclude(lines []Line) {
	for i := range lines {
		l := &lines[i]
		if l.State != Asked || !l.taken() {
			continue
		}
		if p.included(lines[:i], *l) {
			l.refuse("excluded", "")
			continue
		}
		for _, other := range p.Town.apart(l.Activity, l.Needs) {
			if p.has(lines[:i], Place{l.Date, l.Child, other}) {
				l.refuse("excluded", "")
				break
			}
			l.Apart = append(l.Apart, other)
		}
	}
}

// included says whether another day of the child comes with a place at the line's activity already: a meal.
func (p Planning) included(lines []Line, l Line) bool {
	comes := func(needs []Use) bool {
		return slices.ContainsFunc(needs, func(u Use) bool { return u.Activity == l.Activity })
	}
	for _, a := range p.Town.Activities {
		if day := p.Day(Place{l.Date, l.Child, a.ID}); day.State.active() && comes(day.Needs) {
			return true
		}
	}
	return slices.ContainsFunc(lines, func(o Line) bool {
		return o.taken() && o.Date == l.Date && o.Child == l.Child && comes(o.Needs)
	})
}

// apart are the activities that a child can not have beside one: those that either excludes, and meals taken twice.
func (t *Town) apart(activity string, needs []Use) (ids []string) {
	own, _ := t.Activity(activity)
	for _, other := range t.Activities {
		needed := slices.ContainsFunc(needs, func(u Use) bool { return u.Activity == other.ID })
		if other.ID != activity && (needed || slices.Contains(own.Excludes, other.ID) || slices.Contains(other.Excludes, activity)) {
			ids = append(ids, other.ID)
		}
	}
	return ids
}

// require refuses a line whose activity needs another on the same day that the child does not have. It goes on until
// nothing falls any more: what falls may be what another line needed.
func (p Planning) require(lines []Line) {
	for fell := true; fell; {
		fell = false
		for i := range lines {
			l := &lines[i]
			a, _ := p.Town.Activity(l.Activity)
			if l.State != Asked || !l.taken() || len(a.Requires) == 0 {
				continue
			}
			n := slices.IndexFunc(a.Requires, func(id string) bool { return p.has(lines, Place{l.Date, l.Child, id}) })
			if fell = fell || n < 0; n < 0 {
				l.refuse("requires_other", "")
			} else {
				l.Beside = a.Requires[n]
			}
		}
	}
}

// keepRequired refuses an absence from an activity that another one of the day requires, unless that is left too.
func (p Planning) keepRequired(lines []Line) {
	left := map[Place]bool{}
	for _, l := range lines {
		left[l.Place] = left[l.Place] || l.taken()
	}
	for i := range lines {
		l := &lines[i]
		if l.State != Asked || !l.taken() {
			continue
		}
		for _, a := range p.Town.Activities {
			place := Place{l.Date, l.Child, a.ID}
			if slices.Contains(a.Requires, l.Activity) && p.Day(place).State.active() && !left[place] && !p.otherwise(a, l.Place, left) {
				l.refuse("required_by_other", "")
			}
		}
	}
}

// otherwise says whether the child keeps another activity that satisfies what a requires.
func (p Planning) otherwise(a collectivity.Activity, leaving Place, left map[Place]bool) bool {
	return slices.ContainsFunc(a.Requires, func(id string) bool {
		place := Place{leaving.Date, leaving.Child, id}
		return place != leaving && !left[place] && p.Day(place).State.active()
	})
}

// weeks refuses lines that would leave a week with too few days taken.
func (p Planning) weeks(kind Kind, lines []Line) {
	type item struct{ child, activity string }
	var items []item
	for _, l := range lines {
		if i := (item{l.Child, l.Activity}); l.taken() && !slices.Contains(items, i) {
			items = append(items, i)
		}
	}
	for _, i := range items {
		rules, ok := p.Town.rules[i.activity]
		if !ok {
			continue
		}
		a, _ := p.Town.Activity(i.activity)
		child := p.child(i.child)
		open := func(d calendar.Date) bool {
			return p.Town.Opens(a, child.School, d) && p.Enrolled(Place{d, i.child, i.activity})
		}
		for _, s := range rules.Weeks(p.Town.calendar(child.School), p.takenDays(kind, lines, i.child, i.activity), open) {
			for n := range lines {
				l := &lines[n]
				if l.Child == i.child && l.Activity == i.activity && l.taken() && l.State == Asked && s.Monday <= l.Date && l.Date <= s.Monday.AddDays(6) {
					l.refuse(s.Code, s.Text)
				}
			}
		}
	}
}

// takenDays are the days of a child at an activity that would be taken if the lines were granted.
func (p Planning) takenDays(kind Kind, lines []Line, child, activity string) []calendar.Date {
	taken := map[calendar.Date]bool{}
	for place, day := range p.Days {
		if place.Child == child && place.Activity == activity && day.State.active() {
			taken[place.Date] = true
		}
	}
	for _, l := range lines {
		if l.Child == child && l.Activity == activity && l.taken() {
			taken[l.Date] = kind == Booking
		}
	}
	var days []calendar.Date
	for d, yes := range taken {
		if yes {
			days = append(days, d)
		}
	}
	slices.Sort(days)
	return days
}

// WeeksOf widens a period to whole weeks: what weekly rules look at.
func WeeksOf(p calendar.Period) calendar.Period {
	for p.From.Weekday() != "mon" {
		p.From = p.From.AddDays(-1)
	}
	for p.To.Weekday() != "sun" {
		p.To = p.To.AddDays(1)
	}
	return p
}
