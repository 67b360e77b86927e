package main

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"preau/shared/booking"
)

// A school year of design §5's largest family.
const (
	yearChildren = 4
	yearDays     = 140
)

var yearActivities = []string{"cantine", "periscolaire", "matin"}

// year has two families ask for a school year each, which request-booking keeps and advance-bookings works off: the one is
// timed, the other counted.
func (l *lab) year() table {
	say("Booking a school year…")
	lines := yearChildren * yearDays * len(yearActivities)
	out := table{
		title:  "A school year: " + strconv.Itoa(yearChildren) + " children × " + strconv.Itoa(len(yearActivities)) + " activities × " + strconv.Itoa(yearDays) + " days, asked for at once",
		header: []string{"what", "measured", "figure", ""},
		notes:  []string{"Worked off by advance-bookings, which the table's stream calls; on AWS the stream adds up to a second."},
	}
	t := l.found("l-annee", "L’Année")
	s := l.openStage("request-booking", l.wire.plain)
	defer s.close()
	families := []home{t.subscribed(yearChildren), t.subscribed(yearChildren), t.subscribed(yearChildren)}
	s.bookYear(families[0].year()) // which starts the functions
	timed := s.bookYear(families[1].year())
	out.add("answered", millis(float64(timed.asked.took)/float64(time.Millisecond)), "", "")
	out.add("all days written", seconds(timed.took), "", "")
	out.add("days booked", strconv.Itoa(timed.booked()), strconv.Itoa(lines), verdict(timed.booked() == lines))
	counted, request := schoolYear{}, families[2].year()
	calls := l.wire.record(shortHold, func() { counted = s.bookYear(request) })
	out.addToll("until it is answered", tollOf(slices.DeleteFunc(slices.Clone(calls), func(c call) bool { return c.to.After(counted.asked.at) })))
	out.addToll("until all days are written", tollOf(calls))
	out.addBroken(t.written(families))
	return out
}

func (t *table) addToll(until string, of toll) {
	t.add("round trips "+until, strconv.Itoa(of.trips), "", "")
	t.add("calls "+until, of.calls, "", "")
	t.add("units "+until, units(of.reads)+" read, "+units(of.writes)+" written", "", "")
}

// A schoolYear is what became of a request for one.
type schoolYear struct {
	asked asked
	took  time.Duration // until it was settled
	booking.Request
}

// year is the request for the first days of school that there are.
func (h home) year() wish {
	free := h.free("cantine")
	return wish{h, h.ask("request-booking", free[0], free[yearDays-1], h.Children, yearActivities...).raw()}
}

// bookYear sends a request and waits until it is worked off.
func (s *stage) bookYear(w wish) schoolYear {
	began := time.Now()
	a := s.ask(w, began)
	if a.fault != "" {
		check(errors.New(a.fault))
	}
	r := s.settled(a)
	return schoolYear{a, time.Since(began), r}
}

// booked counts the days that are.
func (y schoolYear) booked() (n int) {
	for _, l := range y.Lines {
		if l.State == booking.Booked && l.Code == "" {
			n++
		}
	}
	return n
}
