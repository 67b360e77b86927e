package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

// handle withdraws what still waits of a request: DELETE /v1/families/{family}/requests/{request}. Days that are booked
// stay so: they leave by an absence. Withdrawing twice is fine.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.RequestPath) (api.Request, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.Request{}, err
	}
	for n := 0; ; {
		stored, err := right.Store.Request(ctx, in.Request)
		if err != nil {
			return api.Request{}, err
		}
		lines := stored.PendingLines("", "", "")
		switch {
		case stored.State() == "withdrawn":
			return views.Request(stored.Request), nil
		case !stored.Settled:
			return api.Request{}, store.ErrBusy
		case len(lines) == 0:
			return api.Request{}, errNothingPending
		}
		n++
		some := lines[:min(len(lines), store.MaxDecided)]
		withdrawn, err := right.Store.WithdrawRequest(ctx, stored, some)
		if refusal.Code(err) == store.ErrMoved.Code && n < attempts || err == nil && len(some) < len(lines) {
			continue
		}
		return views.Request(withdrawn), err
	}
}

// attempts is how often the withdrawal is tried anew when an agent decides at the same time.
const attempts = 20

var errNothingPending = refusal.New(refusal.Conflict, "nothing_pending", "Plus rien n’est en attente dans cette demande. Une journée réservée s’annule en déclarant une absence.")
