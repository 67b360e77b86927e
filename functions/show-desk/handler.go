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

// handle shows an agent their own right, and how much waits in the town where all of it is theirs to see:
// GET /v1/collectivities/{slug}/desk. Nothing of any family is read.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.CollectivityPath) (api.Desk, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return api.Desk{}, err
	}
	desk := api.Desk{Name: right.Agent.Name, AgentRight: views.AgentRight(right.Agent)}
	if right.Agent.Scoped() {
		return desk, nil
	}
	desk.Waiting = &api.Waiting{}
	desk.Waiting.Changes, desk.Waiting.Requests, err = right.Store.CountQueued(ctx)
	return desk, err
}
