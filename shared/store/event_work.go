package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// A DueEvent is an event of which something is left to be done.
type DueEvent struct {
	town Collectivity
	id   string
}

// String names the event in logs.
func (d DueEvent) String() string { return d.town.slug + "/event/" + d.id }

// DueEvents lists the events that are due, of all tenants, a page at a time. next is "" after the last page.
func (s *Store) DueEvents(ctx context.Context, now time.Time, cursor string) (all []DueEvent, next string, err error) {
	keys, next, err := s.shardPage(ctx, eventQueue, now, cursor)
	for _, k := range keys {
		if d, ok := s.DueEvent(k.PK, k.SK); ok {
			all = append(all, d)
		}
	}
	return all, next, err
}

// DueEvent is the event that a key of the table's stream names.
func (s *Store) DueEvent(pk, sk string) (DueEvent, bool) {
	c := s.collectivity(strings.TrimPrefix(pk, "C#"))
	id, isEvent := strings.CutPrefix(sk, c.eventKey("").SK)
	return DueEvent{c, id}, isEvent
}

// CarryOut goes on with an event, unless another process does: family by family in the order of their ids, some at the same
// time. Where it is cut short it goes on from the place reached, and what was done is not done twice. done is false where
// nothing was due.
func (d DueEvent) CarryOut(ctx context.Context, now time.Time) (done bool, err error) {
	i, ok, err := get[eventItem](ctx, d.town.Store, d.town.eventKey(d.id))
	if err != nil || !ok || i.WorkAt > stamp(now) {
		return false, err
	}
	if i, ok, err = d.hold(ctx, i, now); err != nil || !ok {
		return false, err
	}
	if i.Phase == resting {
		return true, d.town.putAway(ctx, i)
	}
	town, err := d.town.Town(ctx)
	if err != nil {
		return false, err
	}
	families, err := d.town.familiesOf(ctx, i.Event, town)
	if err != nil {
		return false, err
	}
	if err = d.goThrough(ctx, i, families, town, now); errors.Is(err, errTaken) {
		return false, nil
	}
	return true, err
}

// hold has this process alone work on an event for a while; the queue sees it again if the process dies.
func (d DueEvent) hold(ctx context.Context, i eventItem, now time.Time) (eventItem, bool, error) {
	x := d.step(i, now.Add(eventLease))
	x.remove(x.path("wake"))
	err := d.town.apply(ctx, x.write(d.town.eventKey(d.id), nil).once())
	if errors.Is(err, errCondition) {
		return i, false, nil
	}
	i.WorkAt = stamp(now.Add(eventLease))
	return i, err == nil, err
}

// step is a write of what becomes of an event, on behalf of the process that has it, and when it is due next.
func (d DueEvent) step(i eventItem, next time.Time) *expression {
	x := newExpression()
	x.was(x.path("workAt"), i.WorkAt)
	x.was(x.path("Phase"), i.Phase)
	x.set(x.path("workAt"), stamp(next))
	return x
}

// familiesOf are the families that an event may be about: those with a child who may come, or once might, to one of its
// activities. What they have booked there outlives an enrolment.
func (c Collectivity) familiesOf(ctx context.Context, e collectivity.Event, town *booking.Town) ([]string, error) {
	activities := e.Activities
	if len(activities) == 0 {
		for _, a := range town.Activities {
			activities = append(activities, a.ID)
		}
	}
	lists := make([][]Enrolled, len(activities))
	err := Each(len(activities), func(i int) (err error) {
		lists[i], err = c.Enrolled(ctx, activities[i], calendar.Period{From: "0000-01-01", To: "9999-12-31"})
		return err
	})
	families := map[string]bool{}
	for _, e := range slices.Concat(lists...) {
		families[e.Family] = true
	}
	return slices.Sorted(maps.Keys(families)), err
}

