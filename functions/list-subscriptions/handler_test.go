package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/refusal"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open()}.handle) }

func list(t *testing.T, a account.Account) api.Subscriptions {
	t.Helper()
	return town.Read[api.Subscriptions](t, newHandler(), town.As(town.Event(t, "list-subscriptions", nil), a), 200)
}

func subscribe(h town.Home, a account.Account, n int) {
	h.T.Helper()
	c, err := h.Env.Store.TryCode(h.T.Context(), h.Secret.Code, h.Codes[n], a.ID, town.Now)
	if err != nil {
		h.T.Fatal(err)
	}
	if _, err := h.Env.Store.Subscribe(h.T.Context(), a, c, town.Now); err != nil {
		h.T.Fatal(err)
	}
}

func TestSubscriptionsComeWithTheNamesOfFamilyAndTown(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	subscribe(elsewhere, h.Account, 1)
	want := []api.Subscription{
		{Family: h.ID, Guardian: h.Guardians[0], Name: "Anne Martin", Collectivity: api.CollectivityName{Slug: h.Slug, Name: "Ville de test"}, Label: "Famille Martin", Since: "2026-11-23T08:30:00Z"},
		{Family: elsewhere.ID, Guardian: elsewhere.Guardians[1], Name: "Paul Martin", Collectivity: api.CollectivityName{Slug: elsewhere.Slug, Name: "Ville de test"}, Label: "Famille Martin", Since: "2026-11-23T08:30:00Z"},
	}
	if want[1].Family < want[0].Family {
		want[0], want[1] = want[1], want[0]
	}
	if d := cmp.Diff(api.Subscriptions{Items: want}, list(t, h.Account)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if other := list(t, elsewhere.Account); len(other.Items) != 1 || other.Items[0].Guardian != elsewhere.Guardians[0] {
		t.Errorf("the other parent has %+v", other.Items)
	}
}

func TestWhatStandsInTheWayOfAFamilyIsToldWithIt(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Settings(func(s *collectivity.Settings) {
		s.Terms.Version, s.TermsSince, s.Suspended = "2027-01", town.Now.AddDate(0, 0, -10), true
	})
	got := list(t, h.Account).Items[0]
	if !got.Suspended || got.TermsDue == nil || *got.TermsDue != (api.TermsDue{Version: "2027-01", Until: "2026-12-23T08:30:00Z"}) {
		t.Errorf("got %+v", got)
	}
}

func TestWithoutASubscriptionTheListIsEmptyAndSaysWhy(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	cases := []struct {
		says    string
		refused *refusal.Refusal // of the code given at sign-up
	}{
		{"no code was given", nil},
		{"the code was wrong", store.ErrCodeUnknown},
		{"the code was used", store.ErrCodeUsed},
		{"the code had expired", store.ErrCodeExpired},
		{"the guardian had an account", store.ErrSubscribed},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			a := account.Account{ID: id.New(town.Now), CreatedAt: town.Now}
			a.User = id.User(a.ID)
			if c.refused != nil {
				a.CodeRefused = c.refused.Code
			}
			if err := w.Env.Store.OpenAccount(t.Context(), a.ID, a); err != nil {
				t.Fatal(err)
			}
			got := list(t, a)
			if len(got.Items) != 0 || got.Items == nil {
				t.Errorf("items %#v", got.Items)
			}
			switch {
			case c.refused == nil && got.Notice != nil:
				t.Errorf("notice %+v", got.Notice)
			case c.refused != nil && (got.Notice == nil || got.Notice.Code != c.refused.Code || !strings.HasSuffix(got.Notice.Detail, c.refused.Detail)):
				t.Errorf("notice %+v", got.Notice)
			}
		})
	}
}

func TestTheNoticeGoesWithTheFirstSubscription(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := town.Home{Town: w, MadeFamily: w.Family("Léa")}
	a := account.Account{ID: id.New(town.Now), CodeRefused: store.ErrCodeUnknown.Code, CreatedAt: town.Now}
	a.User = id.User(a.ID)
	if err := w.Env.Store.OpenAccount(t.Context(), a.ID, a); err != nil {
		t.Fatal(err)
	}
	if got := list(t, a); got.Notice == nil {
		t.Fatal("there was no notice")
	}
	subscribe(h, a, 0)
	if got := list(t, a); got.Notice != nil || len(got.Items) != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestASessionThatEndedListsNothing(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	replaced := h.Account
	replaced.User = id.User(replaced.ID)
	unknown := account.Account{User: id.User(id.New(town.Now))}
	for says, who := range map[string]account.Account{"credentials that the account no longer uses": replaced, "an account that is gone": unknown} {
		reply := town.Send(t, newHandler(), town.As(town.Event(t, "list-subscriptions", nil), who))
		if reply.StatusCode != 401 || reply.Code() != "session_ended" {
			t.Errorf("%s: %d %s", says, reply.StatusCode, reply.Code())
		}
	}
}
