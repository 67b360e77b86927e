package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"preau/shared/account"
)

func accountKey(id string) key    { return key{"ACCOUNT#" + id, "ACCOUNT"} }
func claimKey(address string) key { return key{"ADDRESS#" + address, "CLAIM"} }

func attemptKey(address, id string) key { return key{"ADDRESS#" + address, "ATTEMPT#" + id} }

// claim makes an address one account's.
type claim struct {
	Account string `dynamodbav:"account"`
}

type attemptItem struct {
	account.Attempt
	Ready   bool  // its Cognito user exists
	Expires int64 `dynamodbav:"expires"`
	work
}

// usersQueue holds what erase-users looks at: sign-ups never activated and credentials no longer used.
const usersQueue = "USERS"

// AddAttempt records a sign-up before its Cognito user is made, so that whatever happens next the user is erased one day.
func (s *Store) AddAttempt(ctx context.Context, address string, a account.Attempt) error {
	end := a.CreatedAt.Add(account.AttemptLife)
	return s.apply(ctx, write{put: item(attemptKey(address, a.ID), attemptItem{
		Attempt: a, work: queued(usersQueue, end), Expires: epoch(end.Add(7 * 24 * time.Hour)), // erase-users comes first
	}), condition: isNew}.once())
}

// ReadyAttempt says that a sign-up's user exists, and has its first link mailed.
func (s *Store) ReadyAttempt(ctx context.Context, address string, a account.Attempt, now time.Time) error {
	return s.transact(
		ctx,
		write{key: attemptKey(address, a.ID), update: "SET Ready = :yes, Links = :links", condition: exists, values: values(":yes", true, ":links", []time.Time{now})},
		activationMail(address, a.ID, 0, now),
	)
}

// AgainAttempts issues another link of each of the waiting sign-ups of an address, newest first, and has them mailed in
// one letter. The conditions give each issue to one caller.
func (s *Store) AgainAttempts(ctx context.Context, address string, open []account.Attempt, now time.Time) error {
	var writes []write
	for _, a := range open {
		writes = append(writes, write{
			key: attemptKey(address, a.ID), update: "SET Links = list_append(Links, :link)", condition: "size(Links) = :issue AND Activated = :no",
			values: values(":link", []time.Time{now}, ":issue", len(a.Links), ":no", false), or: ErrMoved,
		})
	}
	fact := open[0].ID + "-" + strconv.Itoa(len(open[0].Links))
	return s.transact(ctx, append(writes, newMail(MailActivations, fact, now, "address", address, "issue", stamp(now)))...)
}

func activationMail(address, attempt string, issue int, now time.Time) write {
	n := strconv.Itoa(issue)
	return newMail(MailActivation, attempt+"-"+n, now, "address", address, "attempt", attempt, "issue", n)
}

// Attempt reads a sign-up; ok is false for one that is unknown or not ready.
func (s *Store) Attempt(ctx context.Context, address, id string) (account.Attempt, bool, error) {
	a, ok, err := get[attemptItem](ctx, s, attemptKey(address, id))
	return a.Attempt, ok && a.Ready, err
}

// OpenAttempts lists the sign-ups that wait for their activation among the newest of an address, newest first.
func (s *Store) OpenAttempts(ctx context.Context, address string) ([]account.Attempt, error) {
	in := s.between("ADDRESS#"+address, "ATTEMPT#", "ATTEMPT#"+end)
	in.ScanIndexForward, in.Limit = new(false), new(int32(account.MaxWaiting))
	out, err := s.db.Query(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("query sign-ups: %w", err)
	}
	all, err := decodeAll[attemptItem](out.Items)
	var open []account.Attempt
	for _, a := range all {
		if a.Ready && !a.Activated {
			open = append(open, a.Attempt)
		}
	}
	return open, err
}

// Claimed says which account holds an address, or "".
func (s *Store) Claimed(ctx context.Context, address string) (string, error) {
	c, _, err := get[claim](ctx, s, claimKey(address))
	return c.Account, err
}

// Account reads an account; ok is false when there is none.
func (s *Store) Account(ctx context.Context, id string) (account.Account, bool, error) {
	return get[account.Account](ctx, s, accountKey(id))
}

// Activate turns a sign-up into the account that holds its address, and subscribes it where a good code was given.
func (s *Store) Activate(ctx context.Context, address string, attempt account.Attempt, a account.Account, opens *Code) error {
	writes := []write{
		// Once, whatever the number of parallel posts.
		{
			key: attemptKey(address, attempt.ID), update: "SET Activated = :yes, expires = :expires REMOVE #w, workAt", condition: "Activated = :no",
			names:  map[string]string{"#w": "work"},
			values: values(":yes", true, ":no", false, ":expires", epoch(a.CreatedAt.Add(account.AttemptLife))), or: account.ErrLinkUsed,
		},
		// One account per address.
		{put: item(claimKey(address), claim{a.ID}), condition: isNew, or: account.ErrEmailTaken},
		{put: item(accountKey(a.ID), a), condition: isNew, or: account.ErrLinkUsed},
	}
	if opens != nil {
		writes = append(writes, s.subscription(a.ID, *opens, a.CreatedAt)...)
	}
	return s.transact(ctx, writes...)
}

