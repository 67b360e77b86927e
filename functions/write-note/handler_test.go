package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle, httpapi.Created)
}

func TestTheSampleIsKeptWithItsAuthor(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent := h.Agent(collectivity.Reviewer)
	got := town.Read[api.Note](t, newHandler(), town.As(h.Event("write-note", nil), agent), 201)
	_, notes, err := h.MadeFamily.Store.Office(t.Context())
	if err != nil || len(notes) != 1 || notes[0].ID != got.ID || notes[0].By != agent.ID || notes[0].Author != got.Author || got.Author == "" || notes[0].Text != got.Text {
		t.Errorf("got %+v, kept %+v, %v", got, notes, err)
	}
}

func TestTheSameKeyWritesOnce(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent := h.Agent(collectivity.Reviewer)
	keyed := func(by account.Account, text string) httpapi.Request {
		r := town.With(t, town.As(h.Event("write-note", nil), by), map[string]any{"text": text})
		r.Headers["idempotency-key"] = "key-of-a-note"
		return r
	}
	ids := map[string]bool{}
	for _, id := range town.InParallel(5, func(int) string { return town.Read[api.Note](t, newHandler(), keyed(agent, "Bonjour."), 201).ID }) {
		ids[id] = true
	}
	if _, notes, err := h.MadeFamily.Store.Office(t.Context()); err != nil || len(ids) != 1 || len(notes) != 1 {
		t.Errorf("told %v, kept %+v, %v", ids, notes, err)
	}
	town.Refused(t, town.Send(t, newHandler(), keyed(agent, "Bonsoir.")), 409, "key_reused", "Idempotency-Key key_reused")
	if other := town.Read[api.Note](t, newHandler(), keyed(h.Agent(collectivity.Reviewer), "Bonjour."), 201); ids[other.ID] {
		t.Error("another agent's key is another key")
	}
}

func TestNotesAreShownInTheOrderOfTheirWriting(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent := h.Agent(collectivity.Reviewer)
	var want, got []string
	for i := range 6 {
		later := func() time.Time { return town.Now.Add(time.Duration(i) * time.Minute) }
		r := town.With(t, town.As(h.Event("write-note", nil), agent), map[string]any{"text": fmt.Sprint("note ", i)})
		r.Headers["idempotency-key"] = fmt.Sprint("key-of-note-", i)
		want = append(want, town.Read[api.Note](t, httpapi.SignedIn(app{store.Open(), later}.handle, httpapi.Created), r, 201).Text)
	}
	_, notes, err := h.MadeFamily.Store.Office(t.Context())
	for _, n := range notes {
		got = append(got, n.Text)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v, %v", got, want, err)
	}
}

func TestWhatIsRefusedOfANote(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	reviewer := h.Agent(collectivity.Reviewer)
	for _, c := range []struct {
		says   string
		agent  account.Account
		family string
		text   string
		status int
		code   string
		field  []string
	}{
		{"no text", reviewer, h.ID, "", 400, "invalid_input", []string{"text required"}},
		{"a text without end", reviewer, h.ID, strings.Repeat("é", 2001), 400, "invalid_input", []string{"text too_long"}},
		{"a family that is not there", reviewer, "nobody", "Bonjour.", 404, "family_not_found", nil},
		{"another town's family", reviewer, elsewhere.ID, "Bonjour.", 404, "family_not_found", nil},
		{"a reader's", h.Agent(collectivity.Reader), h.ID, "Bonjour.", 403, "role_missing", nil},
		{"an agent's of an activity where the family is not enrolled", h.Scoped(collectivity.Manager, "autre"), h.ID, "Bonjour.", 404, "family_not_found", nil},
		{"a parent's", h.Account, h.ID, "Bonjour.", 404, "collectivity_not_found", nil},
		{"another town's agent's", elsewhere.Agent(collectivity.Manager), h.ID, "Bonjour.", 404, "collectivity_not_found", nil},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			r := town.With(t, town.As(h.Event("write-note", nil), c.agent), map[string]any{"text": c.text})
			r.PathParameters["family"] = c.family
			town.Refused(t, town.Send(t, newHandler(), r), c.status, c.code, c.field...)
		})
	}
}

func TestItNeedsNoMoreRightsThanItHas(t *testing.T) { // not parallel: the rights are the process's
	h := town.NewHome(t, "Léa")
	r := town.As(h.Event("write-note", nil), h.Agent(collectivity.Reviewer))
	town.Rights(t, "write-note")
	town.Read[api.Note](t, newHandler(), r, 201)
}
