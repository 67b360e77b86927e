package main

import (
	"fmt"
	"time"
)

const (
	starts   = 41 // cold starts of each program
	rounds   = 7  // processes of each program that are measured warm
	settling = 20 // calls that a process makes before it counts as warm
	calls    = 100
)

// cold measures the way from exec to the first answer, in turns.
func (l *lab) cold() table {
	say("Measuring cold starts…")
	next := l.questions()
	cpu, wall := map[string]sample{}, map[string]sample{}
	for n := range starts {
		for _, p := range l.turn(n) {
			w := l.runtime.start(p)
			a := w.call(next(p.name))
			w.read(a)
			wall[p.name] = append(wall[p.name], a.at.Sub(w.started))
			cpu[p.name] = append(cpu[p.name], w.end())
		}
	}
	out := table{
		title:  fmt.Sprintf("Cold start: %d processes each, from exec to the first answer", starts),
		header: []string{"function", "CPU", "half lie within", "× empty", "half lie within", "time", "half lie within", "figure", ""},
		notes:  []string{"CPU is user and system time of the whole process up to its answer; TLS to the table, whose emulator makes most of the time."},
	}
	l.compare(&out, cpu, wall, map[string]float64{"show-planning": 2})
	return out
}

// warm measures a further call: the CPU of processes with many calls, less that of processes with few.
func (l *lab) warm() table {
	say("Measuring warm calls…")
	next := l.questions()
	cpu, wall := map[string]sample{}, map[string]sample{}
	for n := range rounds {
		for _, p := range l.turn(n) {
			few, _ := l.life(p, settling, next)
			many, last := l.life(p, settling+calls, next)
			cpu[p.name] = append(cpu[p.name], (many-few)/calls)
			wall[p.name] = append(wall[p.name], last)
		}
	}
	out := table{
		title:  fmt.Sprintf("Warm: %d processes each, %d calls", rounds, calls),
		header: []string{"function", "CPU a call", "half lie within", "× empty", "half lie within", "time a call", "half lie within", "figure", ""},
	}
	l.compare(&out, cpu, wall, map[string]float64{"show-planning": 3})
	return out
}

// life is the CPU of a process that answers n calls, and the time of a late one.
func (l *lab) life(p program, n int, next func(string) []byte) (cpu, last time.Duration) {
	w := l.runtime.start(p)
	for range n {
		event := next(p.name)
		began := time.Now()
		a := w.call(event)
		w.read(a)
		last = a.at.Sub(began)
	}
	return w.end(), last
}

// turn is the programs in an order that changes, so that none always follows the same.
func (l *lab) turn(n int) []program {
	n %= len(l.measured)
	return append(l.measured[n:len(l.measured):len(l.measured)], l.measured[:n]...)
}

// questions gives each measured program its events: a month of a small family with some bookings, and one free day after
// the other to book.
func (l *lab) questions() func(program string) []byte {
	family := l.town.subscribed(1)
	month := booked(family).raw()
	var books [][]byte
	return func(program string) []byte {
		switch program {
		case "show-planning":
			return month
		case "request-booking":
			if len(books) == 0 {
				books = bookings(l.town.subscribed(1))
			}
			book := books[0]
			books = books[1:]
			return book
		}
		return month
	}
}

// bookings asks for every free day of a small family, one by one.
func bookings(h home) (all [][]byte) {
	for _, activity := range []string{"cantine", "periscolaire"} {
		for _, day := range h.free(activity) {
			all = append(all, h.book(activity, day, day).raw())
		}
	}
	return all
}

func (l *lab) compare(out *table, cpu, wall map[string]sample, most map[string]float64) {
	for _, p := range l.measured {
		ratio := cpu[p.name].median() / cpu["empty"].median()
		each := cpu[p.name].over(cpu["empty"])
		promised, kept := "", ""
		if m, ok := most[p.name]; ok {
			promised, kept = fmt.Sprintf("≤ %.1f", m), verdict(ratio <= m)
		}
		out.add(p.name, millis(cpu[p.name].median()), cpu[p.name].spread(), fmt.Sprintf("%.2f", ratio), each, millis(wall[p.name].median()), wall[p.name].spread(), promised, kept)
	}
}
