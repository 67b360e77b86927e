package main

import (
	"fmt"
	"slices"
	"time"
)

const (
	starts   = 41 // cold starts of each program
	rounds   = 7  // processes of each program that are measured warm
	settling = 20 // calls that a process makes before it counts as warm
	calls    = 100
)

// A subject is a program with what it is asked.
type subject struct {
	program
	says string // empty: as the program
	next func() []byte
	most map[string]float64 // how many times the empty handler's CPU is promised: "cold", "warm"
}

func (s subject) String() string {
	if s.says == "" {
		return s.name
	}
	return s.name + ": " + s.says
}

// subjects are the empty handler, a month of a small family with some bookings, also in a town with notice rules and a
// calendar, and one free day after the other to book.
func (l *lab) subjects() []subject {
	same := func(e event) func() []byte {
		raw := e.raw()
		return func() []byte { return raw }
	}
	most := map[string]float64{"cold": 2, "warm": 3}
	month, ruled := booked(l.town.subscribed(1)), booked(l.ruled().subscribed(1))
	var books []event
	book := func() []byte {
		if len(books) == 0 {
			books = bookings(l.town.subscribed(1))
		}
		first := books[0]
		books = books[1:]
		return first.raw()
	}
	return []subject{
		{l.measured[0], "", same(month), nil},
		{l.measured[1], "", same(month), most},
		{l.measured[1], "with rules and a calendar", same(ruled), most},
		{l.measured[2], "", book, nil},
	}
}

// cold measures the way from exec to the first answer, in turns.
func (l *lab) cold() table {
	say("Measuring cold starts…")
	subjects := l.subjects()
	cpu, wall := map[string]sample{}, map[string]sample{}
	for n := range starts {
		for _, s := range turn(subjects, n) {
			w := l.runtime.start(s.program)
			a := w.call(s.next())
			w.read(a)
			wall[s.String()] = append(wall[s.String()], a.at.Sub(w.started))
			cpu[s.String()] = append(cpu[s.String()], w.end())
		}
	}
	out := table{
		title:  fmt.Sprintf("Cold start: %d processes each, from exec to the first answer", starts),
		header: []string{"function", "CPU", "half lie within", "× empty", "half lie within", "time", "half lie within", "figure", ""},
		notes:  []string{"CPU is user and system time of the whole process up to its answer; TLS to the table, whose emulator makes most of the time."},
	}
	compare(&out, "cold", subjects, cpu, wall)
	return out
}

// warm measures a further call: the CPU of processes with many calls, less that of processes with few.
func (l *lab) warm() table {
	say("Measuring warm calls…")
	subjects := l.subjects()
	cpu, wall := map[string]sample{}, map[string]sample{}
	for n := range rounds {
		for _, s := range turn(subjects, n) {
			few, _ := l.life(s, settling)
			many, last := l.life(s, settling+calls)
			cpu[s.String()] = append(cpu[s.String()], (many-few)/calls)
			wall[s.String()] = append(wall[s.String()], last)
		}
	}
	out := table{
		title:  fmt.Sprintf("Warm: %d processes each, %d calls", rounds, calls),
		header: []string{"function", "CPU a call", "half lie within", "× empty", "half lie within", "time a call", "half lie within", "figure", ""},
	}
	compare(&out, "warm", subjects, cpu, wall)
	return out
}

// life is the CPU of a process that answers n calls, and the time of a late one.
func (l *lab) life(s subject, n int) (cpu, last time.Duration) {
	w := l.runtime.start(s.program)
	for range n {
		event := s.next()
		began := time.Now()
		a := w.call(event)
		w.read(a)
		last = a.at.Sub(began)
	}
	return w.end(), last
}

// turn is the subjects in an order that changes, so that none always follows the same.
func turn(subjects []subject, n int) []subject {
	n %= len(subjects)
	return slices.Concat(subjects[n:], subjects[:n])
}

// bookings asks for every free day of a small family, one by one.
func bookings(h home) (all []event) {
	for _, activity := range []string{"cantine", "periscolaire"} {
		for _, day := range h.free(activity) {
			all = append(all, h.book(activity, day, day))
		}
	}
	return all
}

func compare(out *table, state string, subjects []subject, cpu, wall map[string]sample) {
	for _, s := range subjects {
		mine, empty := cpu[s.String()], cpu["empty"]
		ratio := mine.median() / empty.median()
		promised, kept := "", ""
		if m, ok := s.most[state]; ok {
			promised, kept = fmt.Sprintf("≤ %.1f", m), verdict(ratio <= m)
		}
		took := wall[s.String()]
		out.add(s.String(), millis(mine.median()), mine.spread(), fmt.Sprintf("%.2f", ratio), mine.over(empty), millis(took.median()), took.spread(), promised, kept)
	}
}
