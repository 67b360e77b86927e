package throttle

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// five and twenty are the limits on wrong subscriber codes.
var limits = []Limit{{5, time.Hour}, {20, 24 * time.Hour}}

func TestNoSpanEverHoldsMoreTriesThanItsLimitAllows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var tries Tries
		var taken []time.Time
		now := noon
		for range rapid.IntRange(1, 80).Draw(t, "tries") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40*60).Draw(t, "seconds later")) * time.Second)
			var wait time.Duration
			if tries, wait = tries.Reserve(now, limits); wait == 0 {
				taken = append(taken, now)
			}
		}
		for i, first := range taken {
			for _, l := range limits {
				if i+l.Tries < len(taken) && taken[i+l.Tries].Before(first.Add(l.Per)) {
					t.Fatalf("%d tries within %s of %s", l.Tries+1, l.Per, first)
				}
			}
		}
	})
}

func TestWaitingAsLongAsToldIsEnoughAndAnyShorterIsNot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var tries Tries
		now := noon
		for {
			now = now.Add(time.Duration(rapid.IntRange(0, 30*60).Draw(t, "seconds later")) * time.Second)
			next, wait := tries.Reserve(now, limits)
			if tries = next; wait == 0 {
				continue
			}
			if !tries.Full(now.Add(wait-1), limits) {
				t.Fatalf("free a moment before the %s that it told", wait)
			}
			if tries.Full(now.Add(wait), limits) {
				t.Fatalf("still full after the %s that it told", wait)
			}
			return
		}
	})
}

func TestATryGivenBackNeverHappened(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var tries Tries
		for range rapid.IntRange(0, 4).Draw(t, "before") {
			tries, _ = tries.Reserve(noon, limits)
		}
		at := noon.Add(time.Minute)
		with, _ := tries.Reserve(at, limits)
		if left := with.Release(at); len(left) != len(tries) {
			t.Fatalf("%d tries are left of %d", len(left), len(tries))
		}
	})
}

func TestGivingBack(t *testing.T) {
	t.Parallel()
	same := Tries{noon, noon, noon.Add(time.Second)}
	cases := []struct {
		says  string
		tries Tries
		at    time.Time
		left  int
	}{
		{"takes one of two at the same instant", same, noon, 2},
		{"takes the last", same, noon.Add(time.Second), 2},
		{"takes nothing that was never tried", same, noon.Add(time.Hour), 3},
		{"takes nothing of nothing", nil, noon, 0},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			if left := c.tries.Release(c.at); len(left) != c.left {
				t.Errorf("%d are left, want %d", len(left), c.left)
			}
			if len(same) != 3 {
				t.Error("it changed what it was given")
			}
		})
	}
}

func TestOnlyWhatStillCountsIsKept(t *testing.T) {
	t.Parallel()
	var tries Tries
	for day := range 100 {
		tries, _ = tries.Reserve(noon.AddDate(0, 0, day), limits)
	}
	if len(tries) != 1 {
		t.Errorf("%d tries are kept, want the last day's", len(tries))
	}
}
