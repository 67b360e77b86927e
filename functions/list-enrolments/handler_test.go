package main

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/seed"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open()}.handle) }

func event(w *town.Town, agent account.Account, query string) httpapi.Request {
	return town.Query(town.As(town.Event(w.T, "list-enrolments", map[string]string{"slug": w.Slug}), agent), query)
}

// list reads all pages, and answers each enrolment in short: "Léa Martin cantine".
func list(w *town.Town, agent account.Account, query string) (all []string, pages int) {
	w.T.Helper()
	for cursor := ""; ; pages++ {
		next := query
		if cursor != "" {
			next += "&cursor=" + url.QueryEscape(cursor)
		}
		page := town.Read[api.List[api.Enrolment]](w.T, newHandler(), event(w, agent, next), 200)
		for _, e := range page.Items {
			all = append(all, e.ChildName+" "+e.Activity)
		}
		if cursor = page.Cursor; cursor == "" {
			slices.Sort(all)
			return all, pages + 1
		}
	}
}

func TestTheSampleEventListsWhoMayComeToTheCanteen(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f := w.Separated("Léa")
	e := booking.Enrolment{
		ID: f.Store.EnrolmentID("e"), Child: f.Children[0], Activity: "cantine", Period: calendar.Period{From: "2026-12-01", To: "2027-07-02"},
		Weekdays: []calendar.Weekday{"mon"}, Standing: true, Option: "repas",
	}
	if err := f.Store.Enrol(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	r := town.As(town.Event(t, "list-enrolments", map[string]string{"slug": w.Slug}), w.Agent(collectivity.Reader))
	want := []api.Enrolment{{
		ID: e.ID, Family: f.ID, Label: f.Label, Child: f.Children[0], ChildName: "Léa Martin", Activity: "cantine",
		From: "2026-12-01", To: "2027-07-02", Weekdays: []string{"mon"}, Standing: true, Option: "repas",
	}}
	if d := cmp.Diff(want, town.Read[api.List[api.Enrolment]](t, newHandler(), r, 200).Items); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestAnActivityIsListedByPages(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	var want []string
	for n := range 13 {
		var children []string
		for i := range 5 {
			children = append(children, fmt.Sprintf("E%02d%d", n, i))
			want = append(want, children[i]+" Martin cantine")
		}
		w.Family(children...)
	}
	got, pages := list(w, w.Agent(collectivity.Reader), "activity=cantine")
	if d := cmp.Diff(want, got); d != "" || pages != 2 {
		t.Errorf("%d pages (-want +got)\n%s", pages, d)
	}
}

func TestAFamilyAndOneOfItsChildren(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f := w.Family("Léa", "Noé")
	w.Family("Tom")
	reader := w.Agent(collectivity.Reader)
	lea := []string{"Léa Martin cantine", "Léa Martin mercredi", "Léa Martin periscolaire"}
	noe := []string{"Noé Martin cantine", "Noé Martin mercredi", "Noé Martin periscolaire"}
	for query, want := range map[string][]string{
		"family=" + f.ID: append(slices.Clone(lea), noe...),
		"family=" + f.ID + "&child=" + f.Children[1]: noe,
		"family=" + f.ID + "&child=nobody":           nil,
		"family=nobody":                              nil,
	} {
		if got, _ := list(w, reader, query); !slices.Equal(got, want) {
			t.Errorf("%s: %v", query, got)
		}
	}
	if got, _ := list(w, w.Scoped(collectivity.Reader, "mercredi"), "family="+f.ID); !slices.Equal(got, []string{"Léa Martin mercredi", "Noé Martin mercredi"}) {
		t.Errorf("an agent of the Wednesday centre sees %v", got)
	}
}

func TestAClassIsListedByItsChildren(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	school := collectivity.School{ID: "verne", Name: "École Jules-Verne", Classes: []collectivity.Class{{ID: "a", Name: "CP A"}, {ID: "b", Name: "CP B", Former: []string{"GS"}}}}
	if err := w.Store.SaveSchool(t.Context(), school); err != nil {
		t.Fatal(err)
	}
	var want []string
	for n := range 23 {
		class := "CP A"
		if n%2 == 1 {
			class = "gs"
		} else {
			want = append(want, fmt.Sprintf("E%02d X cantine", n))
		}
		_, err := w.AddFamily(t.Context(), w.Store, seed.Family{
			Name: "X", Guardians: []seed.Guardian{{Civility: "m", FirstName: "A", LastName: "B"}},
			Children: []seed.Child{{FirstName: fmt.Sprintf("E%02d", n), LastName: "X", School: "École Jules-Verne", Class: class, Activities: []string{"cantine"}}},
		}, w.Activities)
		if err != nil {
			t.Fatal(err)
		}
	}
	reader := w.Agent(collectivity.Reader)
	got, pages := list(w, reader, "school=verne&class=a")
	if d := cmp.Diff(want, got); d != "" || pages != 2 {
		t.Errorf("%d pages (-want +got)\n%s", pages, d)
	}
	if got, _ := list(w, reader, "school=verne&class=b"); len(got) != 11 {
		t.Errorf("by the name that the class had: %v", got)
	}
	if got, _ := list(w, w.Scoped(collectivity.Reader, "mercredi"), "school=verne&class=a"); len(got) != 0 {
		t.Errorf("an agent of the Wednesday centre sees %v", got)
	}
}

func TestOneFilterIsNeeded(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	reader := w.Agent(collectivity.Reader)
	for query, want := range map[string]string{
		"":                              "activity filter_required",
		"child=c":                       "activity filter_required",
		"activity=cantine&family=f":     "activity filter_required",
		"activity=cantine&school=verne": "activity filter_required",
		"school=verne":                  "class class_unknown",
		"class=a":                       "class class_unknown",
		"activity=cantine&cursor=x":     "cursor cursor_invalid",
	} {
		town.Refused(t, town.Send(t, newHandler(), event(w, reader, query)), 400, "invalid_input", want)
	}
	// The cursor of another list.
	for range 51 {
		w.Family("Léa")
	}
	page := town.Read[api.List[api.Enrolment]](t, newHandler(), event(w, reader, "activity=cantine"), 200)
	town.Refused(t, town.Send(t, newHandler(), event(w, reader, "activity=mercredi&cursor="+page.Cursor)), 400, "invalid_input", "cursor cursor_invalid")
}

func TestWhoSeesNoEnrolments(t *testing.T) {
	t.Parallel()
	w, elsewhere := town.New(t), town.New(t)
	f := elsewhere.Family("Tom")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Scoped(collectivity.Reader, "mercredi"), "activity=cantine")), 404, "activity_not_found")
	town.Refused(t, town.Send(t, newHandler(), event(w, elsewhere.Agent(collectivity.Manager), "activity=cantine")), 404, "collectivity_not_found")
	if got, _ := list(w, w.Agent(collectivity.Manager), "family="+f.ID); len(got) != 0 {
		t.Errorf("another town's family: %v", got)
	}
}

func TestAChildOfTwoFilesIsNamedWithBothHouseholds(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	anne, paul := w.TwoHomes("Léa")
	r := town.As(town.Event(t, "list-enrolments", map[string]string{"slug": w.Slug}), w.Agent(collectivity.Reader))
	var families []string
	for _, e := range town.Read[api.List[api.Enrolment]](t, newHandler(), r, 200).Items {
		if families = append(families, e.Family); e.ChildName != "Léa Martin" || e.Child != anne.Children[0] {
			t.Errorf("got %+v", e)
		}
	}
	slices.Sort(families)
	want := []string{anne.ID, paul.ID}
	slices.Sort(want)
	if !slices.Equal(families, want) {
		t.Errorf("families %q", families)
	}
}
