package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

type object = map[string]any

// study is what the sample event creates, changed.
func study(changes object) object {
	body := object{
		"name": "Étude surveillée", "kind": "evening", "weekdays": []string{"mon"}, "season": object{"from": "2026-09-01", "to": "2027-07-03"},
		"starts": "16:30", "ends": "18:00", "capacity": 30, "decision": "auto",
	}
	for name, v := range changes {
		if body[name] = v; v == nil {
			delete(body, name)
		}
	}
	return body
}

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "create-activity", map[string]string{"slug": w.Slug}), agent)
}

func TestTheSampleEventAddsAnActivity(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	got := town.Read[api.Activity](t, newHandler(), event(w, w.Agent(collectivity.Manager)), 201)
	configuration, err := w.Store.Configuration(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kept, ok := configuration.Activity(got.ID)
	if !ok || kept.Name != "Étude surveillée" || kept.Capacity != 30 || kept.Version != 1 || got.Version != 1 {
		t.Errorf("kept %+v, told %+v", kept, got)
	}
	if d := cmp.Diff([]string{"create-activity activity " + got.ID + " version 1"}, w.Audited()); d != "" {
		t.Errorf("audited (-want +got)\n%s", d)
	}
}

func TestOptionsAgeGroupsAndRulesAreKept(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.KeepCalendar()
	body := study(object{
		"capacity": 0, "during": "school", "rules": object{"rules": []object{{"closes": object{"at": "10:00"}}}},
		"options": []object{{"name": "Avec goûter", "needs": []string{"cantine"}}, {"name": "Sans goûter"}},
		"groups":  []object{{"name": "6-8 ans", "from": 6, "to": 8, "capacity": 12}, {"name": "9-11 ans", "from": 9, "to": 11, "capacity": 18}},
	})
	got := town.Read[api.Activity](t, newHandler(), town.With(t, event(w, w.Agent(collectivity.Manager)), body), 201)
	var ids []string
	for _, o := range got.Options {
		ids = append(ids, o.ID)
	}
	for _, g := range got.Groups {
		ids = append(ids, g.ID)
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 4 || slices.Contains(ids, "") {
		t.Errorf("ids %v", ids)
	}
	if string(got.Rules) != `{"rules":[{"closes":{"at":"10:00"}}]}` || got.Groups[1].Capacity != 18 || got.Options[0].Needs[0] != "cantine" {
		t.Errorf("got %+v", got)
	}
}

func TestWhatMakesNoSenseIsToldWhereItDoesNot(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.KeepCalendar()
	manager := w.Agent(collectivity.Manager)
	many := make([]object, 41)
	for i := range many {
		many[i] = object{"name": strings.Repeat("x", i+1)}
	}
	cases := []struct {
		says   string
		change object
		want   []string
	}{
		{"nothing", object{"name": nil, "kind": nil, "season": nil, "starts": nil, "decision": nil}, []string{"name required", "kind required", "season required", "starts required", "decision required"}},
		{"a season without an end", object{"season": object{"from": "2026-09-01"}}, []string{"season.to required"}},
		{"a closing on no day", object{"closed": []object{{"from": "2026-02-30", "to": "2026-03-01"}}}, []string{"closed[0].from date_invalid"}},
		{"a kind that is none", object{"kind": "party"}, []string{"kind unknown_value"}},
		{"forty-one options", object{"options": many}, []string{"options too_long"}},
		{"a season turned round", object{"season": object{"from": "2026-09-01", "to": "2026-08-31"}}, []string{"season.to period_reversed"}},
		{"the name of another", object{"name": "cantine"}, []string{"name name_taken"}},
		{"another that is not there", object{"requires": []string{"poney"}, "schools": []string{"x"}}, []string{"requires[0] activity_unknown", "schools[0] school_unknown"}},
		{"rules that are a text", object{"rules": "tomorrow"}, []string{"rules wrong_type"}},
		{"rules with a mistake", object{"rules": object{"rules": []object{{"never": false}}}}, []string{"rules.rules[0].never not_allowed"}},
		{"residents first at the canteen", object{"kind": "canteen", "rules": object{"rules": []object{{"residents": true, "closes": object{"at": "10:00"}}}}}, []string{"rules.rules[0].residents residents_first_forbidden"}},
		{"a rule that opens once it has closed", object{"rules": object{"rules": []object{{"opens": object{"steps": []object{{"days": -1}}}, "closes": object{"steps": []object{{"days": -7}}}}}}}, []string{"rules.rules[0].opens opens_after_closing"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			reply := town.Send(t, newHandler(), town.With(t, event(w, manager), study(c.change)))
			town.Refused(t, reply, 400, "invalid_input", c.want...)
		})
	}
}

func TestOnlyManagersOfTheWholeTownAddActivities(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	for says, c := range map[string]struct {
		who    account.Account
		status int
		code   string
	}{
		"a reviewer":                          {w.Agent(collectivity.Reviewer), 403, "role_missing"},
		"a manager of the canteen":            {w.Scoped(collectivity.Manager, "cantine"), 403, "scope_missing"},
		"another town's manager":              {town.New(t).Agent(collectivity.Manager), 404, "collectivity_not_found"},
		"somebody who is no agent whatsoever": {w.Citizen(), 404, "collectivity_not_found"},
	} {
		t.Run(says, func(t *testing.T) {
			town.Refused(t, town.Send(t, newHandler(), event(w, c.who)), c.status, c.code)
		})
	}
	if did := w.Audited(); len(did) > 0 {
		t.Errorf("audited %v", did)
	}
}

// TestOfTenWhoAddTheSameNameAtOnceOneDoes: each checks against what the others have written.
func TestOfTenWhoAddTheSameNameAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	told := map[int]int{}
	for _, status := range town.InParallel(10, func(int) int {
		return town.Send(t, newHandler(), event(w, manager)).StatusCode
	}) {
		told[status]++
	}
	if told[201] != 1 || told[400]+told[409] != 9 {
		t.Errorf("answers %v", told)
	}
	configuration, err := w.Store.Configuration(t.Context())
	if err != nil || len(configuration.Activities) != 4 {
		t.Errorf("the town has %d activities (%v)", len(configuration.Activities), err)
	}
}
