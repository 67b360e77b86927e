package main

import (
	"context"
	"errors"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle adds a note of the town to a family's file: POST /v1/collectivities/{slug}/families/{family}/notes. Families do not see
// it, and agents write none about their own. The same Idempotency-Key answers the note that it wrote.
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
	note := family.Note{ID: right.AskedID(in.Key, now), By: right.Account.ID, Author: right.Agent.Name, At: now, Text: in.Text}
	err = right.Family(in.Family).WriteNote(ctx, note)
	if errors.Is(err, store.ErrMoved) {
		note, err = written(ctx, right.Family(in.Family), note)
	}
	return views.Note(note), err
}

// written is the note that was written already when it was asked for with the same key.
func written(ctx context.Context, f store.FamilyStore, asked family.Note) (family.Note, error) {
	known, err := f.Note(ctx, asked.ID)
	if err == nil && known.Text != asked.Text {
		err = store.ErrKeyReused
	}
	return known, err
}
