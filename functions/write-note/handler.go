package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle adds a note of the town to a family's file: POST /v1/collectivities/{slug}/families/{family}/notes. Families do not see
// it, and agents write none about their own.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.NewNote) (api.Note, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reviewer)
	if err != nil {
		return api.Note{}, err
	}
	if err := right.Finds(ctx, in.Family, a.now()); err != nil {
		return api.Note{}, err
	}
	if err := right.NotOwn(ctx, in.Family); err != nil {
		return api.Note{}, err
	}
	now := a.now()
	note := family.Note{ID: id.New(now), By: right.Account.ID, Author: right.Agent.Name, At: now, Text: in.Text}
	return views.Note(note), right.Family(in.Family).WriteNote(ctx, note)
}
