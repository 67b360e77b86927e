package booking

import (
	"maps"
	"slices"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/notice"
)

// together judges what depends on other days: activities that exclude or require one another, and weeks that are taken
// whole or for a minimum of days. Lines that can not be take the code that says why. It goes on until nothing falls any
// more: what falls may be what another line counted on.
func (p Planning) together(r Request, lines []Line) {
	days := byDate(lines)
	judge := p.require
	if r.Kind == Absence {
		judge = p.keepRequired
	} else {
		for _, day := range days {
			p.exclude(day)
		}
	}
	for fell := true; fell; {
		fell = false
		for _, day := range days {
			fell = judge(day) || fell
		}
		fell = r.Agent == "" && p.weeks(r.Kind, lines) || fell
	}
}

// byDate splits lines, which are in the order of their dates.
func byDate(lines []Line) (days [][]Line) {
	for from := 0; from < len(lines); {
		to := from
		for to < len(lines) && lines[to].Date == lines[from].Date {
			to++
		}
		days = append(days, lines[from:to])
		from = to
	}
	return days
}

// taken says whether a line was taken, or may still be.
func (l Line) taken() bool { return l.Code == "" }

// open says whether a line is still to be written, and may be refused.
func (l Line) open() bool { return l.State == Asked && l.Code == "" }

func (l *Line) refuse(code, reason string) { l.State, l.Code, l.Reason = l.Was, code, reason }

// active is what is written of a place where that keeps the child's time, by either household.
func (p Planning) active(place Place) (day Day, yes bool) {
	theirs, elsewhere := p.Elsewhere.Days[place]
	_, written := p.Days[place]
	if !written && !elsewhere {
		return day, false
	}
	if day = p.Day(place); day.Elsewhere != "" && day.State != Cancelled {
		day = theirs
	}
	return day, day.State.active()
}

// has says whether the child has an activity on the day: written already, or by a line of the same request.
func (p Planning) has(lines []Line, place Place) bool {
	_, yes := p.active(place)
	return yes || slices.ContainsFunc(lines, func(l Line) bool { return l.Place == place && l.taken() })
}

// exclude refuses a line of a day whose child has an activity that does not go with it: one that either of the two excludes,
// or one that takes the same place, as two that come with a meal. Of two lines the first is taken. The table checks the
// same when it is written.
func (p Planning) exclude(lines []Line) {
	for i := range lines {
		l := &lines[i]
		if !l.open() {
			continue
		}
		l.Apart, l.Twice = p.apart(*l)
		other := func(id string) bool { return p.has(lines[:i], Place{l.Date, l.Child, id}) }
		if slices.ContainsFunc(l.Apart, other) || slices.ContainsFunc(l.Twice, func(t Twice) bool { return p.comes(lines[:i], *l, t) }) {
			l.refuse("excluded", "")
		}
	}
}

// comes says whether the child has a place already that a line takes too: with another activity of the day.
func (p Planning) comes(lines []Line, l Line, t Twice) bool {
	place := Place{l.Date, l.Child, t.Activity}
	with := func(needs []Use) bool {
		return slices.ContainsFunc(needs, func(u Use) bool { return u.Activity == t.Use.Activity })
	}
	day, yes := p.active(place)
	return yes && with(day.Needs) || slices.ContainsFunc(lines, func(o Line) bool { return o.Place == place && o.taken() && with(o.Needs) })
}

// apart are the activities that a child can not have beside a line, and the places that would be taken twice: of those that
// the child could come to on the day.
func (p Planning) apart(l Line) (ids []string, twice []Twice) {
	own, _ := p.Town.Activity(l.Activity)
	for _, other := range p.Town.Activities {
		shared := slices.DeleteFunc(l.Uses(), func(u Use) bool { return !takes(other, u.Activity) })
		excluded := slices.Contains(own.Excludes, other.ID) || slices.Contains(other.Excludes, l.Activity) ||
			slices.ContainsFunc(l.Needs, func(u Use) bool { return u.Activity == other.ID })
		switch {
		case other.ID == l.Activity || !excluded && len(shared) == 0 || !p.mayHave(Place{l.Date, l.Child, other.ID}):
		case excluded:
			ids = append(ids, other.ID)
		default:
			for _, u := range shared {
				twice = append(twice, Twice{other.ID, u})
			}
		}
	}
	return ids, twice
}

// takes says whether an activity has an option that comes with a place at another one.
func takes(a collectivity.Activity, other string) bool {
	return slices.ContainsFunc(a.Options, func(o collectivity.Option) bool { return slices.Contains(o.Needs, other) })
}

// require refuses lines of a day whose activity needs another that the child does not have, and says whether it did.
func (p Planning) require(lines []Line) (fell bool) {
	for i := range lines {
		l := &lines[i]
		a, _ := p.Town.Activity(l.Activity)
		if !l.open() || len(a.Requires) == 0 {
			continue
		}
		n := slices.IndexFunc(a.Requires, func(id string) bool { return p.comesTo(lines, Place{l.Date, l.Child, id}) })
		if n < 0 {
			l.refuse("requires_other", "")
			fell = true
			continue
		}
		l.Beside, l.There = nil, nil
		p.countOn(l, a.Requires[n])
	}
	return fell
}

