package main

import (
	"context"

	"preau/shared/booking"
	"preau/shared/mail"
	"preau/shared/store"
)

// aboutEvent writes of an event of the town. One that was revoked before its letter left needs no word of what it takes: the
// letter of the revocation follows.
func (a app) aboutEvent(ctx context.Context, e mail.Envelope, m store.Mail) (mail.Letter, error) {
	news, err := a.store.FamilyAbout(m).EventNews(ctx, m.About["event"])
	if err != nil {
		return mail.Letter{}, gone(err)
	}
	n := mail.News{
		Event: news.Event, Asked: mail.Asked{Children: news.Children, Activities: news.Town.Activities},
		Cancelled: linesOf(news.Cancelled), Waived: linesOf(news.Waived), Reopened: linesOf(news.Reopened),
		Dropped: placed(news.Dropped), Released: placed(news.Released),
	}
	switch {
	case m.Kind == store.MailEventRevoked:
		return e.EventRevoked(n), nil
	case n.Event.Revoked() || n.Empty():
		return mail.Letter{}, errMoot
	}
	return e.EventDeclared(n), nil
}

func linesOf(days []booking.Day) (lines []booking.Line) {
	for _, d := range days {
		lines = append(lines, booking.LineOf(d, d.State))
	}
	return lines
}

func placed(places []booking.Place) (lines []booking.Line) {
	for _, p := range places {
		lines = append(lines, booking.Line{Place: p, State: booking.Cancelled})
	}
	return lines
}
