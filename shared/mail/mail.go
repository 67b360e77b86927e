// Package mail writes the letters that families get, in French and in their collectivity's name, and sends them with SES.
//
// A letter is made of blocks (letter.go); one HTML and one plain layout show the same blocks, so that the two never say
// different things. What is written: the reader's own name, first names of children, days and activities. Never health,
// bank or fiscal data, and never the values of a family file.
package mail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"

	"preau/shared/account"
	"preau/shared/awsconfig"
)

// Sender sends letters.
type Sender struct {
	api  *sesv2.Client
	from string // the address; the name beside it is the collectivity's
	set  string // configuration set, or ""
}

// Open connects to SES; PREAU_MAIL_FROM and PREAU_MAIL_CONFIG say how letters leave.
func Open() *Sender {
	api := sesv2.NewFromConfig(awsconfig.LoadPatient(), func(o *sesv2.Options) {
		o.BaseEndpoint = awsconfig.Endpoint("SESV2")
		o.Retryer = awsconfig.OnlyAnswered() // a letter has no token: repeated at once, it arrives twice. Where SES's answer is lost, the outbox sends it once more later.
	})
	return &Sender{api: api, from: os.Getenv("PREAU_MAIL_FROM"), set: os.Getenv("PREAU_MAIL_CONFIG")}
}

// Send hands a letter to SES. The error names what SES refused it for, never to whom it was going.
func (s *Sender) Send(ctx context.Context, l Letter) error {
	html, plain, err := l.Written()
	if err != nil {
		return fmt.Errorf("write the letter %s: %w", l.Kind, err)
	}
	from := (&netmail.Address{Name: l.Sender(), Address: cmp.Or(l.Town.Mail.Address, s.from)}).String() // quoted or encoded: a name can add no header
	in := &sesv2.SendEmailInput{
		FromEmailAddress: &from,
		Destination:      &types.Destination{ToAddresses: []string{l.To}},
		ReplyToAddresses: l.replyTo(),
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: content(oneLine(l.Subject)), Body: &types.Body{Html: content(html), Text: content(plain)},
		}},
		EmailTags: []types.MessageTag{{Name: text("kind"), Value: &l.Kind}},
	}
	if s.set != "" {
		in.ConfigurationSetName = &s.set
	}
	_, err = s.api.SendEmail(ctx, in)
	return discreet(err)
}

// Sender is the name that the letter comes from.
func (e Envelope) Sender() string { return oneLine(cmp.Or(e.Town.Mail.Sender, e.Town.Name)) }

// ReplyTo is where answers go: what the collectivity has set for it, or the service that families write to; "": nowhere.
func (e Envelope) ReplyTo() string {
	for _, address := range []string{e.Town.Mail.ReplyTo, e.Town.Contact.Email} {
		if read, err := account.ReadEmail("", address); err == nil {
			return read
		}
	}
	return ""
}

func (l Letter) replyTo() []string {
	if to := l.ReplyTo(); to != "" {
		return []string{to}
	}
	return nil
}

// discreet keeps SES's code and drops its sentence, which may quote the reader's address.
func discreet(err error) error {
	var refused smithy.APIError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return fmt.Errorf("SES refused the letter: %s", refused.ErrorCode())
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("SES did not answer in time")
	}
	return errors.New("SES could not be reached")
}

func content(s string) *types.Content { return &types.Content{Data: &s, Charset: text("UTF-8")} }

func text(s string) *string { return &s }
