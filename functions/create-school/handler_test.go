package main

import (
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

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "create-school", map[string]string{"slug": w.Slug}), agent)
}

func TestTheSampleEventAddsASchool(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	got := town.Read[api.School](t, newHandler(), event(w, w.Agent(collectivity.Manager)), 201)
	c, err := w.Store.Configuration(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kept, ok := c.School(got.ID)
	if !ok || got.Version != 1 || len(kept.Classes) != 2 || kept.Classes[0].ID == "" || kept.Classes[0].ID == kept.Classes[1].ID || kept.Classes[1].Level != "CE2" {
		t.Errorf("kept %+v, told %+v", kept, got)
	}
	if found, ok := c.SchoolOf("école jules-verne"); !ok || found.ID != got.ID {
		t.Errorf("a family file that names it finds %+v", found)
	}
	if d := cmp.Diff([]string{"create-school school " + got.ID + " version 1"}, w.Audited()); d != "" {
		t.Errorf("audited (-want +got)\n%s", d)
	}
}

func TestASchoolThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	town.Read[api.School](t, newHandler(), event(w, manager), 201)
	for says, c := range map[string]struct {
		body object
		want string
	}{
		"no name":              {object{"classes": []object{}}, "name required"},
		"the name of another":  {object{"name": "école jules-verne"}, "name name_taken"},
		"school on Sunday":     {object{"name": "X", "weekdays": []string{"sun"}}, "weekdays unknown_value"},
		"a day twice":          {object{"name": "X", "weekdays": []string{"mon", "mon"}}, "weekdays[1] not_allowed"},
		"a class without name": {object{"name": "X", "classes": []object{{"level": "CP"}}}, "classes[0].name required"},
		"a class twice":        {object{"name": "X", "classes": []object{{"name": "CP"}, {"name": "cp"}}}, "classes[1].name duplicate"},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(), town.With(t, event(w, manager), c.body)), 400, "invalid_input", c.want)
		})
	}
}

func TestOnlyManagersOfTheWholeTownAddSchools(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Reviewer))), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Scoped(collectivity.Manager, "cantine"))), 403, "scope_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager))), 404, "collectivity_not_found")
}

func TestSchoolsOfOneNameAreNotBothTakenAtOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	told := map[int]int{}
	for _, status := range town.InParallel(5, func(int) int { return town.Send(t, newHandler(), event(w, manager)).StatusCode }) {
		told[status]++
	}
	if told[201] != 1 || told[400] != 4 {
		t.Errorf("answers %v", told)
	}
}
