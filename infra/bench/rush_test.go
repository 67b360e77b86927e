package main

import (
	"testing"
	"time"

	"preau/infra/seed"
	"preau/shared/api"
)

func TestWhoIsPassedInARushIsCounted(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	parent := func(family string, from, to time.Duration, done bool) asked {
		return asked{
			home: home{MadeFamily: seed.MadeFamily{ID: family}}, at: noon.Add(to),
			Request: api.Request{CreatedAt: noon.Add(from).Format(time.RFC3339), Progress: api.Progress{Done: done}},
		}
	}
	first, second := parent("first", 0, time.Second, true), parent("second", 2*time.Second, 3*time.Second, true)
	beside := parent("beside", 0, 3*time.Second, true) // both were on their way at the same time
	later := parent("second", 2*time.Second, 3*time.Second, false)
	for says, c := range map[string]struct {
		asked []asked
		ranks map[string]int // who has none is booked
		want  int
	}{
		"one after the other":                        {[]asked{second, first}, map[string]int{"first": 1, "second": 2}, 0},
		"the second stands before the first":         {[]asked{first, second}, map[string]int{"first": 2, "second": 1}, 1},
		"the second is booked, the first waits":      {[]asked{first, second}, map[string]int{"first": 1}, 1},
		"the first is booked, the second waits":      {[]asked{first, second}, map[string]int{"second": 1}, 0},
		"at the same time, in whatever order":        {[]asked{beside, second}, map[string]int{"beside": 2, "second": 1}, 0},
		"who was left to the worker is passed too":   {[]asked{first, later}, map[string]int{"first": 2, "second": 1}, 1},
		"who was told nothing yet is passed by none": {[]asked{parent("first", 0, time.Second, false), second}, map[string]int{"first": 2, "second": 1}, 0},
	} {
		if got := (rush{asked: c.asked}).passed(c.ranks); got != c.want {
			t.Errorf("%s: %d are passed, want %d", says, got, c.want)
		}
	}
}
