package store

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"preau/shared/booking"
	"preau/shared/calendar"
)

// waitItem is a child who waits for a place of an age group of a slot. A day that needs several places waits for each.
type waitItem struct {
	Family, Request string
	Date            calendar.Date
	Child, Activity string        // of the day: its own activity, also where the place is a meal's
	Needs           []booking.Use `dynamodbav:",omitempty"`
	Until           time.Time     // it stops waiting
}

// waitKey sorts those who wait by age group and rank.
func (c Collectivity) waitKey(s booking.Seats, rank int) key {
	return key{c.keyOfSlot(slotOf(s)).PK, waitPrefix(s) + fmt.Sprintf("%06d", rank)}
}

func waitPrefix(s booking.Seats) string { return fmt.Sprintf("WAIT#%s#%s#", s.Date, s.Group) }

// Rank is how many come before a waiting day at its own activity, and one.
func (f FamilyStore) Rank(ctx context.Context, d booking.Day) (int, error) {
	if len(d.Ranks) == 0 {
		return 0, nil
	}
	seats := booking.Seats{Date: d.Date, Activity: d.Activity, Group: d.Group}
	in := f.between(f.waitKey(seats, 0).PK, f.waitKey(seats, 0).SK, f.waitKey(seats, d.Ranks[0]).SK)
	in.Select = types.SelectCount
	rank := 0
	for {
		out, err := f.db.Query(ctx, in)
		if err != nil {
			return 0, fmt.Errorf("count who waits: %w", err)
		}
		rank += int(out.Count)
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return rank, nil
		}
	}
}

// Ranks are the ranks of the waiting days among some, one count each, at the same time.
func (f FamilyStore) Ranks(ctx context.Context, days map[booking.Place]booking.Day) (map[booking.Place]int, error) {
	var waiting []booking.Day
	for _, d := range days {
		if d.State == booking.Waitlisted {
			waiting = append(waiting, d)
		}
	}
	ranks := make([]int, len(waiting))
	var counts []func() error
	for i, d := range waiting {
		counts = append(counts, func() (err error) { ranks[i], err = f.Rank(ctx, d); return err })
	}
	err := together(counts...)
	out := map[booking.Place]int{}
	for i, d := range waiting {
		out[d.Place] = ranks[i]
	}
	return out, err
}

// waitWrites put a line among those who wait for each of its places. Each rank was drawn once.
func (f FamilyStore) waitWrites(r booking.Request, l booking.Line) (writes []write) {
	for i, s := range l.SeatsOf() {
		w := waitItem{f.id, r.ID, l.Date, l.Child, l.Activity, l.Needs, l.Until}
		writes = append(writes, write{put: item(f.waitKey(s, l.Ranks[i]), w)})
	}
	return writes
}

// leaveWrites take a line out of the lists where it waits.
func (f FamilyStore) leaveWrites(r booking.Request, l booking.Line) (writes []write) {
	for i, s := range l.SeatsOf() {
		if i < len(l.Ranks) {
			writes = append(writes, write{key: f.waitKey(s, l.Ranks[i]), delete: true, condition: "#request = :request", names: map[string]string{"#request": "Request"}, values: values(":request", r.ID)})
		}
	}
	return writes
}

// Waiting lists who waits for a slot, by age group and rank.
func (c Collectivity) waiting(ctx context.Context, s booking.Slot) ([]waitItem, []key, error) {
	prefix := "WAIT#" + string(s.Date) + "#"
	items, err := c.pages(ctx, c.between(c.keyOfSlot(s).PK, prefix, prefix+end))
	if err != nil {
		return nil, nil, err
	}
	var keys []key
	for _, a := range items {
		keys = append(keys, keyOf(a))
	}
	all, err := decodeAll[waitItem](items)
	return all, keys, err
}
