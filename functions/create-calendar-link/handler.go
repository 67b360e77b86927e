package main

import (
	"context"
	"time"

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
	now    func() time.Time
}

// handle makes the caller's calendar link: POST /v1/families/{family}/calendar. A link that there was opens nothing from
// then on.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.FamilyPath) (api.CalendarLink, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.CalendarLink{}, err
	}
	link, err := right.OpenCalendar(ctx, a.now())
	if err != nil {
		return api.CalendarLink{}, err
	}
	return views.CalendarLink(link, a.portal, a.secret.Calendar(right.Account.ID, right.Store.ID(), link.Issue)), nil
}
