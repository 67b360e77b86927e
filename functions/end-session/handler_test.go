package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open()}.handle, httpapi.NoContent)
}

func event(t *testing.T, a account.Account, id string) httpapi.Request {
	return town.As(town.Event(t, "end-session", map[string]string{"id": id}), a)
}

// renewable says whether a session's cookie still is one.
func renewable(t *testing.T, w *town.Town, cookie string) bool {
	t.Helper()
	caller, refresh, err := httpapi.ReadSession(cookie)
	if err != nil {
		t.Fatal(err)
	}
	_, open, err := w.Env.Store.Renewable(t.Context(), caller, account.SessionID(refresh))
	if err != nil {
		t.Fatal(err)
	}
	return open
}

func TestASessionOnAnotherDeviceIsEnded(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a, other := w.Citizen(), w.Citizen()
	lost, mine, theirs := w.Session(a), w.Session(a), w.Session(other)
	of := func(cookie string) string {
		_, refresh, err := httpapi.ReadSession(cookie)
		if err != nil {
			t.Fatal(err)
		}
		return account.SessionID(refresh)
	}
	for _, id := range []string{of(lost), of(lost), "unknown", of(theirs)} {
		if r := town.Send(t, newHandler(), event(t, a, id)); r.StatusCode != 204 {
			t.Fatalf("got %d %s", r.StatusCode, r.Response.Body)
		}
	}
	if renewable(t, w, lost) || !renewable(t, w, mine) || !renewable(t, w, theirs) {
		t.Errorf("renewable are the ended %v, mine %v, another's %v", renewable(t, w, lost), renewable(t, w, mine), renewable(t, w, theirs))
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	a := town.New(t).Citizen()
	r := event(t, a, "any")
	town.Rights(t, "end-session")
	if got := town.Send(t, handler(t.Context()), r); got.StatusCode != 204 {
		t.Errorf("got %d %s", got.StatusCode, got.Response.Body)
	}
}
