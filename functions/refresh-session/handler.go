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

// handle renews the access token: POST /v1/sessions/refresh. Credentials that the account no longer uses renew nothing, nor does
// a session that was ended from another device.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.SessionCookie) (httpapi.Session, error) {
	caller, refresh, err := httpapi.ReadSession(in.Cookie)
	if err != nil {
		return httpapi.Session{}, err
	}
	// The cookie stays where the account has other credentials now: the answer that brings theirs may be on its way to
	// the same browser.
	me, open, err := a.store.Renewable(ctx, caller, account.SessionID(refresh))
	switch {
	case err != nil:
		return httpapi.Session{}, err
	case !open:
		return httpapi.Session{Ended: true}, account.ErrSessionEnded
	case caller.Agent && me.Enrolling():
		return httpapi.Session{}, account.ErrTOTPReset
	}
	tokens, err := a.pool.Refresh(ctx, identity.ClientOf(caller.Agent), caller.User, refresh)
	if errors.Is(err, identity.ErrRefused) {
		return httpapi.Session{Ended: true}, account.ErrSessionEnded // its cookie is of no use any more
	}
	return httpapi.Session{Session: api.Session{AccessToken: tokens.Access, ExpiresIn: tokens.Seconds}}, err
}
