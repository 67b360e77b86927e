package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle answers what each day of a request would become: POST /v1/families/{family}/requests/preview. Nothing is written;
// who really asks first comes first.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.NewRequest) (api.RequestPreview, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.RequestPreview{}, err
	}
	if err := booking.CheckPeriod(calendar.Period{From: calendar.Date(in.From), To: calendar.Date(in.To)}); err != nil {
		return api.RequestPreview{}, err
	}
	r := booking.Request{Account: right.Account.ID, CreatedAt: a.now(), Asking: views.Asking(in.Asking)}
	if r, err = right.Store.Foresee(ctx, r); err != nil {
		return api.RequestPreview{}, err
	}
	out := api.RequestPreview{Kind: in.Kind, Days: []api.RequestDay{}}
	for _, l := range r.Lines {
		out.Days = append(out.Days, views.RequestDay(r.Kind, l))
	}
	return out, nil
}
