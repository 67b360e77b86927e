package main

import (
	"context"
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

// handle says what would become of two files of one family if the first went into the second, and what is in the way:
// POST /v1/collectivities/{slug}/families/merges/preview. Nothing is written, and no value is shown.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.MergePreviewQuery) (api.Merge, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Manager)
	if err != nil {
		return api.Merge{}, err
	}
	plan, err := right.PlanMerge(ctx, in.From, in.Into, a.now())
	if err != nil {
		return api.Merge{}, err
	}
	fits, err := right.Fits(ctx, plan, a.now())
	if err == nil && !fits {
		plan.Forbids = append(plan.Forbids, family.ErrMergeTooLarge)
	}
	return views.Merge(plan, right.Agent), err
}
