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

// handle ends an agent's right, or an invitation, at once: DELETE /v1/collectivities/{slug}/agents/{agent}. Nobody removes
// themselves, and somebody always manages the whole town.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.AgentPath) (api.Nothing, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Nothing{}, err
	}
	return api.Nothing{}, right.RemoveAgent(ctx, in.Agent, a.now())
}
