package main

import (
	"slices"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/credentials"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

func event(t *testing.T, a account.Account) httpapi.Request {
	return town.As(town.Event(t, "update-me", nil), a)
}

func TestOnlyWhatIsGivenChanges(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	for _, c := range []struct {
		says string
		body string
		want account.Person
	}{
		{"the sample", event(t, a).Body, account.Person{Civility: "m", FirstName: "Anne", LastName: "Dupont"}},
		{"a first name", `{"firstName": "  Zoé  Marie "}`, account.Person{Civility: "m", FirstName: "Zoé Marie", LastName: "Dupont"}},
		{"no civility any more", `{"civility": ""}`, account.Person{FirstName: "Zoé Marie", LastName: "Dupont"}},
		{"nothing", `{}`, account.Person{FirstName: "Zoé Marie", LastName: "Dupont"}},
		{"nothing, as null", `{"lastName": null}`, account.Person{FirstName: "Zoé Marie", LastName: "Dupont"}},
	} {
		r := event(t, a)
		r.Body = c.body
		got := town.Read[api.Me](t, newHandler(), r, 200)
		if shown := (account.Person{Civility: got.Civility, FirstName: got.FirstName, LastName: got.LastName}); shown != c.want {
			t.Errorf("%s: shown %+v, want %+v", c.says, shown, c.want)
		}
		after := w.Account(a.ID)
		if after.Person != c.want || after.Email != a.Email || after.User != a.User {
			t.Errorf("%s: kept %+v", c.says, after)
		}
	}
}

func TestWhatIsRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	cases := []struct {
		says, body string
		fields     []string
	}{
		{"a civility that is none", `{"civility": "mlle", "lastName": "Dupont"}`, []string{"civility unknown_value"}},
		{"names that are none", `{"lastName": "", "firstName": "1"}`, []string{"lastName name_invalid", "firstName name_invalid"}},
		{"one name of two", `{"lastName": "Dupont", "firstName": "<b>"}`, []string{"firstName name_invalid"}},
		{"a name too long", `{"lastName": "` + strings.Repeat("a", 101) + `"}`, []string{"lastName too_long"}},
		{"a name of another type", `{"lastName": ["Dupont"]}`, []string{"lastName wrong_type"}},
		{"an address: it has to be confirmed", `{"email": "autre@example.org"}`, []string{"email unknown_field"}},
		{"a right", `{"agent": true}`, []string{"agent unknown_field"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			r := event(t, a)
			r.Body = c.body
			town.Refused(t, town.Send(t, newHandler(), r), 400, "invalid_input", c.fields...)
		})
	}
	if after := w.Account(a.ID); after.Person != a.Person {
		t.Errorf("got %+v", after.Person)
	}
}

func TestTermsAreAcceptedOnceAndTheyAreThoseInForce(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Settings(func(s *collectivity.Settings) { s.Terms.Version, s.TermsSince = "2027-01", town.Now })
	accepting := func(slug, version string) httpapi.Request {
		return town.With(t, event(t, h.Account), map[string]any{"acceptTerms": map[string]string{"collectivity": slug, "version": version}})
	}
	before := town.Read[api.Me](t, newHandler(), town.With(t, event(t, h.Account), map[string]any{}), 200)
	want := []api.TermsOf{{Collectivity: api.CollectivityName{Slug: h.Slug, Name: "Ville de test"}, TermsDue: api.TermsDue{Version: "2027-01", Until: "2026-12-23T08:30:00Z"}}}
	if !slices.Equal(before.TermsDue, want) {
		t.Errorf("due are %+v, want %+v", before.TermsDue, want)
	}
	town.Refused(t, town.Send(t, newHandler(), accepting(h.Slug, "2026-09")), 409, "terms_moved", "acceptTerms.version terms_moved")
	town.Refused(t, town.Send(t, newHandler(), accepting(h.Slug+"x", "2027-01")), 404, "collectivity_not_found")
	town.Refused(t, town.Send(t, newHandler(), accepting(h.Slug, "")), 400, "invalid_input", "acceptTerms.version required")
	for range 2 {
		if after := town.Read[api.Me](t, newHandler(), accepting(h.Slug, "2027-01"), 200); after.TermsDue != nil {
			t.Errorf("due are %+v", after.TermsDue)
		}
	}
	accepted := []account.Acceptance{{Collectivity: h.Slug, Version: "2027-01", At: town.Now}}
	if got := h.Town.Account(h.Account.ID); !slices.Equal(got.Accepted, accepted) || got.Person != h.Account.Person {
		t.Errorf("kept %+v", got)
	}
}

func TestAnEndedSessionChangesNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	closed, reset := w.Citizen(), w.Citizen()
	w.Close(closed)
	if _, err := credentials.Replace(t.Context(), w.Env.Store, w.Pool, reset, "le nouveau mot de passe", nil, town.Now); err != nil {
		t.Fatal(err)
	}
	for says, a := range map[string]account.Account{"of a closed account": closed, "of a replaced password": reset} {
		town.Refused(t, town.Send(t, newHandler(), event(t, a)), 401, "session_ended")
		// Ended between the handler's read and its write.
		if err := w.Env.Store.UpdatePerson(t.Context(), account.CallerOf(a.User, false), account.Person{LastName: "Dupont"}); err != account.ErrSessionEnded {
			t.Errorf("%s: got %v", says, err)
		}
		if after := w.Account(a.ID); after.Person != a.Person {
			t.Errorf("%s: got %+v", says, after.Person)
		}
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	r := event(t, town.New(t).Citizen())
	town.Rights(t, "update-me")
	town.Read[api.Me](t, handler(t.Context()), r, 200)
}
