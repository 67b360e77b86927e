package main

import (
	"slices"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle, httpapi.NoContent)
}

func event(w *town.Town, agent account.Account, code string) httpapi.Request {
	return town.As(town.Event(w.T, "revoke-code", map[string]string{"slug": w.Slug, "issued": code}), agent)
}

// issued is the code of the nth guardian of a family.
func issued(h town.Home, n int) store.IssuedCode {
	h.T.Helper()
	all := h.Issued(h.MadeFamily)
	return all[slices.IndexFunc(all, func(c store.IssuedCode) bool { return c.Guardian == h.Guardians[n] })]
}

func TestARevokedCodeOpensNothing(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	manager := h.Agent(collectivity.Manager)
	for range 2 { // closed it stays closed
		if reply := town.Send(t, newHandler(), event(h.Town, manager, issued(h, 1).ID())); reply.StatusCode != 204 {
			t.Errorf("got %d %s", reply.StatusCode, reply.Code())
		}
	}
	if got := issued(h, 1).State(town.Now); got != store.CodeRevoked {
		t.Errorf("it is %s", got)
	}
	if got, want := h.Audited(), "revoke-code guardian "+h.Guardians[1]+" issue "+issued(h, 1).Issue; len(got) != 1 || got[0] != want {
		t.Errorf("audited %q, want %q", got, want)
	}
}

func TestWhatCanNotBeRevoked(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	manager := h.Agent(collectivity.Manager)
	for _, c := range []struct {
		says, code string
		status     int
		want       string
	}{
		{"a code that was used", issued(h, 0).ID(), 409, "code_used"},
		{"a code of another town", issued(elsewhere, 1).ID(), 404, "code_not_found"},
		{"no code", "a-b-c", 404, "code_not_found"},
		{"no id", "abc", 404, "code_not_found"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(), event(h.Town, manager, c.code)), c.status, c.want)
		})
	}
	if got := issued(elsewhere, 1).State(town.Now); got != store.CodeOpen {
		t.Errorf("the other town's is %s", got)
	}
}

func TestOnlyManagersOfTheWholeTownRevokeCodes(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	id := issued(h, 1).ID()
	town.Refused(t, town.Send(t, newHandler(), event(h.Town, h.Agent(collectivity.Reviewer), id)), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(h.Town, h.Scoped(collectivity.Manager, "cantine"), id)), 403, "scope_missing")
	town.Refused(t, town.Send(t, newHandler(), event(h.Town, town.New(t).Agent(collectivity.Manager), id)), 404, "collectivity_not_found")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	h := town.NewHome(t, "Léa")
	r := event(h.Town, h.Agent(collectivity.Manager), issued(h, 1).ID())
	town.Rights(t, "revoke-code")
	if reply := town.Send(t, handler(t.Context()), r); reply.StatusCode != 204 {
		t.Errorf("got %d %s", reply.StatusCode, reply.Code())
	}
}
