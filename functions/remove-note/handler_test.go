package main

import (
	"slices"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle, httpapi.NoContent)
}

// noted is a family with a note.
func noted(t *testing.T) town.Home {
	t.Helper()
	h := town.NewHome(t, "Léa")
	if err := h.MadeFamily.Store.WriteNote(t.Context(), family.Note{ID: "n1", By: "agent", Author: "Odile", At: town.Now, Text: "Bonjour."}); err != nil {
		t.Fatal(err)
	}
	return h
}

func remove(h town.Home, agent account.Account, note string) httpapi.Request {
	return town.As(h.Event("remove-note", map[string]string{"note": note}), agent)
}

func TestANoteIsRemovedAndTheAuditKeepsThatItWas(t *testing.T) {
	t.Parallel()
	h := noted(t)
	agent := h.Agent(collectivity.Reviewer)
	if reply := town.Send(t, newHandler(), remove(h, agent, "n1")); reply.StatusCode != 204 {
		t.Fatalf("got %d %s", reply.StatusCode, reply.Response.Body)
	}
	_, notes, err := h.MadeFamily.Store.Office(t.Context())
	if err != nil || len(notes) > 0 {
		t.Errorf("left: %+v, %v", notes, err)
	}
	if did := h.Audited(); !slices.Contains(did, "remove-note note n1") {
		t.Errorf("audited: %q", did)
	}
	town.Refused(t, town.Send(t, newHandler(), remove(h, agent, "n1")), 404, "note_not_found")
}

func TestWhoMayRemoveANote(t *testing.T) {
	t.Parallel()
	h, elsewhere := noted(t), noted(t)
	for _, c := range []struct {
		says   string
		agent  account.Account
		status int
		code   string
	}{
		{"a reader does not", h.Agent(collectivity.Reader), 403, "role_missing"},
		{"nor an agent of an activity where the family is not enrolled", h.Scoped(collectivity.Manager, "autre"), 404, "family_not_found"},
		{"nor a parent", h.Account, 404, "collectivity_not_found"},
		{"nor another town's agent", elsewhere.Agent(collectivity.Manager), 404, "collectivity_not_found"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(), remove(h, c.agent, "n1")), c.status, c.code)
		})
	}
	_, notes, err := h.MadeFamily.Store.Office(t.Context())
	if err != nil || len(notes) != 1 {
		t.Errorf("left: %+v, %v", notes, err)
	}
}

func TestItNeedsNoMoreRightsThanItHas(t *testing.T) { // not parallel: the rights are the process's
	h := noted(t)
	r := remove(h, h.Agent(collectivity.Reviewer), "n1")
	town.Rights(t, "remove-note")
	if reply := town.Send(t, newHandler(), r); reply.StatusCode != 204 {
		t.Fatalf("got %d %s", reply.StatusCode, reply.Response.Body)
	}
}
