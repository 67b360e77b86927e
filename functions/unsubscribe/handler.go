package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle ends a subscription: DELETE /v1/me/subscriptions/{family}. Coming back needs a new code.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.FamilyPath) (api.Nothing, error) {
	family, err := a.store.LeaveOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.Nothing{}, err
	}
	return api.Nothing{}, family.Unsubscribe(ctx, a.now())
}
