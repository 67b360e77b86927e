package main

import (
	"context"
	"errors"
	"time"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/captcha"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

type app struct {
	store   *store.Store
	secret  keys.Secret
	captcha captcha.Captcha
	now     func() time.Time
}

var sent = api.Accepted{Message: "Si un compte existe à cette adresse, un courriel vient d’être envoyé."}

// handle mails a link for a new password: POST /v1/password-resets. Status, body and work are the same whether or not the
// address has an account; at most three such mails an hour go to it.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.MailAgain) (api.Accepted, error) {
	email, err := account.ReadEmail("email", in.Email)
	if err != nil {
		return api.Accepted{}, err
	}
	now := a.now()
	if err := a.captcha.Spend(ctx, a.store.Spend, in.Captcha, now); err != nil {
		return api.Accepted{}, err
	}
	address := a.secret.Address(email)
	wait, err := a.store.ReserveMail(ctx, address, now, account.MailLimits)
	if err != nil || wait > 0 {
		return sent, err
	}
	owner, err := a.store.Claimed(ctx, address)
	if err != nil {
		return api.Accepted{}, err
	}
	found, ok, err := a.store.Account(ctx, owner)
	if err != nil {
		return api.Accepted{}, err
	}
	if !ok || found.Closed {
		return sent, a.store.TellOwner(ctx, "", address, now)
	}
	if err := a.store.AskReset(ctx, found, now); !errors.Is(err, store.ErrMoved) {
		return sent, err
	}
	return sent, nil // another request had it mailed, and this one's answer must not show that there is an account
}
