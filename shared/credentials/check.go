package credentials

import (
	"context"
	"errors"
	"time"

	"preau/shared/account"
	"preau/shared/identity"
	"preau/shared/store"
)

// Proof is a password that shows whose an account, or a sign-up, is.
type Proof struct {
	Client   identity.Client
	Account  string // its id; a sign-up's is its account's
	User     string
	Password string
	Field    string // of the input that holds the password
}

// Check looks at a password and opens a session with it. identity.ErrRefused: it is wrong. After ten wrong ones in an
// hour, or while Cognito locks the user, none is looked at (account.TooManyAttempts). Each counts as wrong until it is
// found right, so that guesses at once count too.
func Check(ctx context.Context, s *store.Store, pool *identity.Pool, p Proof, now time.Time) (identity.Tokens, error) {
	wait, err := s.ReservePassword(ctx, p.Account, now, account.PasswordLimits)
	if err != nil {
		return identity.Tokens{}, err
	}
	if wait > 0 {
		return identity.Tokens{}, account.TooManyAttempts(p.Field, wait)
	}
	tokens, err := pool.SignIn(ctx, p.Client, p.User, p.Password)
	locked := errors.Is(err, identity.ErrLocked)
	if errors.Is(err, identity.ErrRefused) && !locked {
		return tokens, identity.ErrRefused
	}
	if locked {
		err = account.TooManyAttempts(p.Field, account.LockLife)
	}
	released := s.ReleasePassword(ctx, p.Account, now) // it was right, or not looked at
	if err == nil {
		err = released
	}
	return tokens, err
}
