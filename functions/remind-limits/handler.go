package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"preau/shared/background"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	log   *slog.Logger
	now   func() time.Time
}

// patience is what one subscriber may take.
const patience = 20 * time.Second

// handle goes once through the subscribers whose evening has come. Those that it has no time for are told on the next tick.
func (a app) handle(ctx context.Context, _ json.RawMessage) error {
	now := a.now()
	return background.Queue[store.DueReminder]{
		Page: func(ctx context.Context, cursor string) ([]store.DueReminder, string, error) {
			return a.store.DueReminders(ctx, now, cursor)
		},
		Work:     func(ctx context.Context, d store.DueReminder) (bool, error) { return d.Remind(ctx, a.now()) },
		Patience: patience,
	}.Run(ctx, a.log)
}
