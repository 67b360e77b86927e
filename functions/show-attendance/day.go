package main

import (
	"cmp"
	"slices"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/sheet"
	"preau/shared/store"
)

// lister makes the lists of an activity's days out of what was read of them.
type lister struct {
	activity   collectivity.Activity
	attendance store.Attendance
	care       cares // none: it was not asked for, or the agent has no right to it
}

// entry is a child on a day: the line that is shown, and where it stands.
type entry struct {
	api.AttendanceLine
	day booking.Day
}

func (l lister) day(d calendar.Date) api.AttendanceDay {
	out := api.AttendanceDay{Date: string(d), Lines: []api.AttendanceLine{}, Waiting: []api.AttendanceLine{}, Others: []api.AttendanceLine{}}
	entries := l.entries(d)
	slices.SortFunc(entries, byName)
	for _, e := range entries {
		switch {
		case e.day.Presence == "" && e.day.State == booking.Waitlisted: // by rank, below
		case listed(e.day):
			out.Lines = append(out.Lines, e.AttendanceLine)
		default:
			out.Others = append(out.Others, e.AttendanceLine)
		}
		count(&out.Totals, e.day)
	}
	out.Waiting = waiting(entries)
	out.Options = l.options(entries)
	out.Groups = l.groups(d, entries)
	return out
}

// entries are all who have to do with the activity on the day.
func (l lister) entries(d calendar.Date) (all []entry) {
	for _, a := range l.attendance.Attendees {
		place := booking.Place{Date: d, Child: a.Child.ID, Activity: l.activity.ID}
		_, written := a.Planning.Days[place]
		day := a.Planning.Day(place)
		if !written && (!a.Planning.Enrolled(place) || day.State == booking.Closed) {
			continue
		}
		if day.Group == collectivity.AllAges { // who has no place yet is of the group of their age
			day.Group, _ = l.activity.Group(a.Planning.Children[0].Born, d)
		}
		all = append(all, entry{l.line(a, day), day})
	}
	return once(all)
}

// once leaves of a child of two files the line of the household whose day it is; where it is nobody's, the one that something is
// written of, or the first.
func once(all []entry) (each []entry) {
	at := map[string]int{}
	for _, e := range all {
		n, again := at[e.Child]
		switch {
		case !again:
			at[e.Child] = len(each)
			each = append(each, e)
		case says(e.day) > says(each[n].day):
			each[n] = e
		}
	}
	return each
}

// says is how much a day has to tell.
func says(d booking.Day) int {
	switch {
	case d.Claims():
		return 3
	case d.Presence != "":
		return 2
	case d.Rev > 0:
		return 1
	}
	return 0
}

func (l lister) line(a store.Attendee, day booking.Day) api.AttendanceLine {
	school, class := l.classOf(a.Child.Text("school", "school"), a.Child.Text("school", "class"))
	line := api.AttendanceLine{
		Family: a.Family, Child: a.Child.ID, LastName: a.Child.Text("identity", "lastName"), FirstName: a.Child.Text("identity", "firstName"),
		School: school, Class: class, Option: day.Option, Group: day.Group, State: string(day.State), Presence: string(day.Presence),
		Late: day.Late, Due: billedAbsence(day), Justified: day.Justified, Reason: day.Reason, Version: day.Rev,
	}
	if care, ok := l.care[day.Place]; ok {
		line.Care = &care
	}
	return line
}

// classOf are the names of a school and class, which files hold by name or id.
func (l lister) classOf(school, class string) (string, string) {
	s, known := l.attendance.Town.SchoolOf(school)
	if !known {
		return school, class
	}
	if c, known := s.ClassOf(class); known {
		class = c.Name
	}
	return s.Name, class
}

// billedAbsence is one declared after the limit, or by nobody.
func billedAbsence(d booking.Day) bool {
	return !d.Justified && (d.State == booking.Absent && d.Due || d.Presence == booking.Missing)
}

// listed says whether the child stands in the day's list: expected, excused, or there.
func listed(d booking.Day) bool {
	return expected(d) || d.State == booking.Absent || d.State == booking.Cancelled && d.Rev > 0 || d.Presence != ""
}

// expected is who has a place and is not excused. An absence that nobody has decided on is none yet.
func expected(d booking.Day) bool {
	return d.State == booking.Booked || d.State == booking.AbsenceRequested
}

func byName(a, b entry) int {
	return cmp.Or(
		sheet.Compare(a.LastName, b.LastName), sheet.Compare(a.FirstName, b.FirstName),
		cmp.Compare(a.Family, b.Family), cmp.Compare(a.Child, b.Child),
	)
}

// waiting are those who wait for a place of the activity, age group by age group in their order.
func waiting(entries []entry) []api.AttendanceLine {
	var queue []entry
	for _, e := range entries {
		if e.day.State == booking.Waitlisted && e.day.Presence == "" {
			queue = append(queue, e)
		}
	}
	slices.SortStableFunc(queue, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.day.Group, b.day.Group), slices.Compare(a.day.Ranks, b.day.Ranks))
	})
	lines, ranks := make([]api.AttendanceLine, len(queue)), map[string]int{}
	for i, e := range queue {
		ranks[e.day.Group]++
		e.Rank, e.Request = ranks[e.day.Group], e.day.Request
		lines[i] = e.AttendanceLine
	}
	return lines
}

func count(t *api.AttendanceTotals, d booking.Day) {
	switch {
	case expected(d):
		t.Expected++
	case d.State == booking.Absent:
		t.Absent++
	case d.State == booking.Waitlisted && d.Presence == "":
		t.Waiting++
	}
	switch d.Presence {
	case booking.Present:
		t.Present++
	case booking.Missing:
		t.Missing++
	case booking.Unbooked:
		t.Unbooked++
	}
}

// options counts the expected of each option.
func (l lister) options(entries []entry) []api.AttendanceCount {
	out := []api.AttendanceCount{}
	for _, o := range l.activity.Options {
		n := expectedOf(entries, func(d booking.Day) bool { return d.Option == o.ID })
		out = append(out, api.AttendanceCount{ID: o.ID, Name: o.Name, Expected: n})
	}
	return out
}

// groups tells the places of each age group. Of a day that nobody has booked yet they are those of the activity.
func (l lister) groups(d calendar.Date, entries []entry) (out []api.AttendanceGroup) {
	groups := l.activity.Groups
	if len(groups) == 0 {
		groups = []collectivity.Group{{ID: collectivity.AllAges, Name: "Tous âges"}}
	}
	for _, g := range groups {
		n := expectedOf(entries, func(d booking.Day) bool { return d.Group == g.ID })
		places, booked := l.attendance.Slots[d][g.ID]
		if !booked {
			places.Capacity = l.activity.Places(g.ID)
			places.Free = places.Capacity
		}
		if places.Capacity > collectivity.MaxPlaces { // room for all
			places.Capacity, places.Free = 0, 0
		}
		out = append(out, api.AttendanceGroup{
			ID: g.ID, Name: g.Name, Expected: n, Capacity: places.Capacity, Taken: places.Taken, Free: places.Free, Waiting: places.Waiting,
		})
	}
	return out
}

// expectedOf counts the expected of a kind.
func expectedOf(entries []entry, of func(booking.Day) bool) (n int) {
	for _, e := range entries {
		if expected(e.day) && of(e.day) {
			n++
		}
	}
	return n
}
