package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
)

// Recount holds the counters of all slots of a tenant against the days that are booked and the children who wait, from a day
// on, and repairs those that are wrong. There should never be any: each is a defect to be found. It answers what it found.
//
// All families' days are read once, which is cheap and not of one moment; what looks wrong then is counted again alone, and
// written only if nobody has moved the slot meanwhile.
func (c Collectivity) Recount(ctx context.Context, from calendar.Date, now time.Time) (repaired []string, err error) {
	configuration, err := c.Configuration(ctx)
	if err != nil {
		return nil, err
	}
	period := calendar.Period{From: from, To: from.AddYears(2)}
	held, err := c.heldBy(ctx, configuration, period)
	if err != nil {
		return nil, err
	}
	for _, a := range configuration.Activities {
		pk := c.slotKey(a.ID, "").PK
		slots, err := c.query(ctx, pk, "SLOT#"+string(period.From), "SLOT#"+string(period.To)+end)
		if err != nil {
			return repaired, err
		}
		for _, item := range slots {
			slot := booking.Slot{Activity: a.ID, Date: calendar.Date(strings.TrimPrefix(keyOf(item).SK, "SLOT#"))}
			found, err := c.recount(ctx, configuration, slot, item, held, now)
			if repaired = append(repaired, found...); err != nil {
				return repaired, err
			}
		}
	}
	return repaired, nil
}

// heldBy counts the places that the tenant's days take.
func (c Collectivity) heldBy(ctx context.Context, configuration Configuration, p calendar.Period) (map[booking.Seats]int, error) {
	families := map[string]bool{}
	for _, a := range configuration.Activities {
		enrolled, err := c.Enrolled(ctx, a.ID, calendar.Period{From: "0000-01-01", To: "9999-12-31"})
		if err != nil {
			return nil, err
		}
		for _, e := range enrolled {
			families[e.Family] = true
		}
	}
	held := map[booking.Seats]int{}
	for id := range families {
		days, err := c.family(id).Days(ctx, p)
		if err != nil {
			return nil, err
		}
		for _, d := range days {
			for _, u := range d.Uses() {
				if d.Held {
					held[booking.Seats{Date: d.Date, Activity: u.Activity, Group: u.Group}]++
				}
			}
		}
	}
	return held, nil
}

// recount holds one slot's counters against what was counted, by age group.
func (c Collectivity) recount(ctx context.Context, configuration Configuration, slot booking.Slot, item attributes, held map[booking.Seats]int, now time.Time) (repaired []string, err error) {
	_, keys, err := c.waiting(ctx, slot)
	if err != nil {
		return nil, err
	}
	for name := range item {
		group, ok := strings.CutPrefix(name, "taken_")
		if !ok {
			continue
		}
		seats := booking.Seats{Date: slot.Date, Activity: slot.Activity, Group: group}
		if right(item, group, held[seats], waitingIn(group, keys)) {
			continue
		}
		wrong, err := c.repair(ctx, configuration, seats, now)
		if err != nil {
			return repaired, err
		}
		if wrong != "" {
			repaired = append(repaired, wrong)
		}
	}
	return repaired, nil
}

// right says whether a group's counters are what was counted.
func right(item attributes, group string, held, waiting int) bool {
	n := func(name string) int { v, _ := number(item, name+"_"+group); return v }
	return n("taken") == held && n("waiting") == waiting && n("taken")+n("free") == n("capacity")
}

func waitingIn(group string, keys []key) (n int) {
	for _, k := range keys {
		if groupOf(k) == group {
			n++
		}
	}
	return n
}

// repair counts one slot's group alone and writes its counters, under the condition that nobody has moved it since before
// it was counted. It answers what was wrong; "": nothing, or somebody is at it.
func (c Collectivity) repair(ctx context.Context, configuration Configuration, s booking.Seats, now time.Time) (wrong string, err error) {
	k := c.keyOfSlot(slotOf(s))
	found, err := c.batch(ctx, k)
	if err != nil {
		return "", err
	}
	day := calendar.Period{From: s.Date, To: s.Date}
	held, err := c.heldBy(ctx, configuration, day)
	if err != nil {
		return "", err
	}
	_, waits, err := c.waiting(ctx, slotOf(s))
	taken, waiting := held[s], waitingIn(s.Group, waits)
	if err != nil || right(found[k], s.Group, taken, waiting) {
		return "", err
	}
	e := newExpression()
	was := map[string]int{}
	for _, name := range []string{"capacity", "taken", "free", "waiting", "next"} {
		was[name], _ = number(found[k], name+"_"+s.Group)
		e.was(e.path(name+"_"+s.Group), was[name])
	}
	if moves, moved := number(found[k], "moves"); moved {
		e.was(e.path("moves"), moves)
	}
	e.set(e.path("taken_"+s.Group), taken)
	e.set(e.path("free_"+s.Group), was["capacity"]-taken)
	e.set(e.path("waiting_"+s.Group), waiting)
	if waiting > 0 && was["capacity"] > taken {
		flagForPromotion(e, k, now)
	}
	err = c.apply(ctx, e.write(k, nil))
	if errors.Is(err, errCondition) {
		return "", nil
	}
	return fmt.Sprintf("%s %s %s: taken %d, counted %d; waiting %d, counted %d; free %d of %d", s.Activity, s.Date, s.Group, was["taken"], taken, was["waiting"], waiting, was["free"], was["capacity"]), err
}
