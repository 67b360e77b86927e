package main

import (
	"context"
	"strings"
	"time"

	"preau/shared/api"
	"preau/shared/feed"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

type app struct {
	store  *store.Store
	secret keys.Secret
	now    func() time.Time
}

// handle gives a family's days as a calendar: GET /v1/calendar/{token}, with or without .ics at its end. The token is the
// right; what it gives is read again each time, and it costs nothing to refuse one that we never derived.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.CalendarPath) (httpapi.File, error) {
	account, family, issue, ok := a.secret.ReadCalendar(strings.TrimSuffix(in.Token, ".ics"))
	if !ok {
		return httpapi.File{}, store.ErrFeedUnknown
	}
	right, err := a.store.FeedOf(ctx, account, family, issue)
	if err != nil {
		return httpapi.File{}, err
	}
	now := a.now()
	household, planning, err := right.Store.Planning(ctx, feed.Period(now))
	if err != nil {
		return httpapi.File{}, err
	}
	shown := feed.Of("Activités – "+planning.Town.Name, household.Children, planning, now)
	return httpapi.File{Type: "text/calendar; charset=utf-8", Name: "preau.ics", Content: []byte(shown.Text(now)), Version: shown.Version()}, nil
}
