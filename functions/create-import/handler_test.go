package main

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/files"
	"preau/shared/files/bucket"
	"preau/shared/httpapi"
	"preau/shared/store"
)

// newHandler signs links by the real clock: the bucket holds them to it.
func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), files.Open(), calendar.Now}.handle, httpapi.Created)
}

func sum(content string) string {
	s := sha256.Sum256([]byte(content))
	return base64.StdEncoding.EncodeToString(s[:])
}

func ask(w *town.Town, agent account.Account, of, content string) httpapi.Request {
	r := town.As(town.Event(w.T, "create-import", map[string]string{"slug": w.Slug}), agent)
	return town.With(w.T, r, map[string]any{"of": of, "name": "familles.csv", "length": len(content), "sha256": sum(content)})
}

func TestAFileGoesWhereItsLinkLeads(t *testing.T) {
	t.Parallel()
	w := town.NewNow(t)
	const content = "Nom;Prénom\nMorel;Claire\n"
	link := town.Read[api.ImportLink](t, newHandler(), ask(w, w.Agent(collectivity.Manager), "families", content), 201)
	if status := testkit.Send(t, link.URL, link.Headers, strings.ToUpper(content)); status == http.StatusOK {
		t.Error("another content is taken")
	}
	if status := testkit.Send(t, link.URL, link.Headers, content); status != http.StatusOK {
		t.Fatalf("the content announced: %d", status)
	}
	got, err := bucket.Open().Get(t.Context(), w.Store.ImportFile(link.Import), 100)
	if err != nil || string(got.Content) != content {
		t.Errorf("the bucket has %q, %v", got.Content, err)
	}
	i, err := w.Store.Import(t.Context(), link.Import)
	if err != nil || i.State != store.ImportAwaited || i.Of != "families" || i.Name != "familles.csv" || i.Author != "Odile Test" {
		t.Errorf("announced as %+v, %v", i, err)
	}
}

func TestWhatMayNotBeAnnounced(t *testing.T) {
	t.Parallel()
	w := town.NewNow(t)
	manager := w.Agent(collectivity.Manager)
	for _, c := range []struct {
		says  string
		body  map[string]any
		wrong string
	}{
		{"nothing", map[string]any{"of": "families", "name": "x", "length": 0, "sha256": sum("")}, "length required"},
		{"less than nothing", map[string]any{"of": "families", "name": "x", "length": -1, "sha256": sum("")}, "length file_empty"},
		{"more than 20 MB", map[string]any{"of": "families", "name": "x", "length": 20<<20 + 1, "sha256": sum("")}, "length file_too_large"},
		{"a checksum that is none", map[string]any{"of": "families", "name": "x", "length": 1, "sha256": "abc"}, "sha256 checksum_invalid"},
		{"a sort that is none", map[string]any{"of": "bills", "name": "x", "length": 1, "sha256": sum("")}, "of unknown_value"},
	} {
		town.Refused(t, town.Send(t, newHandler(), town.With(t, ask(w, manager, "families", "x"), c.body)), 400, "invalid_input", c.wrong)
	}
}

func TestOnlyManagersOfTheWholeTownImport(t *testing.T) {
	t.Parallel()
	w := town.NewNow(t)
	town.Refused(t, town.Send(t, newHandler(), ask(w, w.Agent(collectivity.Reviewer), "families", "x")), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), ask(w, w.Scoped(collectivity.Manager, "cantine"), "families", "x")), 403, "scope_missing")
}
