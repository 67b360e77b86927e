package main

import (
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/store"
)

// chosen is the new password.
const chosen = "le nouveau mot de passe"

func newHandler(w *town.Town, now func() time.Time) httpapi.Handler {
	return httpapi.Anyone(app{store.Open(), identity.Open(), w.Secret, now}.handle)
}

func event(t *testing.T, token, password string) httpapi.Request {
	return town.Event(t, "reset-password", map[string]string{"token": token, "password": password})
}

// asked has a link mailed to an account at an instant and answers its token.
func asked(w *town.Town, a account.Account, at time.Time) string {
	w.T.Helper()
	now := w.Account(a.ID)
	if err := w.Env.Store.AskReset(w.T.Context(), now, at); err != nil {
		w.T.Fatal(err)
	}
	return w.Secret.Token("reset", a.ID, now.Reset.Issue+1)
}

func TestALinkSetsANewPasswordAndSignsIn(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	reply := town.Send(t, newHandler(w, town.Clock), event(t, asked(w, a, town.Now.Add(-time.Minute)), chosen))
	after := w.Account(a.ID)
	if reply.StatusCode != 200 || reply.Body["expiresIn"] != 900.0 || len(reply.Cookies) != 1 || !strings.HasPrefix(reply.Cookies[0], "preau_session=c~"+after.User+"~") {
		t.Fatalf("got %+v", reply)
	}
	if !w.Opens(after.User, chosen) || w.Opens(after.User, town.Password) {
		t.Error("the new password is not the one that opens")
	}
	if _, err := w.Env.Store.Me(t.Context(), account.CallerOf(after.User, false)); err != nil {
		t.Error(err)
	}
	if _, ok := town.Outbox(t, store.MailPasswordChanged, after.User); !ok {
		t.Error("nobody is told")
	}
}

func TestANewPasswordEndsAllSessions(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	_, refresh, err := httpapi.ReadSession(w.Session(a))
	if err != nil {
		t.Fatal(err)
	}
	town.Read[api.Session](t, newHandler(w, town.Clock), event(t, asked(w, a, town.Now), chosen), 200)
	if _, err := w.Env.Store.Me(t.Context(), account.CallerOf(a.User, false)); err != account.ErrSessionEnded {
		t.Errorf("its access token: %v", err)
	}
	if _, err := w.Pool.Refresh(t.Context(), identity.Citizens, a.User, refresh); err != identity.ErrRefused {
		t.Errorf("its refresh token: %v", err)
	}
	if w.HasUser(a.User) {
		t.Error("the old user is not erased")
	}
}

func TestAnAgentStillHasToSignInWithTheAuthenticator(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Agent(collectivity.Manager)
	reply := town.Send(t, newHandler(w, town.Clock), event(t, asked(w, a, town.Now), chosen))
	if reply.StatusCode != 200 || len(reply.Body) != 0 || len(reply.Cookies) != 1 || !strings.HasPrefix(reply.Cookies[0], "preau_session=;") {
		t.Errorf("got %+v", reply)
	}
	if after := w.Account(a.ID); !after.Agent || !w.Opens(after.User, chosen) {
		t.Errorf("got %+v", after)
	}
}

func TestALinkWorksOnceHoweverManyComeAtOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	token, h := asked(w, a, town.Now), newHandler(w, town.Clock)
	set, won := 0, 0
	for n, reply := range town.InParallel(20, func(n int) town.Reply { return town.Send(t, h, event(t, token, chosen+string(rune('a'+n)))) }) {
		if reply.StatusCode == 200 {
			set, won = set+1, n
		} else {
			town.Refused(t, reply, 410, "link_used")
			if len(reply.Cookies) > 0 {
				t.Errorf("who came too late drops the cookie of who was in time: %q", reply.Cookies)
			}
		}
	}
	if set != 1 {
		t.Errorf("set %d times", set)
	}
	user := w.Account(a.ID).User // a Cognito user has one password, and is locked when many are tried
	if !w.Opens(user, chosen+string(rune('a'+won))) || w.Opens(user, chosen+string(rune('a'+(won+1)%20))) {
		t.Error("the password that was answered 200 is not the one that opens")
	}
}

func TestALinkThatSetsNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := newHandler(w, town.Clock)
	a, used, replaced, expired, closed := w.Citizen(), w.Citizen(), w.Citizen(), w.Citizen(), w.Citizen()
	good, usedToken, old, late, closedToken := asked(w, a, town.Now), asked(w, used, town.Now), asked(w, replaced, town.Now), asked(w, expired, town.Now.Add(-time.Hour)), asked(w, closed, town.Now)
	town.Read[api.Session](t, h, event(t, usedToken, chosen), 200)
	newer := asked(w, replaced, town.Now)
	w.Close(closed)
	cases := []struct {
		says, token, password string
		status                int
		code                  string
		fields                []string
	}{
		{"used", usedToken, chosen, 410, "link_used", nil},
		{"replaced by a later one", old, chosen, 410, "link_expired", nil},
		{"expired after an hour", late, chosen, 410, "link_expired", nil},
		{"never sent", w.Secret.Token("reset", a.ID, 2), chosen, 410, "link_used", nil},
		{"of an account that never asked", w.Secret.Token("reset", w.Citizen().ID, 1), chosen, 410, "link_used", nil},
		{"of a closed account", closedToken, chosen, 410, "link_used", nil},
		{"of no account", w.Secret.Token("reset", "nobody", 1), chosen, 410, "link_used", nil},
		{"of another kind", w.Secret.Token("email", a.ID, 1), chosen, 400, "link_invalid", []string{"token link_invalid"}},
		{"tampered with", strings.Replace(good, a.ID, used.ID, 1), chosen, 400, "link_invalid", []string{"token link_invalid"}},
		{"no link", "x", chosen, 400, "link_invalid", []string{"token link_invalid"}},
		{"with a password too short", good, "court", 400, "invalid_input", []string{"password password_short"}},
		{"with one's address for a password", good, a.Email, 400, "invalid_input", []string{"password password_weak"}},
		{"with a password that Cognito takes not", good, `douze\\tsignes`, 400, "invalid_input", []string{"password control_character"}},
		{"empty, and no password", "", "", 400, "invalid_input", []string{"token required", "password required"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			reply := town.Send(t, h, event(t, c.token, c.password))
			town.Refused(t, reply, c.status, c.code, c.fields...)
			if len(reply.Cookies) > 0 {
				t.Errorf("got %v", reply.Cookies)
			}
		})
	}
	if got := w.Account(a.ID); got.User != a.User || !w.Opens(a.User, town.Password) {
		t.Error("a refused link changed something")
	}
	town.Read[api.Session](t, h, event(t, good, chosen), 200) // what was refused for its password is good with another
	town.Read[api.Session](t, h, event(t, newer, chosen), 200)
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	token := asked(w, w.Citizen(), time.Now().Add(-time.Second))
	town.Rights(t, "reset-password")
	town.Read[api.Session](t, handler(t.Context()), event(t, token, chosen), 200)
}
