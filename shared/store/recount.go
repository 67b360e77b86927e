package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
)

// Recount holds the counters of all slots of a tenant against the days that are booked and the children who wait, from a day
// on, and repairs those that are wrong. There should never be any: each is a defect to be found. It answers what it repaired.
//
// All families' days are read once, which is cheap and not of one moment; what looks wrong then is counted again alone, and
// written only if nobody has moved the slot meanwhile.
//
// twice tells children who have two places at one slot, one of each household: nothing knows which of them it should be.
func (c Collectivity) Recount(ctx context.Context, from calendar.Date, now time.Time) (repaired, twice []string, err error) {
	configuration, err := c.Configuration(ctx)
	if err != nil {
		return nil, nil, err
	}
	period := calendar.Period{From: from, To: from.AddYears(2)}
	held, err := c.heldBy(ctx, configuration, period)
	if err == nil {
		twice, err = c.twice(ctx, held.holders)
	}
	if err != nil {
		return nil, nil, err
	}
	for _, a := range configuration.Activities {
		pk := c.slotKey(a.ID, "").PK
		slots, err := c.query(ctx, pk, "SLOT#"+string(period.From), "SLOT#"+string(period.To)+end)
		if err != nil {
			return repaired, twice, err
		}
		for _, item := range slots {
			slot := booking.Slot{Activity: a.ID, Date: calendar.Date(strings.TrimPrefix(keyOf(item).SK, "SLOT#"))}
			found, err := c.recount(ctx, configuration, slot, item, held.places, now)
			if repaired = append(repaired, found...); err != nil {
				return repaired, twice, err
			}
		}
	}
	return repaired, twice, nil
}

// census is what the tenant's days take: places, counted, and of children whom several families have, the families by place.
type census struct {
	places  map[booking.Seats]int
	holders map[booking.Place][]string
}

// twice tells the children whom more than one family holds at a slot, and still does.
func (c Collectivity) twice(ctx context.Context, holders map[booking.Place][]string) (told []string, err error) {
	for place, families := range holders {
		if len(families) < 2 {
			continue
		}
		var at []FamilyPlace
		for _, f := range families {
			at = append(at, FamilyPlace{f, place})
		}
		days, err := c.DaysOfFamilies(ctx, at)
		if err != nil {
			return told, err
		}
		at = slices.DeleteFunc(at, func(p FamilyPlace) bool { return !days[p].Held })
		if len(at) > 1 { // read one after the other before, and moved meanwhile
			told = append(told, fmt.Sprintf("%s %s: the child %s has a place for the family %s and one for %s", place.Activity, place.Date, place.Child, at[0].Family, at[1].Family))
		}
	}
	return told, nil
}

// heldBy counts the places that the tenant's days take.
func (c Collectivity) heldBy(ctx context.Context, configuration Configuration, p calendar.Period) (all census, err error) {
	families, of := map[string]bool{}, map[string]string{} // of a child, its family; "": several
	for _, a := range configuration.Activities {
		enrolled, err := c.Enrolled(ctx, a.ID, calendar.Period{From: "0000-01-01", To: "9999-12-31"})
		if err != nil {
			return all, err
		}
		for _, e := range enrolled {
			families[e.Family] = true
			if known, seen := of[e.Child]; !seen {
				of[e.Child] = e.Family
			} else if known != e.Family {
				of[e.Child] = ""
			}
		}
	}
	all = census{map[booking.Seats]int{}, map[booking.Place][]string{}}
	for id := range families {
		days, err := c.family(id).Days(ctx, p)
		if err != nil {
			return all, err
		}
		for _, d := range days {
			if !d.Held {
				continue
			}
			for _, u := range d.Uses() {
				all.places[booking.Seats{Date: d.Date, Activity: u.Activity, Group: u.Group}]++
			}
			if of[d.Child] == "" {
				all.holders[d.Place] = append(all.holders[d.Place], id)
			}
		}
	}
	return all, nil
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
	counted, err := c.heldBy(ctx, configuration, day)
	if err != nil {
		return "", err
	}
	_, waits, err := c.waiting(ctx, slotOf(s))
	taken, waiting := counted.places[s], waitingIn(s.Group, waits)
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
