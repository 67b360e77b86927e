package store

import (
	"context"
	"errors"
	"strconv"
	"time"
)

// Mail is an item of the outbox: written in the same transaction as the fact that causes it, and sent by send-mail. It
// names what it is about by ids; who is told, and any token, is found when it is sent.
type Mail struct {
	ID      string            `dynamodbav:"id"`
	Kind    string            `dynamodbav:"kind"`
	About   map[string]string `dynamodbav:"about"`
	Created time.Time         `dynamodbav:"created"`
	Tries   int               `dynamodbav:"tries"`
	Lease   string            `dynamodbav:"lease,omitempty"` // until when one process sends it
}

// Kinds of mail, and what their About holds.
const (
	MailActivation      = "activation"       // address, attempt, issue
	MailActivations     = "activations"      // address, issue: the instant at which its waiting sign-ups got another link each
	MailReset           = "password-reset"   // account, issue
	MailPasswordChanged = "password-changed" // account
	MailNewEmail        = "new-email"        // account, issue
	MailEmailChanged    = "email-changed"    // account, issue: the address that this change replaced is told
	MailHasAccount      = "has-account"      // account: somebody signed up or asked for a link with an address in use
	MailSubscribed      = "subscribed"       // account, slug, family
	MailUnsubscribed    = "unsubscribed"     // account, slug
	MailAccountClosed   = "account-closed"   // account: told although it is closed
	MailExportReady     = "export-ready"     // account, export
	MailDocumentEnding  = "document-ending"  // account, slug, family, document, until: the end that it had
	MailRequestReceived = "request-received" // account, slug, family, request
	MailRequestDecided  = "request-decided"  // account, slug, family, request
	MailRequestPromoted = "request-promoted" // account, slug, family, request, date, child, activity: a place came free
	MailRequestNoPlace  = "request-no-place" // account, slug, family, request, date, child, activity: none did in time
	MailLimitsClosing   = "limits-closing"   // account, slug, family, until: limits up to this instant come near
	MailChangeReceived  = "change-received"  // account, slug, family, change
	MailChangeDecided   = "change-decided"   // account, slug, family, change
	MailEventDeclared   = "event-declared"   // account, slug, family, event
	MailEventRevoked    = "event-revoked"    // account, slug, family, event
	MailInvitation      = "invitation"       // slug, invitation, issue
	MailAuthenticator   = "authenticator"    // account, slug, issue
)

const (
	mailLease   = time.Minute         // while a process sends, no other does
	mailSweep   = 2 * time.Minute     // the stream's head start before the sweep looks
	mailGiveUp  = 24 * time.Hour      // then the mail is parked
	mailKeeping = 30 * 24 * time.Hour // after sending, for the curious
)

func mailKey(id string) key { return key{"MAIL#" + id, "MAIL"} }

func mailQueue(shard int) string { return "MAIL#" + strconv.Itoa(shard) }

type mailItem struct {
	Mail
	work
}

// mail is the write of an outbox item. Its id comes from the fact, so that a fact written twice mails once.
func mail(m Mail) write {
	return write{put: item(mailKey(m.ID), mailItem{m, queued(mailQueue(shardOf(m.ID)), m.Created.Add(mailSweep))}), condition: isNew}
}

// newMail makes an outbox item of a kind about something: pairs of name and id.
func newMail(kind, fact string, now time.Time, pairs ...string) write {
	return mail(mailOf(kind, fact, now, pairs...))
}

func mailOf(kind, fact string, now time.Time, pairs ...string) Mail {
	about := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		about[pairs[i]] = pairs[i+1]
	}
	return Mail{ID: kind + "-" + fact, Kind: kind, About: about, Created: now}
}

// heldMail is a mail that may soon be overtaken: another write of the same call drops it and tells all at once. Where that never
// comes, because the process died or nothing was left to write, it leaves with the sweep: no function that writes one runs
// longer than the lease.
func heldMail(m Mail) write {
	due := m.Created.Add(mailLease)
	m.Lease = stamp(due)
	return write{put: item(mailKey(m.ID), mailItem{m, queued(mailQueue(shardOf(m.ID)), due)}), condition: isNew}
}

// dropMail takes back a mail that was held.
func dropMail(id string) write { return write{key: mailKey(id), delete: true} }

// DueMails lists the ids of mails that the stream did not settle, from all shards.
func (s *Store) DueMails(ctx context.Context, now time.Time) ([]string, error) {
	var ids []string
	for shard := range shards {
		keys, _, err := s.due(ctx, mailQueue(shard), now, 100, nil)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			ids = append(ids, k.PK[len("MAIL#"):])
		}
	}
	return ids, nil
}

// ClaimMail takes a mail for sending. ok is false when it was sent, is parked, or another process holds its lease.
func (s *Store) ClaimMail(ctx context.Context, id string, now time.Time) (m Mail, ok bool, err error) {
	// The lease keeps two processes (the stream's and the sweep's) from sending the same mail; a process that dies
	// leaves it to the sweep a minute later.
	w := write{
		key:       mailKey(id),
		update:    "SET lease = :until, tries = tries + :one, workAt = :until",
		condition: "attribute_exists(#w) AND (attribute_not_exists(lease) OR lease <= :now)",
		names:     map[string]string{"#w": "work"},
		values:    values(":until", stamp(now.Add(mailLease)), ":now", stamp(now), ":one", 1),
	}
	if err := s.apply(ctx, w.once()); errors.Is(err, errCondition) {
		return m, false, nil
	} else if err != nil {
		return m, false, err
	}
	return get[Mail](ctx, s, mailKey(id))
}

