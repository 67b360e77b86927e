package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle withdraws what still waits of a request: DELETE /v1/families/{family}/requests/{request}. Days that are booked
// stay so: they leave by an absence. Withdrawing twice is fine.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.RequestPath) (api.Request, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.Request{}, err
	}
	town, err := right.Store.Town(ctx)
	if err != nil {
		return api.Request{}, err
	}
	for {
		request, left, err := a.withdraw(ctx, right.Store, town, in.Request)
		if err != nil || left == 0 {
			return views.Request(request), err
		}
	}
}

// withdraw takes back as many pending days as one write holds, anew when an agent decides at the same time, and says how
// many are left.
func (a app) withdraw(ctx context.Context, f store.FamilyStore, town *booking.Town, id string) (request booking.Request, left int, err error) {
	err = store.Again(ctx, func() error {
		stored, err := f.Request(ctx, id)
		if err != nil {
			return err
		}
		lines := stored.PendingLines("", "", "")
		switch {
		case stored.State() == "withdrawn":
			request, left = stored.Request, 0
			return nil
		case !stored.Settled:
			left = 0
			request, err = f.StopRequest(ctx, stored, a.now())
			return err
		case len(lines) == 0:
			return errNothingPending
		}
		some := store.Fitting(stored.Request, lines)
		left = len(lines) - len(some)
		request, err = f.WithdrawRequest(ctx, stored, some, town, a.now())
		return err
	})
	return request, left, err
}

var errNothingPending = refusal.New(refusal.Conflict, "nothing_pending", "Plus rien n’est en attente dans cette demande. Une journée réservée s’annule en déclarant une absence.")
