package main

import (
	"context"
	"encoding/json"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle takes a request: POST /v1/families/{family}/requests. Each day has its own outcome, judged now. The same
// Idempotency-Key answers the request that it made, with its progress.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.NewRequest) (api.Request, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.Request{}, err
	}
	request, err := a.identify(right, in)
	if err != nil {
		return api.Request{}, err
	}
	_, planning, err := right.Store.Planning(ctx, booking.WeeksOf(request.Period))
	if err != nil {
		return api.Request{}, err
	}
	written, err := right.Store.Ask(ctx, request, planning, a.now())
	return views.Request(written), err
}

// identify makes the request, unjudged. With a key, its name is the same each time.
func (a app) identify(right store.FamilyRight, in api.NewRequest) (booking.Request, error) {
	if err := booking.CheckPeriod(calendar.Period{From: calendar.Date(in.From), To: calendar.Date(in.To)}); err != nil {
		return booking.Request{}, err
	}
	asked, err := json.Marshal(in) // the body alone: path and header are not part of it
	if err != nil {
		return booking.Request{}, err
	}
	now := a.now()
	r := booking.Request{Account: right.Account.ID, CreatedAt: now, Body: id.Derived(string(asked)), Asking: views.Asking(in.Asking)}
	r.ID = right.Store.RequestID(id.New(now))
	if in.Key != "" {
		r.ID = right.Store.RequestID(id.Derived(right.Account.ID, in.Key))
	}
	return r, nil
}
