package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/refusal"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	log   *slog.Logger
	now   func() time.Time
}

// handle goes once through the activities that were written a while ago.
func (a app) handle(ctx context.Context, _ json.RawMessage) error {
	now := a.now()
	return background.Queue[store.ChangedPlaces]{
		Page: func(ctx context.Context, cursor string) ([]store.ChangedPlaces, string, error) {
			return a.store.ChangedPlaces(ctx, now, cursor)
		},
		Work:     a.adjust,
		Patience: 45 * time.Second,
	}.Run(ctx, a.log)
}

// adjust brings an activity's places to all of its days to come. It is not done when the activity was written again
// meanwhile: it is due again for that.
func (a app) adjust(ctx context.Context, changed store.ChangedPlaces) (done bool, err error) {
	if asleep, err := changed.Store.Asleep(ctx); err != nil || asleep {
		return false, err
	}
	configuration, err := changed.Store.Configuration(ctx)
	if err != nil {
		return false, fmt.Errorf("%s: %w", changed.Activity, err)
	}
	activity, known := configuration.Activity(changed.Activity)
	if !known {
		return false, nil // the index lags
	}
	today := calendar.DateOf(a.now(), configuration.Zone())
	if err := changed.Store.SetPlaces(ctx, activity, today, a.now()); err != nil {
		return false, fmt.Errorf("%s: %w", changed.Activity, err)
	}
	err = changed.Store.PlacesReached(ctx, activity)
	if refusal.Code(err) == store.ErrMoved.Code {
		return false, nil
	}
	return err == nil, err
}
