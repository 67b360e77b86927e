package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"preau/shared/booking"
)

// step moves one line of a request and its day: what the line becomes, how the day is written under which condition, what
// else has to hold, and what that takes or frees of the line's seats.
type step struct {
	line           int
	to             booking.State
	reason         string
	ranks          []int
	day            write
	guards         []write // conditions on other days of the child; or: a refusal with the code
	lists          []write // of those who wait
	taken, waiting int     // 1 takes, -1 frees, of each of the line's seats
	over           bool    // takes places that are not there
}

// planner makes the steps of an attempt from what is known of rooms. A line that it can not move it drops, by its index
// and a code.
type planner func(r booking.Request, k *rooms) (steps []step, dropped map[int]string)

// movement is what commit writes: steps on lines of a request, with what goes into the same transaction.
type movement struct {
	plan planner
	drop func(*booking.Request, int, string) error // takes note of a line that can not be moved, or refuses the whole
	head func(booking.Request) []write             // what is written beside, of the request as it is then
	now  time.Time
}

// commit writes a movement in one transaction. A slot without room or a day that moved changes the plan, and the rest is
// tried again: all of one outcome, or none. Places that stay contended are refused as busy after a while.
func (f FamilyStore) commit(ctx context.Context, r booking.Request, k *rooms, m movement) (booking.Request, error) {
	r.Lines = slices.Clone(r.Lines)
	deadline := time.Now().Add(f.patience)
	for misses := 0; ; misses++ {
		steps, err := f.planned(ctx, &r, k, m)
		if err != nil {
			return r, err
		}
		next := moved(r, steps)
		t := f.transactionOf(next, steps, k, m)
		if len(t.writes) == 0 {
			return next, nil
		}
		failed, err := f.tryUntil(ctx, t.writes, deadline)
		if err != nil {
			return r, err
		}
		if len(failed) == 0 {
			return next, nil
		}
		if err := t.take(&r, failed, k, m); err != nil {
			return r, err
		}
		if time.Now().After(deadline) {
			return r, ErrBusy
		}
		if t.missed && misses > 0 { // others write the same slot: who comes often makes room for the rest
			if err := f.yield(ctx, k, misses); err != nil {
				return r, err
			}
		}
	}
}

// yield lets others write first, the longer the more often they came first, and then reads anew what all of them write:
// what was known is old by then. Hundreds at once would keep each other from writing if each tried often.
func (f FamilyStore) yield(ctx context.Context, k *rooms, misses int) error {
	if err := jitter(ctx, min(100*time.Millisecond<<min(misses, 6), 4*time.Second)); err != nil {
		return err
	}
	var seats []booking.Seats
	for slot := range k.seen {
		seats = append(seats, booking.Seats{Date: slot.Date, Activity: slot.Activity})
	}
	clear(k.seen)
	return f.fetch(ctx, k, seats)
}

// planned makes the steps of an attempt. Where somebody has to wait, the ranks that are missing are drawn first; by then there
// may be a place.
func (f FamilyStore) planned(ctx context.Context, r *booking.Request, k *rooms, m movement) ([]step, error) {
	for {
		k.forget()
		steps, dropped := m.plan(*r, k)
		missing := map[booking.Seats]int{}
		for _, s := range steps {
			for i, rank := range s.ranks {
				if rank == 0 {
					missing[r.Lines[s.line].SeatsOf()[i]]++
				}
			}
		}
		for s, n := range missing {
			if err := f.draw(ctx, k, s, n); err != nil {
				return nil, err
			}
		}
		if len(missing) > 0 {
			continue
		}
		for _, line := range slices.Sorted(maps.Keys(dropped)) {
			if err := m.drop(r, line, dropped[line]); err != nil {
				return nil, err
			}
		}
		return steps, nil
	}
}

// transaction is the writes of an attempt, and what each of them is of.
type transaction struct {
	writes []write
	lines  map[int]int    // by write: the line whose day or guard it is
	codes  map[int]string // by write: why that line is dropped
	slots  map[int]booking.Slot
	missed bool // a slot was not as it was counted on
}

