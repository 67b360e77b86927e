package main

import (
	"context"
	"errors"
	"time"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/credentials"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/refusal"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	pool  *identity.Pool
	now   func() time.Time
}

// handle changes the caller's password: PUT /v1/me/password. All sessions end; this one goes on with what is answered.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.PasswordChange) (httpapi.Session, error) {
	me, err := a.store.Me(ctx, c.Caller)
	if err != nil {
		return httpapi.Session{}, err
	}
	if err := account.CheckPassword("password", in.Password, me.Email); err != nil {
		return httpapi.Session{}, err
	}
	client, now := identity.ClientOf(c.Agent), a.now()
	proof := credentials.Proof{Client: client, Account: me.ID, User: me.User, Password: in.Current, Field: "current"}
	if _, err := credentials.Check(ctx, a.store, a.pool, proof, now); errors.Is(err, identity.ErrRefused) {
		return httpapi.Session{}, refusal.OfField("current", "wrong_password", "Ce n’est pas votre mot de passe actuel.")
	} else if err != nil {
		return httpapi.Session{}, err
	}
	user, err := credentials.Replace(ctx, a.store, a.pool, me, in.Password, nil, now)
	if err != nil {
		return httpapi.Session{}, err
	}
	tokens, err := a.pool.SignIn(ctx, client, user, in.Password)
	if err == nil {
		err = credentials.Opened(ctx, a.store, user, c.Agent, tokens, in.UserAgent, now)
	}
	return httpapi.Opened(user, c.Agent, tokens.Access, tokens.Refresh, tokens.Seconds), err
}
