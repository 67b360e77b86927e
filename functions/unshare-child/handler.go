package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle takes a child out of a file that only points at it: DELETE /v1/collectivities/{slug}/families/{family}/children/{child}.
// It stays in its other household's. Nothing of it may be to come here; neither family may be the agent's.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.SharedChildPath) (api.UnsharedChild, error) {
	out := api.UnsharedChild{Family: in.Family, Child: in.Child}
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reviewer)
	if err != nil {
		return out, err
	}
	if err := right.NotOwn(ctx, in.Family); err != nil {
		return out, err
	}
	err = store.Again(ctx, func() (err error) {
		out.Home, out.Version, err = right.UnshareChild(ctx, in.Family, in.Child, a.now())
		return err
	})
	return out, err
}
