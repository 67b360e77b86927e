package store

import (
	"context"
	"errors"
	"time"

	"preau/shared/throttle"
)

// tries counts something in sliding windows: sign-ups, failed sign-ins and mails of an address, wrong codes and
// passwords, authenticator codes and mails of an account.
type tries struct {
	Times   throttle.Tries `dynamodbav:"times"`
	Rev     int            `dynamodbav:"rev"`
	Expires int64          `dynamodbav:"expires"`
}

func codeTriesKey(account string) key     { return key{"ACCOUNT#" + account, "TRIES#code"} }
func passwordTriesKey(account string) key { return key{"ACCOUNT#" + account, "TRIES#password"} }
func totpTriesKey(account string) key     { return key{"ACCOUNT#" + account, "TRIES#totp"} }
func askedTriesKey(account string) key    { return key{"ACCOUNT#" + account, "TRIES#mail"} }
func signInTriesKey(address string) key   { return key{"ADDRESS#" + address, "TRIES#sign-in"} }
func signUpTriesKey(address string) key   { return key{"ADDRESS#" + address, "TRIES#sign-up"} }
func mailTriesKey(address string) key     { return key{"ADDRESS#" + address, "TRIES#mail"} }
func inviteTriesKey(address string) key   { return key{"ADDRESS#" + address, "TRIES#invitation"} }

// reserve takes a try before what it counts is done, so that a hundred at once pass no limit. It answers how long to
// wait when a limit is reached; give the try back with release.
func (s *Store) reserve(ctx context.Context, k key, now time.Time, limits []throttle.Limit) (wait time.Duration, err error) {
	err = s.changeTries(ctx, k, now, func(t throttle.Tries) (throttle.Tries, bool) {
		t, wait = t.Reserve(now, limits)
		return t, wait == 0
	})
	return wait, err
}

// reserveSettled is reserve for tries that are given back at once when they are good. A count that filled up this instant
// may be full of one good try sent many times at once: it looks again for a moment.
func (s *Store) reserveSettled(ctx context.Context, k key, now time.Time, limits []throttle.Limit) (time.Duration, error) {
	shortest := limits[0].Per
	for n := 0; ; n++ {
		wait, err := s.reserve(ctx, k, now, limits)
		burst := wait > shortest-time.Second && wait < shortest+time.Second // the others' clocks may be ahead
		if err != nil || !burst || n == looks {
			return wait, err
		}
		if err := pause(ctx, n); err != nil {
			return 0, err
		}
	}
}

// looks is how often a full count is looked at again: about two seconds together.
const looks = 7

// release gives back a try reserved at an instant.
func (s *Store) release(ctx context.Context, k key, at time.Time) error {
	return s.changeTries(ctx, k, at, func(t throttle.Tries) (throttle.Tries, bool) {
		left := t.Release(at)
		return left, len(left) < len(t)
	})
}

// changeTries rewrites the tries. The condition on rev makes the read and the write one step.
func (s *Store) changeTries(ctx context.Context, k key, now time.Time, change func(throttle.Tries) (changed throttle.Tries, ok bool)) error {
	for n := 0; ; n++ {
		t, found, err := get[tries](ctx, s, k)
		if err != nil {
			return err
		}
		times, ok := change(t.Times)
		if !ok {
			return nil
		}
		rev := t.Rev
		t = tries{Times: times, Rev: rev + 1, Expires: epoch(now.Add(25 * time.Hour))}
		w := write{put: item(k, t), condition: isNew}
		if found {
			w.condition, w.values = "rev = :rev", values(":rev", rev)
		}
		if err = s.apply(ctx, w.once()); !errors.Is(err, errCondition) {
			return err
		}
		if err := pause(ctx, n); err != nil {
			return err
		}
	}
}

// ReserveSignIn counts a sign-in to an address as failed until ReleaseSignIn says otherwise. Wait > 0: the captcha is
// due too; the try is not counted again.
func (s *Store) ReserveSignIn(ctx context.Context, address string, now time.Time, limits []throttle.Limit) (time.Duration, error) {
	return s.reserve(ctx, signInTriesKey(address), now, limits)
}

// ReleaseSignIn says that a reserved sign-in succeeded.
func (s *Store) ReleaseSignIn(ctx context.Context, address string, at time.Time) error {
	return s.release(ctx, signInTriesKey(address), at)
}

// ReserveSignUp counts a sign-up with an address. Wait > 0: nothing must come of it.
func (s *Store) ReserveSignUp(ctx context.Context, address string, now time.Time, limits []throttle.Limit) (time.Duration, error) {
	return s.reserve(ctx, signUpTriesKey(address), now, limits)
}

// ReserveMail counts a link mailed again to an address. Wait > 0: it must not be mailed.
func (s *Store) ReserveMail(ctx context.Context, address string, now time.Time, limits []throttle.Limit) (time.Duration, error) {
	return s.reserve(ctx, mailTriesKey(address), now, limits)
}

// ReserveInvitation counts an invitation mailed to an address. Wait > 0: it must not be mailed.
func (s *Store) ReserveInvitation(ctx context.Context, address string, now time.Time, limits []throttle.Limit) (time.Duration, error) {
	return s.reserve(ctx, inviteTriesKey(address), now, limits)
}

// ReserveNewEmail counts a link that an account has mailed to a new address. Wait > 0: it must not be mailed.
func (s *Store) ReserveNewEmail(ctx context.Context, account string, now time.Time, limits []throttle.Limit) (time.Duration, error) {
	return s.reserve(ctx, askedTriesKey(account), now, limits)
}

// ReservePassword counts a password given for an account, or for the sign-up that it comes from, as wrong until
// ReleasePassword says otherwise. Wait > 0: it must not be looked at.
func (s *Store) ReservePassword(ctx context.Context, account string, now time.Time, limits []throttle.Limit) (time.Duration, error) {
	return s.reserveSettled(ctx, passwordTriesKey(account), now, limits)
}

// ReleasePassword says that a reserved password was right.
func (s *Store) ReleasePassword(ctx context.Context, account string, at time.Time) error {
	return s.release(ctx, passwordTriesKey(account), at)
}

// ReserveTOTP counts an authenticator's code, right or wrong. Wait > 0: it must not be looked at.
func (s *Store) ReserveTOTP(ctx context.Context, account string, now time.Time, limits []throttle.Limit) (time.Duration, error) {
	return s.reserve(ctx, totpTriesKey(account), now, limits)
}

// ReserveCode counts a subscriber code as wrong until ReleaseCode says otherwise. Wait > 0: it must not be looked up.
func (s *Store) ReserveCode(ctx context.Context, account string, now time.Time, limits []throttle.Limit) (time.Duration, error) {
	return s.reserveSettled(ctx, codeTriesKey(account), now, limits)
}

// ReleaseCode says that a reserved code was good.
func (s *Store) ReleaseCode(ctx context.Context, account string, at time.Time) error {
	return s.release(ctx, codeTriesKey(account), at)
}