func (f FamilyStore) transactionOf(next booking.Request, steps []step, k *rooms, m movement) transaction {
	t := transaction{lines: map[int]int{}, codes: map[int]string{}, slots: map[int]booking.Slot{}}
	if m.head != nil {
		t.writes = m.head(next)
	}
	var seats changes
	for _, s := range steps {
		t.add(s.line, "day_changed", s.day)
		t.add(s.line, "day_changed", s.lists...)
		for _, g := range s.guards {
			t.add(s.line, g.code, g)
		}
		seats.count(next.Lines[s.line], s)
	}
	for _, slot := range seats.order {
		t.slots[len(t.writes)] = slot
		t.writes = append(t.writes, f.slotWrite(slot, seats.of[slot], k, m.now))
	}
	return t
}

func (t *transaction) add(line int, code string, writes ...write) {
	for _, w := range writes {
		t.lines[len(t.writes)], t.codes[len(t.writes)] = line, code
		t.writes = append(t.writes, w)
	}
}

func (c *changes) count(l booking.Line, s step) {
	if s.taken == 0 && s.waiting == 0 {
		return
	}
	for _, seats := range l.SeatsOf() {
		at := c.at(seats)
		at.taken += s.taken
		at.waiting += s.waiting
		at.over = at.over || s.over
		if s.waiting > 0 && (at.until.IsZero() || l.Until.Before(at.until)) {
			at.until = l.Until
		}
	}
}

// take draws the consequences of conditions that failed: slots are known better, lines whose day moved are dropped. What stands
// at the head refuses the whole.
func (t *transaction) take(r *booking.Request, failed []failure, k *rooms, m movement) error {
	dropped := map[int]string{}
	var head []error
	for _, f := range failed {
		slot, isSlot := t.slots[f.index]
		line, isLine := t.lines[f.index]
		switch {
		case isSlot:
			k.learn(slot, f.item)
			t.missed = true
		case isLine:
			dropped[line] = cmp.Or(t.writes[f.index].elsewhere(f.item), t.codes[f.index])
		default:
			head = append(head, t.writes[f.index].or)
		}
	}
	if len(head) > 0 {
		return cmp.Or(append(head, fmt.Errorf("write %d days: the condition of what stands beside them failed", len(t.lines)))...)
	}
	for _, line := range slices.Sorted(maps.Keys(dropped)) {
		if err := m.drop(r, line, dropped[line]); err != nil {
			return err
		}
	}
	return nil
}

// takeNothing turns a line that could not be written into one that was not taken.
func takeNothing(r *booking.Request, line int, code string) error {
	l := &r.Lines[line]
	if l.State, l.Code = l.Was, code; code == booking.BookedElsewhere {
		l.State = booking.Booked
	}
	return nil
}

// moved is the request once steps are made.
func moved(r booking.Request, steps []step) booking.Request {
	r.Lines = slices.Clone(r.Lines)
	for _, s := range steps {
		l := &r.Lines[s.line]
		l.State, l.Reason, l.Ranks = s.to, s.reason, s.ranks
	}
	return r
}

// room for a line's writes in a transaction: DynamoDB takes 100 items.
const maxWrites = 96 // beside the request, its mail and what else stands at the head

// weight is the most that moving a line writes: its day, its slots, its places in the lists, its guards and its part of a
// large request.
func weight(l booking.Line) int {
	guards := len(l.Apart) + len(l.Twice)
	if l.Other != "" { // of both households
		guards += guards + 1
	}
	return 1 + 2*(1+len(l.Needs)) + guards + len(l.Beside) + len(l.There) + 1
}

// Fitting are the first of some lines of a request that one transaction can move.
func Fitting(r booking.Request, lines []int) []int {
	sum := 0
	for n, i := range lines {
		if sum += weight(r.Lines[i]); sum > maxWrites {
			return lines[:n]
		}
	}
	return lines
}
