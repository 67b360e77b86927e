package main

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open()}.handle) }

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "list-settings-history", map[string]string{"slug": w.Slug}), agent)
}

func TestTheHistoryComesNewestFirstPageByPage(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	right, err := w.Env.Store.AgentOf(t.Context(), account.CallerOf(manager.User, true), w.Slug, collectivity.Manager)
	if err != nil {
		t.Fatal(err)
	}
	var want []api.SettingsEdit
	for n := range 23 {
		seen, err := w.Store.Configuration(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		next := seen.Settings
		next.Name = fmt.Sprint("Ville ", n)
		if err := right.SetSettings(t.Context(), seen, next, nil, "update-settings", []string{"name"}, town.Now); err != nil {
			t.Fatal(err)
		}
		want = append([]api.SettingsEdit{{Version: seen.Version, At: "2026-11-23T08:30:00Z", By: "Odile Test", Action: "update-settings", Changed: []string{"name"}}}, want...)
	}
	first := town.Read[api.List[api.SettingsEdit]](t, newHandler(), event(w, manager), 200)
	if d := cmp.Diff(want[:page], first.Items); d != "" || first.Cursor == "" {
		t.Errorf("the first page, cursor %q (-want +got)\n%s", first.Cursor, d)
	}
	second := town.Read[api.List[api.SettingsEdit]](t, newHandler(), town.Query(event(w, manager), "cursor="+first.Cursor), 200)
	if d := cmp.Diff(want[page:], second.Items); d != "" || second.Cursor != "" {
		t.Errorf("the second page, cursor %q (-want +got)\n%s", second.Cursor, d)
	}
	town.Refused(t, town.Send(t, newHandler(), town.Query(event(w, manager), "cursor=x")), 400, "invalid_input", "cursor cursor_invalid")
}

func TestATownThatSetNothingYetHasNoHistory(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	if got := town.Read[api.List[api.SettingsEdit]](t, newHandler(), event(w, w.Agent(collectivity.Manager)), 200); len(got.Items) != 0 || got.Items == nil {
		t.Errorf("got %+v", got)
	}
}

func TestOnlyManagersOfTheWholeTownSeeTheHistory(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Reviewer))), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Scoped(collectivity.Manager, "cantine"))), 403, "scope_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager))), 404, "collectivity_not_found")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	r := event(w, w.Agent(collectivity.Manager))
	town.Rights(t, "list-settings-history")
	town.Read[api.List[api.SettingsEdit]](t, handler(t.Context()), r, 200)
}
