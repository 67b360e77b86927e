package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

// handle shows the caller's account: GET /v1/me.
func (a app) handle(ctx context.Context, c httpapi.Caller, _ api.Nothing) (api.Me, error) {
	me, err := a.store.Me(ctx, c.Caller)
	if err != nil {
		return api.Me{}, err
	}
	return views.MeWithTerms(ctx, a.store, me)
}
