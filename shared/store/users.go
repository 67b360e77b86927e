package store

import (
	"context"
	"errors"
	"time"

	"preau/shared/account"
)

// retired is a Cognito user that opens nothing, or will open nothing if the account does not take it.
type retired struct {
	User    string
	Account string
	work
}

func userKey(user string) key { return key{"USER#" + user, "RETIRED"} }

// PlanUser records a Cognito user before it is made: unless the account takes it, it is erased.
func (s *Store) PlanUser(ctx context.Context, id, user string, now time.Time) error {
	return s.apply(ctx, write{put: item(userKey(user), retired{user, id, queued(usersQueue, now.Add(account.RetiredGrace))})})
}

// TakeUser makes a user the account's current one. The old one is retired in the same write: all its sessions end.
// link, when not nil, is the reset link that is used up.
func (s *Store) TakeUser(ctx context.Context, a account.Account, user string, link *account.Link, now time.Time) error {
	take := write{
		// Two changes, or a reset and a change at once: one of them takes the account, the other's session has ended.
		key: accountKey(a.ID), update: "SET #u = :next", condition: isCurrent, names: userName,
		values: values(":next", user, ":user", a.User, ":no", false), or: account.ErrSessionEnded,
	}
	if link != nil {
		take.or = account.ErrLinkUsed // two resets with one link
		take.update += ", #r = :used"
		take.condition += " AND #r = :link"
		take.names = map[string]string{"#u": "User", "#r": "Reset"}
		take.values[":used"], take.values[":link"] = value(account.Link{Issue: link.Issue}), value(*link)
	}
	return s.transact(
		ctx, take,
		write{put: item(userKey(a.User), retired{a.User, a.ID, queued(usersQueue, now.Add(account.RetiredGrace))})},
		write{key: userKey(user), delete: true},
		newMail(MailPasswordChanged, user, now, "account", a.ID),
	)
}

// A DueUser is a Cognito user that may have to be erased.
type DueUser struct {
	User, Account string
	key           key
}

// DueUsers lists sign-ups never activated and retired users whose time has come, a page at a time. next is "" after the
// last page; a page may be empty before it.
func (s *Store) DueUsers(ctx context.Context, now time.Time, cursor string) (users []DueUser, next string, err error) {
	keys, next, err := s.duePage(ctx, usersQueue, now, cursor)
	if err != nil {
		return nil, "", err
	}
	found, err := s.batch(ctx, keys...)
	for k, a := range found {
		u, err := decode[struct{ User, Account, ID, Work string }](a)
		if err != nil {
			return nil, "", err
		}
		if u.Work == "" {
			continue // a sign-up activated since the index was written
		}
		if u.Account == "" {
			u.Account = u.ID // a sign-up's id is its account's
		}
		users = append(users, DueUser{u.User, u.Account, k})
	}
	return users, next, err
}

// ForgetUser drops the record of a user that was erased, or that its account uses after all.
func (s *Store) ForgetUser(ctx context.Context, u DueUser) error {
	// A sign-up activated meanwhile keeps its record for those who click its link again.
	err := s.apply(ctx, write{key: u.key, delete: true, condition: "attribute_exists(#w)", names: map[string]string{"#w": "work"}})
	if errors.Is(err, errCondition) {
		return nil
	}
	return err
}
