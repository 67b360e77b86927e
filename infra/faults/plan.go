package faults

import (
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"time"
)

// A Plan says what goes wrong and how often. The same seed gives the nth call of an operation the same fate each time.
type Plan struct {
	Seed uint64
	All  Rates            // of operations that Of does not name
	Of   map[string]Rates // by operation, as in TransactWriteItems
	Slow time.Duration    // how long a slow answer takes
	// Hold is how long every answer takes at least. Calls made at the same time then overlap, however late the machine lets
	// one of them start, and Tally.Trips counts them as one.
	Hold time.Duration
}

// Rates are the shares of an operation's calls that meet each fault, from 0 to 1 together. The rest goes well.
type Rates struct {
	Conflict float64 // with another transaction on the item; reads know none, but for TransactGetItems
	Throttle float64
	Dropped  float64 // the connection breaks before the table hears of the call
	Lost     float64 // the table serves the call, and the connection breaks before its answer
	Slow     float64 // the answer takes Plan.Slow
}

// A Fault is what went wrong with a call.
type Fault string

// The faults, as in Rates.
const (
	Conflict Fault = "conflict"
	Throttle Fault = "throttle"
	Dropped  Fault = "dropped"
	Lost     Fault = "lost"
	Slow     Fault = "slow"
)

// fate is what a plan has for one call.
type fate struct {
	fault  Fault
	detail uint64 // chooses which item conflicts, how a throttle is worded
	hold   time.Duration
}

// fates throws a plan's dice.
type fates struct {
	mu   sync.Mutex
	plan Plan
	dice map[string]*rand.Rand // one for each operation: what another one does must not change a fate
}

func (f *fates) follow(plan Plan) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.plan, f.dice = plan, map[string]*rand.Rand{}
}

func (f *fates) of(operation string) fate {
	f.mu.Lock()
	defer f.mu.Unlock()
	dice, ok := f.dice[operation]
	if !ok {
		h := fnv.New64a()
		h.Write([]byte(operation))
		dice = rand.New(rand.NewPCG(f.plan.Seed, h.Sum64()))
		f.dice[operation] = dice
	}
	rates, ok := f.plan.Of[operation]
	if !ok {
		rates = f.plan.All
	}
	drawn := fate{fault: rates.at(dice.Float64()), detail: dice.Uint64(), hold: f.plan.Hold}
	if drawn.fault == Slow {
		drawn.hold = max(f.plan.Slow, f.plan.Hold)
	}
	return drawn
}

// at is the fault that stands at a point between 0 and 1.
func (r Rates) at(point float64) Fault {
	for _, share := range []struct {
		of    float64
		fault Fault
	}{{r.Conflict, Conflict}, {r.Throttle, Throttle}, {r.Dropped, Dropped}, {r.Lost, Lost}, {r.Slow, Slow}} {
		if point -= share.of; point < 0 {
			return share.fault
		}
	}
	return ""
}
