package main

import (
	"crypto/rand"
	"strconv"
	"strings"
	"testing"
	"time"

	"preau/infra/seed"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/code"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func at(w *town.Town, now time.Time) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), w.Secret, func() time.Time { return now }}.handle)
}

func with(w *town.Town, a account.Account, code string) httpapi.Request {
	return town.As(town.Event(w.T, "preview-subscription", map[string]string{"code": code}), a)
}

func wrong(t testing.TB) string {
	t.Helper()
	c, err := code.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAPreviewMasksWhoseCodeItIs(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says     string
		name     string
		children []string
		want     api.FamilyGlimpse
	}{
		{"a name", "Martin", []string{"Léa", "Noé", "Inès"}, api.FamilyGlimpse{Label: "Famille M•••••", Children: 3}},
		{"a name of several words", "de la Tour", []string{"Tom"}, api.FamilyGlimpse{Label: "Famille d••••• l••••• T•••••", Children: 1}},
		{"a name with an accent, no child", "Évrard", nil, api.FamilyGlimpse{Label: "Famille É•••••", Children: 0}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			w := town.New(t)
			family := seed.Family{Name: c.name, Guardians: []seed.Guardian{{Civility: "mme", FirstName: "Anne", LastName: c.name, Household: "h"}}}
			for _, first := range c.children {
				family.Children = append(family.Children, seed.Child{FirstName: first, LastName: c.name})
			}
			f, err := w.AddFamily(t.Context(), w.Store, family, nil)
			if err != nil {
				t.Fatal(err)
			}
			reply := town.Send(t, at(w, town.Now), with(w, w.Citizen(), strings.ToLower(f.Codes[0])))
			got := town.Read[api.SubscriptionPreview](t, at(w, town.Now), with(w, w.Citizen(), f.Codes[0]), 200)
			if want := (api.SubscriptionPreview{Collectivity: api.CollectivityName{Slug: w.Slug, Name: "Ville de test"}, Family: c.want}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
			for _, secret := range append(c.children, c.name, "Anne", f.ID, f.Guardians[0]) {
				if strings.Contains(reply.Response.Body, secret) {
					t.Errorf("%s is told in %s", secret, reply.Response.Body)
				}
			}
		})
	}
}

func TestAPreviewSubscribesNobodyAndUsesNoCode(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f, a, other := w.Family("Léa"), w.Citizen(), w.Citizen()
	for _, who := range []account.Account{a, other, a} {
		town.Read[api.SubscriptionPreview](t, at(w, town.Now), with(w, who, f.Codes[0]), 200)
	}
	if subs, err := w.Env.Store.Subscriptions(t.Context(), a.ID); err != nil || len(subs) != 0 {
		t.Errorf("subscribed: %v %v", subs, err)
	}
}

func TestAPreviewRefusesWhatSubscribingRefuses(t *testing.T) {
	t.Parallel()
	h, left := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	right, err := left.Env.Store.FamilyOf(t.Context(), account.CallerOf(left.Account.User, false), left.ID)
	if err == nil {
		err = right.Unsubscribe(t.Context(), town.Now)
	}
	if err != nil {
		t.Fatal(err)
	}
	for says, c := range map[string]struct {
		of   town.Home
		want string
	}{"one's own code, used": {h, "already_yours"}, "one's own code, after the subscription ended": {left, "code_used"}} {
		if reply := town.Send(t, at(c.of.Town, town.Now), with(c.of.Town, c.of.Account, c.of.Codes[0])); reply.Code() != c.want {
			t.Errorf("%s: got %d %s, want %s", says, reply.StatusCode, reply.Code(), c.want)
		}
	}
	cases := []struct {
		says, code, want string
		after            time.Duration
	}{
		{"a code that nobody was given", wrong(t), "code_unknown", 0},
		{"a code that another account used", h.Codes[0], "code_used", 0},
		{"a code that has expired", h.Codes[1], "code_expired", 366 * 24 * time.Hour},
		{"what can be no code", "pas un code", "invalid_input", 0},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if reply := town.Send(t, at(h.Town, town.Now.Add(c.after)), with(h.Town, h.Citizen(), c.code)); reply.Code() != c.want {
				t.Errorf("got %d %s, want %s", reply.StatusCode, reply.Code(), c.want)
			}
		})
	}
}

// TestPreviewsAndSubscriptionsShareOneLimit: five wrong codes an hour, however they are tried.
func TestPreviewsAndSubscriptionsShareOneLimit(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f, a := w.Family("Léa"), w.Citizen()
	for n := range 5 {
		now := town.Now.Add(time.Duration(n) * time.Minute)
		if n < 2 {
			_, _ = w.Env.Store.TryCode(t.Context(), w.Secret.Code, wrong(t), a.ID, now) // as subscribe does
		} else if reply := town.Send(t, at(w, now), with(w, a, wrong(t))); reply.StatusCode != 404 {
			t.Fatalf("wrong code %d: %d", n, reply.StatusCode)
		}
	}
	reply := town.Send(t, at(w, town.Now.Add(10*time.Minute)), with(w, a, f.Codes[0]))
	if wait, _ := strconv.Atoi(reply.Headers["retry-after"]); reply.StatusCode != 429 || wait != 50*60 {
		t.Errorf("got %d, wait %d s", reply.StatusCode, wait)
	}
	if detail, _ := reply.Body["detail"].(string); !strings.Contains(detail, "50 min") {
		t.Errorf("the person is told %q", detail)
	}
}
