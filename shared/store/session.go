package store

import (
	"context"
	"slices"
	"time"

	"preau/shared/account"
)

// Session is an open session of an account, as its owner tells it from the others. Without it, no access token is renewed.
type Session struct {
	ID     string // of its refresh token, which is kept nowhere
	User   string // the Cognito user that signed in; replaced, the session has ended
	At     time.Time
	Until  time.Time
	Device string // Firefox Windows
}

type sessionItem struct {
	Session
	Expires int64 `dynamodbav:"expires"`
}

func sessionKey(accountID, id string) key { return key{"ACCOUNT#" + accountID, "SESSION#" + id} }

// OpenSession records a session that was opened.
func (s *Store) OpenSession(ctx context.Context, accountID string, o Session) error {
	return s.apply(ctx, write{put: item(sessionKey(accountID, o.ID), sessionItem{o, epoch(o.Until.Add(24 * time.Hour))})})
}

// Renewable is Me for a session that is to be renewed; open says that nobody has ended it.
func (s *Store) Renewable(ctx context.Context, c account.Caller, id string) (a account.Account, open bool, err error) {
	found, err := s.batch(ctx, accountKey(c.Account), sessionKey(c.Account, id))
	if err != nil {
		return a, false, err
	}
	if a, err = currentIn(found, c); err != nil {
		return a, false, err
	}
	o, err := decode[Session](found[sessionKey(c.Account, id)])
	return a, o.User == c.User, err
}

// CloseSession ends a session of an account; one that is none is fine.
func (s *Store) CloseSession(ctx context.Context, accountID, id string) error {
	return s.apply(ctx, write{key: sessionKey(accountID, id), delete: true})
}

// CloseSessions ends all sessions of an account.
func (s *Store) CloseSessions(ctx context.Context, accountID string) error {
	items, err := s.query(ctx, "ACCOUNT#"+accountID, "SESSION#", "SESSION#"+end)
	if err != nil {
		return err
	}
	for _, a := range items {
		if err := s.apply(ctx, write{key: keyOf(a), delete: true}); err != nil {
			return err
		}
	}
	return nil
}

// Sessions lists the open sessions of an account, newest first.
func (s *Store) Sessions(ctx context.Context, a account.Account, now time.Time) ([]Session, error) {
	items, err := s.query(ctx, "ACCOUNT#"+a.ID, "SESSION#", "SESSION#"+end)
	if err != nil {
		return nil, err
	}
	all, err := decodeAll[Session](items)
	all = slices.DeleteFunc(all, func(o Session) bool { return o.User != a.User || !now.Before(o.Until) })
	slices.SortFunc(all, func(a, b Session) int { return b.At.Compare(a.At) })
	return all, err
}
