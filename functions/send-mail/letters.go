package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/mail"
	"preau/shared/store"
)

var (
	errMoot     = errors.New("what the mail is about is gone")
	errNotReady = errors.New("what the mail is about is still being written")
)

// letter finds what a mail is about, as it is now, and writes it.
func (a app) letter(ctx context.Context, m store.Mail) (mail.Letter, error) {
	switch m.Kind {
	case store.MailActivation:
		return a.activation(ctx, m)
	case store.MailActivations:
		return a.activations(ctx, m)
	case store.MailAccountClosed:
		return a.closed(ctx, m)
	case store.MailInvitation:
		return a.invitation(ctx, m)
	}
	reader, ok, err := a.store.Recipient(ctx, m)
	if err != nil {
		return mail.Letter{}, err
	}
	if !ok {
		return mail.Letter{}, errMoot
	}
	e, err := a.envelope(ctx, cmp.Or(m.About["slug"], reader.Collectivity), reader)
	if err != nil {
		return mail.Letter{}, err
	}
	if e.Town.Slug == "" && m.About["slug"] != "" {
		return mail.Letter{}, errMoot
	}
	switch m.Kind {
	case store.MailReset:
		return a.reset(e, reader, m)
	case store.MailNewEmail:
		return a.newEmail(ctx, e, reader, m)
	case store.MailAuthenticator:
		return a.authenticator(e, reader, m)
	case store.MailExportReady:
		return a.export(ctx, e, reader, m)
	case store.MailDocumentEnding:
		return a.aboutDocument(ctx, e, reader, m)
	case store.MailRequestReceived, store.MailRequestDecided:
		return a.aboutRequest(ctx, e, m)
	case store.MailRequestPromoted, store.MailRequestNoPlace:
		return a.aboutPlace(ctx, e, m)
	case store.MailLimitsClosing:
		return a.aboutLimits(ctx, e, m)
	case store.MailChangeReceived, store.MailChangeDecided:
		return a.aboutChange(ctx, e, m)
	case store.MailEventDeclared, store.MailEventRevoked:
		return a.aboutEvent(ctx, e, m)
	}
	return notice(e, reader, m)
}

// envelope is a letter in a town's name. Where the town has left the portal, its people's accounts stay, and the portal itself
// writes to them.
func (a app) envelope(ctx context.Context, slug string, reader account.Account) (mail.Envelope, error) {
	town, err := a.store.Public(ctx, slug)
	if errors.Is(err, collectivity.ErrUnknown) {
		town, err = collectivity.Settings{Name: "Portail famille", Timezone: "Europe/Paris"}, nil
	}
	return mail.Envelope{To: reader.Email, Reader: reader.Person, Town: town, Portal: a.portal}, err
}

// notice tells what has happened; it needs nothing more.
func notice(e mail.Envelope, reader account.Account, m store.Mail) (mail.Letter, error) {
	switch m.Kind {
	case store.MailHasAccount:
		return e.HasAccount(), nil
	case store.MailPasswordChanged:
		return e.PasswordChanged(m.Created), nil
	case store.MailEmailChanged:
		if e.To = reader.Former(issueOf(m)); e.To == "" {
			return mail.Letter{}, errMoot
		}
		return e.EmailChanged(m.Created), nil
	case store.MailSubscribed:
		return e.Subscribed(m.Created), nil
	case store.MailUnsubscribed:
		return e.Unsubscribed(m.Created), nil
	}
	return mail.Letter{}, fmt.Errorf("no letter of the kind %q", m.Kind)
}

// activation mails a sign-up's link; the owner of an address that has an account is told that instead, so that the
// sign-up page shows nobody whether it has one.
func (a app) activation(ctx context.Context, m store.Mail) (mail.Letter, error) {
	address, issue := m.About["address"], issueOf(m)
	attempt, ok, err := a.store.Attempt(ctx, address, m.About["attempt"])
	if err != nil {
		return mail.Letter{}, err
	}
	if !ok || attempt.Activated || issue >= len(attempt.Links) {
		return mail.Letter{}, errMoot
	}
	e, owned, err := a.toSignUp(ctx, address, attempt)
	if err != nil || owned {
		return e.HasAccount(), err
	}
	w := a.waiting(address, attempt, issue)
	return e.Activation(w.Token, w.Until), nil
}

