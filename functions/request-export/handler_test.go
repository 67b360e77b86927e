package main

import (
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
)

// house is a town at a table of its own, where nobody builds exports.
type house struct {
	*town.Town
	at *time.Time
}

func opened(t *testing.T) (h house, handler httpapi.Handler) {
	t.Helper()
	h.at = new(town.Now)
	testkit.Within(t, testkit.OwnTable(t), func() {
		h.Town = town.New(t)
		handler = httpapi.SignedIn(app{store.Open(), func() time.Time { return *h.at }}.handle, httpapi.Accepted)
	})
	return h, handler
}

func event(t *testing.T, a account.Account) httpapi.Request {
	t.Helper()
	return town.As(town.Event(t, "request-export", nil), a)
}

// built says that an export is ready, as build-exports does.
func (h house) built(t *testing.T, a account.Account) {
	t.Helper()
	e, ok, err := h.Env.Store.ClaimExport(t.Context(), a.ID, *h.at)
	if err == nil && ok {
		err = h.Env.Store.ExportReady(t.Context(), a.ID, e, nil, *h.at)
	}
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
}

func TestAnExportIsAskedForOnce(t *testing.T) {
	t.Parallel()
	h, handler := opened(t)
	a := h.Citizen()
	want := api.Export{State: "preparing", RequestedAt: "2026-11-23T08:30:00Z"}
	for _, got := range town.InParallel(5, func(int) api.Export { return town.Read[api.Export](t, handler, event(t, a), 202) }) {
		if got != want {
			t.Errorf("got %+v", got)
		}
	}
	*h.at = town.Now.Add(23 * time.Hour)
	if got := town.Read[api.Export](t, handler, event(t, a), 202); got != want {
		t.Errorf("while it is put together: %+v", got)
	}
	due, _, err := h.Env.Store.DueExports(t.Context(), *h.at, "")
	if err != nil || len(due) != 1 || due[0] != a.ID {
		t.Errorf("due are %v, %v", due, err)
	}
}

func TestThereIsOneExportADay(t *testing.T) {
	t.Parallel()
	h, handler := opened(t)
	a := h.Citizen()
	town.Read[api.Export](t, handler, event(t, a), 202)
	h.built(t, a)
	*h.at = town.Now.Add(20 * time.Hour)
	reply := town.Send(t, handler, event(t, a))
	town.Refused(t, reply, 429, "export_too_soon")
	if !strings.Contains(reply.Response.Body, "mardi 24 novembre 2026 à 9 h 30") || reply.Headers["retry-after"] != "14400" {
		t.Errorf("it says %s, %s", reply.Response.Body, reply.Headers["retry-after"])
	}
	*h.at = town.Now.Add(24 * time.Hour)
	got := town.Read[api.Export](t, handler, event(t, a), 202)
	if got.State != "preparing" || got.RequestedAt != "2026-11-24T08:30:00Z" {
		t.Errorf("a day later: %+v", got)
	}
}

func TestAnEndedSessionAsksForNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	w.Close(a)
	handler := httpapi.SignedIn(app{w.Env.Store, town.Clock}.handle, httpapi.Accepted)
	town.Refused(t, town.Send(t, handler, event(t, a)), 401, "session_ended")
	if _, err := w.Env.Store.AskExport(t.Context(), a.ID, store.Export{}, town.Now); err == nil {
		t.Error("an account that closed meanwhile gets an export")
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	a := w.Citizen()
	town.Rights(t, "request-export")
	h := handler(t.Context())
	town.Read[api.Export](t, h, event(t, a), 202)
	town.Read[api.Export](t, h, event(t, a), 202)
}
