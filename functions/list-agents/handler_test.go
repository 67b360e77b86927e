package main

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler(now time.Time) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), func() time.Time { return now }}.handle)
}

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "list-agents", map[string]string{"slug": w.Slug}), agent)
}

func TestAgentsAndInvitationsAreListedTogether(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, reviewer := w.Agent(collectivity.Manager), w.Agent(collectivity.Reviewer)
	appointed := collectivity.Agent{Account: reviewer.ID, Name: "Zoé Roux", Role: collectivity.Reviewer, Activities: []string{"cantine"}, Schools: []string{"verne"}, Health: true, Since: town.Now}
	if err := w.Store.AppointAgent(t.Context(), appointed); err != nil {
		t.Fatal(err)
	}
	if err := w.Right(manager).ResetAuthenticator(t.Context(), reviewer.ID, town.Now); err != nil {
		t.Fatal(err)
	}
	i, _ := w.Invite(manager, testkit.Address(t), collectivity.Reader)
	got := town.Read[api.List[api.Agent]](t, newHandler(town.Now), event(w, manager), 200)
	at := "2026-11-23T08:30:00Z"
	want := []api.Agent{
		{ID: i.ID, Name: "Claire Petit", Email: i.Email, State: "invited", Since: at, Until: "2026-11-30T08:30:00Z", AgentRight: api.AgentRight{Role: "reader"}},
		{ID: manager.ID, Name: "Odile Test", Email: manager.Email, State: "active", Since: at, AgentRight: api.AgentRight{Role: "manager"}},
		{ID: reviewer.ID, Name: "Zoé Roux", Email: reviewer.Email, State: "enrolling", Since: at, AgentRight: api.AgentRight{Role: "reviewer", Activities: []string{"cantine"}, Schools: []string{"verne"}, Health: true}},
	}
	if d := cmp.Diff(want, got.Items); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	later := town.Read[api.List[api.Agent]](t, newHandler(town.Now.AddDate(0, 0, 7)), event(w, manager), 200)
	if n := slices.IndexFunc(later.Items, func(a api.Agent) bool { return a.State == "expired" && a.ID == i.ID }); n < 0 {
		t.Errorf("a week later: %+v", later.Items)
	}
}

func TestOnlyManagersOfTheWholeTownSeeItsAgents(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := newHandler(town.Now)
	town.Refused(t, town.Send(t, h, event(w, w.Agent(collectivity.Reviewer))), 403, "role_missing")
	town.Refused(t, town.Send(t, h, event(w, w.Scoped(collectivity.Manager, "cantine"))), 403, "scope_missing")
	town.Refused(t, town.Send(t, h, event(w, town.New(t).Agent(collectivity.Manager))), 404, "collectivity_not_found")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	r := event(w, w.Agent(collectivity.Manager))
	town.Rights(t, "list-agents")
	town.Read[api.List[api.Agent]](t, handler(t.Context()), r, 200)
}
