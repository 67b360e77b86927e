package main

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

type object = map[string]any

func version(w *town.Town) int {
	c, err := w.Store.Configuration(w.T.Context())
	if err != nil {
		w.T.Fatal(err)
	}
	return c.Version
}

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "update-calendar", map[string]string{"slug": w.Slug}), agent)
}

// sent is a calendar at a version, changed.
func sent(w *town.Town, agent account.Account, version int, changes object) httpapi.Request {
	body := object{"version": version, "zone": "B", "weekdays": []string{"mon", "tue", "thu", "fri"}}
	for name, v := range changes {
		body[name] = v
	}
	return town.With(w.T, event(w, agent), body)
}

func TestACalendarIsSetAndTheRestOfTheSettingsStays(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	seen := version(w)
	exceptions := []object{{"from": "2027-05-07", "to": "2027-05-07", "name": "Pont de l’Ascension", "counts": "school"}, {"from": "2026-12-19", "to": "2026-12-19", "open": true}}
	got := town.Read[api.TownCalendar](t, newHandler(), sent(w, w.Agent(collectivity.Manager), seen, object{"region": "reunion", "exceptions": exceptions}), 200)
	want := []api.CalendarException{{From: "2027-05-07", To: "2027-05-07", Name: "Pont de l’Ascension", Counts: "school"}, {From: "2026-12-19", To: "2026-12-19", Open: true}}
	if d := cmp.Diff(want, got.Exceptions); d != "" || got.Zone != "B" || got.Region != "reunion" || got.Version != seen+1 {
		t.Errorf("got %+v (-want +got)\n%s", got, d)
	}
	c, err := w.Store.Configuration(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if days, kept := c.Days(""); !kept || days.School("2027-05-07") || !days.School("2026-12-19") || !days.School("2027-05-04") || c.Name != "Ville de test" {
		t.Errorf("kept %v, %+v", kept, c.Calendar)
	}
	if d := cmp.Diff([]string{"update-calendar calendar"}, w.Audited()); d != "" {
		t.Errorf("audited (-want +got)\n%s", d)
	}
}

func TestOfTwoManagersWhoSawTheSameSettingsOneIsToldOfTheOther(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, seen := w.Agent(collectivity.Manager), version(w)
	told := map[int]int{}
	for _, reply := range town.InParallel(6, func(n int) town.Reply {
		exceptions := []object{{"from": "2027-05-07", "to": "2027-05-07", "name": fmt.Sprint("Pont ", n)}}
		return town.Send(t, newHandler(), sent(w, manager, seen, object{"exceptions": exceptions}))
	}) {
		if told[reply.StatusCode]++; reply.StatusCode != 200 {
			town.Refused(t, reply, 409, "calendar_moved")
			if current, _ := reply.Body["current"].(object); current["zone"] != "B" || current["version"] != float64(seen+1) {
				t.Errorf("told %v", reply.Body)
			}
		}
	}
	if told[200] != 1 {
		t.Errorf("answers %v", told)
	}
}

func TestACalendarThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, seen := w.Agent(collectivity.Manager), version(w)
	for says, c := range map[string]struct {
		changes object
		want    []string
	}{
		"a zone that does not exist":   {object{"zone": "D"}, []string{"zone not_allowed"}},
		"a region that does not exist": {object{"region": "bretagne"}, []string{"region not_allowed"}},
		"no day of school":             {object{"weekdays": []string{}}, []string{"weekdays required"}},
		"a day twice":                  {object{"weekdays": []string{"mon", "mon"}}, []string{"weekdays[1] not_allowed"}},
		"a closure turned round":       {object{"exceptions": []object{{"from": "2027-05-07", "to": "2027-05-06"}}}, []string{"exceptions[0].to period_reversed"}},
		"a closure on no day":          {object{"exceptions": []object{{"from": "2027-02-29", "to": "2027-03-01"}}}, []string{"exceptions[0].from date_invalid"}},
		"more closures than days":      {object{"exceptions": make([]object, 201)}, []string{"exceptions too_long"}},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(), sent(w, manager, seen, c.changes)), 400, "invalid_input", c.want...)
		})
	}
}

func TestOnlyManagersOfTheWholeTownSetTheCalendar(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Reviewer))), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Scoped(collectivity.Manager, "cantine"))), 403, "scope_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager))), 404, "collectivity_not_found")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Manager))), 409, "calendar_moved") // the sample saw the first version
}
