package main

import (
	"maps"
	"slices"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle, httpapi.Accepted)
}

type object = map[string]any

func event(w *town.Town, agent account.Account, body object) httpapi.Request {
	r := town.As(town.Event(w.T, "request-list", map[string]string{"slug": w.Slug}), agent)
	if body == nil {
		return r
	}
	return town.With(w.T, r, body)
}

func TestAListIsAskedOfAJob(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	for _, c := range []struct {
		says  string
		body  object
		about map[string]string
		title string
	}{
		{"families", nil, map[string]string{"list": "families", "format": "csv"}, "Familles, CSV"},
		{"children", object{"list": "children", "format": "xlsx"}, map[string]string{"list": "children", "format": "xlsx"}, "Enfants, Excel"},
		{"subscriptions", object{"list": "subscriptions", "format": "csv"}, map[string]string{"list": "subscriptions", "format": "csv"}, "Abonnements, CSV"},
		{
			"bookings of a year",
			object{"list": "bookings", "format": "csv", "from": "2026-09-01", "to": "2027-08-31"},
			map[string]string{"list": "bookings", "format": "csv", "from": "2026-09-01", "to": "2027-08-31"},
			"Réservations, CSV, du 01/09/2026 au 31/08/2027",
		},
		{
			"attendance of an activity on a day",
			object{"list": "attendance", "format": "xlsx", "from": "2026-12-01", "to": "2026-12-01", "activity": "cantine"},
			map[string]string{"list": "attendance", "format": "xlsx", "from": "2026-12-01", "to": "2026-12-01", "activity": "cantine"},
			"Présences, Excel, du 01/12/2026 au 01/12/2026, Cantine",
		},
	} {
		t.Run(c.says, func(t *testing.T) {
			shown := town.Read[api.Job](t, newHandler(), event(w, manager, c.body), 202)
			j, err := w.Store.Job(t.Context(), shown.ID)
			if err != nil {
				t.Fatal(err)
			}
			if !maps.Equal(j.About, c.about) || j.Kind != store.JobList || j.Role != collectivity.Manager || shown.Title != c.title || shown.State != "waiting" {
				t.Errorf("the job is %+v, shown as %+v", j, shown)
			}
		})
	}
	if got := w.Audited(); len(got) != 5 || !slices.ContainsFunc(got, func(a string) bool {
		return len(a) > 40 && a[len(a)-len("format csv, list families"):] == "format csv, list families"
	}) {
		t.Errorf("audited %q", got)
	}
}

func TestAListThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, scoped := w.Agent(collectivity.Manager), w.Scoped(collectivity.Manager, "cantine")
	for _, c := range []struct {
		says   string
		agent  account.Account
		body   object
		fields []string
	}{
		{"no list", manager, object{"format": "csv"}, []string{"list required"}},
		{"an unknown list", manager, object{"list": "bank", "format": "csv"}, []string{"list unknown_value"}},
		{"an unknown format", manager, object{"list": "families", "format": "pdf"}, []string{"format unknown_value"}},
		{"families of a period", manager, object{"list": "families", "format": "csv", "from": "2026-09-01"}, []string{"from not_of_list"}},
		{"children of an activity", manager, object{"list": "children", "format": "csv", "activity": "cantine"}, []string{"from not_of_list"}},
		{"bookings without a period", manager, object{"list": "bookings", "format": "csv"}, []string{"from required", "to required"}},
		{"bookings of a period without an end", manager, object{"list": "bookings", "format": "csv", "from": "2026-09-01"}, []string{"to required"}},
		{"a day that is none", manager, object{"list": "bookings", "format": "csv", "from": "2026-02-30", "to": "2026-03-01"}, []string{"from date_invalid"}},
		{"a period that is reversed", manager, object{"list": "bookings", "format": "csv", "from": "2026-09-02", "to": "2026-09-01"}, []string{"to period_reversed"}},
		{"a period of more than a year", manager, object{"list": "bookings", "format": "csv", "from": "2026-09-01", "to": "2027-09-02"}, []string{"to period_too_long"}},
		{"an unknown activity", manager, object{"list": "bookings", "format": "csv", "from": "2026-09-01", "to": "2026-09-01", "activity": "x"}, []string{"activity activity_unknown"}},
		{"an activity beyond the agent's", scoped, object{"list": "bookings", "format": "csv", "from": "2026-09-01", "to": "2026-09-01", "activity": "mercredi"}, []string{"activity activity_unknown"}},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(), event(w, c.agent, c.body)), 400, "invalid_input", c.fields...)
		})
	}
}

func TestAScopedManagersListIsOfTheirScope(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	shown := town.Read[api.Job](t, newHandler(), event(w, w.Scoped(collectivity.Manager, "cantine"), nil), 202)
	j, err := w.Store.Job(t.Context(), shown.ID)
	if err != nil || !slices.Equal(j.Scope.Activities, []string{"cantine"}) {
		t.Errorf("the job is %+v, %v", j, err)
	}
}

func TestTheSameKeyIsTheSameJob(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	keyed := func(body object) httpapi.Request {
		return town.Header(event(w, manager, body), "idempotency-key", "a-key-of-a-test")
	}
	first := town.Read[api.Job](t, newHandler(), keyed(nil), 202)
	if again := town.Read[api.Job](t, newHandler(), keyed(nil), 202); again.ID != first.ID {
		t.Errorf("%s, then %s", first.ID, again.ID)
	}
	town.Refused(t, town.Send(t, newHandler(), keyed(object{"list": "children", "format": "csv"})), 409, "key_reused", "Idempotency-Key key_reused")
}

func TestOnlyManagersTakeListsAway(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Reviewer), nil)), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager), nil)), 404, "collectivity_not_found")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	r := event(w, w.Agent(collectivity.Manager), nil)
	town.Rights(t, "request-list")
	town.Read[api.Job](t, handler(t.Context()), r, 202)
}
