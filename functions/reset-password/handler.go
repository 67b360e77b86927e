package main

import (
	"context"
	"time"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/credentials"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/keys"
	"preau/shared/store"
)

type app struct {
	store  *store.Store
	pool   *identity.Pool
	secret keys.Secret
	now    func() time.Time
}

// handle sets a new password: PUT /v1/password-resets. It signs the person in; an agent still has to sign in with TOTP.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.NewPassword) (httpapi.Session, error) {
	accountID, issue, ok := a.secret.ReadToken("reset", in.Token)
	if !ok {
		return httpapi.Session{}, account.ErrLinkInvalid
	}
	found, ok, err := a.store.Account(ctx, accountID)
	if err != nil {
		return httpapi.Session{}, err
	}
	if !ok || found.Closed {
		return httpapi.Session{}, account.ErrLinkUsed
	}
	now := a.now()
	if err := found.Reset.Good(issue, account.ResetLife, now); err != nil {
		return httpapi.Session{}, err
	}
	if err := account.CheckPassword("password", in.Password, found.Email); err != nil {
		return httpapi.Session{}, err
	}
	user, err := credentials.Replace(ctx, a.store, a.pool, found, in.Password, &found.Reset, now)
	if err != nil {
		return httpapi.Session{}, err // the cookie stays: it may be the one that a twin of this request just set
	}
	if found.Agent {
		return httpapi.Session{Ended: true}, nil
	}
	tokens, err := a.pool.SignIn(ctx, identity.Citizens, user, in.Password)
	if err == nil {
		err = credentials.Opened(ctx, a.store, user, false, tokens, in.UserAgent, now)
	}
	return httpapi.Opened(user, false, tokens.Access, tokens.Refresh, tokens.Seconds), err
}
