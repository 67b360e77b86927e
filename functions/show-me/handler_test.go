package main

import (
	"reflect"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/credentials"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open()}.handle) }

func event(t *testing.T, a account.Account) httpapi.Request {
	return town.As(town.Event(t, "show-me", nil), a)
}

func TestTheCallerSeesTheirAccount(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a, agent := w.Citizen(), w.Agent(collectivity.Reader)
	if err := w.Env.Store.AskEmail(t.Context(), a, "nouvelle@example.org", town.Now); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who  account.Account
		want api.Me
	}{
		{a, api.Me{ID: a.ID, LastName: "Martin", FirstName: "Anne", Email: a.Email, NewEmail: "nouvelle@example.org", CreatedAt: "2026-11-23T08:30:00Z"}},
		{agent, api.Me{ID: agent.ID, LastName: "Test", FirstName: "Odile", Email: agent.Email, CreatedAt: "2026-11-23T08:30:00Z", Agent: true}},
	} {
		if got := town.Read[api.Me](t, newHandler(), event(t, c.who), 200); !reflect.DeepEqual(got, c.want) {
			t.Errorf("got %+v, want %+v", got, c.want)
		}
	}
}

func TestATokenThatIsNoneOrNoLongerIs(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a, closed, reset := w.Citizen(), w.Citizen(), w.Citizen()
	w.Close(closed)
	if _, err := credentials.Replace(t.Context(), w.Env.Store, w.Pool, reset, "le nouveau mot de passe", nil, town.Now); err != nil {
		t.Fatal(err)
	}
	waiting := w.SignedUp("x"+a.Email, town.Password, town.Now)
	claims := func(change func(map[string]string)) httpapi.Request {
		r := event(t, a)
		change(r.RequestContext.Authorizer.JWT.Claims)
		return r
	}
	anonymous := town.Event(t, "show-me", nil)
	anonymous.RequestContext.Authorizer = nil
	cases := []struct {
		says string
		r    httpapi.Request
		code string
	}{
		{"none", anonymous, "access_token_required"},
		{"an id token", claims(func(c map[string]string) { c["token_use"], c["cognito:username"] = "id", a.User }), "access_token_required"},
		{"a token of no use", claims(func(c map[string]string) { delete(c, "token_use") }), "access_token_required"},
		{"a token of nobody", claims(func(c map[string]string) { delete(c, "username") }), "access_token_required"},
		{"a user that the account never had", claims(func(c map[string]string) { c["username"] = a.ID + ".0000000000000000" }), "session_ended"},
		{"an account that there is not", claims(func(c map[string]string) { c["username"] = "nobody.0" }), "session_ended"},
		{"a password that was replaced", event(t, reset), "session_ended"},
		{"a closed account", event(t, closed), "session_ended"},
		{"a sign-up that waits", event(t, account.Account{User: waiting.User}), "session_ended"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			town.Refused(t, town.Send(t, newHandler(), c.r), 401, c.code)
		})
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	r := event(t, town.New(t).Citizen())
	town.Rights(t, "show-me")
	town.Read[api.Me](t, handler(t.Context()), r, 200)
}
