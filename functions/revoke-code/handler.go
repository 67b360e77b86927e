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

// handle closes a code that nobody has used: DELETE /v1/collectivities/{slug}/codes/{code}. A code that is closed already stays so.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.CodePath) (api.Nothing, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Nothing{}, err
	}
	issued, err := right.Store.IssuedCode(ctx, in.Code)
	if err != nil {
		return api.Nothing{}, err
	}
	return api.Nothing{}, right.RevokeCode(ctx, issued, a.now())
}
