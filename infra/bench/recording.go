package main

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A call is one request to the table.
type call struct {
	operation     string
	from, to      time.Time
	reads, writes float64 // capacity units
	err           error   // it could not be counted
}

// A recording collects calls, which arrive from many goroutines.
type recording struct {
	hold  time.Duration // of each answer
	mu    sync.Mutex
	calls []call
}

func (r *recording) add(c call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, c)
}

// A toll is what a use case costs at the table.
type toll struct {
	trips         int    // how many calls had to wait for one another: the longest chain
	calls         string // by operation
	reads, writes float64
	scans         int
}

func tollOf(calls []call) toll {
	t := toll{trips: trips(calls), calls: byOperation(calls)}
	for _, c := range calls {
		check(c.err)
		t.reads, t.writes = t.reads+c.reads, t.writes+c.writes
		if c.operation == "Scan" {
			t.scans++
		}
	}
	return t
}

// trips is the length of the longest chain of calls of which none began before the one before it had ended. Calls at the
// same time are one trip; so is a long one beside two short ones, which are two.
func trips(calls []call) int {
	calls = slices.SortedFunc(slices.Values(calls), func(a, b call) int { return a.to.Compare(b.to) })
	n, end := 0, time.Time{}
	for _, c := range calls {
		if !c.from.Before(end) {
			n, end = n+1, c.to
		}
	}
	return n
}

// byOperation tells how many calls of each kind there were: "2 Query, 1 BatchGetItem".
func byOperation(calls []call) string {
	count := map[string]int{}
	for _, c := range calls {
		count[c.operation]++
	}
	var parts []string
	for _, name := range slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) }) {
		parts = append(parts, strconv.Itoa(count[name])+" "+short(name))
	}
	return strings.Join(parts, ", ")
}

// short leaves out what the table makes plain.
func short(operation string) string {
	return strings.NewReplacer("TransactWriteItems", "Transact", "BatchGetItem", "BatchGet", "Item", "").Replace(operation)
}
