package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/captcha"
	"preau/shared/credentials"
	"preau/shared/httpapi"
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

// handle opens a session: POST /v1/sessions. A wrong password and an unknown address are answered alike, after the same
// work. Each try counts as failed until it succeeds, so that parallel guesses count too.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.SignIn) (httpapi.Session, error) {
	email, err := account.ReadEmail("email", in.Email)
	if err != nil {
		return httpapi.Session{}, err
	}
	now, address := a.now(), a.secret.Address(email)
	if err := a.admit(ctx, address, in.Captcha, now); err != nil {
		return httpapi.Session{}, err
	}
	owner, err := a.store.Claimed(ctx, address)
	if err != nil {
		return httpapi.Session{}, err
	}
	if owner == "" {
		return httpapi.Session{}, a.unclaimed(ctx, address, in.Password)
	}
	session, err := a.open(ctx, owner, in, now)
	if err == nil || errors.Is(err, account.ErrTOTPRequired) || errors.Is(err, account.ErrTOTPReset) { // the password was right
		if err := a.store.ReleaseSignIn(ctx, address, now); err != nil {
			return httpapi.Session{}, err
		}
	}
	return session, err
}

// admit reserves a try, and asks for the captcha once there were too many.
func (a app) admit(ctx context.Context, address, solution string, now time.Time) error {
	wait, err := a.store.ReserveSignIn(ctx, address, now, account.SignInLimits)
	if err != nil || wait == 0 {
		return err
	}
	if solution == "" {
		return refusal.New(refusal.Unauthorized, "captcha_required", "Après plusieurs essais, confirmez que vous n’êtes pas un robot.").At("captcha")
	}
	return a.captcha.Spend(ctx, a.store.Spend, solution, now)
}

// open checks the password of an account and, of an agent, the authenticator's code: which is asked for only after the
// right password.
func (a app) open(ctx context.Context, owner string, in api.SignIn, now time.Time) (httpapi.Session, error) {
	found, _, err := a.store.Account(ctx, owner)
	if err != nil {
		return httpapi.Session{}, err
	}
	client := identity.ClientOf(found.Agent)
	tokens, err := a.pool.SignIn(ctx, client, found.User, in.Password)
	if errors.Is(err, identity.ErrRefused) || err == nil && found.Closed {
		return httpapi.Session{}, account.ErrWrongPassword
	}
	if err == nil && found.Agent {
		err = a.totp(ctx, found, in.TOTP, now)
	}
	if err == nil {
		err = credentials.Opened(ctx, a.store, found.User, found.Agent, tokens, in.UserAgent, now)
	}
	return httpapi.Opened(found.User, found.Agent, tokens.Access, tokens.Refresh, tokens.Seconds), err
}

// totp checks an authenticator's code. Who knows the password may try a few an hour: six digits are soon guessed. One that was
// reset is good no more, and the next is not enrolled yet.
func (a app) totp(ctx context.Context, agent account.Account, given string, now time.Time) error {
	if agent.Enrolling() {
		return account.ErrTOTPReset
	}
	if given == "" {
		return account.ErrTOTPRequired
	}
	wait, err := a.store.ReserveTOTP(ctx, agent.ID, now, account.TOTPLimits)
	if err != nil {
		return err
	}
	if wait > 0 {
		return refusal.New(refusal.TooMany, "too_many_totps", "Trop de codes ont été essayés. Réessayez plus tard.").At("totp").After(wait)
	}
	step, ok := account.CheckTOTP(a.secret.TOTP(agent.Authenticator()), given, agent.TOTPStep, now)
	if !ok {
		return account.ErrTOTPWrong
	}
	return a.store.StepTOTP(ctx, agent.ID, step)
}

// unclaimed answers for an address without an account. Who knows the password of a sign-up that waits there is told so;
// everybody else gets the same answer, after a call to Cognito as for an account.
func (a app) unclaimed(ctx context.Context, address, password string) error {
	open, err := a.store.OpenAttempts(ctx, address)
	if err != nil {
		return err
	}
	users := []string{address + ".none"}
	if len(open) > 0 {
		users = nil
	}
	for _, attempt := range open {
		users = append(users, attempt.User)
	}
	return a.anyOf(ctx, users, password)
}

// anyOf tries a password on a few users at once, so that several take as long as one.
func (a app) anyOf(ctx context.Context, users []string, password string) error {
	errs := make([]error, len(users))
	var wait sync.WaitGroup
	for i, user := range users {
		wait.Go(func() { _, errs[i] = a.pool.SignIn(ctx, identity.Citizens, user, password) })
	}
	wait.Wait()
	if slices.Contains(errs, nil) {
		return account.ErrNotActivated
	}
	for _, err := range errs {
		if !errors.Is(err, identity.ErrRefused) {
			return err
		}
	}
	return account.ErrWrongPassword
}
