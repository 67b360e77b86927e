package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"preau/shared/background"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/mail"
	"preau/shared/store"
)

type app struct {
	store  *store.Store
	secret keys.Secret
	mail   *mail.Sender
	portal string
	log    *slog.Logger
	now    func() time.Time
}

// outcome is what became of one mail in an invocation.
type outcome string

const (
	sent       outcome = "sent"
	suppressed outcome = "suppressed" // its address bounced or complained
	moot       outcome = "moot"       // what it is about is gone
	waiting    outcome = "waiting"    // what it is about is still being written: due again
	asleep     outcome = "asleep"     // its town is suspended: due again
	failed     outcome = "failed"     // due again
	parked     outcome = "parked"     // failed for a day: given up, with an alarm
	taken      outcome = "taken"      // another process sends it, or did
	left       outcome = "left"       // no time left: the sweep's
	faulty     outcome = "faulty"     // not even its mark could be written
)

const (
	together  = 8                // mails on their way at once
	patience  = 40 * time.Second // for one mail; less than the lease, so that it is never sent by two
	afterward = 10 * time.Second // for its mark, whatever else happened
)

// handle sends a batch of the stream, or on any other event sweeps the queue.
func (a app) handle(ctx context.Context, event json.RawMessage) (out events.DynamoDBEventResponse, err error) {
	var stream events.DynamoDBEvent
	if json.Unmarshal(event, &stream) == nil && len(stream.Records) > 0 {
		return a.batch(ctx, stream), nil
	}
	return out, a.sweep(ctx)
}

// batch sends the new mails of a stream batch. Only what could not even be marked is asked for again.
func (a app) batch(ctx context.Context, e events.DynamoDBEvent) (out events.DynamoDBEventResponse) {
	var ids, numbers []string
	for _, r := range e.Records {
		if id, ok := newMail(r); ok {
			ids, numbers = append(ids, id), append(numbers, r.Change.SequenceNumber)
		}
	}
	outcomes := a.deliver(ctx, ids)
	for i, o := range outcomes {
		if o == faulty {
			out.BatchItemFailures = append(out.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: numbers[i]})
		}
	}
	a.report("stream", outcomes)
	return out
}

// newMail is the id of the outbox item that a stream record inserted.
func newMail(r events.DynamoDBEventRecord) (id string, ok bool) {
	pk, sk := r.Change.Keys["PK"], r.Change.Keys["SK"]
	if r.EventName != string(events.DynamoDBOperationTypeInsert) || pk.DataType() != events.DataTypeString || sk.DataType() != events.DataTypeString || sk.String() != "MAIL" {
		return "", false
	}
	return strings.CutPrefix(pk.String(), "MAIL#")
}

// sweep sends what is due: mails that failed, and those that the stream lost.
func (a app) sweep(ctx context.Context) error {
	var all []outcome
	seen := map[string]bool{}
	for {
		due, err := a.store.DueMails(ctx, a.now())
		if err != nil {
			return err
		}
		var ids []string
		for _, id := range due {
			if !seen[id] { // the index lags: once per sweep is enough
				seen[id] = true
				ids = append(ids, id)
			}
		}
		all = append(all, a.deliver(ctx, ids)...)
		if len(ids) == 0 || background.Late(ctx, patience+afterward) {
			a.report("sweep", all)
			return nil
		}
	}
}

// deliver sends mails, several at once, each for itself.
func (a app) deliver(ctx context.Context, ids []string) []outcome {
	outcomes := make([]outcome, len(ids))
	slots := make(chan struct{}, together)
	var wait sync.WaitGroup
	for i, id := range ids {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			outcomes[i] = a.one(ctx, id)
		})
	}
	wait.Wait()
	return outcomes
}

// one takes a mail from claim to mark.
func (a app) one(ctx context.Context, id string) outcome {
	if background.Late(ctx, patience+afterward) {
		return left
	}
	m, ok, err := a.store.ClaimMail(ctx, id, a.now())
	if err != nil {
		return a.fault(id, err)
	}
	if !ok {
		return taken
	}
	if held, err := a.hold(ctx, m); err != nil || held {
		return a.held(id, err)
	}
	o, cause := a.send(ctx, m)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterward) // a mail that left is marked, come what may
	defer cancel()
	if cause == nil {
		if err := a.store.MailSent(ctx, m, string(o), a.now()); err != nil {
			return a.fault(id, err)
		}
		return o
	}
	return a.again(ctx, m, cause)
}

// hold leaves a mail of a suspended town for later.
func (a app) hold(ctx context.Context, m store.Mail) (bool, error) {
	if m.About["slug"] == "" {
		return false, nil // it is its reader's, whatever becomes of towns
	}
	asleep, err := a.store.FamilyAbout(m).Asleep(ctx)
	if err != nil || !asleep {
		return false, err
	}
	return true, a.store.HoldMail(ctx, m, a.now())
}

func (a app) held(id string, err error) outcome {
	if err != nil {
		return a.fault(id, err)
	}
	return asleep
}

// again makes a mail that could not be sent due later, or parks it.
func (a app) again(ctx context.Context, m store.Mail, cause error) outcome {
	gaveUp, err := a.store.MailFailed(ctx, m, a.now())
	line := []any{"mail", m.ID, "tries", m.Tries, "error", cause.Error()}
	switch {
	case err != nil:
		return a.fault(m.ID, errors.Join(cause, err))
	case gaveUp:
		a.log.Error("mail parked", append(line, httpapi.Metric("MailParked", 1)...)...)
		return parked
	case errors.Is(cause, errNotReady):
		return waiting
	}
	a.log.Warn("mail failed", append(line, httpapi.Metric("MailFailed", 1)...)...)
	return failed
}

func (a app) fault(id string, err error) outcome {
	a.log.Error("mail not marked", append([]any{"mail", id, "error", err.Error()}, httpapi.Metric("MailFailed", 1)...)...)
	return faulty
}

// send writes a mail and hands it over. A panic is this mail's failure alone.
func (a app) send(ctx context.Context, m store.Mail) (o outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	letter, err := a.letter(ctx, m)
	if errors.Is(err, errMoot) {
		return moot, nil
	}
	if err != nil {
		return "", err
	}
	bounced, err := a.store.Bounced(ctx, a.secret.Address(letter.To), a.now())
	if err != nil {
		return "", err
	}
	if bounced && !askedFor(m.Kind) {
		return suppressed, nil
	}
	return sent, a.mail.Send(ctx, letter)
}

// askedFor says whether somebody waits for a mail right now. Such a mail passes our own mark: an address that bounced once
// would otherwise lock its owner out for a month without a word. SES's suppression list may still stop it.
func askedFor(kind string) bool {
	switch kind {
	case store.MailActivation, store.MailActivations, store.MailReset, store.MailNewEmail, store.MailInvitation, store.MailAuthenticator:
		return true
	}
	return false
}

// report writes the one line of an invocation.
func (a app) report(trigger string, outcomes []outcome) {
	counts := map[outcome]int{}
	for _, o := range outcomes {
		counts[o]++
	}
	line := []any{"trigger", trigger}
	for _, o := range []outcome{sent, suppressed, moot, waiting, asleep, failed, parked, taken, left, faulty} {
		line = append(line, string(o), counts[o])
	}
	if n := counts[suppressed]; n > 0 {
		line = append(line, httpapi.Metric("MailSuppressed", n)...)
	}
	a.log.Info("mails", line...)
}