// MailSent takes a mail out of the queue for good: it was "sent", its address is "suppressed", or what it is about is
// gone and it is "moot". One that was sent is listed with its account.
func (s *Store) MailSent(ctx context.Context, m Mail, outcome string, now time.Time) error {
	settled := mailSettled(m.ID, outcome, now)
	if id := m.About["account"]; id != "" && outcome == "sent" {
		return s.transact(ctx, settled, sentMail(id, m, now))
	}
	return s.apply(ctx, settled)
}

// A SentMail is a mail that an account got: when, and of what kind.
type SentMail struct {
	Kind string
	At   time.Time
}

// sentMail lists a mail with its account for as long as its outbox item is kept.
func sentMail(accountID string, m Mail, now time.Time) write {
	return write{
		key:    key{"ACCOUNT#" + accountID, "SENT#" + stamp(now) + "#" + m.ID},
		update: "SET #kind = :kind, #at = :now, expires = :expires", names: map[string]string{"#kind": "Kind", "#at": "At"},
		values: values(":kind", m.Kind, ":now", now, ":expires", epoch(now.Add(mailKeeping))),
	}
}

// SentMails lists the mails that an account got lately, oldest first.
func (s *Store) SentMails(ctx context.Context, accountID string) ([]SentMail, error) {
	items, err := s.query(ctx, "ACCOUNT#"+accountID, "SENT#", "SENT#"+end)
	if err != nil {
		return nil, err
	}
	return decodeAll[SentMail](items)
}

func mailSettled(id, outcome string, now time.Time) write {
	return write{
		key:    mailKey(id),
		update: "SET outcome = :outcome, settled = :now, expires = :expires REMOVE #w, workAt, lease",
		names:  map[string]string{"#w": "work"},
		values: values(":outcome", outcome, ":now", stamp(now), ":expires", epoch(now.Add(mailKeeping))),
	}
}

// MailFailed makes a claimed mail due again later, twice as late each time, or parks it after a day. It says whether it
// did. A process that lost its lease changes nothing: the mail is another's.
func (s *Store) MailFailed(ctx context.Context, m Mail, now time.Time) (parked bool, err error) {
	w := write{
		key: mailKey(m.ID), update: "SET workAt = :again REMOVE lease",
		names: map[string]string{"#w": "work"}, values: values(":again", stamp(now.Add(backoff(m.Tries)))),
	}
	if parked = now.Sub(m.Created) >= mailGiveUp; parked {
		w = mailSettled(m.ID, "parked", now)
	}
	w.condition, w.values[":lease"] = "attribute_exists(#w) AND lease = :lease", value(m.Lease)
	if err = s.apply(ctx, w.once()); errors.Is(err, errCondition) {
		return false, nil
	}
	return parked && err == nil, err
}

// mailHeld is how long a mail of a suspended town waits before it is looked at again.
const mailHeld = time.Hour

// HoldMail leaves a claimed mail of a suspended town for later. It is no failure.
func (s *Store) HoldMail(ctx context.Context, m Mail, now time.Time) error {
	w := write{
		key: mailKey(m.ID), update: "SET workAt = :again, tries = tries - :one REMOVE lease", condition: "attribute_exists(#w) AND lease = :lease",
		names: map[string]string{"#w": "work"}, values: values(":again", stamp(now.Add(mailHeld)), ":one", 1, ":lease", m.Lease),
	}
	if err := s.apply(ctx, w.once()); !errors.Is(err, errCondition) {
		return err
	}
	return nil // another process has it
}

// backoff after a number of tries: 2 minutes, 4, 8 … up to 2 hours.
func backoff(tries int) time.Duration { return min(time.Minute<<min(tries, 7), 2*time.Hour) }

// bounce is the mark of an address that does not take our mails.
type bounce struct {
	Kind    string    `dynamodbav:"kind"`
	At      time.Time `dynamodbav:"at"`
	Expires int64     `dynamodbav:"expires"`
}

func bounceKey(address string) key { return key{"ADDRESS#" + address, "BOUNCE"} }

// bounceKeeping is how long a bounced address is left alone; it may work again.
const bounceKeeping = 30 * 24 * time.Hour

// MarkBounced records that an address bounced for good or complained.
func (s *Store) MarkBounced(ctx context.Context, address, kind string, at time.Time) error {
	return s.apply(ctx, write{
		key:    bounceKey(address),
		update: "SET #k = :kind, #at = :at, expires = :expires",
		names:  map[string]string{"#k": "kind", "#at": "at_"},
		values: values(":kind", kind, ":at", at, ":expires", epoch(at.Add(bounceKeeping))),
	})
}

// UnmarkBounced clears the mark of an address; one without a mark is fine.
func (s *Store) UnmarkBounced(ctx context.Context, address string) error {
	return s.apply(ctx, write{key: bounceKey(address), delete: true})
}

// Bounced says whether an address is marked.
func (s *Store) Bounced(ctx context.Context, address string, now time.Time) (bool, error) {
	b, ok, err := get[bounce](ctx, s, bounceKey(address))
	return ok && b.Expires > epoch(now), err
}
