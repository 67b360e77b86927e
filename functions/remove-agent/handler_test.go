package main

import (
	"slices"
	"testing"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle, httpapi.NoContent)
}

func event(w *town.Town, by account.Account, agent string) httpapi.Request {
	return town.As(town.Event(w.T, "remove-agent", map[string]string{"slug": w.Slug, "agent": agent}), by)
}

// removed fails the test unless the removal was answered with 204.
func removed(t *testing.T, r town.Reply) {
	t.Helper()
	if r.StatusCode != 204 {
		t.Fatalf("got %d %s", r.StatusCode, r.Response.Body)
	}
}

func TestARemovedAgentsNextRequestFindsNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, agent := w.Agent(collectivity.Manager), w.Agent(collectivity.Manager)
	removed(t, town.Send(t, newHandler(), event(w, manager, agent.ID)))
	if _, err := w.Env.Store.AgentOf(t.Context(), account.CallerOf(agent.User, true), w.Slug, collectivity.Reader); refusal.Code(err) != "collectivity_not_found" {
		t.Errorf("the next request: %v", err)
	}
	if w.Account(agent.ID).Agent {
		t.Error("a citizen's account still needs an authenticator")
	}
	if audited := w.Audited(); !slices.Equal(audited, []string{"remove-agent agent " + agent.ID}) {
		t.Errorf("audited %q", audited)
	}
	town.Refused(t, town.Send(t, newHandler(), event(w, manager, agent.ID)), 404, "agent_not_found")
}

func TestWhoHasARoleElsewhereKeepsTheirAuthenticator(t *testing.T) {
	t.Parallel()
	w, elsewhere := town.New(t), town.New(t)
	manager, agent := w.Agent(collectivity.Manager), w.Agent(collectivity.Reader)
	if err := elsewhere.Store.AppointAgent(t.Context(), collectivity.Agent{Account: agent.ID, Name: "Odile Test", Role: collectivity.Reader}); err != nil {
		t.Fatal(err)
	}
	removed(t, town.Send(t, newHandler(), event(w, manager, agent.ID)))
	if !w.Account(agent.ID).Agent {
		t.Error("the agent of another town signs in without an authenticator")
	}
	if _, err := w.Env.Store.AgentOf(t.Context(), account.CallerOf(agent.User, true), elsewhere.Slug, collectivity.Reader); err != nil {
		t.Errorf("the role elsewhere: %v", err)
	}
}

func TestNobodyRemovesThemselvesNorTheLastManager(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	w.Scoped(collectivity.Manager, "cantine") // manages a part only
	town.Refused(t, town.Send(t, newHandler(), event(w, manager, manager.ID)), 409, "own_role")
	other := w.Agent(collectivity.Manager)
	town.Refused(t, town.Send(t, newHandler(), event(w, manager, manager.ID)), 409, "own_role")
	removed(t, town.Send(t, newHandler(), event(w, other, manager.ID)))
	right := w.Right(other)
	right.Account.ID = "another" // a manager who was removed between the check of their right and now
	if err := right.RemoveAgent(t.Context(), other.ID, town.Now); refusal.Code(err) != "last_manager" {
		t.Errorf("the last one: %v", err)
	}
}

func TestOfTwoManagersWhoRemoveEachOtherAtOnceOneStays(t *testing.T) {
	t.Parallel()
	for range 10 {
		w := town.New(t)
		a, b := w.Agent(collectivity.Manager), w.Agent(collectivity.Manager)
		replies := town.InParallel(2, func(n int) town.Reply {
			return town.Send(t, newHandler(), event(w, []account.Account{a, b}[n], []account.Account{b, a}[n].ID))
		})
		if team := w.Team(); !slices.Equal(team, []string{"Odile Test manager"}) {
			t.Fatalf("the team is %q: %s, %s", team, replies[0].Response.Body, replies[1].Response.Body)
		}
		for _, r := range replies {
			if r.StatusCode != 204 && r.Code() != "last_manager" && r.Code() != "collectivity_not_found" && r.Code() != "agent_not_found" {
				t.Errorf("got %d %s", r.StatusCode, r.Response.Body)
			}
		}
	}
}

func TestAnInvitationIsWithdrawn(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	i, _ := w.Invite(manager, testkit.Address(t), collectivity.Reader)
	removed(t, town.Send(t, newHandler(), event(w, manager, i.ID)))
	if team := w.Team(); !slices.Equal(team, []string{"Odile Test manager"}) {
		t.Errorf("the team is %q", team)
	}
	if _, err := w.Env.Store.Invited(t.Context(), w.Slug, i.ID); refusal.Code(err) != "invitation_expired" {
		t.Errorf("its link: %v", err)
	}
}

func TestOnlyManagersOfTheWholeTownRemoveItsAgents(t *testing.T) {
	t.Parallel()
	w, elsewhere := town.New(t), town.New(t)
	agent := w.Agent(collectivity.Reviewer)
	town.Refused(t, town.Send(t, newHandler(), event(w, agent, agent.ID)), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Scoped(collectivity.Manager, "cantine"), agent.ID)), 403, "scope_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, elsewhere.Agent(collectivity.Manager), agent.ID)), 404, "collectivity_not_found")
	town.Refused(t, town.Send(t, newHandler(), event(elsewhere, elsewhere.Agent(collectivity.Manager), agent.ID)), 404, "agent_not_found")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	r := event(w, w.Agent(collectivity.Manager), w.Agent(collectivity.Manager).ID)
	town.Rights(t, "remove-agent")
	removed(t, town.Send(t, handler(t.Context()), r))
}
