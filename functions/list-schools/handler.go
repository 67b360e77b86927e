package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

// handle lists the town's schools with their classes: GET /v1/collectivities/{slug}/schools.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.CollectivityPath) (api.List[api.School], error) {
	list := api.List[api.School]{Items: []api.School{}}
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return list, err
	}
	configuration, err := right.Store.Configuration(ctx)
	for _, school := range configuration.Schools {
		list.Items = append(list.Items, views.School(school))
	}
	return list, err
}
