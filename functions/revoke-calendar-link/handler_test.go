package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open()}.handle, httpapi.NoContent)
}

func open(h town.Home) store.CalendarLink {
	h.T.Helper()
	right, err := h.Env.Store.FamilyOf(h.T.Context(), account.CallerOf(h.Account.User, false), h.ID)
	if err != nil {
		h.T.Fatal(err)
	}
	link, err := right.OpenCalendar(h.T.Context(), town.Now)
	if err != nil {
		h.T.Fatal(err)
	}
	return link
}

// opens says whether a link opens the family's feed.
func opens(h town.Home, link store.CalendarLink) bool {
	h.T.Helper()
	_, err := h.Env.Store.FeedOf(h.T.Context(), h.Account.ID, h.ID, link.Issue)
	if err != nil && refusal.Code(err) != "calendar_not_found" {
		h.T.Fatal(err)
	}
	return err == nil
}

func TestARevokedLinkOpensNothingAtOnce(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	second := h
	second.Account = h.Subscriber(h.MadeFamily, 1)
	mine, theirs := open(h), open(second)
	if !opens(h, mine) || !opens(second, theirs) {
		t.Fatal("the links never opened")
	}
	town.Read[api.Nothing](t, newHandler(), h.Event("revoke-calendar-link", nil), 204)
	if opens(h, mine) {
		t.Error("the link still opens")
	}
	if !opens(second, theirs) {
		t.Error("the other parent's link is gone too")
	}
	if again := open(h); !opens(h, again) || opens(h, mine) {
		t.Error("a new link does not open, or the old one does again")
	}
}

func TestRevokingWhatIsNotThereChangesNothing(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	for range 2 {
		town.Read[api.Nothing](t, newHandler(), h.Event("revoke-calendar-link", nil), 204)
	}
	if opens(h, store.CalendarLink{}) {
		t.Error("no link opens the feed")
	}
	if _, err := h.Env.Store.FamilyOf(t.Context(), account.CallerOf(h.Account.User, false), h.ID); err != nil {
		t.Errorf("the subscription: %v", err)
	}
}

func TestNobodyRevokesAnothersLink(t *testing.T) {
	t.Parallel()
	h, other := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	link := open(h)
	replaced := h.Account
	replaced.User = h.Account.ID + ".anotheruser"
	cases := []struct {
		says   string
		who    account.Account
		status int
		code   string
	}{
		{"somebody of another family", other.Account, 404, "family_not_found"},
		{"credentials that were replaced", replaced, 401, "session_ended"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			town.Refused(t, town.Send(t, newHandler(), town.As(h.Event("revoke-calendar-link", nil), c.who)), c.status, c.code)
		})
	}
	if !opens(h, link) {
		t.Error("the link was revoked")
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	h := town.NewHome(t, "Léa")
	open(h)
	r := h.Event("revoke-calendar-link", nil)
	town.Rights(t, "revoke-calendar-link")
	town.Read[api.Nothing](t, handler(t.Context()), r, 204)
}
