package main

import (
	"slices"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

type object = map[string]any

func event(w *town.Town, by account.Account, agent string) httpapi.Request {
	return town.As(town.Event(w.T, "update-agent", map[string]string{"slug": w.Slug, "agent": agent}), by)
}

func sent(w *town.Town, by account.Account, agent string, changes object) httpapi.Request {
	body := object{"name": "Odile Test", "role": "manager"}
	for name, v := range changes {
		body[name] = v
	}
	return town.With(w.T, event(w, by, agent), body)
}

func TestAnAgentsRightChangesAtOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, agent := w.Agent(collectivity.Manager), w.Agent(collectivity.Reviewer)
	if err := w.Store.SaveSchool(t.Context(), collectivity.School{ID: "verne", Name: "École Jules-Verne"}); err != nil {
		t.Fatal(err)
	}
	got := town.Read[api.Agent](t, newHandler(), sent(w, manager, agent.ID, object{"name": " Claire Petit ", "role": "reader", "activities": []string{"cantine"}, "schools": []string{"verne"}, "health": true}), 200)
	if got.Name != "Claire Petit" || got.Email != agent.Email || got.Role != "reader" || got.Since != "2026-11-23T08:30:00Z" {
		t.Errorf("got %+v", got)
	}
	if team := w.Team(); !slices.Equal(team, []string{"Claire Petit reader cantine verne health", "Odile Test manager"}) {
		t.Errorf("the team is %q", team)
	}
	if _, err := w.Env.Store.AgentOf(t.Context(), account.CallerOf(agent.User, true), w.Slug, collectivity.Reviewer); err != collectivity.ErrRoleMissing {
		t.Errorf("the next request: %v", err)
	}
	if audited := w.Audited(); !slices.Equal(audited, []string{"update-agent agent " + agent.ID + " reader, cantine, verne, health"}) {
		t.Errorf("audited %q", audited)
	}
}

func TestTheLastManagerOfTheWholeTownStaysOne(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, scoped := w.Agent(collectivity.Manager), w.Scoped(collectivity.Manager, "cantine")
	for says, change := range map[string]object{"demoted": {"role": "reviewer"}, "scoped": {"activities": []string{"cantine"}}} {
		town.Refused(t, town.Send(t, newHandler(), sent(w, manager, manager.ID, change)), 409, "last_manager")
		if t.Failed() {
			t.Fatal(says)
		}
	}
	town.Read[api.Agent](t, newHandler(), sent(w, manager, manager.ID, object{"health": true}), 200) // who is alone gives themselves a right
	town.Read[api.Agent](t, newHandler(), sent(w, manager, scoped.ID, nil), 200)
	town.Read[api.Agent](t, newHandler(), sent(w, manager, manager.ID, object{"role": "reader"}), 200)
}

// TestOfManagersWhoDemoteEachOtherAtOnceOneStays: each of ten demotes the next.
func TestOfManagersWhoDemoteEachOtherAtOnceOneStays(t *testing.T) {
	t.Parallel()
	for range 5 {
		w := town.New(t)
		var managers []account.Account
		for range 4 {
			managers = append(managers, w.Agent(collectivity.Manager))
		}
		replies := town.InParallel(len(managers), func(n int) town.Reply {
			return town.Send(t, newHandler(), sent(w, managers[n], managers[(n+1)%len(managers)].ID, object{"role": "reader"}))
		})
		left := 0
		for _, line := range w.Team() {
			if line == "Odile Test manager" {
				left++
			}
		}
		if left < 1 {
			t.Fatalf("nobody manages: %q", w.Team())
		}
		for _, r := range replies {
			if r.StatusCode != 200 && r.Code() != "last_manager" && r.Code() != "role_missing" {
				t.Errorf("got %d %s", r.StatusCode, r.Response.Body)
			}
		}
	}
}

func TestWhatCanNotBeSetOfAnAgent(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	town.Refused(t, town.Send(t, newHandler(), sent(w, manager, w.Citizen().ID, nil)), 404, "agent_not_found")
	town.Refused(t, town.Send(t, newHandler(), sent(w, manager, town.New(t).Agent(collectivity.Reader).ID, nil)), 404, "agent_not_found")
	town.Refused(t, town.Send(t, newHandler(), sent(w, manager, manager.ID, object{"role": "mayor", "activities": []string{"piscine"}})), 400, "invalid_input", "role unknown_value")
	town.Refused(t, town.Send(t, newHandler(), sent(w, manager, manager.ID, object{"activities": []string{"piscine"}})), 400, "invalid_input", "activities[0] activity_unknown")
	town.Refused(t, town.Send(t, newHandler(), sent(w, manager, manager.ID, object{"name": " "})), 400, "invalid_input", "name required")
}

func TestOnlyManagersOfTheWholeTownChangeAgents(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	agent := w.Agent(collectivity.Reviewer)
	town.Refused(t, town.Send(t, newHandler(), event(w, agent, agent.ID)), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Scoped(collectivity.Manager, "cantine"), agent.ID)), 403, "scope_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager), agent.ID)), 404, "collectivity_not_found")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	r := sent(w, w.Agent(collectivity.Manager), w.Agent(collectivity.Manager).ID, object{"role": "reader"})
	town.Rights(t, "update-agent")
	town.Read[api.Agent](t, handler(t.Context()), r, 200)
}
