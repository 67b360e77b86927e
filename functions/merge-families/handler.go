package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle merges two files of one family: POST /v1/collectivities/{slug}/families/merges. All of it is one write, of the files that
// the agent saw. The first family's past days and requests stay where they are.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.MergeOrder) (api.Merge, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Manager)
	if err != nil {
		return api.Merge{}, err
	}
	var plan store.Merge
	err = store.Again(ctx, func() (err error) {
		if plan, err = right.PlanMerge(ctx, in.From, in.Into, a.now()); err != nil {
			return err
		}
		if plan.From.Version != in.FromVersion || plan.Into.Version != in.IntoVersion {
			return errMoved
		}
		return right.MergeFamilies(ctx, plan, a.now())
	})
	if err != nil {
		return api.Merge{}, err
	}
	shown := views.Merge(plan, right.Agent)
	shown.Into.Version = plan.Version()
	return shown, nil
}

var errMoved = refusal.New(refusal.Conflict, "version_moved", "Un des deux dossiers a changé depuis l’aperçu. Vérifiez ce que donnerait la fusion.")
