package main

import (
	"slices"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle, httpapi.Accepted)
}

func event(w *town.Town, by account.Account, agent string) httpapi.Request {
	return town.As(town.Event(w.T, "reset-authenticator", map[string]string{"slug": w.Slug, "agent": agent}), by)
}

func TestAResetEndsTheAuthenticatorAndTheSessionsAtOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, agent := w.Agent(collectivity.Manager), w.Agent(collectivity.Reviewer)
	w.Session(agent)
	town.Read[api.Accepted](t, newHandler(), event(w, manager, agent.ID), 202)
	after := w.Account(agent.ID)
	if !after.Enrolling() || after.TOTPLink != (account.Link{Issue: 1, At: town.Now}) || after.User != agent.User {
		t.Errorf("kept %+v", after)
	}
	if open, err := w.Env.Store.Sessions(t.Context(), after, town.Now); err != nil || len(open) != 0 {
		t.Errorf("open are %+v, %v", open, err)
	}
	if _, err := w.Env.Store.AgentOf(t.Context(), account.CallerOf(agent.User, true), w.Slug, collectivity.Reader); refusal.Code(err) != "authenticator_reset" {
		t.Errorf("the next request: %v", err)
	}
	about, ok := town.Outbox(t, store.MailAuthenticator, agent.ID+"-1")
	if !ok || about["account"] != agent.ID || about["slug"] != w.Slug {
		t.Errorf("the outbox holds %v", about)
	}
	if audited := w.Audited(); !slices.Equal(audited, []string{"reset-authenticator agent " + agent.ID}) {
		t.Errorf("audited %q", audited)
	}
}

func TestAnAgentIsNotFloodedWithLinks(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, agent := w.Agent(collectivity.Manager), w.Agent(collectivity.Reviewer)
	answers := map[int]int{}
	for _, r := range town.InParallel(6, func(int) town.Reply { return town.Send(t, newHandler(), event(w, manager, agent.ID)) }) {
		answers[r.StatusCode]++
	}
	if answers[202] != 3 || answers[429] != 3 || w.Account(agent.ID).TOTPLink.Issue != 3 {
		t.Errorf("answers %v, link %+v", answers, w.Account(agent.ID).TOTPLink)
	}
}

func TestOnlyManagersOfTheWholeTownResetAndOnlyForItsAgents(t *testing.T) {
	t.Parallel()
	w, elsewhere := town.New(t), town.New(t)
	agent, citizen := w.Agent(collectivity.Reviewer), w.Citizen()
	town.Refused(t, town.Send(t, newHandler(), event(w, agent, agent.ID)), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Scoped(collectivity.Manager, "cantine"), agent.ID)), 403, "scope_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, elsewhere.Agent(collectivity.Manager), agent.ID)), 404, "collectivity_not_found")
	town.Refused(t, town.Send(t, newHandler(), event(elsewhere, elsewhere.Agent(collectivity.Manager), agent.ID)), 404, "agent_not_found")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Manager), citizen.ID)), 404, "agent_not_found")
	if w.Account(agent.ID).Enrolling() || w.Account(citizen.ID).Enrolling() {
		t.Error("one of them reset it")
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.NewNow(t)
	agent := w.Agent(collectivity.Reader)
	w.Session(agent)
	r := event(w, w.Agent(collectivity.Manager), agent.ID)
	town.Rights(t, "reset-authenticator")
	town.Read[api.Accepted](t, handler(t.Context()), r, 202)
}
