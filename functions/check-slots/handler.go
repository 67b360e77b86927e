package main

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"log/slog"
	"time"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	log   *slog.Logger
	now   func() time.Time
}

// handle goes through the collectivities whose hour it is, so that each is checked once a day. A counter that was wrong is repaired, and told as a failure: an alarm hears of
// it, for it must not happen.
func (a app) handle(ctx context.Context, _ json.RawMessage) error {
	return background.Queue[store.Collectivity]{
		Page: func(ctx context.Context, cursor string) ([]store.Collectivity, string, error) {
			return a.store.Collectivities(ctx, cursor)
		},
		Work:     a.check,
		Patience: 100 * time.Second,
	}.Run(ctx, a.log)
}

// hourOf is the hour of the day, UTC, at which a collectivity is checked.
func hourOf(slug string) int {
	h := fnv.New32a()
	h.Write([]byte(slug))
	return int(h.Sum32() % 24)
}

// check recounts one collectivity, from yesterday on.
func (a app) check(ctx context.Context, town store.Collectivity) (done bool, err error) {
	if hourOf(town.Slug()) != a.now().UTC().Hour() {
		return false, nil // each town has its hour, so that no tick has all of them
	}
	if asleep, err := town.Asleep(ctx); err != nil || asleep {
		return false, err
	}
	repaired, twice, err := town.Recount(ctx, calendar.DateOf(a.now(), time.UTC).AddDays(-1), a.now())
	for _, wrong := range repaired {
		a.log.Error("counter repaired", "collectivity", town.Slug(), "slot", wrong)
	}
	for _, child := range twice {
		a.log.Error("two places for one child", "collectivity", town.Slug(), "slot", child)
	}
	if err == nil && len(repaired)+len(twice) > 0 {
		err = fmt.Errorf("%s: %d counters were wrong, %d children had two places", town.Slug(), len(repaired), len(twice))
	}
	return err == nil, err
}
