package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"preau/shared/account"
	"preau/shared/family"
	"preau/shared/refusal"
)

// CalendarLink is the link by which calendars read a family's days without a session. It is part of the subscription:
// whatever ends that ends the link too. Issue tells the link in force from all others that the subscription, or an earlier
// one, ever had; it is random, and no secret. Zero: there is no link.
type CalendarLink struct {
	Issue int
	Since time.Time
}

// linked is the part of a subscription's item that holds its link.
type linked struct {
	Calendar CalendarLink
}

// ErrFeedUnknown refuses a calendar link that was never made, was replaced or revoked, or whose account or subscription
// has ended: all are told alike.
var ErrFeedUnknown = refusal.New(refusal.NotFound, "calendar_not_found", "Ce lien d’agenda n’existe pas ou n’est plus valable.")

// OpenCalendar makes a new link, in place of any that there is.
func (r FamilyRight) OpenCalendar(ctx context.Context, now time.Time) (CalendarLink, error) {
	link := CalendarLink{Issue: 1 + rand.IntN(1<<62), Since: now}
	return link, r.setCalendar(ctx, "SET Calendar = :link", values(":link", link))
}

// CloseCalendar ends the link, if there is one.
func (r FamilyRight) CloseCalendar(ctx context.Context) error {
	return r.setCalendar(ctx, "REMOVE Calendar", nil)
}

// setCalendar writes to the subscription as long as it is there: a link must not outlive it.
func (r FamilyRight) setCalendar(ctx context.Context, update string, operands attributes) error {
	return r.Store.apply(ctx, write{key: subscriptionKey(r.Account.ID, r.Store.id), update: update, condition: exists, values: operands, or: family.ErrUnknown})
}

// Calendar reads the link.
func (r FamilyRight) Calendar(ctx context.Context) (CalendarLink, error) {
	item, _, err := get[linked](ctx, r.Store.Store, subscriptionKey(r.Account.ID, r.Store.id))
	return item.Calendar, err
}

// FeedOf is what a calendar link gives: the right of the account that made it, read again with the account, the
// subscription and the link as they are now.
func (s *Store) FeedOf(ctx context.Context, accountID, familyID string, issue int) (FamilyRight, error) {
	subscribed := subscriptionKey(accountID, familyID)
	found, err := s.batch(ctx, append(s.gateOfFamily(familyID), accountKey(accountID), subscribed)...)
	if err != nil {
		return FamilyRight{}, err
	}
	if found[subscribed] == nil {
		into, err := s.movedTo(ctx, accountID, familyID)
		if err == nil && into == "" {
			err = ErrFeedUnknown
		}
		if err != nil {
			return FamilyRight{}, err
		}
		return s.FeedOf(ctx, accountID, into, issue) // merges make no circle: what was merged never comes back
	}
	a, failed := decode[account.Account](found[accountKey(accountID)])
	item, also := decode[linked](found[subscribed])
	if err := errors.Join(failed, also); err != nil {
		return FamilyRight{}, err
	}
	if a.ID == "" || a.Closed || item.Calendar.Issue == 0 || item.Calendar.Issue != issue {
		return FamilyRight{}, ErrFeedUnknown
	}
	right, err := s.familyRight(ctx, a, found[subscribed], found)
	if err == nil {
		err = right.checkTerms()
	}
	if errors.Is(err, family.ErrUnknown) {
		err = ErrFeedUnknown
	}
	return right, err
}
