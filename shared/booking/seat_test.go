package booking_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"preau/shared/booking"
)

func TestPlacesAreSharedOutInTheOrderOfAsking(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	line := func(child string, until time.Duration, needs ...string) booking.Line {
		l := booking.Line{Place: booking.Place{Date: "2026-11-24", Child: child, Activity: "centre"}, State: booking.Asked, Was: booking.Enrolled, Until: now.Add(until)}
		for _, n := range needs {
			l.Needs = append(l.Needs, booking.Use{Activity: n, Group: "all"})
		}
		return l
	}
	at := func(activity string) booking.Seats {
		return booking.Seats{Date: "2026-11-24", Activity: activity, Group: "all"}
	}
	free := func(n int) *booking.Room { return &booking.Room{Capacity: 9, Taken: 9 - n, Free: n} }
	const hour = time.Hour
	for _, c := range []struct {
		says  string
		rooms map[string]*booking.Room
		lines []booking.Line
		want  string
		then  string // the centre's room and the canteen's
	}{
		{"room for all", map[string]*booking.Room{"centre": free(2)}, []booking.Line{line("lea", hour), line("noe", hour)}, "[booked booked]", "{9 9 0 0 0}"},
		{"siblings for one place: the first has it", map[string]*booking.Room{"centre": free(1)}, []booking.Line{line("lea", hour), line("noe", hour)}, "[booked waitlisted]", "{9 9 0 1 1}"},
		{"no room", map[string]*booking.Room{"centre": free(0)}, []booking.Line{line("lea", hour)}, "[waitlisted]", "{9 9 0 1 1}"},
		{"fewer than none", map[string]*booking.Room{"centre": free(-2)}, []booking.Line{line("lea", hour)}, "[waitlisted]", "{9 11 -2 1 1}"},
		{"a free place that somebody waits for", map[string]*booking.Room{"centre": {Capacity: 9, Taken: 8, Free: 1, Waiting: 1, Next: 4}}, []booking.Line{line("lea", hour)}, "[waitlisted]", "{9 8 1 2 5}"},
		{"no room, and nobody may wait any more", map[string]*booking.Room{"centre": free(0)}, []booking.Line{line("lea", 0)}, "[enrolled]", "{9 9 0 0 0}"},
		{"room, though nobody may wait any more", map[string]*booking.Room{"centre": free(1)}, []booking.Line{line("lea", 0), line("noe", -hour)}, "[booked enrolled]", "{9 9 0 0 0}"},
		{"a place and a meal", map[string]*booking.Room{"centre": free(1), "canteen": free(1)}, []booking.Line{line("lea", hour, "canteen")}, "[booked]", "{9 9 0 0 0} {9 9 0 0 0}"},
		{"a place and no meal: it waits for both", map[string]*booking.Room{"centre": free(1), "canteen": free(0)}, []booking.Line{line("lea", hour, "canteen")}, "[waitlisted]", "{9 8 1 1 1} {9 9 0 1 1}"},
		{"who comes next does not pass by", map[string]*booking.Room{"centre": free(1), "canteen": free(0)}, []booking.Line{line("lea", hour, "canteen"), line("noe", hour)}, "[waitlisted waitlisted]", "{9 8 1 2 2} {9 9 0 1 1}"},
		{"who could not wait is in nobody's way", map[string]*booking.Room{"centre": free(1), "canteen": free(0)}, []booking.Line{line("lea", 0, "canteen"), line("noe", hour)}, "[enrolled booked]", "{9 9 0 0 0} {9 9 0 0 0}"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			states := booking.Seat(c.lines, now, func(s booking.Seats) *booking.Room { return c.rooms[s.Activity] })
			then := fmt.Sprint(*c.rooms["centre"])
			if meals := c.rooms["canteen"]; meals != nil {
				then += fmt.Sprint(" ", *meals)
			}
			if got := fmt.Sprint(states); got != c.want || then != c.then {
				t.Errorf("got %s and %s, want %s and %s", got, then, c.want, c.then)
			}
		})
	}
	if got := line("lea", hour, "canteen").SeatsOf(); !slices.Equal(got, []booking.Seats{at("centre"), at("canteen")}) {
		t.Errorf("it takes %v", got)
	}
}

