package store

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// atOnce is how many slots are written at the same time.
const atOnce = 8

// SetPlaces brings an activity's places to its slots that exist already, from a day on: capacity becomes the new number,
// and free moves by the difference. Free may fall below zero: nobody loses a place. Doing it again changes nothing.
func (c Collectivity) SetPlaces(ctx context.Context, a collectivity.Activity, from calendar.Date, now time.Time) error {
	pk := c.slotKey(a.ID, "").PK
	slots, err := c.query(ctx, pk, c.slotKey(a.ID, string(from)).SK, c.slotKey(a.ID, end).SK)
	if err != nil {
		return err
	}
	for len(slots) > 0 {
		n := min(len(slots), atOnce)
		var writes []func() error
		for _, slot := range slots[:n] {
			writes = append(writes, func() error { return c.refit(ctx, a, slot, now) })
		}
		if err := together(writes...); err != nil {
			return err
		}
		slots = slots[n:]
	}
	return nil
}

// refit gives one slot its new places, anew when it moved meanwhile.
func (c Collectivity) refit(ctx context.Context, a collectivity.Activity, slot attributes, now time.Time) error {
	k := keyOf(slot)
	return Again(ctx, func() error {
		w, due := fitting(a, k, slot, now)
		if !due {
			return nil
		}
		err := c.apply(ctx, w)
		if !errors.Is(err, errCondition) {
			return err
		}
		found, err := c.batch(ctx, k)
		if err == nil {
			slot, err = found[k], ErrMoved
		}
		return err
	})
}

// fitting is the write that gives a slot its new places, if any of its age groups has others.
func fitting(a collectivity.Activity, k key, slot attributes, now time.Time) (w write, due bool) {
	e, flag := newExpression(), false
	for _, group := range groupsOf(a) {
		seen, known := number(slot, "capacity_"+group)
		places := a.Places(group)
		if !known || seen == places {
			continue // a slot that nobody has booked in this group gets its places with its first booking
		}
		// The places that were seen, so that a second manager's number is not counted twice; who books or leaves at the
		// same time moves taken and free, and not the capacity: taken + free = capacity goes on to hold.
		capacity, free := e.path("capacity_"+group), e.path("free_"+group)
		e.was(capacity, seen)
		e.set(capacity, places)
		e.add(free, places-seen)
		due = true
		if places > seen {
			waiting, _ := number(slot, "waiting_"+group)
			flag = flag || waiting > 0
			if waiting == 0 {
				// Nobody begins to wait unseen just before there is room.
				name := e.path("waiting_" + group)
				e.require("(attribute_not_exists(" + name + ") OR " + name + " = " + e.operand(0) + ")")
			}
		}
	}
	if flag {
		flagForPromotion(e, k, now)
	}
	return e.write(k, nil), due
}

// flagForPromotion queues a slot where somebody waits and where there may be room now.
func flagForPromotion(e *expression, k key, now time.Time) {
	due := queued(waitQueue(shardOf(k.PK+k.SK)), now)
	e.set(e.path("wake"), "now")
	e.set(e.path("work"), due.Work)
	e.set(e.path("workAt"), due.WorkAt)
}

func waitQueue(shard int) string { return "WAIT#" + strconv.Itoa(shard) }

// groupsOf are the ids of an activity's age groups.
func groupsOf(a collectivity.Activity) []string {
	if len(a.Groups) == 0 {
		return []string{collectivity.AllAges}
	}
	ids := make([]string, 0, len(a.Groups))
	for _, g := range a.Groups {
		ids = append(ids, g.ID)
	}
	return ids
}

// number reads a numeric attribute.
func number(a attributes, name string) (n int, ok bool) {
	if v, is := a[name].(*types.AttributeValueMemberN); is {
		n, err := strconv.Atoi(v.Value)
		return n, err == nil
	}
	return 0, false
}

// DaysInUse are an activity's days from one on of which somebody has a place or waits for one.
func (c Collectivity) DaysInUse(ctx context.Context, activity string, from calendar.Date) (days []calendar.Date, err error) {
	k := c.slotKey(activity, string(from))
	slots, err := c.query(ctx, k.PK, k.SK, c.slotKey(activity, end).SK)
	for _, slot := range slots {
		used := 0
		for name := range slot {
			if strings.HasPrefix(name, "taken_") || strings.HasPrefix(name, "waiting_") {
				n, _ := number(slot, name)
				used += n
			}
		}
		if used > 0 {
			days = append(days, calendar.Date(strings.TrimPrefix(keyOf(slot).SK, "SLOT#")))
		}
	}
	return days, err
}
