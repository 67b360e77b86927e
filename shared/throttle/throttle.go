// Package throttle counts tries within sliding windows: wrong codes, failed sign-ins, mails to an address.
package throttle

import "time"

// Limit allows at most Tries within any span of Per.
type Limit struct {
	Tries int
	Per   time.Duration
}

// Tries are the instants of the tries that still count, oldest first.
type Tries []time.Time

// Reserve adds a try at now if every limit allows it. Otherwise it answers how long to wait, and adds nothing.
func (t Tries) Reserve(now time.Time, limits []Limit) (Tries, time.Duration) {
	kept := t.since(now.Add(-longest(limits)))
	var wait time.Duration
	for _, l := range limits {
		wait = max(wait, kept.wait(now, l))
	}
	if wait > 0 {
		return kept, wait
	}
	return append(kept, now), 0
}

// Full says whether any limit is reached at now.
func (t Tries) Full(now time.Time, limits []Limit) bool {
	_, wait := t.Reserve(now, limits)
	return wait > 0
}

// Release gives back one try made at that instant.
func (t Tries) Release(at time.Time) Tries {
	for i, try := range t {
		if try.Equal(at) {
			return append(t[:i:i], t[i+1:]...)
		}
	}
	return t
}

func (t Tries) wait(now time.Time, l Limit) time.Duration {
	recent := t.since(now.Add(-l.Per))
	if len(recent) < l.Tries {
		return 0
	}
	return recent[len(recent)-l.Tries].Add(l.Per).Sub(now)
}

func (t Tries) since(start time.Time) Tries {
	var kept Tries
	for _, try := range t {
		if try.After(start) {
			kept = append(kept, try)
		}
	}
	return kept
}

func longest(limits []Limit) time.Duration {
	var d time.Duration
	for _, l := range limits {
		d = max(d, l.Per)
	}
	return d
}
