package main

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/files"
	"preau/shared/files/bucket"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

type object = map[string]any

// newHandler signs links by the real clock: the bucket holds them to it.
func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()), files.Open(), calendar.Now}.handle, httpapi.Created)
}

func sum(content string) string {
	s := sha256.Sum256([]byte(content))
	return base64.StdEncoding.EncodeToString(s[:])
}

// ask is the sample event of an upload of the content, changed.
func ask(h town.Home, content string, changes object) httpapi.Request {
	body := object{"purpose": "photo", "about": h.Children[0], "type": "image/jpeg", "length": len(content), "sha256": sum(content)}
	for name, v := range changes {
		body[name] = v
		if v == nil {
			delete(body, name)
		}
	}
	return town.With(h.T, h.Event("request-upload", sumOf(content)), body)
}

func sumOf(content string) map[string]string { return map[string]string{"sha256": sum(content)} }

func TestAFileGoesWhereItsLinkLeads(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	const content = "the bytes of a photo"
	link := town.Read[api.UploadLink](t, newHandler(), ask(h, content, nil), 201)
	if until, err := time.Parse(time.RFC3339, link.Until); err != nil || until.Before(time.Now()) {
		t.Errorf("it ends %s", link.Until)
	}
	if status := testkit.Send(t, link.URL, link.Headers, strings.ToUpper(content)); status == http.StatusOK {
		t.Error("another content is taken")
	}
	if status := testkit.Send(t, link.URL, link.Headers, content); status != http.StatusOK {
		t.Fatalf("the content announced: %d", status)
	}
	got, err := bucket.Open().Get(t.Context(), h.MadeFamily.Store.Incoming(link.Upload), 100)
	if err != nil || string(got.Content) != content || got.Type != "image/jpeg" {
		t.Errorf("the bucket has %q of %s, %v", got.Content, got.Type, err)
	}
	if u, err := h.MadeFamily.Store.Upload(t.Context(), link.Upload); err != nil || u.State != family.Awaited || u.About != h.Children[0] {
		t.Errorf("announced as %+v, %v", u, err)
	}
}

func TestWhatADocumentIsIsSealed(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	link := town.Read[api.UploadLink](t, newHandler(), ask(h, "a page", object{"purpose": "document", "type": "application/pdf", "document": "pai", "validFrom": "2026-09-01"}), 201)
	closed, err := h.MadeFamily.Store.Upload(t.Context(), link.Upload)
	if err != nil || closed.Document != "" || closed.From != "2026-09-01" {
		t.Errorf("unopened it is %+v, %v", closed, err)
	}
	if opened, err := h.MadeFamily.Store.OpenUpload(t.Context(), link.Upload); err != nil || opened.Document != "pai" {
		t.Errorf("opened it is %+v, %v", opened, err)
	}
}

func TestWhatMayNotBeAnnounced(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	apart := h.Separated("Zoé")
	anne := town.Home{Town: h.Town, MadeFamily: apart, Account: h.Subscriber(apart, 0)}
	document := func(more object) object {
		all := object{"purpose": "document", "type": "application/pdf", "document": "insurance"}
		for name, v := range more {
			all[name] = v
		}
		return all
	}
	cases := []struct {
		says    string
		home    town.Home
		changes object
		code    string
		field   string
	}{
		{"a photo of nobody", h, object{"about": "nobody"}, "member_unknown", "about"},
		{"a photo of an adult", h, object{"about": h.Guardians[0]}, "member_unknown", "about"},
		{"a photo that is a PDF", h, object{"type": "application/pdf"}, "file_type_unknown", "type"},
		{"a photo that is a drawing with scripts", h, object{"type": "image/svg+xml"}, "file_type_unknown", "type"},
		{"a photo of more than 5 MB", h, object{"length": 5<<20 + 1}, "file_too_large", "length"},
		{"a document of more than 10 MB", h, document(object{"length": 10<<20 + 1}), "file_too_large", "length"},
		{"a file of less than nothing", h, object{"length": -1}, "file_empty", "length"},
		{"a checksum that is none", h, object{"sha256": "abc"}, "checksum_invalid", "sha256"},
		{"a document of no kind", h, document(object{"document": "novel"}), "unknown_value", "document"},
		{"a document without a kind", h, document(object{"document": nil}), "unknown_value", "document"},
		{"a validity that ends before it begins", h, document(object{"validFrom": "2026-09-01", "validUntil": "2026-08-31"}), "period_reversed", "validUntil"},
		{"a child's proof of address", h, document(object{"document": "address_proof"}), "guardian_required", "about"},
		{"a child's tax notice", h, document(object{"document": "tax_notice"}), "guardian_required", "about"},
		{"a child's judgment", h, document(object{"document": "judgment"}), "guardian_required", "about"},
		{"a day that does not exist", h, document(object{"validFrom": "2026-02-30"}), "date_invalid", "validFrom"},
		{"a paper of the parent who lives elsewhere", anne, document(object{"about": apart.Guardians[1]}), "section_not_yours", "about"},
		{"a purpose of no kind", h, object{"purpose": "poem"}, "unknown_value", "purpose"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			town.Refused(t, town.Send(t, newHandler(), ask(c.home, "content", c.changes)), 400, "invalid_input", c.field+" "+c.code)
		})
	}
}

func TestAStrangerAnnouncesNothing(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	town.Refused(t, town.Send(t, newHandler(), town.As(ask(h, "x", nil), h.Citizen())), 404, "family_not_found")
	town.Refused(t, town.Send(t, newHandler(), town.As(ask(h, "x", nil), account.Account{User: "nobody.x"})), 401, "session_ended")
}

func TestAFamilySendsNoMoreInADayThanAFamilyHas(t *testing.T) {
	t.Parallel()
	h := town.NewNow(t).NewHome("Léa")
	photo := family.Upload{Purpose: family.PhotoUpload, About: h.Children[0], Type: "image/jpeg"}
	now := h.Env.Now
	h.Env.Now = now.Add(-25 * time.Hour)
	h.Announce(photo) // DynamoDB deletes it when it has time
	h.Env.Now = now
	for range 39 {
		h.Announce(photo)
	}
	town.Read[api.UploadLink](t, newHandler(), ask(h, "x", nil), 201)
	town.Refused(t, town.Send(t, newHandler(), ask(h, "x", nil)), 429, "too_many_uploads")
}

func TestATownThatDoesNotAskForPhotosTakesNone(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	for mode, code := range map[collectivity.Mode]string{collectivity.Hidden: "field_hidden", collectivity.Shown: "field_locked"} {
		h.Settings(func(s *collectivity.Settings) {
			s.Fields = map[string]collectivity.Mode{"child.photo.photo": mode}
		})
		town.Refused(t, town.Send(t, newHandler(), ask(h, "content", nil)), 400, "invalid_input", "purpose "+code)
	}
}
