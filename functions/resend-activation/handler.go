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

var sent = api.Accepted{Message: "Si une inscription attend son activation à cette adresse, un courriel vient d’être envoyé."}

// handle mails the activation link again: POST /v1/accounts/activation/mail. The answer is the same whatever the address;
// the owner of an active account is told by mail that there is one.
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
	owner, err := a.store.Claimed(ctx, address)
	if err != nil {
		return api.Accepted{}, err
	}
	open, err := a.store.OpenAttempts(ctx, address)
	if err != nil {
		return api.Accepted{}, err
	}
	return sent, a.mail(ctx, address, owner, open, now)
}

// mail has at most three such mails an hour sent to an address: one for each sign-up that waits, the newest first.
func (a app) mail(ctx context.Context, address, owner string, open []account.Attempt, now time.Time) error {
	if owner != "" || len(open) == 0 {
		wait, err := a.store.ReserveMail(ctx, address, now, account.NoticeLimits)
		if err != nil || wait > 0 {
			return err
		}
		return a.store.TellOwner(ctx, owner, address, now)
	}
	for i, attempt := range open {
		wait, err := a.store.ReserveMail(ctx, address, now.Add(time.Duration(i)), account.MailLimits)
		if err != nil || wait > 0 {
			return err
		}
		err = a.store.AgainAttempt(ctx, address, attempt, now)
		if err != nil && !errors.Is(err, store.ErrMoved) { // moved: mailed by another request, or activated
			return err
		}
	}
	return nil
}
