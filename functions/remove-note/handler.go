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

// handle removes a note of the town: DELETE /v1/collectivities/{slug}/families/{family}/notes/{note}. The audit keeps that it was
// there, not what it said.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.NotePath) (api.Nothing, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reviewer)
	if err != nil {
		return api.Nothing{}, err
	}
	if err := right.Finds(ctx, in.Family, a.now()); err != nil {
		return api.Nothing{}, err
	}
	if err := right.NotOwn(ctx, in.Family); err != nil {
		return api.Nothing{}, err
	}
	return api.Nothing{}, right.Family(in.Family).RemoveNote(ctx, in.Note, right.Account.ID, a.now())
}
