package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle has the report of an import made so: POST /v1/collectivities/{slug}/imports/{import}/application. It answers the job that does.
// A report of before the settings were changed is not made so.
// The same Idempotency-Key answers the job that it made, as far as it is.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ImportApplication) (api.Job, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Job{}, err
	}
	work := store.ImportWork{Kind: store.JobApplyImport, Title: "Import", Key: in.Key}
	work.Next = func(i store.Import) (store.Import, error) {
		err := right.Store.MayApply(ctx, i, in.Report, a.now())
		i.State = store.ImportApplying
		return i, err
	}
	j, err := right.WorkOnImport(ctx, in.Import, work, a.now())
	return views.Job(j, a.now()), err
}
