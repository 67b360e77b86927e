package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
)

// A WaitingSlot is a slot where somebody waits, and where a place was freed or somebody has waited long enough.
type WaitingSlot struct {
	town Collectivity
	slot booking.Slot
}

// String names the slot in logs.
func (w WaitingSlot) String() string {
	return w.town.slug + "/" + w.slot.Activity + "/" + string(w.slot.Date)
}

// WaitingSlots lists the slots that are due, of all tenants, a page at a time. next is "" after the last page.
func (s *Store) WaitingSlots(ctx context.Context, now time.Time, cursor string) (all []WaitingSlot, next string, err error) {
	keys, next, err := s.shardPage(ctx, waitQueue, now, cursor)
	for _, k := range keys {
		if w, ok := s.WaitingSlot(k.PK, k.SK); ok {
			all = append(all, w)
		}
	}
	return all, next, err
}

// WaitingSlot is the slot that a key of the table's stream names.
func (s *Store) WaitingSlot(pk, sk string) (WaitingSlot, bool) {
	slug, activity, ok := strings.Cut(strings.TrimPrefix(pk, "C#"), "#S#")
	date, isSlot := strings.CutPrefix(sk, "SLOT#")
	if !ok || !isSlot {
		return WaitingSlot{}, false
	}
	return WaitingSlot{s.collectivity(slug), booking.Slot{Date: calendar.Date(date), Activity: activity}}, true
}

// Promote gives free places to those who wait, by rank, and lets go of those who have waited until their limit. Who can not
// be served, because another place that it needs is missing, keeps its rank and stands in nobody's way. It answers how many
// were promoted and how many let go.
func (w WaitingSlot) Promote(ctx context.Context, now time.Time) (promoted, released int, err error) {
	town, err := w.town.Town(ctx)
	if err != nil {
		return 0, 0, err
	}
	for range attempts { // what still moves then stays due
		moves, known, err := w.begin(ctx)
		if err != nil || !known {
			return promoted, released, err
		}
		entries, keys, err := w.town.waiting(ctx, w.slot)
		if err != nil {
			return promoted, released, err
		}
		var left []waitItem
		full := map[string]bool{} // age groups of this slot without a place
		for i, e := range entries {
			outcome, err := w.serve(ctx, e, groupOf(keys[i]), full, town, now)
			if err != nil {
				return promoted, released, err
			}
			switch outcome {
			case booking.Booked:
				promoted++
				moves++
			case booking.Refused:
				released++
				moves++
			case booking.Waitlisted:
				left = append(left, e)
			}
		}
		if done, err := w.rest(ctx, left, moves); done || err != nil {
			return promoted, released, err
		}
	}
	return promoted, released, nil
}

// begin answers the call for a worker before anybody is served: whoever frees a place from now on calls again. The slot stays
// due, should this process die. It answers how often the slot has moved; it is not known where nobody has come to it yet.
func (w WaitingSlot) begin(ctx context.Context) (moves int, known bool, err error) {
	slot, err := w.town.applied(ctx, write{key: w.town.keyOfSlot(w.slot), update: "REMOVE wake", condition: exists, show: true})
	if errors.Is(err, errCondition) {
		return 0, false, nil
	}
	moves, _ = number(slot, "moves")
	return moves, true, err
}

// groupOf is the age group in the key of somebody who waits: WAIT#<date>#<group>#<rank>.
func groupOf(k key) string { return strings.Split(k.SK, "#")[2] }

// serve moves one who waits, if it can: booked, refused because its time is over, still waiting, or gone meanwhile ("").
func (w WaitingSlot) serve(ctx context.Context, e waitItem, group string, full map[string]bool, town *booking.Town, now time.Time) (booking.State, error) {
	over := !now.Before(e.Until)
	if full[group] && !over {
		return booking.Waitlisted, nil
	}
	f := w.town.family(e.Family)
	outcome, err := booking.State(""), error(nil)
	err = Again(ctx, func() error {
		outcome, err = f.serve(ctx, e, over, town, now)
		return err
	})
	if errors.Is(err, ErrRequestUnknown) {
		return "", nil
	}
	if outcome == booking.Waitlisted && len(e.Needs) == 0 {
		full[group] = true
	}
	return outcome, err
}

