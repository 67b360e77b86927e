package main

import (
	"context"
	"errors"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	pool  *identity.Pool
}

// handle ends the session of the cookie: DELETE /v1/sessions. Without one there is nothing to end, which is as well.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.SessionCookie) (httpapi.Session, error) {
	ended := httpapi.Session{Ended: true}
	caller, refresh, err := httpapi.ReadSession(in.Cookie)
	if err != nil {
		return ended, nil
	}
	closed := a.store.CloseSession(ctx, caller.Account, account.SessionID(refresh))
	return ended, errors.Join(closed, a.pool.End(ctx, identity.ClientOf(caller.Agent), refresh))
}