// keepRequired refuses absences of a day from an activity that another one requires, unless that is left too or the child
// keeps one that does as well. It says whether it did.
func (p Planning) keepRequired(lines []Line) (fell bool) {
	for i := range lines {
		l := &lines[i]
		if !l.open() {
			continue
		}
		l.Apart, l.Beside, l.There = nil, nil, nil
		for _, a := range p.Town.Activities {
			if !slices.Contains(a.Requires, l.Activity) {
				continue
			}
			kept := slices.IndexFunc(a.Requires, func(id string) bool { return id != l.Activity && p.keeps(lines, Place{l.Date, l.Child, id}) })
			switch {
			case !p.keeps(lines, Place{l.Date, l.Child, a.ID}):
				l.Apart = append(l.Apart, a.ID)
			case kept >= 0:
				p.countOn(l, a.Requires[kept])
			case p.theirs(Place{l.Date, l.Child, a.ID}):
				l.refuse("required_elsewhere", "")
				fell = true
			default:
				l.refuse("required_by_other", "")
				fell = true
			}
		}
	}
	return fell
}

// countOn notes that a line holds only while the child has another activity on the day, by whichever household.
func (p Planning) countOn(l *Line, activity string) {
	on := &l.Beside
	if p.theirs(Place{l.Date, l.Child, activity}) {
		on = &l.There
	}
	if !slices.Contains(*on, activity) {
		*on = append(*on, activity)
	}
}

// comesTo says whether the child comes to an activity on the day, or may: what it has asked to leave it does not count on.
func (p Planning) comesTo(bookings []Line, place Place) bool {
	day, _ := p.active(place)
	return slices.Contains(Coming, day.State) || slices.ContainsFunc(bookings, func(l Line) bool { return l.Place == place && l.taken() })
}

// keeps says whether the child goes on to come to an activity on the day, whatever some absences take away.
func (p Planning) keeps(absences []Line, place Place) bool {
	day, _ := p.active(place)
	return slices.Contains(Coming, day.State) && !slices.ContainsFunc(absences, func(l Line) bool { return l.Place == place && l.taken() })
}

// weeks refuses lines that would leave a week with too few days taken, and says whether it did. An absence that is billed
// leaves its week as it is.
func (p Planning) weeks(kind Kind, lines []Line) (fell bool) {
	var items []Place // without a date
	for _, l := range lines {
		if i := (Place{"", l.Child, l.Activity}); l.taken() && !slices.Contains(items, i) {
			items = append(items, i)
		}
	}
	for _, i := range items {
		for _, s := range p.shortfalls(kind, lines, i) {
			for n := range lines {
				l := &lines[n]
				due := kind == Absence && l.Due
				if l.Child == i.Child && l.Activity == i.Activity && l.open() && !due && s.Monday <= l.Date && l.Date <= s.Monday.AddDays(6) {
					l.refuse(s.Code, weekly(kind, s.Text))
					fell = true
				}
			}
		}
	}
	return fell
}

// shortfalls are the weeks of a child at an activity of which too few days would be taken if the lines were granted.
func (p Planning) shortfalls(kind Kind, lines []Line, item Place) []notice.Shortfall {
	rules, ok := p.Town.rules[item.Activity]
	if !ok {
		return nil
	}
	a, _ := p.Town.Activity(item.Activity)
	child := p.child(item.Child)
	open := func(d calendar.Date) bool {
		place := Place{d, item.Child, item.Activity}
		_, fits := a.Group(child.Born, d)
		return fits && p.Enrolled(place) && p.anew(Day{Place: place}).State == Enrolled
	}
	return rules.Weeks(p.Town.calendar(child.School), p.takenDays(kind, lines, item), open)
}

// takenDays are the days of a child at an activity that would be taken if the lines were granted: booked, or billed; by either of
// its households.
func (p Planning) takenDays(kind Kind, lines []Line, item Place) []calendar.Date {
	taken := map[calendar.Date]bool{}
	for place, day := range p.Days {
		if place.Child == item.Child && place.Activity == item.Activity && (day.State.active() || day.State == Cancelled && day.Held || day.State == Absent && day.Due && !day.Justified) {
			taken[place.Date] = true
		}
	}
	for place, day := range p.Elsewhere.Days {
		if place.Child == item.Child && place.Activity == item.Activity && (day.State.active() || day.State == Cancelled) {
			taken[place.Date] = true
		}
	}
	for _, l := range lines {
		if l.Child == item.Child && l.Activity == item.Activity && l.taken() {
			taken[l.Date] = kind == Booking || l.Due
		}
	}
	maps.DeleteFunc(taken, func(_ calendar.Date, yes bool) bool { return !yes })
	return slices.Sorted(maps.Keys(taken))
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

// weekly says what a rule on weeks means for what was asked.
func weekly(kind Kind, text string) string {
	if kind == Absence {
		return text + " Une absence ne peut en laisser moins : déclarez-la pour toute la semaine."
	}
	return text
}