// a bench is the seats of one group as the model has them: who sits, and who queues.
type bench struct {
	capacity     int
	sits, queues []string
}

// TestWhoeverComesPlacesAddUpAndNobodyPassesBy: a model in which children take seats and queue by name.
func TestWhoeverComesPlacesAddUpAndNobodyPassesBy(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"centre", "canteen", "evening"}
		rooms, benches := map[booking.Seats]*booking.Room{}, map[booking.Seats]*bench{}
		at := func(activity, group string) booking.Seats {
			return booking.Seats{Date: "2026-11-24", Activity: activity, Group: group}
		}
		for _, name := range names {
			for _, group := range []string{"all", "small"} {
				b := &bench{capacity: rapid.IntRange(0, 3).Draw(t, "places")}
				for n := range rapid.IntRange(0, b.capacity+1).Draw(t, "taken") { // an agent may have overbooked
					b.sits = append(b.sits, fmt.Sprint("sits", n))
				}
				for n := range rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "waiting") {
					b.queues = append(b.queues, fmt.Sprint("queues", n))
				}
				benches[at(name, group)] = b
				rooms[at(name, group)] = &booking.Room{Capacity: b.capacity, Taken: len(b.sits), Free: b.capacity - len(b.sits), Waiting: len(b.queues), Next: len(b.queues) + 3}
			}
		}
		var lines []booking.Line
		for n := range rapid.IntRange(1, 8).Draw(t, "children") {
			l := booking.Line{Place: booking.Place{Date: "2026-11-24", Child: fmt.Sprint("child", n), Activity: rapid.SampledFrom(names).Draw(t, "activity")}, Was: booking.Enrolled}
			l.Until = now.Add(time.Duration(rapid.IntRange(0, 2).Draw(t, "may wait")) * time.Hour)
			l.Group = rapid.SampledFrom([]string{"", "small"}).Draw(t, "group")
			for _, other := range names {
				if other != l.Activity && rapid.IntRange(0, 3).Draw(t, "needs") == 0 {
					l.Needs = append(l.Needs, booking.Use{Activity: other, Group: "all"})
				}
			}
			lines = append(lines, l)
		}
		states := booking.Seat(lines, now, func(s booking.Seats) *booking.Room { return rooms[s] })
		for n, l := range lines {
			if want := sit(l, benches, now); states[n] != want {
				t.Fatalf("child %d is %s, want %s", n, states[n], want)
			}
		}
		for s, b := range benches {
			want := booking.Room{Capacity: b.capacity, Taken: len(b.sits), Free: b.capacity - len(b.sits), Waiting: len(b.queues), Next: len(b.queues) + 3}
			if *rooms[s] != want || rooms[s].Taken+rooms[s].Free != rooms[s].Capacity {
				t.Fatalf("%v: %+v, want %+v", s, *rooms[s], want)
			}
		}
	})
}

// sit has one child take its seats, queue for them, or go.
func sit(l booking.Line, benches map[booking.Seats]*bench, now time.Time) booking.State {
	group := l.Group
	if group == "" {
		group = "all"
	}
	all := []*bench{benches[booking.Seats{Date: l.Date, Activity: l.Activity, Group: group}]}
	for _, u := range l.Needs {
		all = append(all, benches[booking.Seats{Date: l.Date, Activity: u.Activity, Group: u.Group}])
	}
	takes := true
	for _, b := range all {
		takes = takes && len(b.sits) < b.capacity && len(b.queues) == 0
	}
	for _, b := range all {
		switch {
		case takes:
			b.sits = append(b.sits, l.Child)
		case now.Before(l.Until):
			b.queues = append(b.queues, l.Child)
		}
	}
	switch {
	case takes:
		return booking.Booked
	case now.Before(l.Until):
		return booking.Waitlisted
	}
	return l.Was
}
