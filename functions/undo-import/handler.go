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

// handle has an import taken back: POST /v1/collectivities/{slug}/imports/{import}/undo. It answers the job that does.
// The same Idempotency-Key answers the job that it made, as far as it is.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ImportUndo) (api.Job, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Job{}, err
	}
	work := store.ImportWork{Kind: store.JobUndoImport, Title: "Annulation de l’import", Key: in.Key}
	work.Next = func(i store.Import) (store.Import, error) {
		err := right.Store.MayUndo(ctx, i)
		i.State = store.ImportUndoing
		return i, err
	}
	j, err := right.WorkOnImport(ctx, in.Import, work, a.now())
	return views.Job(j, a.now()), err
}
