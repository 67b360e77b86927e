package main

import (
	"context"
	"slices"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

// page is how many requests are looked at in one call; with a filter, fewer may be shown while there are more.
const page = 50

// handle lists requests: GET /v1/families/{family}/requests?child&activity&kind&state&cursor.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.RequestsQuery) (api.List[api.Request], error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.List[api.Request]{}, err
	}
	requests, next, err := right.Store.Requests(ctx, in.Cursor, page)
	if err != nil {
		return api.List[api.Request]{}, err
	}
	list := api.List[api.Request]{Items: []api.Request{}, Cursor: next}
	for _, r := range requests {
		if matches(r, in) {
			list.Items = append(list.Items, views.Request(r))
		}
	}
	return list, nil
}

func matches(r booking.Request, in api.RequestsQuery) bool {
	return (in.From == "" || string(r.Period.To) >= in.From) && (in.To == "" || string(r.Period.From) <= in.To) &&
		(in.Kind == "" || string(r.Kind) == in.Kind) && (in.State == "" || r.State() == in.State) &&
		slices.ContainsFunc(r.Items, func(i booking.Item) bool {
			return (in.Child == "" || i.Child == in.Child) && (in.Activity == "" || i.Activity == in.Activity)
		})
}
