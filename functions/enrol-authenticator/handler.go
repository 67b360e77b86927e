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
	"preau/shared/keys"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store  *store.Store
	pool   *identity.Pool
	secret keys.Secret
	now    func() time.Time
}

// handle gives an agent whose authenticator a manager has reset the secret of another one, once: POST /v1/authenticators. The
// link proves the mailbox, the password the person; sessions of before have ended.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.AuthenticatorEnrolment) (api.AgentAccess, error) {
	accountID, issue, ok := a.secret.ReadToken("authenticator", in.Token)
	if !ok {
		return api.AgentAccess{}, account.ErrLinkInvalid
	}
	found, ok, err := a.store.Account(ctx, accountID)
	if err != nil {
		return api.AgentAccess{}, err
	}
	if !ok || found.Closed {
		return api.AgentAccess{}, account.ErrLinkUsed
	}
	if err := found.TOTPLink.Good(issue, account.EnrolLife, a.now()); err != nil {
		return api.AgentAccess{}, err
	}
	if err := a.prove(ctx, found, in.Password); err != nil {
		return api.AgentAccess{}, err
	}
	enrolled, err := a.store.EnrolAuthenticator(ctx, found)
	return api.AgentAccess{Email: enrolled.Email, Authenticator: views.Authenticator(a.secret.TOTP(enrolled.Authenticator()), enrolled.Email)}, err
}

func (a app) prove(ctx context.Context, found account.Account, password string) error {
	client := identity.ClientOf(found.Agent)
	tokens, err := credentials.Check(ctx, a.store, a.pool, credentials.Proof{Client: client, Account: found.ID, User: found.User, Password: password, Field: "password"}, a.now())
	if errors.Is(err, identity.ErrRefused) {
		return refusal.New(refusal.Unauthorized, "wrong_password", "Ce n’est pas le mot de passe de votre compte.").At("password")
	}
	if err == nil {
		err = a.pool.End(ctx, client, tokens.Refresh) // it was to prove the password, no more
	}
	return err
}
