package main

import (
	"context"
	"encoding/json"
	"fmt"
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

// handle goes once through the requests whose writing was cut short.
func (a app) handle(ctx context.Context, _ json.RawMessage) error {
	now := a.now()
	return background.Queue[store.UnsettledRequest]{
		Page: func(ctx context.Context, cursor string) ([]store.UnsettledRequest, string, error) {
			return a.store.UnsettledRequests(ctx, now, cursor)
		},
		Work:     a.settle,
		Patience: 45 * time.Second, // less than the lease, so that two processes never write the same request
	}.Run(ctx, a.log)
}

// settle goes on with a request. It is not done if another process has it.
func (a app) settle(ctx context.Context, u store.UnsettledRequest) (done bool, err error) {
	r, err := u.Store.Request(ctx, u.ID)
	if err != nil {
		return false, fmt.Errorf("%s: %w", u.ID, err)
	}
	if r.Settled {
		return false, nil // the index lags
	}
	c, err := u.Store.Configuration(ctx)
	if err != nil {
		return false, fmt.Errorf("%s: %w", u.ID, err)
	}
	after, err := u.Store.Resume(ctx, r, c, a.now())
	if err != nil {
		return false, fmt.Errorf("%s: %w", u.ID, err)
	}
	return after.Settled, nil
}
