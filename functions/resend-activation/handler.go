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
	return sent, a.mail(ctx, address, owner, now)
}

// mail has at most three such mails an hour sent to an address: one letter with the links of all sign-ups that wait.
func (a app) mail(ctx context.Context, address, owner string, now time.Time) error {
	open, err := a.store.OpenAttempts(ctx, address)
	if err != nil {
		return err
	}
	waits := owner == "" && len(open) > 0
	limits := account.NoticeLimits
	if waits {
		limits = account.MailLimits
	}
	wait, err := a.store.ReserveMail(ctx, address, now, limits)
	if err != nil || wait > 0 {
		return err
	}
	if !waits {
		return a.store.TellOwner(ctx, owner, address, now)
	}
	return a.again(ctx, address, open, now)
}

// again mails the links, anew while another request does so too or one of the sign-ups is activated or erased.
func (a app) again(ctx context.Context, address string, open []account.Attempt, now time.Time) error {
	err := store.Again(ctx, func() error {
		moved := a.store.AgainAttempts(ctx, address, open, now)
		if !errors.Is(moved, store.ErrMoved) {
			return moved
		}
		fresh, err := a.store.OpenAttempts(ctx, address)
		if err != nil || len(fresh) == 0 {
			return err
		}
		open = fresh
		return moved
	})
	if errors.Is(err, store.ErrMoved) {
		return nil // others had them mailed, each time
	}
	return err
}
