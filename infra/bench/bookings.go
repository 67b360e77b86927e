package main

import (
	"slices"
	"strconv"

	"preau/shared/collectivity"
)

// A timedCase is a use case with the time that it takes on a warm process.
type timedCase struct {
	says   string
	events []event
	most   promise
}

// bookings tells what a family's requests and plannings cost, in towns with notice rules and a calendar.
func (l *lab) bookings() table {
	out := table{
		title:  "Bookings: time of a call on a warm process, round trips and capacity units",
		header: []string{"use case", "half within", "99 % within", "of calls", "trips: first call", "later", "calls, later", "reads: first", "later", "writes", "figure", ""},
	}
	say("Measuring bookings…")
	for _, c := range slices.Concat(l.roomy(), l.narrow(), l.apart()) {
		first, later, times := l.costs(c.events)
		promised, kept := c.most.verdict(first, later)
		out.add(
			c.events[0].function+": "+c.says, millis(times.within(0.5)), millis(times.within(0.99)), strconv.Itoa(len(times)),
			strconv.Itoa(first.trips), strconv.Itoa(later.trips), later.calls, units(first.reads), units(later.reads), units(max(first.writes, later.writes)), promised, kept,
		)
	}
	return out
}

// month is how many days of school a month has, as a request for one counts them.
const month = 17

// roomy are requests in a town with places for all.
func (l *lab) roomy() []timedCase {
	t := l.found("la-place", "La Place")
	var days, months []event
	days = bookings(t.subscribed(1))
	h := t.subscribed(3)
	for _, activity := range []string{"cantine", "periscolaire", "matin"} {
		free := h.free(activity)
		for ; len(free) >= month; free = free[month:] {
			months = append(months, h.ask("request-booking", free[0], free[month-1], h.Children, activity))
		}
	}
	return []timedCase{
		{"one day, at once", days[:min(len(days), 202)], ofBooking},
		{"a month for 3 siblings, at once", months, promise{}},
	}
}

// narrow are those of a family that waits for many places: of four children at the canteen every day one is booked and
// three wait.
func (l *lab) narrow() []timedCase {
	t := l.found("la-file", "La File")
	t.change("cantine", func(a *collectivity.Activity) { a.Capacity = 4 })
	neighbours, h := t.subscribed(3), t.subscribed(4)
	free := h.free("cantine")
	from, to := free[0], free[month-1]
	t.do(neighbours.ask("request-booking", from, to, neighbours.Children, "cantine"))
	t.do(h.ask("request-booking", from, to, h.Children, "cantine"))
	t.do(h.ask("request-booking", from, to, h.Children[:2], "periscolaire"))
	t.do(h.ask("request-booking", from, to, h.Children[:2], "mercredi"))
	planning := h.month(h.activities[0].Season.From.AddDays(1), 30)
	preview := h.ask("preview-request", from, to, h.Children, "cantine", "periscolaire", "matin", "mercredi")
	return []timedCase{
		{"a month, 4 children × 4 activities, many waiting days", slices.Repeat([]event{planning}, 102), ofReading},
		{"that month, 4 children × 4 activities", slices.Repeat([]event{preview}, 102), ofReading},
	}
}
