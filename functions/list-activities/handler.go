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

// handle lists the activities in the agent's scope, those archived too: GET /v1/collectivities/{slug}/activities.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.CollectivityPath) (api.List[api.Activity], error) {
	list := api.List[api.Activity]{Items: []api.Activity{}}
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return list, err
	}
	configuration, err := right.Store.Configuration(ctx)
	for _, activity := range configuration.Activities {
		if right.Agent.Sees(activity.ID) {
			list.Items = append(list.Items, views.AgentActivity(activity))
		}
	}
	return list, err
}
