package store

import (
	"context"
	"errors"

	"preau/shared/account"
	"preau/shared/family"
)

// Recipient re-reads the account that a mail is for. ok is false when it may not be told any more: the account is gone or
// closed, it has lost the family that the mail is about, or a court bars it from there. Rights count when the mail leaves, not when it was due.
func (s *Store) Recipient(ctx context.Context, m Mail) (a account.Account, ok bool, err error) {
	owner := accountKey(m.About["account"])
	right := owner
	if familyID := m.About["family"]; familyID != "" {
		right = subscriptionKey(m.About["account"], familyID)
	}
	found, err := s.batch(ctx, owner, right)
	if err != nil || found[owner] == nil || found[right] == nil {
		return a, false, err
	}
	a, failed := decode[account.Account](found[owner])
	sub, also := decode[Subscription](found[right])
	err = errors.Join(failed, also)
	return a, err == nil && !a.Closed && !family.Barred(sub.Barred, s.clock()), err
}

// FamilyAbout is the family that a mail is about: its own store wrote the outbox item and named itself there, so tenant
// and family are as verified as the write was.
func (s *Store) FamilyAbout(m Mail) FamilyStore {
	return s.collectivity(m.About["slug"]).family(m.About["family"])
}
