package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	files *files.Files
	now   func() time.Time
}

// handle says how far a job is that the agent could have asked for: GET /v1/collectivities/{slug}/jobs/{job}. Once it is done, it
// gives links to what the job made, which may hold codes and all the town's families: that the agent gets them is recorded first.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.JobPath) (api.Job, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return api.Job{}, err
	}
	j, err := right.Store.Job(ctx, in.Job)
	if err != nil {
		return api.Job{}, err
	}
	if !j.ShownTo(right.Agent) {
		return api.Job{}, store.ErrJobUnknown
	}
	shown := views.Job(j, a.now())
	if len(shown.Files) == 0 {
		return shown, nil
	}
	if err := right.Fetched(ctx, j, a.now()); err != nil {
		return shown, err
	}
	return views.JobWithLinks(ctx, a.files, j, a.now())
}
