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

// handle has the report of an import made so: POST /v1/collectivities/{slug}/imports/{import}/application. It answers the job that does.
// The same Idempotency-Key answers the job that it made, as far as it is.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ImportApplication) (api.Job, error) {
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
	j := i.Task(id.New(a.now()), store.JobApplyImport, "Import", a.now())
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

// next is the import as it is while it is applied. A report of before the settings were changed is not.
func (a app) next(ctx context.Context, right store.AgentRight, i store.Import, in api.ImportApplication) (store.Import, error) {
	if err := right.Store.MayApply(ctx, i, in.Report, a.now()); err != nil {
		return i, err
	}
	i.State = store.ImportApplying
	return i, nil
}
