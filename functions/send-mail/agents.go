package main

import (
	"context"

	"preau/shared/account"
	"preau/shared/mail"
	"preau/shared/store"
)

// invitation mails the latest link of an invitation; one that was accepted, withdrawn or replaced is not worth a mail.
func (a app) invitation(ctx context.Context, m store.Mail) (mail.Letter, error) {
	invited, err := a.store.Invited(ctx, m.About["slug"], m.About["invitation"])
	if err != nil {
		return mail.Letter{}, gone(err)
	}
	if issueOf(m) != invited.Issue || !invited.Accepted.IsZero() {
		return mail.Letter{}, errMoot
	}
	e, err := a.envelope(ctx, invited.Slug, account.Account{Email: invited.Email})
	return e.Invitation(invited.Invitation, a.secret.Invitation(invited.Slug, invited.ID, invited.Issue)), err
}

// authenticator mails the latest link to enrol another authenticator.
func (a app) authenticator(e mail.Envelope, reader account.Account, m store.Mail) (mail.Letter, error) {
	issue := issueOf(m)
	if !open(reader.TOTPLink, issue) {
		return mail.Letter{}, errMoot
	}
	return e.Authenticator(a.secret.Token("authenticator", reader.ID, issue), reader.TOTPLink.At.Add(account.EnrolLife)), nil
}
