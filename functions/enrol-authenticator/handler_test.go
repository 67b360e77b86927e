package main

import (
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

func newHandler(w *town.Town, now time.Time) httpapi.Handler {
	return httpapi.Anyone(app{store.Open(), identity.Open(), w.Secret, func() time.Time { return now }}.handle)
}

func event(w *town.Town, token, password string) httpapi.Request {
	return town.Event(w.T, "enrol-authenticator", map[string]string{"token": token, "password": password})
}

// lost is an agent whose authenticator was reset so many times.
func lost(t *testing.T, times int) (w *town.Town, agent account.Account) {
	t.Helper()
	w = town.New(t)
	manager, agent := w.Agent(collectivity.Manager), w.Agent(collectivity.Reviewer)
	for range times {
		if err := w.Right(manager).ResetAuthenticator(t.Context(), agent.ID, town.Now); err != nil {
			t.Fatal(err)
		}
	}
	return w, agent
}

func TestAnotherAuthenticatorIsEnrolledOnceAndTheOldOneIsGone(t *testing.T) {
	t.Parallel()
	w, agent := lost(t, 1)
	token := w.Secret.Token("authenticator", agent.ID, 1)
	w.Session(agent) // opened in the last moment
	got := town.Read[api.AgentAccess](t, newHandler(w, town.Now), event(w, token, town.Password), 200)
	after := w.Account(agent.ID)
	want, uri := account.Enrolment(w.Secret.TOTP(after.Authenticator()), agent.Email)
	if got.Authenticator == nil || got.Authenticator.Secret != want || got.Authenticator.URI != uri || got.Email != agent.Email {
		t.Errorf("shown %+v", got)
	}
	if old, _ := account.Enrolment(w.Secret.TOTP(agent.Authenticator()), agent.Email); after.Enrolling() || old == want {
		t.Errorf("kept %+v", after)
	}
	if _, err := w.Env.Store.AgentOf(t.Context(), account.CallerOf(agent.User, true), w.Slug, collectivity.Reviewer); err != nil {
		t.Errorf("the role: %v", err)
	}
	if open, err := w.Env.Store.Sessions(t.Context(), after, town.Now); err != nil || len(open) != 0 {
		t.Errorf("open are %+v, %v", open, err)
	}
	town.Refused(t, town.Send(t, newHandler(w, town.Now), event(w, token, town.Password)), 410, "link_used")
}

func TestALinkPostedTwentyTimesAtOnceEnrolsOnce(t *testing.T) {
	t.Parallel()
	w, agent := lost(t, 1)
	token := w.Secret.Token("authenticator", agent.ID, 1)
	enrolled := 0
	for _, r := range town.InParallel(20, func(int) town.Reply { return town.Send(t, newHandler(w, town.Now), event(w, token, town.Password)) }) {
		switch {
		case r.StatusCode == 200:
			enrolled++
		case r.Code() != "link_used" && r.Code() != "too_many_attempts":
			t.Errorf("got %d %s", r.StatusCode, r.Response.Body)
		}
	}
	if enrolled != 1 {
		t.Errorf("%d were shown the secret", enrolled)
	}
}

func TestALinkThatEnrolsNothing(t *testing.T) {
	t.Parallel()
	w, agent := lost(t, 2)
	latest := w.Secret.Token("authenticator", agent.ID, 2)
	h := newHandler(w, town.Now)
	town.Refused(t, town.Send(t, h, event(w, w.Secret.Token("authenticator", agent.ID, 1), town.Password)), 410, "link_expired")
	town.Refused(t, town.Send(t, newHandler(w, town.Now.Add(24*time.Hour)), event(w, latest, town.Password)), 410, "link_expired")
	town.Refused(t, town.Send(t, h, event(w, latest, "un autre mot de passe")), 401, "wrong_password", "password wrong_password")
	town.Refused(t, town.Send(t, h, event(w, latest[:len(latest)-1]+"x", town.Password)), 400, "link_invalid", "token link_invalid")
	town.Refused(t, town.Send(t, h, event(w, w.Secret.Token("reset", agent.ID, 2), town.Password)), 400, "link_invalid", "token link_invalid")
	town.Refused(t, town.Send(t, h, event(w, w.Secret.Token("authenticator", w.Citizen().ID, 1), town.Password)), 410, "link_used")
	if !w.Account(agent.ID).Enrolling() {
		t.Error("one of them enrolled")
	}
	town.Read[api.AgentAccess](t, h, event(w, latest, town.Password), 200)
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.NewNow(t)
	manager, agent := w.Agent(collectivity.Manager), w.Agent(collectivity.Reviewer)
	if err := w.Right(manager).ResetAuthenticator(t.Context(), agent.ID, w.Env.Now); err != nil {
		t.Fatal(err)
	}
	w.Session(agent)
	r := event(w, w.Secret.Token("authenticator", agent.ID, 1), town.Password)
	town.Rights(t, "enrol-authenticator")
	town.Read[api.AgentAccess](t, handler(t.Context()), r, 200)
}
