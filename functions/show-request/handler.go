package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

// handle shows a request with all its days and how far it is written: GET /v1/families/{family}/requests/{request}.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.RequestPath) (api.Request, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.Request{}, err
	}
	stored, err := right.Store.Request(ctx, in.Request)
	if err != nil {
		return api.Request{}, err
	}
	r := stored.Request
	if !r.Settled {
		if r.Lines, err = soFar(ctx, right.Store, r); err != nil {
			return api.Request{}, err
		}
	}
	return views.Request(r), nil
}

// soFar are the days of a request that is still being worked off: those written have their outcome, the others are judged as
// they will be. Where what was asked for is gone meanwhile, there are none.
func soFar(ctx context.Context, f store.FamilyStore, r booking.Request) ([]booking.Line, error) {
	_, planning, err := f.Planning(ctx, booking.WeeksOf(r.Period))
	if err != nil {
		return nil, err
	}
	lines, refused := planning.Judge(r)
	if refused != nil {
		return nil, nil
	}
	return lines, nil
}
