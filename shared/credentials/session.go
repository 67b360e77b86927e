package credentials

import (
	"context"
	"time"

	"preau/shared/account"
	"preau/shared/identity"
	"preau/shared/store"
)

// Opened records a session that a Cognito user has opened, with the kind of its device, for its owner to see and to end.
func Opened(ctx context.Context, s *store.Store, user string, agent bool, tokens identity.Tokens, userAgent string, now time.Time) error {
	return s.OpenSession(ctx, account.CallerOf(user, agent).Account, store.Session{
		ID: account.SessionID(tokens.Refresh), User: user, At: now, Until: now.Add(account.SessionLife(agent)), Device: account.Device(userAgent),
	})
}
