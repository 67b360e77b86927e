package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func handlerAt(now time.Time) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), func() time.Time { return now }}.handle)
}

func event(w *town.Town, agent account.Account, id string) httpapi.Request {
	return town.As(town.Event(w.T, "revoke-event", map[string]string{"slug": w.Slug, "event": id}), agent)
}

var later = town.Now.Add(time.Hour)

// declare writes an event of Tuesday as declare-event does.
func declare(w *town.Town, activities ...string) (id string) {
	w.T.Helper()
	e := collectivity.Event{
		ID: "e1", Name: "Grève", Kind: collectivity.Strike, Effect: collectivity.Cancels, CreatedAt: town.Now, Author: "agent",
		Period: calendar.Period{From: "2026-11-24", To: "2026-11-24"}, Activities: activities,
	}
	c, err := w.Store.Configuration(w.T.Context())
	if err == nil {
		_, err = w.Store.DeclareEvent(w.T.Context(), c, e, "")
	}
	if err != nil {
		w.T.Fatal(err)
	}
	return e.ID
}

func TestTheSampleEventTakesAnEventBack(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent, id := h.Agent(collectivity.Reviewer), declare(h.Town)
	for _, now := range []time.Time{later, later.Add(time.Hour)} { // twice is fine
		got := town.Read[api.Event](t, handlerAt(now), event(h.Town, agent, id), 200)
		if got.ID != id || got.RevokedAt != "2026-11-23T09:30:00Z" {
			t.Errorf("told %+v", got)
		}
	}
	_, planning, err := h.MadeFamily.Store.Planning(t.Context(), calendar.Period{From: "2026-11-24", To: "2026-11-24"})
	if err != nil {
		t.Fatal(err)
	}
	if day := planning.Day(booking.Place{Date: "2026-11-24", Child: h.Children[0], Activity: "cantine"}); day.State != booking.Enrolled {
		t.Errorf("the planning shows %+v", day)
	}
	did, err := h.Town.Store.Audit(t.Context(), "2026-11")
	if err != nil || len(did) != 2 {
		t.Fatalf("audited %+v, %v", did, err)
	}
	want := store.Audit{At: later, By: agent.ID, Action: "revoke-event", About: "event e1"}
	if d := cmp.Diff(want, did[1]); d != "" {
		t.Errorf("audited (-want +got)\n%s", d)
	}
}

func TestWhatCanNotBeRevokedIsRefused(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	agent, id := w.Agent(collectivity.Reviewer), declare(w, "cantine", "mercredi")
	over := town.Now.AddDate(0, 0, 2)
	town.Refused(t, town.Send(t, handlerAt(later), event(w, agent, "unknown")), 404, "event_not_found")
	town.Refused(t, town.Send(t, handlerAt(over), event(w, agent, id)), 409, "event_over")
	town.Refused(t, town.Send(t, handlerAt(later), event(w, w.Agent(collectivity.Reader), id)), 403, "role_missing")
	town.Refused(t, town.Send(t, handlerAt(later), event(w, w.Scoped(collectivity.Reviewer, "cantine"), id)), 403, "scope_missing")
	town.Refused(t, town.Send(t, handlerAt(later), event(w, town.New(t).Agent(collectivity.Manager), id)), 404, "collectivity_not_found")
}

func TestOfAgentsWhoRevokeAtTheSameTimeOneDoes(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	agent, id := w.Agent(collectivity.Reviewer), declare(w)
	for _, status := range town.InParallel(5, func(int) int { return town.Send(t, handlerAt(later), event(w, agent, id)).StatusCode }) {
		if status != 200 {
			t.Errorf("answered %d", status)
		}
	}
	if did, err := w.Store.Audit(t.Context(), "2026-11"); err != nil || len(did) != 2 {
		t.Errorf("audited %+v, %v", did, err)
	}
}
