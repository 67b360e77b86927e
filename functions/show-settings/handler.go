package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

// handle shows a town's settings, each with what is in force, and what they may be: GET /v1/collectivities/{slug}/settings.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.CollectivityPath) (api.Settings, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Settings{}, err
	}
	configuration, err := right.Store.Configuration(ctx)
	return views.Settings(configuration), err
}
