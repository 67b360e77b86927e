package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
)

type app struct{ store *store.Store }

// handle shows how many days ahead the caller is reminded of booking limits: GET /v1/families/{family}/reminders.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.FamilyPath) (api.Reminders, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.Reminders{}, err
	}
	days, err := right.Reminders(ctx)
	return api.Reminders{Days: days}, err
}
