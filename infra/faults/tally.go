package faults

import (
	"errors"
	"maps"
	"sync"
)

// A Tally is what has crossed a proxy. The repetitions of a client that tries again count too.
type Tally struct {
	Calls  map[string]int // by operation
	Faults map[Fault]int  // those that met one
	Trips  int            // the longest chain of calls of which each began after the one before it had its answer

	// Capacity units with those of the indexes, once Measure was called; Uncounted says why they are too few.
	Reads, Writes float64
	Uncounted     error
}

// Written counts the calls that write.
func (t Tally) Written() (n int) {
	for operation, calls := range t.Calls {
		if writing(operation) {
			n += calls
		}
	}
	return n
}

// counter keeps a tally, and how long the longest chain is of calls that have their answer: a call that begins now is one
// longer.
type counter struct {
	mu    sync.Mutex
	tally Tally
}

func (c *counter) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tally = Tally{Calls: map[string]int{}, Faults: map[Fault]int{}}
}

func (c *counter) read() Tally {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.tally
	t.Calls, t.Faults = maps.Clone(t.Calls), maps.Clone(t.Faults)
	return t
}

// begin counts a call and answers its place in the longest chain that leads to it.
func (c *counter) begin(operation string) (depth int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tally.Calls[operation]++
	return c.tally.Trips + 1
}

func (c *counter) end(depth int, a answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tally.Trips = max(c.tally.Trips, depth)
	c.tally.Reads, c.tally.Writes = c.tally.Reads+a.units.reads, c.tally.Writes+a.units.writes
	c.tally.Uncounted = errors.Join(c.tally.Uncounted, a.units.err)
	if a.fault != "" {
		c.tally.Faults[a.fault]++
	}
}