// activations mails the links that the waiting sign-ups of an address got at one instant.
func (a app) activations(ctx context.Context, m store.Mail) (mail.Letter, error) {
	address := m.About["address"]
	open, err := a.store.OpenAttempts(ctx, address)
	if err != nil {
		return mail.Letter{}, err
	}
	var waiting []mail.WaitingSignUp
	for _, attempt := range open {
		if issue := issuedAt(attempt, m.About["issue"]); issue >= 0 {
			waiting = append(waiting, a.waiting(address, attempt, issue))
		}
	}
	if len(waiting) == 0 {
		return mail.Letter{}, errMoot
	}
	e, owned, err := a.toSignUp(ctx, address, open[0])
	if err != nil || owned {
		return e.HasAccount(), err
	}
	return e.Activations(waiting), nil
}

// issuedAt is the issue of a sign-up's link that was made at an instant, or -1.
func issuedAt(a account.Attempt, instant string) int {
	at, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		panic("the outbox names no instant") // only our own writes are there
	}
	return slices.IndexFunc(a.Links, func(link time.Time) bool { return link.Truncate(time.Millisecond).Equal(at) })
}

func (a app) waiting(address string, of account.Attempt, issue int) mail.WaitingSignUp {
	token := a.secret.Token("activation", address+"-"+of.ID, issue)
	return mail.WaitingSignUp{Token: token, Since: of.CreatedAt, Until: of.Links[issue].Add(account.ActivationLife)}
}

// toSignUp is a letter to the address of a sign-up; owned says that it is an account's.
func (a app) toSignUp(ctx context.Context, address string, of account.Attempt) (e mail.Envelope, owned bool, err error) {
	if e, err = a.envelope(ctx, of.Collectivity, account.Account{Email: of.Email}); err != nil {
		return e, false, err
	}
	owner, err := a.store.Claimed(ctx, address)
	return e, owner != "", err
}

// reset mails the latest link for a new password; one that was used or replaced is not worth a mail.
func (a app) reset(e mail.Envelope, reader account.Account, m store.Mail) (mail.Letter, error) {
	issue := issueOf(m)
	if !open(reader.Reset, issue) {
		return mail.Letter{}, errMoot
	}
	return e.Reset(a.secret.Token("reset", reader.ID, issue), reader.Reset.At.Add(account.ResetLife)), nil
}

// newEmail mails the link to a new address, or tells its owner that it already has an account.
func (a app) newEmail(ctx context.Context, e mail.Envelope, reader account.Account, m store.Mail) (mail.Letter, error) {
	issue := issueOf(m)
	if !open(reader.NewEmailLink, issue) || reader.NewEmail == "" {
		return mail.Letter{}, errMoot
	}
	e.To, e.Reader = reader.NewEmail, account.Person{}
	owner, err := a.store.Claimed(ctx, a.secret.Address(e.To))
	if err != nil {
		return mail.Letter{}, err
	}
	if owner != "" {
		return e.HasAccount(), nil
	}
	return e.NewEmail(a.secret.Token("email", reader.ID, issue), reader.NewEmailLink.At.Add(account.NewEmailLife)), nil
}

// open says whether an issue is a link's latest and unused. An expired one is mailed all the same: its page says how to
// get another.
func open(l account.Link, issue int) bool { return l.Issue == issue && !l.At.IsZero() }

// issueOf is the issue of a link that a mail carries.
func issueOf(m store.Mail) int {
	n, err := strconv.Atoi(m.About["issue"])
	if err != nil {
		panic("the outbox names no issue: " + m.Kind) // only our own writes are there
	}
	return n
}

