package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
)

type app struct{ store *store.Store }

// handle ends one of the caller's sessions, on another device: DELETE /v1/sessions/{id}. It is not renewed any more, so that it
// is over within a quarter of an hour. One that is none is fine.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.SessionPath) (api.Nothing, error) {
	me, err := a.store.Me(ctx, c.Caller)
	if err != nil {
		return api.Nothing{}, err
	}
	return api.Nothing{}, a.store.CloseSession(ctx, me.ID, in.ID)
}
