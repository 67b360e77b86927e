package main

import (
	"encoding/base64"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.Anyone(app{store.Open()}.handle) }

func event(w *town.Town) httpapi.Request {
	return town.Event(w.T, "show-logo", map[string]string{"slug": w.Slug})
}

// painted is a town with a logo.
func painted(t *testing.T) *town.Town {
	t.Helper()
	w := town.New(t)
	right, err := w.Env.Store.AgentOf(t.Context(), account.CallerOf(w.Agent(collectivity.Manager).User, true), w.Slug, collectivity.Manager)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := w.Store.Configuration(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	next := seen.Settings
	next.Logo = "abc"
	logo := &store.Logo{ID: "abc", Type: "image/png", Picture: []byte("\x89PNG\xff")}
	if err := right.SetSettings(t.Context(), seen, next, logo, "update-settings", []string{"logo"}, town.Now); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAnyoneSeesTheLogoAndKeepsIt(t *testing.T) {
	t.Parallel()
	r := event(painted(t))
	got, err := newHandler()(t.Context(), r)
	if err != nil || got.StatusCode != 200 || got.Headers["content-type"] != "image/png" || got.Body != base64.StdEncoding.EncodeToString([]byte("\x89PNG\xff")) || !got.IsBase64Encoded {
		t.Fatalf("got %+v, %v", got, err)
	}
	if got.Headers["content-disposition"] != `inline; filename="logo.png"` || got.Headers["x-content-type-options"] != "nosniff" {
		t.Errorf("got %v", got.Headers)
	}
	kept, err := newHandler()(t.Context(), town.Header(r, "if-none-match", got.Headers["etag"]))
	if err != nil || kept.StatusCode != 304 || kept.Body != "" {
		t.Errorf("to who has it: %+v, %v", kept, err)
	}
	if old, err := newHandler()(t.Context(), town.Query(r, "logo=another")); err != nil || old.StatusCode != 200 {
		t.Errorf("by an old address: %+v, %v", old, err)
	}
}

func TestALogoThatIsNotThere(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	town.Refused(t, town.Send(t, newHandler(), event(w)), 404, "logo_not_found")
	r := event(w)
	r.PathParameters["slug"] = w.Slug + "x"
	town.Refused(t, town.Send(t, newHandler(), r), 404, "collectivity_not_found")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	r := event(painted(t))
	town.Rights(t, "show-logo")
	if got, err := handler(t.Context())(t.Context(), r); err != nil || got.StatusCode != 200 {
		t.Errorf("got %+v, %v", got, err)
	}
}
