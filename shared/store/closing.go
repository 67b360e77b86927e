package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"preau/shared/account"
)

// agency lists, with an account, a tenant that it is an agent of.
type agency struct{ Slug string }

func agencyKey(account, slug string) key { return key{"ACCOUNT#" + account, "AGENT#" + slug} }

// closedQueue holds the accounts that were closed, until nothing of a person is left of them.
const closedQueue = "CLOSED"

// endedAtOnce is how many subscriptions end in the very write that closes their account; of more, the rest ends with Forget.
const endedAtOnce = 40

// CloseAccount closes the caller's account for good, in one write: its sessions and subscriptions end, its guardians are free
// for another, its address is, its user is retired, its export is nobody's any more, its roles are over, and a letter says so.
// What it asked of families stays with them. address is the keyed hash of an e-mail address. ErrLastManager: a town would be
// left without anybody who may appoint.
func (s *Store) CloseAccount(ctx context.Context, c account.Caller, address func(email string) string, now time.Time) error {
	return Again(ctx, func() error {
		a, err := s.Me(ctx, c)
		if err != nil {
			return err
		}
		writes := s.closing(a, address(a.Email), now)
		leave, err := s.leaveTowns(ctx, a.ID, now)
		if err != nil {
			return err
		}
		subs, err := s.AllSubscriptions(ctx, a.ID)
		if err != nil {
			return err
		}
		writes = append(writes, leave...)
		for _, sub := range subs[:min(len(subs), endedAtOnce)] {
			writes = append(writes, s.ends(a.ID, sub)...)
		}
		return s.transactWithout(ctx, writes)
	})
}

// closing are the writes that close an account itself.
func (s *Store) closing(a account.Account, address string, now time.Time) []write {
	return []write{
		{
			// Once; and its address is still the one that becomes free.
			key: accountKey(a.ID), update: "SET Closed = :yes, ClosedAt = :now, #w = :queue, workAt = :at", condition: isCurrent + " AND Email = :email",
			names:  map[string]string{"#u": "User", "#w": "work"},
			values: values(":yes", true, ":now", now, ":queue", closedQueue, ":at", stamp(now), ":user", a.User, ":no", false, ":email", a.Email), or: ErrMoved,
		},
		{key: claimKey(address), delete: true, condition: "account = :id", values: values(":id", a.ID), or: ErrMoved},
		{key: attemptKey(address, a.ID), delete: true}, // it bears the address as well
		{key: exportKey(a.ID), delete: true},
		{put: item(userKey(a.User), retired{a.User, a.ID, queued(usersQueue, now.Add(account.RetiredGrace))})},
		newMail(MailAccountClosed, a.ID, now, "account", a.ID),
	}
}

// ends are the writes that end a subscription and free its guardian, unless they are another account's by now.
func (s *Store) ends(accountID string, sub Subscription) []write {
	return []write{
		{key: subscriptionKey(accountID, sub.Family), delete: true, condition: exists, or: ErrMoved},
		{
			key: s.collectivity(sub.Slug).family(sub.Family).guardianKey(sub.Guardian), update: "SET Account = :nobody", condition: "Account = :account",
			values: values(":nobody", "", ":account", accountID), or: errCondition,
		},
	}
}

// transactWithout makes all writes or none, but those whose condition may fail (errCondition).
func (s *Store) transactWithout(ctx context.Context, writes []write) error {
	for {
		failed, err := s.try(ctx, writes)
		if err != nil || len(failed) == 0 {
			return err
		}
		drop := map[int]bool{}
		for _, f := range failed {
			if or := writes[f.index].or; !errors.Is(or, errCondition) {
				return or
			}
			drop[f.index] = true
		}
		var rest []write
		for i, w := range writes {
			if !drop[i] {
				rest = append(rest, w)
			}
		}
		writes = rest
	}
}

// leaveTowns are the writes that end an account's roles. Of two managers who leave at once, the second is the last.
func (s *Store) leaveTowns(ctx context.Context, accountID string, now time.Time) (writes []write, err error) {
	items, err := s.query(ctx, "ACCOUNT#"+accountID, "AGENT#", "AGENT#"+end)
	if err != nil {
		return nil, err
	}
	roles, err := decodeAll[agency](items)
	if err != nil {
		return nil, err
	}
	for _, r := range roles {
		town := s.collectivity(r.Slug)
		agents, _, err := town.Agents(ctx)
		if err != nil {
			return nil, err
		}
		leave, err := town.leave(accountID, agents, accountID, "close-account", now)
		if err != nil {
			return nil, err
		}
		writes = append(writes, leave...)
	}
	return writes, nil
}

