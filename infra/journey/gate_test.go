package journey

import (
	"testing"

	"preau/infra/catalog"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// gated is a world whose town has a manager, and whose settings are changed once everybody has signed in.
func gated(t *testing.T, change func(*collectivity.Settings)) world {
	t.Helper()
	w := newWorld(t)
	w.tokens[manager] = tokenOf(t, w.home.Agent(collectivity.Manager), "AccessToken")
	w.home.Settings(change)
	return w
}

// TestASuspendedTownIsClosedOnEveryRoute goes through the catalog: a new route of families or agents is tried as soon as it is
// there.
func TestASuspendedTownIsClosedOnEveryRoute(t *testing.T) {
	t.Parallel()
	w := gated(t, func(s *collectivity.Settings) { s.Suspended = true })
	for _, route := range catalog.Routes {
		who := manager
		switch route.Caller {
		case catalog.Anyone, catalog.Citizens:
			continue
		case catalog.Families:
			who = parent
		}
		t.Run(route.Method+" "+route.Path, func(t *testing.T) {
			t.Parallel()
			if r := w.try(t, route, who); r.status != 403 || r.code() != "collectivity_suspended" {
				t.Errorf("got %d %s", r.status, r.body)
			}
		})
	}
}

func TestAModuleThatIsOffIsOnNoRouteOfFamilies(t *testing.T) {
	t.Parallel()
	w := gated(t, func(s *collectivity.Settings) { s.Modules = nil })
	modules := map[string]string{}
	for _, f := range catalog.Functions {
		modules[f.Name] = f.Module
	}
	for _, route := range catalog.Routes {
		if modules[route.Function] == "" || route.Caller != catalog.Families {
			continue
		}
		t.Run(route.Method+" "+route.Path, func(t *testing.T) {
			t.Parallel()
			if r := w.try(t, route, parent); r.status != 404 || r.code() != "module_off" {
				t.Errorf("got %d %s", r.status, r.body)
			}
		})
	}
}

func TestWhoHasJustSubscribedHasTheirNoticeOfNewTermsAndAcceptsThem(t *testing.T) {
	t.Parallel()
	w := gated(t, func(s *collectivity.Settings) {
		s.Terms.Version, s.TermsSince = "2027-01", calendar.Now().AddDate(0, -2, 0)
	})
	b := newBrowser(t)
	b.token = w.tokens[parent]
	file := "/v1/families/" + w.home.ID
	if r := b.send("GET", file, nil, nil); r.status != 200 {
		t.Errorf("within the notice: got %d %s", r.status, r.body)
	}
	if r := b.send("PATCH", "/v1/me", map[string]any{"acceptTerms": map[string]string{"collectivity": w.home.Slug, "version": "2027-01"}}, nil); r.status != 200 {
		t.Errorf("got %d %s", r.status, r.body)
	}
}
