package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open()}.handle) }

func TestSchoolsAreListedByNameWithTheirClasses(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	for _, s := range []collectivity.School{
		{ID: "b", Name: "École Jules-Verne", Weekdays: []calendar.Weekday{"mon", "tue"}, Classes: []collectivity.Class{{ID: "c", Name: "CP A", Level: "CP"}}},
		{ID: "a", Name: "École des Tilleuls"},
	} {
		if err := w.Store.SaveSchool(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	event := town.As(town.Event(t, "list-schools", map[string]string{"slug": w.Slug}), w.Scoped(collectivity.Reader, "cantine"))
	want := []api.School{
		{ID: "b", Version: 1, SchoolSettings: api.SchoolSettings{Name: "École Jules-Verne", Weekdays: []string{"mon", "tue"}, Classes: []api.SchoolClass{{ID: "c", Name: "CP A", Level: "CP"}}}},
		{ID: "a", Version: 1, SchoolSettings: api.SchoolSettings{Name: "École des Tilleuls"}},
	}
	if d := cmp.Diff(want, town.Read[api.List[api.School]](t, newHandler(), event, 200).Items); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestATownWithoutSchoolsHasAnEmptyList(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	event := town.As(town.Event(t, "list-schools", map[string]string{"slug": w.Slug}), w.Agent(collectivity.Reader))
	if got := town.Read[api.List[api.School]](t, newHandler(), event, 200).Items; got == nil || len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestAnotherTownsSchoolsAreNotSeen(t *testing.T) {
	t.Parallel()
	event := town.As(town.Event(t, "list-schools", map[string]string{"slug": town.New(t).Slug}), town.New(t).Agent(collectivity.Manager))
	town.Refused(t, town.Send(t, newHandler(), event), 404, "collectivity_not_found")
}
