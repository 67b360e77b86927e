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

var sent = api.Accepted{Message: "Un courriel vient d’être envoyé à la nouvelle adresse. Elle remplacera l’ancienne quand vous aurez cliqué sur son lien."}

// handle has the new address confirmed: POST /v1/me/email. Whether it already has an account is told there, by mail, to
// its owner only.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.EmailChange) (api.Accepted, error) {
	me, err := a.store.Me(ctx, c.Caller)
	if err != nil {
		return api.Accepted{}, err
	}
	email, err := account.ReadEmail("email", in.Email)
	if err != nil {
		return api.Accepted{}, err
	}
	if email == me.Email {
		return api.Accepted{}, refusal.OfField("email", "email_same", "C’est déjà votre adresse.")
	}
	now := a.now()
	if err := a.checkPassword(ctx, c, me, in.Password, now); err != nil {
		return api.Accepted{}, err
	}
	wait, err := a.store.ReserveNewEmail(ctx, me.ID, now, account.MailLimits)
	if err != nil {
		return api.Accepted{}, err
	}
	if wait > 0 {
		return api.Accepted{}, refusal.New(refusal.TooMany, "too_many_mails", "Trop de courriels ont été demandés. Réessayez plus tard.").At("email").After(wait)
	}
	return sent, a.store.AskEmail(ctx, me, email, now)
}

func (a app) checkPassword(ctx context.Context, c httpapi.Caller, me account.Account, password string, now time.Time) error {
	proof := credentials.Proof{Client: identity.ClientOf(c.Agent), Account: me.ID, User: me.User, Password: password, Field: "password"}
	_, err := credentials.Check(ctx, a.store, a.pool, proof, now)
	if errors.Is(err, identity.ErrRefused) {
		return refusal.OfField("password", "wrong_password", "Ce n’est pas votre mot de passe.")
	}
	return err
}
