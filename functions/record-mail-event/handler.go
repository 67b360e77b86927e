package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/mail"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

type app struct {
	store  *store.Store
	secret keys.Secret
	log    *slog.Logger
	now    func() time.Time
}

// notice is what SES publishes of a mail; the members that we read.
type notice struct {
	EventType string `json:"eventType"`
	Bounce    struct {
		BounceType        string      `json:"bounceType"`
		BouncedRecipients []recipient `json:"bouncedRecipients"`
	} `json:"bounce"`
	Complaint struct {
		ComplainedRecipients []recipient `json:"complainedRecipients"`
	} `json:"complaint"`
}

type recipient struct {
	Address string `json:"emailAddress"`
}

// handle marks the addresses of permanent bounces and complaints. A mailbox that is full or a server that is down is a
// transient bounce: it may work again tomorrow and is left alone.
func (a app) handle(ctx context.Context, e events.SNSEvent) error {
	var marked, ignored int
	var errs []error
	for _, r := range e.Records {
		kind, recipients := read(r.SNS.Message)
		if kind == "" {
			ignored++
		}
		for _, to := range recipients {
			if err := a.mark(ctx, to.Address, kind); err != nil {
				errs = append(errs, err)
				continue
			}
			marked++
		}
	}
	a.report(marked, ignored, len(errs))
	return errors.Join(errs...)
}

// read tells what a message says of which addresses; kind is "" for one that marks nobody. SES also publishes a sentence
// in plain text when its topic is connected.
func read(message string) (kind string, recipients []recipient) {
	var n notice
	if err := json.Unmarshal([]byte(message), &n); err != nil {
		return "", nil
	}
	switch {
	case n.EventType == "Bounce" && n.Bounce.BounceType == "Permanent":
		return "bounce", n.Bounce.BouncedRecipients
	case n.EventType == "Complaint":
		return "complaint", n.Complaint.ComplainedRecipients
	}
	return "", nil
}

// mark files the address under its keyed hash. Marking it again only moves the mark's end.
func (a app) mark(ctx context.Context, address, kind string) error {
	bare, err := mail.ParseAddress(address) // some servers report "Name <address>"
	if err != nil {
		return errors.New("SES names an address that is none") // its text may hold the address
	}
	return a.store.MarkBounced(ctx, a.secret.Address(strings.ToLower(bare.Address)), kind, a.now())
}

func (a app) report(marked, ignored, failed int) {
	line := []any{"marked", marked, "ignored", ignored, "failed", failed}
	if marked > 0 {
		line = append(line, httpapi.Metric("MailBounced", marked)...)
	}
	a.log.Info("mail events", line...)
}
