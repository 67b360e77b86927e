package main

import (
	"strings"
	"testing"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/credentials"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.Anyone(app{store.Open(), identity.Open()}.handle)
}

func event(t *testing.T, session string) httpapi.Request {
	return town.Event(t, "refresh-session", map[string]string{"session": session})
}

func TestASessionIsRenewedAgainAndAgain(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	for says, a := range map[string]account.Account{"a citizen's": w.Citizen(), "an agent's": w.Agent(collectivity.Reader)} {
		session, h := w.Session(a), newHandler()
		for range 3 {
			reply := town.Send(t, h, event(t, session))
			if reply.StatusCode != 200 || reply.Body["accessToken"] == "" || reply.Body["expiresIn"] != 900.0 || len(reply.Body) != 2 || len(reply.Cookies) > 0 {
				t.Errorf("%s: got %+v", says, reply)
			}
		}
	}
}

func TestTwoSessionsOfAnAccountAreRenewedEach(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	one, other := w.Session(a), w.Session(a)
	for _, session := range []string{one, other, one} {
		town.Read[api.Session](t, newHandler(), event(t, session), 200)
	}
}

func TestASessionThatIsNoneIsNotRenewed(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a, b, agent := w.Citizen(), w.Citizen(), w.Agent(collectivity.Manager)
	session := w.Session(a)
	refresh := session[strings.LastIndex(session, "~")+1:]
	ended := w.Session(a)
	endOf(t, w, ended)
	closed := w.Citizen()
	closedSession := w.Session(closed)
	w.Close(closed)
	reset := w.Citizen()
	resetSession := w.Session(reset)
	if _, err := credentials.Replace(t.Context(), w.Env.Store, w.Pool, reset, "le nouveau mot de passe", nil, town.Now); err != nil {
		t.Fatal(err)
	}
	cases := []struct{ says, session, code string }{
		{"none", "", "no_session"},
		{"cut short", "c~" + a.User, "no_session"},
		{"without a token", "c~" + a.User + "~", "no_session"},
		{"of an unknown kind", "x" + session[1:], "no_session"},
		{"with a token that is none", "c~" + a.User + "~refresh", "session_ended"},
		{"with a touched token", session[:len(session)-1] + "x", "session_ended"},
		{"of nobody", "c~nobody.0~" + refresh, "session_ended"},
		{"with another account's token", "c~" + b.User + "~" + refresh, "session_ended"},
		{"with an access token", "c~" + a.User + "~" + accessOf(t, w, a), "session_ended"},
		{"a citizen's as an agent's", "a" + session[1:], "session_ended"},
		{"an agent's as a citizen's", "c" + w.Session(agent)[1:], "session_ended"},
		{"signed out", ended, "session_ended"},
		{"of a closed account", closedSession, "session_ended"},
		{"of a password that was replaced", resetSession, "session_ended"},
	}
	// Where the account has other credentials, or is gone, the browser may just be given another cookie.
	kept := map[string]bool{"of nobody": true, "of a closed account": true, "of a password that was replaced": true}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			reply := town.Send(t, newHandler(), event(t, c.session))
			town.Refused(t, reply, 401, c.code)
			if dropped := len(reply.Cookies) == 1 && strings.HasPrefix(reply.Cookies[0], "preau_session=; Path=/v1/sessions; Max-Age=0;"); dropped != (c.code == "session_ended" && !kept[c.says]) {
				t.Errorf("got the cookies %q", reply.Cookies)
			}
		})
	}
	without := event(t, "")
	without.Cookies = nil
	town.Refused(t, town.Send(t, newHandler(), without), 401, "no_session")
}

func TestASessionThatWasEndedElsewhereIsNotRenewedAndItsCookieGoes(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	ended, other := w.Session(a), w.Session(a)
	_, refresh, err := httpapi.ReadSession(ended)
	if err == nil {
		err = w.Env.Store.CloseSession(t.Context(), a.ID, account.SessionID(refresh))
	}
	if err != nil {
		t.Fatal(err)
	}
	reply := town.Send(t, newHandler(), event(t, ended))
	town.Refused(t, reply, 401, "session_ended")
	if len(reply.Cookies) != 1 || !strings.Contains(reply.Cookies[0], "Max-Age=0") {
		t.Errorf("got the cookies %q", reply.Cookies)
	}
	town.Read[api.Session](t, newHandler(), event(t, other), 200)
}

func TestAnAgentWhoseAuthenticatorWasResetRenewsNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, agent := w.Agent(collectivity.Manager), w.Agent(collectivity.Reader)
	if err := w.Right(manager).ResetAuthenticator(t.Context(), agent.ID, town.Now); err != nil {
		t.Fatal(err)
	}
	town.Refused(t, town.Send(t, newHandler(), event(t, w.Session(agent))), 401, "authenticator_reset", "totp authenticator_reset") // opened in the last moment
}

// TestAFaultLeavesTheCookie: the session may be renewed when Cognito answers again.
func TestAFaultLeavesTheCookie(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	session := w.Session(w.Citizen())
	front := testkit.Front(t, testkit.Stack(t).Cognito, func(string, []byte) string { return "AccessDeniedException" })
	var pool *identity.Pool
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": front}, func() { pool = identity.Open() })
	reply := town.Send(t, httpapi.Anyone(app{store.Open(), pool}.handle), event(t, session))
	if reply.StatusCode != 500 || len(reply.Cookies) > 0 {
		t.Errorf("got %+v", reply.Response)
	}
}

func endOf(t *testing.T, w *town.Town, session string) {
	t.Helper()
	_, refresh, err := httpapi.ReadSession(session)
	if err == nil {
		err = w.Pool.End(t.Context(), identity.Citizens, refresh)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func accessOf(t *testing.T, w *town.Town, a account.Account) string {
	t.Helper()
	tokens, err := w.Pool.SignIn(t.Context(), identity.Citizens, a.User, town.Password)
	if err != nil {
		t.Fatal(err)
	}
	return tokens.Access
}

// TestAnAppointedAgentsOldSessionIsRenewedAsWhatItWas: it opens nothing that needs the authenticator.
func TestAnAppointedAgentsOldSessionIsRenewedAsWhatItWas(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	session := w.Session(a)
	if err := w.Store.AppointAgent(t.Context(), collectivity.Agent{Account: a.ID, Role: collectivity.Manager}); err != nil {
		t.Fatal(err)
	}
	town.Read[api.Session](t, newHandler(), event(t, session), 200)
	if _, err := w.Env.Store.AgentOf(t.Context(), account.CallerOf(a.User, false), w.Slug, collectivity.Reader); err != account.ErrTOTPRequired {
		t.Errorf("got %v", err)
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	session, agents := w.Session(w.Citizen()), w.Session(w.Agent(collectivity.Reader))
	town.Rights(t, "refresh-session")
	h := handler(t.Context())
	town.Read[api.Session](t, h, event(t, session), 200)
	town.Read[api.Session](t, h, event(t, agents), 200)
}
