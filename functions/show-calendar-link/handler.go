package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store  *store.Store
	secret keys.Secret
	portal string
}

// handle shows the caller's calendar link, if there is one: GET /v1/families/{family}/calendar. Its address is derived
// again: no table holds it.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.FamilyPath) (api.CalendarLink, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.CalendarLink{}, err
	}
	link, err := right.Calendar(ctx)
	if err != nil || link.Issue == 0 {
		return api.CalendarLink{}, err
	}
	return views.CalendarLink(link, a.portal, a.secret.Calendar(right.Account.ID, right.Store.ID(), link.Issue)), nil
}
