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

// handle has an import read and held against what is there: POST /v1/collectivities/{slug}/imports/{import}/check. It answers the job that does.
// The report that it had is in force no more.
// The same Idempotency-Key answers the job that it made, as far as it is.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ImportCheck) (api.Job, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Job{}, err
	}
	work := store.ImportWork{Kind: store.JobCheckImport, Title: "Vérification", Key: in.Key}
	work.Next = func(i store.Import) (store.Import, error) {
		err := right.Store.MayCheck(ctx, i, a.now())
		i.State, i.Report, i.Overwrite, i.Mapping = store.ImportChecking, "", in.Overwrite, nil
		i.Code, i.Detail, i.Fields = "", "", nil
		if len(in.Mapping) > 0 {
			i.Mapping = views.MappingOf(in.Mapping)
		}
		return i, err
	}
	j, err := right.WorkOnImport(ctx, in.Import, work, a.now())
	return views.Job(j, a.now()), err
}
