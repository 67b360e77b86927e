package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/refusal"
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
	return a.ask(ctx, right, request)
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
	r := booking.Request{Account: right.Account.ID, CreatedAt: now, Body: id.Derived(string(asked)), Asking: views.Asking(in)}
	r.ID = right.Store.RequestID(id.New(now))
	if in.Key != "" {
		r.ID = right.Store.RequestID(id.Derived(right.Account.ID, in.Key))
	}
	return r, nil
}

// known finds a request that was already sent, and goes on with it if its writing was cut short.
func (a app) known(ctx context.Context, right store.FamilyRight, r booking.Request) (booking.Request, bool, error) {
	stored, err := right.Store.Request(ctx, r.ID)
	switch {
	case refusal.Code(err) == store.ErrRequestUnknown.Code:
		return r, false, nil
	case err != nil:
		return r, false, err
	case stored.Body != r.Body:
		return r, false, store.ErrKeyReused
	case stored.Settled:
		return stored.Request, true, nil
	}
	resumed, err := right.Store.Resume(ctx, stored, a.now())
	return resumed, true, err
}

// ask judges every day and writes what can be taken. Whether the request was sent before shows when it is written, once:
// looking first would cost every other request a trip.
func (a app) ask(ctx context.Context, right store.FamilyRight, r booking.Request) (api.Request, error) {
	_, planning, err := right.Store.Planning(ctx, booking.WeeksOf(r.Period))
	if err != nil {
		return api.Request{}, err
	}
	lines, no := planning.Ask(r)
	if no == nil {
		r.Lines = lines
		written, err := right.Store.AddRequest(ctx, r, planning.Town)
		if !errors.Is(err, store.ErrRequestExists) {
			return views.Request(written), err
		}
		no = err
	}
	if known, ok, err := a.known(ctx, right, r); ok || err != nil {
		return views.Request(known), err
	}
	return api.Request{}, no
}
