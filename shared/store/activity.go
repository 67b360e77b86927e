package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"preau/shared/collectivity"
)

// activityItem is an activity as kept: in the queue of places for a while after each write, see ChangedPlaces.
type activityItem struct {
	collectivity.Activity
	work
}

// SaveActivity writes an activity of the tenant whatever is there, as onboarding does.
func (c Collectivity) SaveActivity(ctx context.Context, a collectivity.Activity) error {
	a.Version++
	return c.transact(ctx, write{put: item(c.activityKey(a.ID), activityItem{Activity: a})}, c.moveVersion())
}

// SetActivity writes an agent's new or edited activity, which was checked against a configuration, and answers it with its
// new version. ErrMoved: the configuration is another by now.
func (c Collectivity) SetActivity(ctx context.Context, seen Configuration, a collectivity.Activity, by string, now time.Time) (collectivity.Activity, error) {
	action, condition := written("activity", a.Version)
	a.Version++
	err := c.transact(
		ctx,
		write{put: item(c.activityKey(a.ID), activityItem{a, queued(placesQueue, now.Add(placesWait))}), condition: condition, or: ErrMoved},
		c.moveVersionFrom(seen),
		c.audit(by, action, "activity "+a.ID, now, fmt.Sprint("version ", a.Version)),
	)
	return a, err
}

// written is the use case that writes a thing that was at a version, and the condition of its item: a new one's id is free.
func written(thing string, version int) (action, condition string) {
	if version == 0 {
		return "create-" + thing, isNew
	}
	return "update-" + thing, exists
}

const (
	placesQueue = "PLACES"
	// By then no process is left that still makes slots with the places of before: longer than any function holds a
	// configuration.
	placesWait = 3 * time.Minute
)

// ChangedPlaces is an activity whose places may not have reached all of its slots: it was written a while ago, and the
// writer may have died half-way, or bookings have made slots meanwhile by what they had read before.
type ChangedPlaces struct {
	Store    Collectivity
	Activity string
}

// ChangedPlaces lists such activities of all tenants, a page at a time. next is "" after the last page.
func (s *Store) ChangedPlaces(ctx context.Context, now time.Time, cursor string) (all []ChangedPlaces, next string, err error) {
	keys, next, err := s.duePage(ctx, placesQueue, now, cursor)
	for _, k := range keys {
		town := s.collectivity(strings.TrimPrefix(k.PK, "C#"))
		all = append(all, ChangedPlaces{town, strings.TrimPrefix(k.SK, town.activityKey("").SK)})
	}
	return all, next, err
}

// PlacesReached takes an activity out of the queue of places. ErrMoved: it was written again, and waits for its new places.
func (c Collectivity) PlacesReached(ctx context.Context, a collectivity.Activity) error {
	return c.apply(ctx, write{
		key: c.activityKey(a.ID), update: "REMOVE #w, workAt", condition: "Version = :seen",
		names: map[string]string{"#w": "work"}, values: values(":seen", a.Version), or: ErrMoved,
	})
}
