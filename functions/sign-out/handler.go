package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/identity"
)

type app struct{ pool *identity.Pool }

// handle ends the session of the cookie: DELETE /v1/sessions. Without one there is nothing to end, which is as well.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.SessionCookie) (httpapi.Session, error) {
	ended := httpapi.Session{Ended: true}
	caller, refresh, err := httpapi.ReadSession(in.Cookie)
	if err != nil {
		return ended, nil
	}
	client := identity.ClientOf(caller.Agent)
	return ended, a.pool.End(ctx, client, refresh)
}
