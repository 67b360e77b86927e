package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler(h town.Home) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), h.Secret, os.Getenv("PREAU_PORTAL"), town.Clock}.handle, httpapi.Created)
}

func create(h town.Home) api.CalendarLink {
	h.T.Helper()
	return town.Read[api.CalendarLink](h.T, newHandler(h), h.Event("create-calendar-link", nil), 201)
}

// opens says whether a link's address opens the family's feed.
func opens(h town.Home, link api.CalendarLink) bool {
	h.T.Helper()
	token := strings.TrimSuffix(link.URL[strings.LastIndex(link.URL, "/")+1:], ".ics")
	account, family, issue, ok := h.Secret.ReadCalendar(token)
	if !ok || account != h.Account.ID || family != h.ID {
		h.T.Fatalf("the link is %s's, to family %s (%v)", account, family, ok)
	}
	_, err := h.Env.Store.FeedOf(h.T.Context(), account, family, issue)
	return err == nil
}

func TestALinkIsAnAddressOfThePortal(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	link := create(h)
	if !link.Active || link.Since != "2026-11-23T08:30:00Z" || !strings.HasPrefix(link.URL, os.Getenv("PREAU_PORTAL")+"/v1/calendar/") || !strings.HasSuffix(link.URL, ".ics") {
		t.Errorf("got %+v", link)
	}
	if !opens(h, link) {
		t.Error("it opens nothing")
	}
	for _, personal := range []string{"Martin", "Anne", "Léa", h.Account.Email, h.Slug} {
		if strings.Contains(link.URL, personal) {
			t.Errorf("%s is in %s", personal, link.URL)
		}
	}
}

func TestAskedAgainItReplacesTheLink(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	links := []api.CalendarLink{create(h), create(h), create(h)}
	for n, link := range links {
		if got, want := opens(h, link), n == len(links)-1; got != want {
			t.Errorf("link %d opens: %v, want %v", n, got, want)
		}
	}
}

func TestOfManyAtOnceOneLinkRemains(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	remain := 0
	for _, link := range town.InParallel(10, func(int) api.CalendarLink { return create(h) }) {
		if opens(h, link) {
			remain++
		}
	}
	if remain != 1 {
		t.Errorf("%d links open", remain)
	}
}

func TestEachParentAndEachFamilyHasALinkOfItsOwn(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	second := h
	second.Account = h.Subscriber(h.MadeFamily, 1)
	elsewhere := town.NewHome(t, "Tom")
	typed, err := h.Env.Store.TryCode(t.Context(), h.Secret.Code, elsewhere.Codes[1], h.Account.ID, town.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Env.Store.Subscribe(t.Context(), h.Account, typed, town.Now); err != nil {
		t.Fatal(err)
	}
	third := elsewhere
	third.Account = h.Account
	links := map[string]town.Home{create(h).URL: h, create(second).URL: second, create(third).URL: third}
	if len(links) != 3 {
		t.Fatalf("%d different links", len(links))
	}
	for url, of := range links {
		if !opens(of, api.CalendarLink{URL: url}) {
			t.Errorf("%s was replaced by another's", url)
		}
	}
}

// TestALinkOfBeforeDoesNotComeBack: whoever comes back with a new code makes a new link.
func TestALinkOfBeforeDoesNotComeBack(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	old := create(h)
	leave(h)
	subscribeAgain(h, town.Now.Add(time.Hour))
	if opens(h, old) {
		t.Error("the old link opens again")
	}
	if link := create(h); !opens(h, link) || opens(h, old) {
		t.Error("the new link opens nothing, or the old one something")
	}
}

func leave(h town.Home) {
	h.T.Helper()
	right, err := h.Env.Store.FamilyOf(h.T.Context(), account.CallerOf(h.Account.User, false), h.ID)
	if err == nil {
		err = right.Unsubscribe(h.T.Context(), town.Now)
	}
	if err != nil {
		h.T.Fatal(err)
	}
}

func subscribeAgain(h town.Home, now time.Time) {
	h.T.Helper()
	typed, err := h.IssueCode(h.T.Context(), h.MadeFamily.Store, h.Guardians[0])
	if err != nil {
		h.T.Fatal(err)
	}
	c, err := h.Env.Store.TryCode(h.T.Context(), h.Secret.Code, typed, h.Account.ID, now)
	if err != nil {
		h.T.Fatal(err)
	}
	if _, err := h.Env.Store.Subscribe(h.T.Context(), h.Account, c, now); err != nil {
		h.T.Fatal(err)
	}
}

func TestWhoHasNoRightMakesNoLink(t *testing.T) {
	t.Parallel()
	h, other := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	replaced, gone := h, h.NewHome("Zoé")
	replaced.Account.User = h.Account.ID + ".anotheruser"
	leave(gone)
	cases := []struct {
		says, family string
		who          town.Home
		status       int
		code         string
	}{
		{"somebody of another family", h.ID, other, 404, "family_not_found"},
		{"a family that nobody has", "01jd00000000000000000000zz", h, 404, "family_not_found"},
		{"who unsubscribed", gone.ID, gone, 404, "family_not_found"},
		{"credentials that were replaced", h.ID, replaced, 401, "session_ended"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(h), c.who.Event("create-calendar-link", map[string]string{"family": c.family})), c.status, c.code)
		})
	}
}

// TestTheTableHoldsNoSecret: the item tells which link is in force; the keyed hash at the token's end is nowhere.
func TestTheTableHoldsNoSecret(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	parts := strings.Split(strings.TrimSuffix(create(h).URL, ".ics"), ".")
	r := testkit.Stack(t)
	var item struct{ Item json.RawMessage }
	err := emulators.DynamoDB(r.DynamoDB).Call(t.Context(), "GetItem", map[string]any{
		"TableName": r.Table, "Key": map[string]any{"PK": map[string]string{"S": "ACCOUNT#" + h.Account.ID}, "SK": map[string]string{"S": "SUB#" + h.ID}},
	}, &item)
	if err != nil {
		t.Fatal(err)
	}
	if issue, mac := parts[len(parts)-2], parts[len(parts)-1]; !strings.Contains(string(item.Item), issue) || strings.Contains(string(item.Item), mac) {
		t.Errorf("issue %s, hash %s: the table holds %s", issue, mac, item.Item)
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	r := town.NewHome(t, "Léa").Event("create-calendar-link", nil)
	town.Rights(t, "create-calendar-link")
	if link := town.Read[api.CalendarLink](t, handler(t.Context()), r, 201); !link.Active {
		t.Errorf("got %+v", link)
	}
}
