package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler(h town.Home) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), h.Secret, os.Getenv("PREAU_PORTAL")}.handle)
}

func show(h town.Home) api.CalendarLink {
	h.T.Helper()
	return town.Read[api.CalendarLink](h.T, newHandler(h), h.Event("show-calendar-link", nil), 200)
}

func right(h town.Home) store.FamilyRight {
	h.T.Helper()
	r, err := h.Env.Store.FamilyOf(h.T.Context(), account.CallerOf(h.Account.User, false), h.ID)
	if err != nil {
		h.T.Fatal(err)
	}
	return r
}

func open(h town.Home, now time.Time) store.CalendarLink {
	h.T.Helper()
	link, err := right(h).OpenCalendar(h.T.Context(), now)
	if err != nil {
		h.T.Fatal(err)
	}
	return link
}

func TestALinkIsShownUntilItIsReplacedOrRevoked(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	none := api.CalendarLink{}
	if got := show(h); got != none {
		t.Errorf("before any: %+v", got)
	}
	for _, at := range []time.Time{town.Now, town.Now.Add(time.Hour)} {
		link := open(h, at)
		got := show(h)
		if want := os.Getenv("PREAU_PORTAL") + "/v1/calendar/" + h.Secret.Calendar(h.Account.ID, h.ID, link.Issue) + ".ics"; got.URL != want || !got.Active || got.Since != at.Format(time.RFC3339) {
			t.Errorf("got %+v, want %s since %s", got, want, at)
		}
		if again := show(h); again != got {
			t.Errorf("shown again it is %+v", again)
		}
	}
	if err := right(h).CloseCalendar(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := show(h); got != none {
		t.Errorf("revoked: %+v", got)
	}
}

func TestOnesLinkIsNotAnothers(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	open(h, town.Now)
	second := h
	second.Account = h.Subscriber(h.MadeFamily, 1)
	if got := show(second); got.Active {
		t.Errorf("the other parent sees %+v", got)
	}
}

func TestWhoHasNoRightSeesNoLink(t *testing.T) {
	t.Parallel()
	h, other := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	open(h, town.Now)
	replaced := h
	replaced.Account.User = h.Account.ID + ".anotheruser"
	cases := []struct {
		says   string
		who    account.Account
		status int
		code   string
	}{
		{"somebody of another family", other.Account, 404, "family_not_found"},
		{"credentials that were replaced", replaced.Account, 401, "session_ended"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			reply := town.Send(t, newHandler(h), town.As(h.Event("show-calendar-link", nil), c.who))
			town.Refused(t, reply, c.status, c.code)
			if strings.Contains(reply.Response.Body, "/calendar/") {
				t.Errorf("the refusal tells the link: %s", reply.Response.Body)
			}
		})
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	h := town.NewHome(t, "Léa")
	open(h, town.Now)
	r := h.Event("show-calendar-link", nil)
	town.Rights(t, "show-calendar-link")
	if link := town.Read[api.CalendarLink](t, handler(t.Context()), r, 200); !link.Active {
		t.Errorf("got %+v", link)
	}
}
