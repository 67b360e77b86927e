package main

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/seed"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

type object = map[string]any

// schooled is a town with a school of two classes.
func schooled(t *testing.T) *town.Town {
	t.Helper()
	w := town.New(t)
	err := w.Store.SaveSchool(t.Context(), collectivity.School{
		ID: "verne", Name: "École Jules-Verne", Classes: []collectivity.Class{{ID: "a", Name: "CP A", Level: "CP"}, {ID: "b", Name: "CP B", Level: "CP"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func event(w *town.Town, agent account.Account, school string) httpapi.Request {
	return town.As(town.Event(w.T, "update-school", map[string]string{"slug": w.Slug, "school": school}), agent)
}

func TestTheSampleEventChangesASchoolAndKeepsItsClassesIds(t *testing.T) {
	t.Parallel()
	w := schooled(t)
	got := town.Read[api.School](t, newHandler(), event(w, w.Agent(collectivity.Manager), "verne"), 200)
	if got.ID != "verne" || got.Version != 2 || len(got.Weekdays) != 5 || len(got.Classes) != 2 || got.Classes[0].ID != "a" || got.Classes[1].ID == "b" {
		t.Errorf("got %+v", got)
	}
	c, err := w.Store.Configuration(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if kept, _ := c.School("verne"); kept.Classes[1].Name != "CE1 A" {
		t.Errorf("kept %+v", kept)
	}
	if d := cmp.Diff([]string{"update-school school verne version 2"}, w.Audited()); d != "" {
		t.Errorf("audited (-want +got)\n%s", d)
	}
}

func TestAClassThatIsRenamedKeepsItsId(t *testing.T) {
	t.Parallel()
	w := schooled(t)
	body := object{"version": 1, "name": "Jules-Verne", "classes": []object{{"id": "b", "name": "CP-CE1"}, {"name": "CP A"}}}
	got := town.Read[api.School](t, newHandler(), town.With(t, event(w, w.Agent(collectivity.Manager), "verne"), body), 200)
	if got.Name != "Jules-Verne" || got.Classes[0].ID != "b" || got.Classes[1].ID != "a" {
		t.Errorf("got %+v", got)
	}
}

func TestOfTwoManagersWhoSaveTheSameVersionOneIsToldOfTheOther(t *testing.T) {
	t.Parallel()
	w := schooled(t)
	manager := w.Agent(collectivity.Manager)
	told := map[int]int{}
	for _, reply := range town.InParallel(6, func(n int) town.Reply {
		return town.Send(t, newHandler(), town.With(t, event(w, manager, "verne"), object{"version": 1, "name": fmt.Sprint("École ", n)}))
	}) {
		if told[reply.StatusCode]++; reply.StatusCode != 200 {
			town.Refused(t, reply, 409, "school_moved")
			if current, _ := reply.Body["current"].(object); current["version"] != 2.0 || current["id"] != "verne" {
				t.Errorf("told %v", reply.Body)
			}
		}
	}
	if told[200] != 1 {
		t.Errorf("answers %v", told)
	}
}

func TestAClassThatHasChildrenIsNotDropped(t *testing.T) {
	t.Parallel()
	w := schooled(t)
	_, err := w.AddFamily(t.Context(), w.Store, seed.Family{
		Name: "X", Guardians: []seed.Guardian{{Civility: "m", FirstName: "A", LastName: "B"}},
		Children: []seed.Child{{FirstName: "Léa", LastName: "X", School: "École Jules-Verne", Class: "CP B"}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	manager := w.Agent(collectivity.Manager)
	sample := event(w, manager, "verne") // without CP B
	town.Refused(t, town.Send(t, newHandler(), sample), 400, "invalid_input", "classes class_in_use")
	body := object{"version": 1, "name": "Groupe Jules-Verne", "classes": []object{{"id": "b", "name": "CP-CE1"}}}
	town.Read[api.School](t, newHandler(), town.With(t, sample, body), 200)
	// Its children's files still say the names of before.
	body["version"], body["classes"] = 2, []object{}
	town.Refused(t, town.Send(t, newHandler(), town.With(t, sample, body)), 400, "invalid_input", "classes class_in_use")
}

func TestWhatIsRefusedOfASchool(t *testing.T) {
	t.Parallel()
	w := schooled(t)
	manager := w.Agent(collectivity.Manager)
	town.Refused(t, town.Send(t, newHandler(), event(w, manager, "curie")), 404, "school_not_found")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Reviewer), "verne")), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Scoped(collectivity.Manager, "cantine"), "verne")), 403, "scope_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager), "verne")), 404, "collectivity_not_found")
	twice := object{"version": 1, "name": "X", "classes": []object{{"id": "a", "name": "1"}, {"id": "a", "name": "2"}}}
	town.Refused(t, town.Send(t, newHandler(), town.With(t, event(w, manager, "verne"), twice)), 400, "invalid_input", "classes[1].id duplicate")
	// A school of another town under the agent's own.
	town.Refused(t, town.Send(t, newHandler(), event(town.New(t), manager, "verne")), 404, "collectivity_not_found")
}
