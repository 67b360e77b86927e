package main

import (
	"context"
	"time"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle lists the caller's open sessions, newest first: GET /v1/sessions. The cookie, which only comes to this path, tells which
// of them is asking.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.SessionCookie) (api.List[api.OpenSession], error) {
	list := api.List[api.OpenSession]{Items: []api.OpenSession{}}
	me, err := a.store.Me(ctx, c.Caller)
	if err != nil {
		return list, err
	}
	sessions, err := a.store.Sessions(ctx, me, a.now())
	current := ""
	if _, refresh, err := httpapi.ReadSession(in.Cookie); err == nil {
		current = account.SessionID(refresh)
	}
	for _, s := range sessions {
		list.Items = append(list.Items, api.OpenSession{ID: s.ID, At: views.Instant(s.At), Until: views.Instant(s.Until), Device: s.Device, Current: s.ID == current})
	}
	return list, err
}