// serve books or refuses a day that waits. The line of a request that is still being written is left to whoever writes it:
// the revision tells them that a day has moved.
func (f FamilyStore) serve(ctx context.Context, e waitItem, over bool, town *booking.Town, now time.Time) (booking.State, error) {
	s, err := f.Request(ctx, e.Request)
	if err != nil {
		return "", err
	}
	days, err := f.DaysAt(ctx, []booking.Place{{Date: e.Date, Child: e.Child, Activity: e.Activity}})
	if err != nil {
		return "", err
	}
	i, ok := waitingLine(&s, days)
	if !ok {
		return "", nil
	}
	outcome, kind, reason := booking.Booked, MailRequestPromoted, ""
	if over {
		outcome, kind, reason = booking.Refused, MailRequestNoPlace, booking.Detail("no_place")
	}
	_, err = f.commit(ctx, s.Request, newRooms(town), movement{
		now: now, plan: f.decide(map[int]Verdict{i: {Accept: !over, Reason: reason}}, false),
		drop: func(_ *booking.Request, _ int, code string) error {
			if code == "slot_full" {
				return errNoRoom
			}
			return ErrMoved
		},
		head: func(next booking.Request) []write {
			writes := f.told(kind, next, s.rev+1, now, "date", string(e.Date), "child", e.Child, "activity", e.Activity)
			if s.Settled {
				return append(writes, f.requestWrites(s, next, []int{i})...)
			}
			return append(writes, f.nudge(s))
		},
	})
	if errors.Is(err, errNoRoom) {
		return booking.Waitlisted, nil
	}
	return outcome, err
}

var errNoRoom = errors.New("no room")

// nudge tells whoever writes a request that one of its days has moved.
func (f FamilyStore) nudge(s StoredRequest) write {
	return write{key: f.requestKey(s.ID), update: "SET Rev = Rev + :one", condition: "Rev = :rev AND Settled = :no", values: values(":one", 1, ":rev", s.rev, ":no", false), or: ErrMoved}
}

// waitingLine is the line of a waiting day in its request; one that is still being written gets it from the day.
func waitingLine(s *StoredRequest, days map[booking.Place]booking.Day) (int, bool) {
	for place, d := range days {
		if d.State != booking.Waitlisted || d.Request != s.ID {
			continue
		}
		i := slices.IndexFunc(s.Lines, func(l booking.Line) bool { return l.Place == place && l.Code == "" })
		if i < 0 || !s.Settled {
			s.Lines = append(slices.Clone(s.Lines), booking.LineOf(d, d.State))
			i = len(s.Lines) - 1
		}
		return i, s.Lines[i].State == booking.Waitlisted
	}
	return 0, false
}

// rest sets when the slot is due next: when the first of those left stops waiting; never, where nobody is. It is not done
// when a worker is called again since it began, or the slot has moved otherwise than by it: somebody came, or left.
func (w WaitingSlot) rest(ctx context.Context, left []waitItem, moves int) (done bool, err error) {
	e := newExpression()
	e.was(e.path("wake"), nil)
	if moves == 0 {
		e.was(e.path("moves"), nil)
	} else {
		e.was(e.path("moves"), moves)
	}
	if len(left) == 0 {
		e.remove(e.path("work"))
		e.remove(e.path("workAt"))
	} else {
		first := slices.MinFunc(left, func(a, b waitItem) int { return a.Until.Compare(b.Until) })
		e.set(e.path("workAt"), stamp(first.Until))
	}
	err = w.town.apply(ctx, e.write(w.town.keyOfSlot(w.slot), nil))
	if errors.Is(err, errCondition) {
		return false, nil
	}
	return err == nil, err
}
