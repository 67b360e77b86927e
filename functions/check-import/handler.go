package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle has an import read and held against what is there: POST /v1/collectivities/{slug}/imports/{import}/check. It answers the job that does.
// The same Idempotency-Key answers the job that it made, as far as it is.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ImportCheck) (api.Job, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Manager)
	if err == nil && right.Agent.Scoped() {
		err = collectivity.ErrScoped
	}
	if err != nil {
		return api.Job{}, err
	}
	i, err := right.Store.Import(ctx, in.Import)
	if err != nil {
		return api.Job{}, err
	}
	j := i.Task(id.New(a.now()), store.JobCheckImport, "Vérification", a.now())
	if in.Key != "" {
		j.ID = id.Derived(right.Account.ID, in.Key)
	}
	if i.Job != j.ID {
		if i, err = a.next(ctx, right, i, in); err != nil {
			return api.Job{}, err
		}
	}
	j, err = right.StartImport(ctx, i, j)
	return views.Job(j, a.now()), err
}

// next is the import as it is while it is checked: the report that it had is in force no more.
func (a app) next(ctx context.Context, right store.AgentRight, i store.Import, in api.ImportCheck) (store.Import, error) {
	if err := right.Store.MayCheck(ctx, i, a.now()); err != nil {
		return i, err
	}
	i.State, i.Report, i.Overwrite = store.ImportChecking, "", in.Overwrite
	i.Code, i.Detail, i.Fields = "", "", nil
	i.Mapping = nil
	if len(in.Mapping) > 0 {
		i.Mapping = views.MappingOf(in.Mapping)
	}
	return i, nil
}
