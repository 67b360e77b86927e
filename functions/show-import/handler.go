package main

import (
	"context"
	"errors"
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

// handle shows an import with its report, and how far the job is that works on it: GET /v1/collectivities/{slug}/imports/{import}.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ImportPath) (api.Import, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Import{}, err
	}
	i, err := right.Store.WholeImport(ctx, in.Import)
	if err != nil {
		return api.Import{}, err
	}
	if i.Job == "" {
		return views.WholeImport(i, nil, a.now()), nil
	}
	j, err := right.Store.Job(ctx, i.Job)
	if errors.Is(err, store.ErrJobUnknown) {
		return views.WholeImport(i, nil, a.now()), nil
	}
	return views.WholeImport(i, &j, a.now()), err
}
