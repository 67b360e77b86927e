package main

import (
	"context"
	"errors"
	"time"

	"preau/shared/api"
	"preau/shared/credentials"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/keys"
	"preau/shared/refusal"
	"preau/shared/store"
)

type app struct {
	store  *store.Store
	pool   *identity.Pool
	secret keys.Secret
	now    func() time.Time
}

// handle closes the caller's account for good: DELETE /v1/me. From here on it opens nothing, and its address may make another;
// what is left of its person goes with erase-expired.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.AccountClosing) (httpapi.Session, error) {
	me, err := a.store.Me(ctx, c.Caller)
	if err != nil {
		return httpapi.Session{}, err
	}
	now := a.now()
	proof := credentials.Proof{Client: identity.ClientOf(c.Agent), Account: me.ID, User: me.User, Password: in.Password, Field: "password"}
	if _, err := credentials.Check(ctx, a.store, a.pool, proof, now); errors.Is(err, identity.ErrRefused) {
		return httpapi.Session{}, refusal.OfField("password", "wrong_password", "Ce n’est pas votre mot de passe.")
	} else if err != nil {
		return httpapi.Session{}, err
	}
	if err := a.store.CloseAccount(ctx, c.Caller, a.secret.Address, now); err != nil {
		return httpapi.Session{}, err
	}
	_ = a.pool.Delete(ctx, me.User) // erase-users tries again; the user opens nothing any more
	return httpapi.Session{Ended: true}, nil
}
