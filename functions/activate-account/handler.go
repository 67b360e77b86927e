package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"preau/shared/account"
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

// handle activates an account: POST /v1/accounts/activation. The link proves the mailbox, the password proves the person
// who signed up: a mail scanner has no password, and a stranger who signed up with my address has no link.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.Activation) (httpapi.Session, error) {
	subject, issue, ok := a.secret.ReadToken("activation", in.Token)
	if !ok {
		return httpapi.Session{}, account.ErrLinkInvalid
	}
	address, attemptID, _ := strings.Cut(subject, "-")
	attempt, found, err := a.store.Attempt(ctx, address, attemptID)
	if err != nil {
		return httpapi.Session{}, err
	}
	if !found {
		return httpapi.Session{}, account.ErrLinkExpired // erased after 30 days
	}
	if err := attempt.ActivationDue(issue, a.now()); err != nil {
		return httpapi.Session{}, err
	}
	tokens, err := a.open(ctx, address, attempt, in.Password)
	if err != nil {
		return httpapi.Session{}, err
	}
	if err := a.activate(ctx, address, attempt); err != nil {
		return httpapi.Session{}, err
	}
	err = credentials.Opened(ctx, a.store, attempt.User, false, tokens, in.UserAgent, a.now())
	return httpapi.Opened(attempt.User, false, tokens.Access, tokens.Refresh, tokens.Seconds), err
}

// open checks the password. Many posts of one link at once fill the count of wrong ones: those left over are told of the
// activation that one of them was.
func (a app) open(ctx context.Context, address string, attempt account.Attempt, password string) (identity.Tokens, error) {
	proof := credentials.Proof{Client: identity.Citizens, Account: attempt.ID, User: attempt.User, Password: password, Field: "password"}
	tokens, err := credentials.Check(ctx, a.store, a.pool, proof, a.now())
	if errors.Is(err, identity.ErrRefused) {
		return tokens, refusal.New(refusal.Unauthorized, "wrong_password", "Ce n’est pas le mot de passe choisi à l’inscription.").At("password")
	}
	if !account.IsTooManyAttempts(err) {
		return tokens, err
	}
	again, _, failed := a.store.Attempt(ctx, address, attempt.ID)
	if failed == nil && again.Activated {
		return tokens, account.ErrLinkUsed
	}
	return tokens, err
}

// activate claims the address, and subscribes with the code given at sign-up. A code that opens nothing, or no longer at
// the last moment, leaves the account without a subscription and with the reason.
func (a app) activate(ctx context.Context, address string, attempt account.Attempt) error {
	made := a.account(attempt)
	opens, refused, err := a.code(ctx, attempt)
	if err != nil {
		return err
	}
	made.CodeRefused = refused
	err = a.store.Activate(ctx, address, attempt, made, opens)
	if code := refusal.Code(err); opens != nil && (code == store.ErrCodeUsed.Code || code == store.ErrSubscribed.Code) {
		made.CodeRefused = code
		err = a.store.Activate(ctx, address, attempt, made, nil)
	}
	return err
}

func (a app) account(attempt account.Attempt) account.Account {
	return account.Account{
		ID: attempt.ID, User: attempt.User, Person: attempt.Person, Email: attempt.Email, Collectivity: attempt.Collectivity,
		TermsVersion: attempt.TermsVersion, TermsAt: attempt.CreatedAt, CreatedAt: a.now(),
	}
}

// code looks up the code given at sign-up: what it opens, or why it opens nothing.
func (a app) code(ctx context.Context, attempt account.Attempt) (opens *store.Code, refused string, err error) {
	if attempt.CodeWrong {
		return nil, store.ErrCodeUnknown.Code, nil
	}
	if attempt.CodeHash == "" {
		return nil, "", nil
	}
	c, err := a.store.Code(ctx, attempt.CodeHash, attempt.ID, a.now())
	if code := refusal.Code(err); code != "" {
		return nil, code, nil
	}
	return &c, "", err
}