// aboutRequest writes of a request when all of its days have their outcome.
func (a app) aboutRequest(ctx context.Context, e mail.Envelope, m store.Mail) (mail.Letter, error) {
	f := a.store.FamilyAbout(m)
	r, err := f.Request(ctx, m.About["request"])
	if err != nil {
		return mail.Letter{}, gone(err)
	}
	if !r.Settled {
		return mail.Letter{}, errNotReady
	}
	household, configuration, err := f.File(ctx)
	if err != nil {
		return mail.Letter{}, gone(err)
	}
	asked := mail.Asked{Request: r.Request, Children: household.Children, Activities: configuration.Activities}
	if m.Kind == store.MailRequestReceived {
		return e.RequestReceived(asked), nil
	}
	return e.RequestDecided(asked), nil
}

// aboutPlace writes of a day that waited for a place. One that is no longer booked, by an absence or the town, needs no word
// of its place any more; a refusal is told whatever came after it.
func (a app) aboutPlace(ctx context.Context, e mail.Envelope, m store.Mail) (mail.Letter, error) {
	f := a.store.FamilyAbout(m)
	r, err := f.Request(ctx, m.About["request"])
	if err != nil {
		return mail.Letter{}, gone(err)
	}
	place := booking.Place{Date: calendar.Date(m.About["date"]), Child: m.About["child"], Activity: m.About["activity"]}
	household, planning, err := f.Planning(ctx, calendar.Period{From: place.Date, To: place.Date})
	if err != nil {
		return mail.Letter{}, gone(err)
	}
	asked := mail.Asked{Request: r.Request, Children: household.Children, Activities: planning.Town.Activities}
	day := planning.Day(place)
	if day.Request != r.ID {
		day = booking.Day{Place: place}
	}
	switch {
	case m.Kind == store.MailRequestNoPlace:
		return e.PlaceNotFound(asked, day), nil
	case day.State != booking.Booked:
		return mail.Letter{}, errMoot
	}
	return e.PlaceFound(asked, day, planning.Allowed(day, a.now())), nil
}

// aboutLimits reminds of limits that come near, unless all is booked or asked by now.
func (a app) aboutLimits(ctx context.Context, e mail.Envelope, m store.Mail) (mail.Letter, error) {
	until, err := time.Parse(time.RFC3339, m.About["until"])
	if err != nil {
		panic("the outbox names no instant") // only our own writes are there
	}
	f := a.store.FamilyAbout(m)
	household, closing, err := f.Closing(ctx, a.now(), until)
	if err != nil {
		return mail.Letter{}, gone(err)
	}
	if len(closing) == 0 {
		return mail.Letter{}, errMoot
	}
	configuration, err := f.Configuration(ctx)
	return e.LimitsClosing(mail.Asked{Children: household.Children, Activities: configuration.Activities}, closing), err
}

// aboutChange writes of a change of the family file.
func (a app) aboutChange(ctx context.Context, e mail.Envelope, m store.Mail) (mail.Letter, error) {
	f := a.store.FamilyAbout(m)
	c, _, err := f.Change(ctx, m.About["change"])
	if err != nil {
		return mail.Letter{}, gone(err)
	}
	household, err := f.Household(ctx)
	if err != nil {
		return mail.Letter{}, gone(err)
	}
	of, ok := household.Member(c.Target) // without one, the section goes unnamed
	if !ok && c.Kind == family.Adds {
		of = c.Added(0)
	}
	if m.Kind == store.MailChangeReceived {
		return e.ChangeReceived(c, of), nil
	}
	return e.ChangeDecided(c, of), nil
}

// gone tells what was erased meanwhile from a fault.
func gone(err error) error {
	for _, missing := range []error{store.ErrRequestUnknown, family.ErrChangeUnknown, family.ErrUnknown, collectivity.ErrEventUnknown, collectivity.ErrInvitationExpired} {
		if errors.Is(err, missing) {
			return errMoot
		}
	}
	return err
}
