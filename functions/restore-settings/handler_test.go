package main

import (
	"slices"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

var later = town.Now.Add(time.Hour)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), func() time.Time { return later }}.handle)
}

// edited is a town whose manager has set its name, terms and a colour at once; first is the version before.
func edited(t *testing.T) (w *town.Town, manager account.Account, first int) {
	t.Helper()
	w = town.New(t)
	manager = w.Agent(collectivity.Manager)
	right, err := w.Env.Store.AgentOf(t.Context(), account.CallerOf(manager.User, true), w.Slug, collectivity.Manager)
	if err != nil {
		t.Fatal(err)
	}
	seen := configuration(w)
	next := seen.Settings
	next.Name, next.Primary, next.Terms, next.TermsSince = "Saint-Aubin", "#5c1f99", collectivity.Text{Version: "2027-01", Text: "Autres conditions."}, town.Now
	if err := right.SetSettings(t.Context(), seen, next, nil, "update-settings", []string{"name"}, town.Now); err != nil {
		t.Fatal(err)
	}
	return w, manager, seen.Version
}

func configuration(w *town.Town) store.Configuration {
	w.T.Helper()
	c, err := w.Store.Configuration(w.T.Context())
	if err != nil {
		w.T.Fatal(err)
	}
	return c
}

func sent(w *town.Town, agent account.Account, version, restore int) httpapi.Request {
	return town.With(w.T, town.As(town.Event(w.T, "restore-settings", map[string]string{"slug": w.Slug, "replaced": "1"}), agent), map[string]int{"version": version, "restore": restore})
}

func TestEarlierSettingsComeBackAsANewVersionAndMayGoAgain(t *testing.T) {
	t.Parallel()
	w, manager, first := edited(t)
	w.KeepCalendar()
	w.Settings(func(s *collectivity.Settings) { s.Mail.Address = "saint-aubin@portail.example" })
	seen := configuration(w).Version
	got := town.Read[api.Settings](t, newHandler(), sent(w, manager, seen, first), 200)
	c := configuration(w)
	if got.Version != seen+1 || got.Name != "Ville de test" || got.Terms.Version != "2026-09" || c.Primary != "#1F5C99" {
		t.Errorf("got %+v", got)
	}
	if c.Calendar.Zone != "B" || c.Mail.Address != "saint-aubin@portail.example" || !c.TermsSince.Equal(later) {
		t.Errorf("beside them: %+v", c.Settings)
	}
	kept, _, err := w.Store.SettingsHistory(t.Context(), "", 10)
	if err != nil || len(kept) != 2 || kept[0].Action != "restore-settings" || !slices.Equal(kept[0].Changed, []string{"name", "colours.primary", "terms.version", "terms.text"}) {
		t.Errorf("history %+v, %v", kept, err)
	}
	if undone := town.Read[api.Settings](t, newHandler(), sent(w, manager, got.Version, kept[0].Version), 200); undone.Name != "Saint-Aubin" || undone.Terms.Version != "2027-01" {
		t.Errorf("undone: %+v", undone)
	}
}

func TestWhatIsAsItWasIsNotWritten(t *testing.T) {
	t.Parallel()
	w, manager, first := edited(t)
	got := town.Read[api.Settings](t, newHandler(), sent(w, manager, configuration(w).Version, first), 200)
	if again := town.Read[api.Settings](t, newHandler(), sent(w, manager, got.Version, first), 200); again.Version != got.Version {
		t.Errorf("version %d after %d", again.Version, got.Version)
	}
}

func TestSettingsThatCanNotComeBack(t *testing.T) {
	t.Parallel()
	w, manager, first := edited(t)
	seen := configuration(w).Version
	town.Refused(t, town.Send(t, newHandler(), sent(w, manager, seen, first+10)), 404, "settings_not_found")
	town.Refused(t, town.Send(t, newHandler(), sent(w, manager, seen-1, first)), 409, "settings_moved")
	town.Refused(t, town.Send(t, newHandler(), sent(w, manager, seen, 0)), 400, "invalid_input", "restore required")
	other, foreign, _ := edited(t)
	_ = other
	town.Refused(t, town.Send(t, newHandler(), sent(w, foreign, seen, first)), 404, "collectivity_not_found")
}

func TestOnlyManagersOfTheWholeTownRestore(t *testing.T) {
	t.Parallel()
	w, _, first := edited(t)
	seen := configuration(w).Version
	town.Refused(t, town.Send(t, newHandler(), sent(w, w.Agent(collectivity.Reviewer), seen, first)), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), sent(w, w.Scoped(collectivity.Manager, "cantine"), seen, first)), 403, "scope_missing")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w, manager, first := edited(t)
	r := sent(w, manager, configuration(w).Version, first)
	town.Rights(t, "restore-settings")
	town.Read[api.Settings](t, handler(t.Context()), r, 200)
}
