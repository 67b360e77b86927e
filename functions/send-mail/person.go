package main

import (
	"context"
	"slices"

	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/mail"
	"preau/shared/store"
	"preau/shared/views"
)

// closed tells the person of a closed account, which keeps their address until then.
func (a app) closed(ctx context.Context, m store.Mail) (mail.Letter, error) {
	was, ok, err := a.store.Account(ctx, m.About["account"])
	if err != nil {
		return mail.Letter{}, err
	}
	if !ok || was.Email == "" {
		return mail.Letter{}, errMoot
	}
	e, err := a.envelope(ctx, was.Collectivity, was)
	return e.AccountClosed(was.ClosedAt), err
}

// export tells that an export can be fetched; one that was replaced, or is over, is not worth a mail.
func (a app) export(ctx context.Context, e mail.Envelope, reader account.Account, m store.Mail) (mail.Letter, error) {
	export, err := a.store.Export(ctx, reader.ID)
	if err != nil {
		return mail.Letter{}, err
	}
	if export.ID != m.About["export"] || !export.Ready(a.now()) {
		return mail.Letter{}, errMoot
	}
	return e.ExportReady(export.Until), nil
}

// aboutDocument reminds a guardian of a document that ends, unless its end is another by now, or another document has taken its
// place.
func (a app) aboutDocument(ctx context.Context, e mail.Envelope, reader account.Account, m store.Mail) (mail.Letter, error) {
	f := a.store.FamilyAbout(m)
	household, err := f.Household(ctx)
	if err != nil {
		return mail.Letter{}, gone(err)
	}
	papers := store.Household{File: family.File{Documents: household.Documents}} // nothing else is opened
	if err := f.Open(ctx, &papers); err != nil {
		return mail.Letter{}, err
	}
	document, ok := papers.Member(m.About["document"])
	i := slices.IndexFunc(household.Guardians, func(g family.Member) bool { return g.Account == reader.ID })
	if !ok || i < 0 || !views.SeesDocument(household, views.Viewer{Guardian: household.Guardians[i]}, document) {
		return mail.Letter{}, errMoot
	}
	until := document.Text("document", "validUntil")
	if until != m.About["until"] || replaced(papers.Documents, document, calendar.Date(until)) {
		return mail.Letter{}, errMoot
	}
	about, _ := household.Member(document.Text("document", "about"))
	child := ""
	if about.Target == family.Child {
		child = about.Text("identity", "firstName")
	}
	return e.DocumentEnding(document.Text("document", "type"), child, calendar.Date(until)), nil
}

// replaced says whether a document of the same type is valid on the day after another's end.
func replaced(documents []family.Member, ending family.Member, until calendar.Date) bool {
	about, kind := ending.Text("document", "about"), ending.Text("document", "type")
	return slices.ContainsFunc(documents, func(d family.Member) bool {
		return d.ID != ending.ID && family.Covers(d, about, kind, until.AddDays(1))
	})
}