// goThrough does the event's phase for the families that are left of it. A family that fails keeps no other waiting: the
// phase is gone through again later.
func (d DueEvent) goThrough(ctx context.Context, i eventItem, families []string, town *booking.Town, now time.Time) (failed error) {
	from, _ := slices.BinarySearch(families, i.Reached+" ") // behind the one reached
	for some := range slices.Chunk(families[from:], atOnce) {
		if short(ctx) {
			return errors.Join(failed, d.pause(ctx, i, now))
		}
		errs := make([]error, len(some))
		_ = Each(len(some), func(n int) error { // none keeps another waiting
			errs[n] = d.town.family(some[n]).carryOut(ctx, i.Event, town, now)
			return nil
		})
		err := errors.Join(errs...)
		failed = errors.Join(failed, err)
		from += len(some)
		i.Failed, i.Reached = i.Failed || err != nil, some[len(some)-1]
		if err := d.progress(ctx, i, from, len(families), now); err != nil {
			return errors.Join(failed, err)
		}
	}
	return errors.Join(failed, d.finish(ctx, i, len(families), now))
}

// short says whether there is little time left.
func short(ctx context.Context) bool {
	deadline, limited := ctx.Deadline()
	return limited && time.Until(deadline) < 15*time.Second
}

// progress keeps the place reached.
func (d DueEvent) progress(ctx context.Context, i eventItem, settled, total int, now time.Time) error {
	x := d.step(i, now.Add(eventLease))
	x.set(x.path("Reached"), i.Reached)
	x.set(x.path("Failed"), i.Failed)
	if i.Phase == carrying {
		x.set(x.path("Settled"), settled)
		x.set(x.path("Total"), total)
	}
	return d.stepped(ctx, x)
}

// stepped writes a step. Where the event is no longer this process's, because it was revoked, whoever has it goes on.
func (d DueEvent) stepped(ctx context.Context, x *expression) error {
	err := d.town.apply(ctx, x.write(d.town.eventKey(d.id), nil).once())
	if errors.Is(err, errCondition) {
		return errTaken
	}
	return err
}

var errTaken = errors.New("the event is no longer this process's")

// pause leaves the rest to the next process, at once.
func (d DueEvent) pause(ctx context.Context, i eventItem, now time.Time) error {
	x := d.step(i, now)
	x.set(x.path("wake"), "now")
	return d.stepped(ctx, x)
}

// finish ends a phase and says what comes next, and when.
func (d DueEvent) finish(ctx context.Context, i eventItem, total int, now time.Time) error {
	next, at := checking, now.Add(eventGrace)
	switch {
	case i.Failed:
		next, at = i.Phase, now.Add(eventRetry)
	case i.Phase == checking:
		next, at = resting, putAwayAt(i.Event)
	}
	x := d.step(i, at)
	x.set(x.path("Phase"), next)
	x.remove(x.path("Reached"))
	x.remove(x.path("Failed"))
	if !i.Failed && i.Phase == carrying {
		x.set(x.path("Applied"), true)
		x.set(x.path("Settled"), total)
		x.set(x.path("Total"), total)
	}
	return d.stepped(ctx, x)
}

func putAwayAt(e collectivity.Event) time.Time {
	at, _ := e.Period.To.AddDays(eventKept).At("12:00", time.UTC) // an hour
	return at
}

// putAway takes an event out of the configuration, which every function holds in memory: what is long over decides nothing
// any more. Its days say themselves what it did to them.
func (c Collectivity) putAway(ctx context.Context, i eventItem) error {
	seen := i.WorkAt
	i.work = work{}
	err := c.transact(
		ctx,
		write{
			key: c.eventKey(i.ID), delete: true, condition: "workAt = :seen AND #phase = :resting", names: map[string]string{"#phase": "Phase"},
			values: values(":seen", seen, ":resting", resting), or: errTaken,
		},
		write{put: item(c.pastEventKey(i.Event), i)},
		c.moveVersion(),
	)
	if err != nil {
		return fmt.Errorf("put event %s away: %w", i.ID, err)
	}
	return nil
}