// accountOpen requires that an account was not closed meanwhile.
func accountOpen(id string) write {
	return write{key: accountKey(id), check: true, condition: "Closed = :no", values: values(":no", false), or: account.ErrSessionEnded}
}

// DueClosures lists the closed accounts of which something is left, a page at a time. next is "" after the last page.
func (s *Store) DueClosures(ctx context.Context, now time.Time, cursor string) (ids []string, next string, err error) {
	keys, next, err := s.duePage(ctx, closedQueue, now, cursor)
	for _, k := range keys {
		ids = append(ids, strings.TrimPrefix(k.PK, "ACCOUNT#"))
	}
	return ids, next, err
}

// A closed account keeps who its person was until they are told, by the letter that its closing caused, and never for longer
// than closedKeeping: a month is what the law leaves for an erasure (RGPD, 12(3) and 17).
const (
	closedKeeping = 30 * 24 * time.Hour
	closedAgain   = time.Hour // between two looks at whether the letter has left
)

// kept is what stays of a closed account: that there was one, from when to when, under which terms. It names nobody, and
// proves, with the histories of families that bear its id, who acted under which contract for as long as that can be asked for
// (Code civil, 2224).
type keptAccount struct {
	ID           string
	Closed       bool
	CreatedAt    time.Time
	ClosedAt     time.Time
	TermsVersion string
	TermsAt      time.Time
	User, Email  string // empty: what reads accounts finds them
}

// Forget ends what a closing left and erases its person once they are told. done is false while it waits for that. What was
// put together for them has to be gone from the bucket before.
func (s *Store) Forget(ctx context.Context, id string, now time.Time) (done bool, err error) {
	a, ok, err := s.Account(ctx, id)
	if err != nil || !ok || !a.Closed {
		return false, err
	}
	if err := s.endAll(ctx, id); err != nil {
		return false, err
	}
	letter, sending, err := get[mailItem](ctx, s, mailKey(mailOf(MailAccountClosed, id, now).ID))
	if err != nil {
		return false, err
	}
	if sending && letter.Work != "" && now.Before(a.ClosedAt.Add(closedKeeping)) {
		return false, unlessMoved(s.apply(ctx, write{
			key: accountKey(id), update: "SET workAt = :next", condition: "#w = :queue", names: map[string]string{"#w": "work"},
			values: values(":next", stamp(now.Add(closedAgain)), ":queue", closedQueue),
		}))
	}
	return true, s.forget(ctx, a, now)
}

// endAll ends the subscriptions that are left of an account.
func (s *Store) endAll(ctx context.Context, id string) error {
	subs, err := s.AllSubscriptions(ctx, id)
	if err != nil {
		return err
	}
	for _, sub := range subs {
		if err := s.transactWithout(ctx, s.ends(id, sub)); err != nil && !errors.Is(err, ErrMoved) {
			return err
		}
	}
	return nil
}

// forget deletes all that lies with an account, and last the person in it.
func (s *Store) forget(ctx context.Context, a account.Account, now time.Time) error {
	items, err := s.query(ctx, "ACCOUNT#"+a.ID, " ", end)
	if err != nil {
		return err
	}
	for _, other := range items {
		if k := keyOf(other); k != accountKey(a.ID) {
			if err := s.apply(ctx, write{key: k, delete: true}); err != nil {
				return err
			}
		}
	}
	kept := keptAccount{ID: a.ID, Closed: true, CreatedAt: a.CreatedAt, ClosedAt: a.ClosedAt, TermsVersion: a.TermsVersion, TermsAt: a.TermsAt}
	writes := []write{{put: item(accountKey(a.ID), kept), condition: "Closed = :yes AND attribute_exists(#w)", values: values(":yes", true), names: map[string]string{"#w": "work"}, or: errCondition}}
	if a.Collectivity != "" {
		writes = append(writes, s.collectivity(a.Collectivity).audited(Audit{At: now, By: eraser, Action: eraser, About: "account " + a.ID, What: "all"}))
	}
	return unlessMoved(s.transact(ctx, writes...))
}
