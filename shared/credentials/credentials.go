// Package credentials checks and replaces the password of an account. Replaced, a new Cognito user takes the place of the
// old one, which ends every session that the old one opened.
package credentials

import (
	"context"
	"time"

	"preau/shared/account"
	"preau/shared/id"
	"preau/shared/identity"
	"preau/shared/store"
)

// Replace gives an account a new password and answers its new Cognito user. link, when not nil, is used up in the same
// write. Whatever cuts it short, the account has either its old user or its new one, and the other is erased later.
func Replace(ctx context.Context, s *store.Store, pool *identity.Pool, a account.Account, password string, link *account.Link, now time.Time) (user string, err error) {
	user = id.User(a.ID)
	if err := s.PlanUser(ctx, a.ID, user, now); err != nil {
		return "", err
	}
	if err := pool.Create(ctx, user, password); err != nil {
		return "", err
	}
	if err := s.TakeUser(ctx, a, user, link, now); err != nil {
		return "", err
	}
	_ = pool.Delete(ctx, a.User) // erase-users tries again; the old user opens nothing any more
	return user, nil
}
