package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
)

type app struct{ store *store.Store }

// handle ends the caller's calendar link, if there is one: DELETE /v1/families/{family}/calendar.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.FamilyPath) (api.Nothing, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.Nothing{}, err
	}
	return api.Nothing{}, right.CloseCalendar(ctx)
}
