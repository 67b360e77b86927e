package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

const page = 25

// handle lists the jobs that the agent could have asked for, newest first: GET /v1/collectivities/{slug}/jobs. A page may hold
// few of them and have a cursor all the same.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.JobsQuery) (api.List[api.Job], error) {
	list := api.List[api.Job]{Items: []api.Job{}}
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return list, err
	}
	jobs, next, err := right.Store.Jobs(ctx, in.Cursor, page)
	if err != nil {
		return list, err
	}
	list.Cursor = next
	for _, j := range jobs {
		if j.ShownTo(right.Agent) {
			list.Items = append(list.Items, views.Job(j, a.now()))
		}
	}
	return list, nil
}
