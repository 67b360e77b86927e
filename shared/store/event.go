package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"preau/shared/collectivity"
)

// eventItem is an event of the town, part of its configuration until long after its end, and how far it is carried out.
// Something is left to be done at workAt; whoever does it holds the event by a later one.
type eventItem struct {
	collectivity.Event
	Body    string `dynamodbav:",omitempty"` // hash of what was declared: the same key with another body is refused
	Phase   phase
	Applied bool
	Reached string `dynamodbav:",omitempty"` // the family up to which the phase is done
	Failed  bool   `dynamodbav:",omitempty"` // some of those families failed: the phase is to be gone through again
	Settled int    // families gone through
	Total   int
	Wake    string `dynamodbav:"wake,omitempty"` // has advance-bookings come at once
	work
}

// phase is what comes next of an event.
type phase string

const (
	carrying phase = "carry" // its families' days are to be written
	checking phase = "check" // once more: days were booked meanwhile by what had been read before
	resting  phase = "rest"  // it leaves the configuration when it is long over
)

const (
	eventLease = time.Minute     // longer than one event is worked on at a time
	eventGrace = time.Minute     // no process is left then that books by the configuration of before
	eventRetry = 5 * time.Minute // where some families failed
	eventKept  = 60              // days after its end that an event stays in the configuration
)

// ErrEventExists means that the same event was declared before.
var ErrEventExists = errors.New("the event is already declared")

func eventQueue(shard int) string { return "EVENT#" + strconv.Itoa(shard) }

func (c Collectivity) dueEvent(id string, at time.Time) work {
	return queued(eventQueue(shardOf(c.slug+id)), at)
}

// pastEventKey sorts events that have left the configuration by their last day.
func (c Collectivity) pastEventKey(e collectivity.Event) key {
	return key{c.pk() + "#EVENTS", string(e.Period.To) + "#" + e.ID}
}

// DeclaredEvent is an event with how far it is carried out.
type DeclaredEvent struct {
	collectivity.Event
	Body           string
	Applied        bool // its families' days are written, and families told
	Settled, Total int  // families
	seen           string
}

func (i eventItem) declared() DeclaredEvent {
	return DeclaredEvent{i.Event, i.Body, i.Applied, i.Settled, i.Total, i.WorkAt}
}

// Event reads an event that is still in the configuration.
func (c Collectivity) Event(ctx context.Context, id string) (DeclaredEvent, error) {
	i, ok, err := get[eventItem](ctx, c.Store, c.eventKey(id))
	if err == nil && !ok {
		err = collectivity.ErrEventUnknown
	}
	return i.declared(), err
}

// Events lists the town's events by their last day, the latest first. The first page holds all that are in the
// configuration; those of long ago follow.
func (c Collectivity) Events(ctx context.Context, cursor string, limit int32) (all []DeclaredEvent, next string, err error) {
	var items []attributes
	if cursor == "" {
		if items, err = c.query(ctx, c.pk(), c.eventKey("").SK, c.eventKey(end).SK); err != nil {
			return nil, "", err
		}
	}
	in := c.between(c.pk()+"#EVENTS", "2", end)
	in.Limit, in.ScanIndexForward = &limit, new(false)
	past, next, err := c.onePage(ctx, in, cursor)
	if err != nil {
		return nil, "", err
	}
	found, err := decodeAll[eventItem](append(items, past...))
	for _, i := range found {
		all = append(all, i.declared())
	}
	slices.SortStableFunc(all, func(a, b DeclaredEvent) int {
		return cmp.Or(cmp.Compare(b.Period.To, a.Period.To), cmp.Compare(b.Period.From, a.Period.From), b.CreatedAt.Compare(a.CreatedAt))
	})
	return all, next, err
}

// DeclareEvent writes an agent's event, which was checked against a configuration, and has it carried out. ErrMoved: the
// configuration is another by now.
func (c Collectivity) DeclareEvent(ctx context.Context, seen Configuration, e collectivity.Event, body string) (DeclaredEvent, error) {
	i := eventItem{Event: e, Body: body, Phase: carrying, Wake: "now", work: c.dueEvent(e.ID, e.CreatedAt)}
	what := fmt.Sprintf("%s %s %s %s", e.Kind, e.Effect, e.Period.From, e.Period.To)
	return i.declared(), c.transact(
		ctx,
		write{put: item(c.eventKey(e.ID), i), condition: isNew, or: ErrEventExists},
		c.moveVersionFrom(seen),
		c.audit(e.Author, "declare-event", "event "+e.ID, e.CreatedAt, what),
	)
}

// RevokeEvent takes an event back, and has what it did to days to come undone. Revoking it again changes nothing. ErrMoved:
// it is being carried out, or the configuration is another by now.
func (c Collectivity) RevokeEvent(ctx context.Context, seen Configuration, e DeclaredEvent, by string, now time.Time) (DeclaredEvent, error) {
	if e.Revoked() {
		return e, nil
	}
	due := c.dueEvent(e.ID, now)
	x := newExpression()
	x.was(x.path("workAt"), e.seen)
	x.set(x.path("RevokedAt"), now)
	x.set(x.path("Phase"), carrying)
	x.set(x.path("Applied"), false)
	x.set(x.path("wake"), "now")
	x.set(x.path("work"), due.Work)
	x.set(x.path("workAt"), due.WorkAt)
	for _, name := range []string{"Reached", "Failed"} {
		x.remove(x.path(name))
	}
	x.set(x.path("Settled"), 0)
	err := c.transact(ctx, x.write(c.eventKey(e.ID), ErrMoved), c.moveVersionFrom(seen), c.audit(by, "revoke-event", "event "+e.ID, now))
	e.RevokedAt, e.Applied, e.Settled = now, false, 0
	return e, err
}
