package main

import (
	"testing"
	"time"
)

func TestTripsAreTheLongestChainOfCalls(t *testing.T) {
	t.Parallel()
	type span struct{ from, to int }
	cases := []struct {
		says  string
		calls []span
		want  int
	}{
		{"none", nil, 0},
		{"one", []span{{0, 10}}, 1},
		{"one after the other", []span{{0, 10}, {10, 20}, {25, 30}}, 3},
		{"all at once", []span{{0, 10}, {1, 12}, {2, 9}}, 1},
		{"one, then three at once", []span{{0, 10}, {11, 20}, {12, 21}, {13, 22}}, 2},
		{"a chain of two beside a long one", []span{{0, 10}, {11, 20}, {0, 19}}, 2},
		{"what follows a long one", []span{{0, 10}, {11, 20}, {0, 30}, {31, 40}}, 3},
		{"told in any order", []span{{31, 40}, {0, 10}, {11, 20}}, 3},
	}
	began := time.Now()
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			var calls []call
			for _, s := range c.calls {
				calls = append(calls, call{from: began.Add(time.Duration(s.from)), to: began.Add(time.Duration(s.to))})
			}
			if got := trips(calls); got != c.want {
				t.Errorf("%d trips, want %d", got, c.want)
			}
		})
	}
}

func TestATollAddsUpWhatCallsCost(t *testing.T) {
	t.Parallel()
	got := tollOf([]call{{operation: "Query", reads: 1.5}, {operation: "BatchGetItem", reads: 2}, {operation: "Query", reads: 1}, {operation: "TransactWriteItems", writes: 12}, {operation: "Scan"}})
	if got.reads != 4.5 || got.writes != 12 || got.scans != 1 || got.calls != "2 Query, 1 BatchGet, 1 Scan, 1 Transact" {
		t.Errorf("got %+v", got)
	}
}
