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

// handle puts a child of another file into this one too: POST /v1/collectivities/{slug}/families/{family}/children. Its health,
// authorisations and contacts are then both households'; what each books, asks and pays stays its own. Neither may be the agent's.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ShareChild) (api.SharedChild, error) {
	out := api.SharedChild{Family: in.Family, Child: in.Child, From: in.From}
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reviewer)
	if err != nil {
		return out, err
	}
	own, err := right.OwnFamilies(ctx, []string{in.Family, in.From})
	if err != nil {
		return out, err
	}
	if len(own) > 0 {
		return out, collectivity.ErrOwnFamily
	}
	err = store.Again(ctx, func() (err error) {
		out.Version, err = right.ShareChild(ctx, in.Family, in.From, in.Child, in.Relations, a.now())
		return err
	})
	return out, err
}
