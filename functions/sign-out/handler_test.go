package main

import (
	"errors"
	"strings"
	"testing"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.Anyone(app{store.Open(), identity.Open()}.handle, httpapi.NoContent)
}

func event(t *testing.T, session string) httpapi.Request {
	return town.Event(t, "sign-out", map[string]string{"session": session})
}

// renews says whether a session's refresh token still works.
func renews(t *testing.T, w *town.Town, session string) bool {
	t.Helper()
	caller, refresh, err := httpapi.ReadSession(session)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Pool.Refresh(t.Context(), identity.ClientOf(caller.Agent), caller.User, refresh)
	if err != nil && !errors.Is(err, identity.ErrRefused) {
		t.Fatal(err)
	}
	return err == nil
}

// gone fails the test unless a reply drops the cookie and says no more.
func gone(t *testing.T, r town.Reply) {
	t.Helper()
	if r.StatusCode != 204 || r.Response.Body != "" || len(r.Cookies) != 1 || !strings.HasPrefix(r.Cookies[0], "preau_session=; Path=/v1/sessions; Max-Age=0;") {
		t.Errorf("got %+v", r.Response)
	}
}

func TestSigningOutEndsThatSession(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	for says, a := range map[string]account.Account{"a citizen's": w.Citizen(), "an agent's": w.Agent(collectivity.Reader)} {
		session, other := w.Session(a), w.Session(a)
		if !renews(t, w, session) {
			t.Fatalf("%s: it was none", says)
		}
		gone(t, town.Send(t, newHandler(), event(t, session)))
		if renews(t, w, session) {
			t.Errorf("%s: it still is renewed", says)
		}
		if !renews(t, w, other) {
			t.Errorf("%s: the session of another device ended too", says)
		}
		gone(t, town.Send(t, newHandler(), event(t, session))) // twice is as well
	}
}

// TestWhenCognitoFailsTheCookieGoesAllTheSame: this browser at least is signed out, and told that something is left.
func TestWhenCognitoFailsTheCookieGoesAllTheSame(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	front := testkit.Front(t, testkit.Stack(t).Cognito, func(string, []byte) string { return "AccessDeniedException" })
	var pool *identity.Pool
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": front}, func() { pool = identity.Open() })
	reply := town.Send(t, httpapi.Anyone(app{store.Open(), pool}.handle, httpapi.NoContent), event(t, w.Session(w.Citizen())))
	if reply.StatusCode != 500 || len(reply.Cookies) != 1 || !strings.HasPrefix(reply.Cookies[0], "preau_session=; Path=/v1/sessions; Max-Age=0;") {
		t.Errorf("got %+v", reply.Response)
	}
}

func TestWithoutASessionThereIsNothingToEnd(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	session := w.Session(a)
	for says, cookie := range map[string]string{
		"no cookie's value":      "",
		"a value that is none":   "c~" + a.User,
		"a token that is none":   "c~" + a.User + "~refresh",
		"another client's token": "a" + session[1:],
		"a touched token":        session + "x",
	} {
		t.Run(says, func(t *testing.T) { gone(t, town.Send(t, newHandler(), event(t, cookie))) })
	}
	without := event(t, "")
	without.Cookies = nil
	gone(t, town.Send(t, newHandler(), without))
	if !renews(t, w, session) {
		t.Error("a session ended that was not this one")
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	session := w.Session(w.Citizen())
	town.Rights(t, "sign-out")
	gone(t, town.Send(t, handler(t.Context()), event(t, session)))
}
