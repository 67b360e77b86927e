package main

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler(now ...time.Time) httpapi.Handler {
	a := app{store.Open(), town.Clock}
	if len(now) > 0 {
		a.now = func() time.Time { return now[0] }
	}
	return httpapi.SignedIn(a.handle, httpapi.Created)
}

type object = map[string]any

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "declare-event", map[string]string{"slug": w.Slug, "activity": "cantine"}), agent)
}

// body is what the agent sends, with some of it changed; nil leaves it out.
func body(changes object) object {
	b := object{"kind": "strike", "effect": "cancel", "name": "Grève", "from": "2026-11-24", "to": "2026-11-24", "activities": []string{"cantine"}}
	maps.Copy(b, changes)
	maps.DeleteFunc(b, func(_ string, v any) bool { return v == nil })
	return b
}

func TestTheSampleEventDeclaresAStrike(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent := h.Agent(collectivity.Reviewer)
	got := town.Read[api.Event](t, newHandler(), event(h.Town, agent), 201)
	c, err := h.Town.Store.Configuration(t.Context())
	if err != nil || len(c.Events) != 1 {
		t.Fatalf("the town has %+v, %v", c.Events, err)
	}
	if e := c.Events[0]; e.ID != got.ID || e.Author != agent.ID || !e.CreatedAt.Equal(town.Now) || e.Text == "" || got.Name != e.Name {
		t.Errorf("kept %+v, told %+v", e, got)
	}
	_, planning, err := h.MadeFamily.Store.Planning(t.Context(), c.Events[0].Period)
	if err != nil {
		t.Fatal(err)
	}
	if day := planning.Day(booking.Place{Date: "2026-11-24", Child: h.Children[0], Activity: "cantine"}); day.State != booking.Cancelled {
		t.Errorf("the planning shows %+v", day)
	}
	want := []string{"declare-event event " + got.ID + " strike cancel 2026-11-24 2026-11-24"}
	if d := cmp.Diff(want, h.Audited()); d != "" {
		t.Errorf("audited (-want +got)\n%s", d)
	}
}

func TestTheSameKeyDeclaresOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	agent := w.Agent(collectivity.Reviewer)
	ids := map[string]int{}
	for _, id := range town.InParallel(5, func(int) string {
		return town.Read[api.Event](t, newHandler(), event(w, agent), 201).ID
	}) {
		ids[id]++
	}
	// Sent again when its day has come, it answers what it made.
	ids[town.Read[api.Event](t, newHandler(town.Now.AddDate(0, 0, 2)), event(w, agent), 201).ID]++
	c, err := w.Store.Configuration(t.Context())
	if err != nil || len(ids) != 1 || len(c.Events) != 1 || len(w.Audited()) != 1 {
		t.Errorf("told %v, the town has %d events, %v", ids, len(c.Events), err)
	}
	town.Refused(t, town.Send(t, newHandler(), town.With(t, event(w, agent), body(object{"name": "Autre"}))), 409, "key_reused", "Idempotency-Key key_reused")
	other := town.Read[api.Event](t, newHandler(), event(w, w.Agent(collectivity.Reviewer)), 201)
	if ids[other.ID] > 0 {
		t.Error("another agent's key is another key")
	}
}

func TestAnEventThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	agent := w.Agent(collectivity.Reviewer)
	for says, c := range map[string]struct {
		change object
		want   []string
	}{
		"no name":                    {object{"name": nil}, []string{"name required"}},
		"an unknown kind":            {object{"kind": "holiday"}, []string{"kind unknown_value"}},
		"no effect":                  {object{"effect": nil}, []string{"effect required"}},
		"no date":                    {object{"from": "2026-11-31"}, []string{"from date_invalid"}},
		"the past":                   {object{"from": "2026-11-22"}, []string{"from past"}},
		"a period turned round":      {object{"from": "2026-11-25"}, []string{"to period_reversed"}},
		"more than a year":           {object{"to": "2027-11-25"}, []string{"to period_too_long"}},
		"no hour until which":        {object{"effect": "reopen"}, []string{"until required"}},
		"no hour":                    {object{"effect": "reopen", "until": "neuf"}, []string{"until hour_invalid"}},
		"an unknown activity":        {object{"activities": []string{"poney"}}, []string{"activities[0] activity_unknown"}},
		"an unknown school":          {object{"schools": []string{"x"}, "classes": []string{"y"}}, []string{"schools[0] school_unknown", "classes[0] class_unknown"}},
		"a class without its school": {object{"classes": []string{"a"}}, []string{"classes[0] class_unknown"}},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			r := town.With(t, event(w, agent), body(c.change))
			delete(r.Headers, "idempotency-key")
			town.Refused(t, town.Send(t, newHandler(), r), 400, "invalid_input", c.want...)
		})
	}
}

func TestOnlyAgentsWhoDecideThereDeclare(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Reader))), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager))), 404, "collectivity_not_found")
	some := w.Scoped(collectivity.Manager, "cantine")
	town.Refused(t, town.Send(t, newHandler(), town.With(t, event(w, some), body(object{"activities": nil}))), 403, "scope_missing")
	town.Refused(t, town.Send(t, newHandler(), town.With(t, event(w, some), body(object{"activities": []string{"cantine", "mercredi"}}))), 400, "invalid_input", "activities[1] activity_not_yours")
	town.Read[api.Event](t, newHandler(), event(w, some), 201)
}