// UpdatePerson changes how the caller is called.
func (s *Store) UpdatePerson(ctx context.Context, c account.Caller, p account.Person) error {
	return s.apply(ctx, write{
		key: accountKey(c.Account), update: "SET Person = :person", condition: isCurrent, names: userName,
		values: values(":person", p, ":user", c.User, ":no", false), or: account.ErrSessionEnded,
	})
}

// AcceptTerms records the caller's consent to a collectivity's terms.
func (s *Store) AcceptTerms(ctx context.Context, c account.Caller, accepted account.Acceptance) error {
	w := write{
		key: accountKey(c.Account), update: "SET Accepted = list_append(if_not_exists(Accepted, :none), :one)", condition: isCurrent, names: userName,
		values: values(":none", []account.Acceptance{}, ":one", []account.Acceptance{accepted}, ":user", c.User, ":no", false), or: account.ErrSessionEnded,
	}
	return s.apply(ctx, w.once())
}

// isCurrent guards a write of an account against credentials that were replaced meanwhile.
const isCurrent = "#u = :user AND Closed = :no"

var userName = map[string]string{"#u": "User"}

// AskReset issues a link for a new password and has it mailed.
func (s *Store) AskReset(ctx context.Context, a account.Account, now time.Time) error {
	return s.issue(ctx, a, "Reset", a.Reset.Issue+1, "", MailReset, now)
}

// AskEmail issues a link to a new address and has it mailed there.
func (s *Store) AskEmail(ctx context.Context, a account.Account, email string, now time.Time) error {
	return s.issue(ctx, a, "NewEmailLink", a.NewEmailLink.Issue+1, email, MailNewEmail, now)
}

func (s *Store) issue(ctx context.Context, a account.Account, link string, issue int, email, kind string, now time.Time) error {
	w := write{
		// Two at once issue one each: the second sees that the first moved.
		key: accountKey(a.ID), update: "SET #link = :link", condition: isCurrent + " AND #link.Issue = :before", names: map[string]string{"#u": "User", "#link": link},
		values: values(":link", account.Link{Issue: issue, At: now}, ":before", issue-1, ":user", a.User, ":no", false), or: ErrMoved,
	}
	if email != "" {
		w.update += ", NewEmail = :email"
		w.values[":email"] = value(email)
	}
	n := strconv.Itoa(issue)
	return s.transact(ctx, w, newMail(kind, a.ID+"-"+n, now, "account", a.ID, "issue", n))
}

// TakeEmail makes a confirmed address the account's: the new one claimed, the old one free again, and told.
func (s *Store) TakeEmail(ctx context.Context, a account.Account, oldAddress, newAddress string, now time.Time) error {
	n := strconv.Itoa(a.NewEmailLink.Issue)
	return s.transact(
		ctx,
		write{
			// Once: the link is gone with the write, and only its latest issue counts. So is a link for a new password: it
			// went to the old address.
			key: accountKey(a.ID), update: "SET Email = :email, FormerEmails = :former, NewEmail = :none, NewEmailLink = :gone, #r.#at = :never", condition: isCurrent + " AND NewEmail = :email AND NewEmailLink = :link",
			names:  map[string]string{"#u": "User", "#r": "Reset", "#at": "At"},
			values: values(":email", a.NewEmail, ":former", a.Leaving(), ":none", "", ":gone", account.Link{Issue: a.NewEmailLink.Issue}, ":never", time.Time{}, ":link", a.NewEmailLink, ":user", a.User, ":no", false), or: account.ErrLinkUsed,
		},
		write{put: item(claimKey(newAddress), claim{a.ID}), condition: isNew, or: account.ErrEmailTaken},
		write{key: claimKey(oldAddress), delete: true, condition: "account = :id", values: values(":id", a.ID)},
		newMail(MailEmailChanged, a.ID+"-"+n, now, "account", a.ID, "issue", n),
	)
}

// StepTOTP uses up a time step of an agent's authenticator: each code works once.
func (s *Store) StepTOTP(ctx context.Context, id string, step int64) error {
	return s.apply(ctx, write{
		key: accountKey(id), update: "SET TOTPStep = :step", condition: "TOTPStep < :step", values: values(":step", step), or: account.ErrTOTPWrong,
	}.once())
}

// TellOwner mails the owner of an address that somebody asked for a link there. Without an owner the same is written and
// nobody is mailed: asking takes as long either way.
func (s *Store) TellOwner(ctx context.Context, owner, address string, now time.Time) error {
	tell := newMail(MailHasAccount, address+"-"+stamp(now), now, "account", owner)
	tell.or = errCondition
	if err := s.transact(ctx, tell); !errors.Is(err, errCondition) {
		return err
	}
	return nil // told in the same instant by another request
}

// OpenAccount writes an account without a sign-up: the operator's way to a collectivity's first manager.
func (s *Store) OpenAccount(ctx context.Context, address string, a account.Account) error {
	return s.transact(
		ctx,
		write{put: item(claimKey(address), claim{a.ID}), condition: isNew, or: account.ErrEmailTaken},
		write{put: item(accountKey(a.ID), a), condition: isNew},
	)
}
