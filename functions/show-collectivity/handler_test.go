package main

import (
	"reflect"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.Anyone(app{store.Open()}.handle, httpapi.Cached)
}

func TestAnyoneSeesWhatTheSignUpPageNeeds(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	got := town.Read[api.Collectivity](t, newHandler(), town.Event(t, "show-collectivity", map[string]string{"slug": w.Slug}), 200)
	want := api.Collectivity{
		Slug: w.Slug, Name: "Ville de test", FullName: "Ville de test", Colours: api.Colours{Primary: "#1F5C99", Accent: "#B4431E"}, DPO: "dpo@" + w.Slug + ".example",
		Contact: api.Contact{Service: "Service enfance", Email: "enfance@" + w.Slug + ".example", Phone: "02 99 00 00 00", Address: "Place de la Mairie"},
		Terms:   got.Terms, Privacy: got.Privacy, Legal: got.Legal, Accessibility: got.Accessibility, Modules: []string{"family", "documents", "planning", "requests", "calendar", "reminders"},
		Timezone: "Europe/Paris",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for says, text := range map[string]api.Text{"terms": got.Terms, "privacy": got.Privacy, "legal": got.Legal, "accessibility": got.Accessibility} {
		if text.Version == "" || text.Text == "" {
			t.Errorf("%s are missing", says)
		}
	}
}

func TestWhatTheCollectivityChangesIsShownAtOnce(t *testing.T) {
	t.Parallel()
	w, h := town.New(t), newHandler()
	event := town.Event(t, "show-collectivity", map[string]string{"slug": w.Slug})
	town.Read[api.Collectivity](t, h, event, 200)
	w.Settings(func(s *collectivity.Settings) { s.Terms.Version, s.Modules = "2027-01", nil })
	reply := town.Send(t, h, event)
	if terms := reply.Body["terms"].(map[string]any); terms["version"] != "2027-01" || !strings.Contains(reply.Response.Body, `"modules":[]`) {
		t.Errorf("got %s", reply.Response.Body)
	}
}

func TestASuspendedCollectivitySaysSo(t *testing.T) {
	t.Parallel()
	w, h := town.New(t), newHandler()
	w.Settings(func(s *collectivity.Settings) { s.Suspended, s.Leaves = true, town.Now })
	got := town.Read[api.Collectivity](t, h, town.Event(t, "show-collectivity", map[string]string{"slug": w.Slug}), 200)
	if !got.Suspended || got.ClosesAt != "2026-11-23T08:30:00Z" || got.Contact.Service != "Service enfance" {
		t.Errorf("got %+v", got)
	}
}

func TestAnAnswerForAnyoneMayBeKeptAMinuteAndARefusalMayNot(t *testing.T) {
	t.Parallel()
	w, h := town.New(t), newHandler()
	reply := town.Send(t, h, town.Event(t, "show-collectivity", map[string]string{"slug": w.Slug}))
	if got := reply.Headers["cache-control"]; got != "public, max-age=60" {
		t.Errorf("got %q", got)
	}
	reply = town.Send(t, h, town.Event(t, "show-collectivity", map[string]string{"slug": w.Slug + "x"}))
	if got := reply.Headers["cache-control"]; got != "no-store" {
		t.Errorf("got %q", got)
	}
}

func TestACollectivityThatIsNotOnThePortal(t *testing.T) {
	t.Parallel()
	w, h := town.New(t), newHandler()
	f := w.Family("Léa")
	for says, slug := range map[string]string{
		"is not found":                       w.Slug + "-bis",
		"is not found by part of its name":   w.Slug[:8],
		"is not found in capitals":           strings.ToUpper(w.Slug),
		"is no way to a family of one":       w.Slug + "#F#" + f.ID,
		"is no way to an activity of one":    w.Slug + "#S#cantine",
		"is not found by spaces and by dots": "../" + w.Slug + " ",
	} {
		t.Run(says, func(t *testing.T) {
			event := town.Event(t, "show-collectivity", nil)
			event.PathParameters["slug"] = slug
			town.Refused(t, town.Send(t, h, event), 404, "collectivity_not_found")
		})
	}
	event := town.Event(t, "show-collectivity", map[string]string{"slug": strings.Repeat("a", 64)})
	town.Refused(t, town.Send(t, h, event), 400, "invalid_input", "slug too_long")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	town.Rights(t, "show-collectivity")
	town.Read[api.Collectivity](t, newHandler(), town.Event(t, "show-collectivity", map[string]string{"slug": w.Slug}), 200)
}
