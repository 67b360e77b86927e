package main

import (
	"context"
	"strings"
	"time"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/captcha"
	"preau/shared/code"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/identity"
	"preau/shared/keys"
	"preau/shared/refusal"
	"preau/shared/store"
)

type app struct {
	store   *store.Store
	pool    *identity.Pool
	secret  keys.Secret
	captcha captcha.Captcha
	now     func() time.Time
}

// sent is said to everybody alike: whether the address has an account is told by mail, to its owner only.
var sent = api.Accepted{Message: "Un courriel vient de vous être envoyé. Cliquez sur le lien qu’il contient pour activer votre compte."}

// handle takes a sign-up: POST /v1/accounts. It never asks whether the address has an account, so nothing can show it.
//
// An address that was signed up with too often lately gets the same answer and nothing else: whoever posts, and whether
// or not it has an account.
//
// The record comes first, then the Cognito user, then the mail: cut short anywhere, the rest is erased after 30 days.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.SignUp) (api.Accepted, error) {
	attempt, err := a.read(in, a.checkTerms(ctx, in))
	if err != nil {
		return api.Accepted{}, err
	}
	if err := a.captcha.Spend(ctx, a.store.Spend, in.Captcha, attempt.CreatedAt); err != nil {
		return api.Accepted{}, err
	}
	address := a.secret.Address(attempt.Email)
	wait, err := a.store.ReserveSignUp(ctx, address, attempt.CreatedAt, account.SignUpLimits)
	if err != nil || wait > 0 {
		return sent, err
	}
	if err := a.store.AddAttempt(ctx, address, attempt); err != nil {
		return api.Accepted{}, err
	}
	if err := a.pool.Create(ctx, attempt.User, in.Password); err != nil {
		return api.Accepted{}, err
	}
	return sent, a.store.ReadyAttempt(ctx, address, attempt, a.now())
}

// read makes an attempt of what was typed, or says all that is wrong with it: errTerms too.
func (a app) read(in api.SignUp, errTerms error) (account.Attempt, error) {
	email, errEmail := account.ReadEmail("email", in.Email)
	last, errLast := account.ReadName("lastName", in.LastName)
	first, errFirst := account.ReadName("firstName", in.FirstName)
	if err := refusal.Join(errTerms, errLast, errFirst, errEmail, account.CheckPassword("password", in.Password, email)); err != nil {
		return account.Attempt{}, err
	}
	now := a.now()
	attempt := account.Attempt{
		ID: id.New(now), Person: account.Person{Civility: in.Civility, FirstName: first, LastName: last}, Email: email,
		Collectivity: in.Collectivity, TermsVersion: in.TermsVersion, CreatedAt: now,
	}
	attempt.User = id.User(attempt.ID)
	attempt.CodeHash, attempt.CodeWrong = a.readCode(in.SubscriberCode)
	return attempt, nil
}

// checkTerms wants the terms that are in force at the collectivity to be accepted, not older ones.
func (a app) checkTerms(ctx context.Context, in api.SignUp) error {
	town, err := a.store.Public(ctx, in.Collectivity)
	if refusal.Code(err) == collectivity.ErrUnknown.Code {
		return refusal.OfField("collectivity", "collectivity_not_found", collectivity.ErrUnknown.Detail)
	}
	if err != nil {
		return err
	}
	if town.Suspended {
		return refusal.OfField("collectivity", collectivity.ErrSuspended.Code, collectivity.ErrSuspended.Detail)
	}
	if in.TermsVersion != town.Terms.Version {
		return refusal.OfField("termsVersion", "terms_moved", "Les conditions d’utilisation ont changé. Relisez-les avant de les accepter.")
	}
	return nil
}

// readCode keeps the keyed hash of a subscriber code. A wrong one never blocks the account: Mes abonnements will say so.
func (a app) readCode(typed string) (hash string, wrong bool) {
	if strings.TrimSpace(typed) == "" {
		return "", false
	}
	c, err := code.Read(typed)
	if err != nil {
		return "", true
	}
	return a.secret.Code(c), false
}
