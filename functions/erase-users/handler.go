package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"preau/shared/background"
	"preau/shared/identity"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	pool  *identity.Pool
	log   *slog.Logger
	now   func() time.Time
}

// handle goes once through the users whose time has come.
func (a app) handle(ctx context.Context, _ json.RawMessage) error {
	now := a.now()
	return background.Queue[store.DueUser]{
		Page: func(ctx context.Context, cursor string) ([]store.DueUser, string, error) {
			return a.store.DueUsers(ctx, now, cursor)
		},
		Work:     a.erase,
		Patience: 15 * time.Second,
	}.Run(ctx, a.log)
}

// erase drops a user, and then its record: cut short between the two, the next tick does it again. The user that its
// account took after all is kept.
func (a app) erase(ctx context.Context, u store.DueUser) (erased bool, err error) {
	owner, ok, err := a.store.Account(ctx, u.Account)
	if err != nil {
		return false, err
	}
	if ok && !owner.Closed && owner.User == u.User {
		return false, a.store.ForgetUser(ctx, u)
	}
	if err := a.pool.Delete(ctx, u.User); err != nil {
		return false, fmt.Errorf("%s: %w", u.User, err)
	}
	return true, a.store.ForgetUser(ctx, u)
}
