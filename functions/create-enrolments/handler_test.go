package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/seed"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

type object = map[string]any

var year = calendar.Period{From: "2026-09-01", To: "2027-07-31"}

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "create-enrolments", map[string]string{"slug": w.Slug}), agent)
}

// enrol sends a body and answers each outcome in short: its state, or the code.
func enrol(w *town.Town, agent account.Account, body object) (all []string) {
	w.T.Helper()
	for _, o := range town.Read[api.EnrolmentOutcomes](w.T, newHandler(), town.With(w.T, event(w, agent), body), 200).Outcomes {
		if (o.Code == "") != (o.State == "enrolled") || (o.Code == "") != (o.Detail == "") {
			w.T.Errorf("outcome %+v", o)
		}
		all = append(all, strings.TrimPrefix(o.State+" "+o.Code, "refused "))
	}
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}

func item(f seed.MadeFamily, n int, activity string) object {
	return object{"family": f.ID, "child": f.Children[n], "activity": activity, "from": "2026-12-01", "to": "2027-07-02"}
}

func with(o object, name string, v any) object {
	o[name] = v
	return o
}

// enrolled is what the file and the activity's list say of a family, which must be the same.
func enrolled(w *town.Town, f seed.MadeFamily, activity string) []booking.Enrolment {
	w.T.Helper()
	h, err := f.Store.Household(w.T.Context())
	if err != nil {
		w.T.Fatal(err)
	}
	all, err := w.Store.Enrolled(w.T.Context(), activity, year)
	if err != nil {
		w.T.Fatal(err)
	}
	var file, list []booking.Enrolment
	for _, e := range h.Enrolments {
		if e.Activity == activity {
			file = append(file, e)
		}
	}
	for _, e := range all {
		if e.Family == f.ID {
			list = append(list, e.Enrolment)
		}
	}
	if d := cmp.Diff(file, list); d != "" {
		w.T.Errorf("the file and the activity's list differ (-file +list)\n%s", d)
	}
	return file
}

func TestTheSampleEventEnrolsAChild(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f := w.Separated("Léa")
	r := town.As(town.Event(t, "create-enrolments", map[string]string{"slug": w.Slug, "family": f.ID, "child": f.Children[0]}), w.Agent(collectivity.Manager))
	got := town.Read[api.EnrolmentOutcomes](t, newHandler(), r, 200).Outcomes
	there := enrolled(w, f, "periscolaire")
	if len(got) != 1 || got[0].State != "enrolled" || len(there) != 1 {
		t.Fatalf("told %+v, written %+v", got, there)
	}
	want := booking.Enrolment{ID: got[0].Enrolment, Child: f.Children[0], Activity: "periscolaire", Period: calendar.Period{From: "2026-12-01", To: "2027-07-02"}, Weekdays: []calendar.Weekday{"mon", "thu"}}
	if d := cmp.Diff(want, there[0]); d != "" || store.FamilyIn(got[0].Enrolment) != f.ID {
		t.Errorf("(-want +got)\n%s", d)
	}
	if d := cmp.Diff([]string{"create-enrolments enrolment " + got[0].Enrolment + " activity periscolaire"}, w.Audited()); d != "" {
		t.Errorf("audited (-want +got)\n%s", d)
	}
}

func TestEachChildHasItsOwnOutcome(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f, other, elsewhere := w.Separated("Léa", "Noé"), w.Separated("Tom"), town.New(t).Separated("Inès")
	got := enrol(w, w.Agent(collectivity.Manager), object{"items": []object{
		item(f, 0, "cantine"),
		item(f, 0, "cantine"),
		with(item(f, 1, "cantine"), "to", "2026-11-30"),
		item(other, 0, "cantine"),
		with(item(other, 0, "mercredi"), "standing", true),
		with(with(item(other, 0, "mercredi"), "standing", true), "option", "matin"),
		with(item(f, 0, "mercredi"), "child", other.Children[0]),
		with(item(f, 0, "mercredi"), "child", f.Guardians[0]),
		item(f, 1, "poney"),
		item(elsewhere, 0, "cantine"),
		with(item(f, 1, "mercredi"), "weekdays", []string{"mon"}),
		item(f, 1, "cantine"),
	}})
	want := []string{
		"enrolled", "already_enrolled", "period_reversed", "enrolled", "option_required", "enrolled", "child_unknown", "child_unknown",
		"activity_unknown", "family_unknown", "no_open_day", "enrolled",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if n := len(enrolled(w, f, "cantine")); n != 2 {
		t.Errorf("%d of the family are enrolled at the canteen", n)
	}
	if there := enrolled(w, other, "mercredi"); len(there) != 1 || !there[0].Standing || there[0].Option != "matin" {
		t.Errorf("standing: %+v", there)
	}
}

func TestSiblingsAreEnrolledStandingAtOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f := w.Separated("Léa", "Noé")
	items := []object{
		with(item(f, 0, "cantine"), "standing", true), with(item(f, 1, "cantine"), "standing", true), with(item(f, 0, "periscolaire"), "standing", true),
	}
	if got := enrol(w, w.Agent(collectivity.Manager), object{"items": items}); !slices.Equal(got, []string{"enrolled", "enrolled", "enrolled"}) {
		t.Errorf("got %v", got)
	}
}

func TestTheOnlyFormuleOfAStandingEnrolmentNeedsNoNaming(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Activities[0]
	a.Options = []collectivity.Option{{ID: "repas", Name: "Repas"}}
	if err := w.Store.SaveActivity(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	f := w.Separated("Léa")
	enrol(w, w.Agent(collectivity.Manager), object{"items": []object{with(item(f, 0, "cantine"), "standing", true)}})
	if there := enrolled(w, f, "cantine"); len(there) != 1 || there[0].Option != "repas" {
		t.Errorf("got %+v", there)
	}
}

func TestAWholeClassIsEnrolled(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	school := collectivity.School{ID: "verne", Name: "École Jules-Verne", Classes: []collectivity.Class{{ID: "a", Name: "CP A"}, {ID: "b", Name: "CP B"}, {ID: "none", Name: "CM2"}}}
	if err := w.Store.SaveSchool(t.Context(), school); err != nil {
		t.Fatal(err)
	}
	var families []seed.MadeFamily
	for _, child := range []seed.Child{
		{FirstName: "Léa", School: "école jules-verne ", Class: "CP A"},
		{FirstName: "Noé", School: "verne", Class: "a"},
		{FirstName: "Tom", School: "École Jules-Verne", Class: "CP B"},
		{FirstName: "Inès", School: "École des Tilleuls", Class: "CP A"},
		{FirstName: "Zoé"},
	} {
		child.BirthDate = "2019-01-01"
		made, err := w.AddFamily(t.Context(), w.Store, seed.Family{Name: "X", Guardians: []seed.Guardian{{Civility: "m", FirstName: "A", LastName: "B"}}, Children: []seed.Child{child}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		families = append(families, made)
	}
	manager := w.Agent(collectivity.Manager)
	class := object{"school": "verne", "class": "a", "activity": "cantine", "from": "2026-12-01", "to": "2027-07-02", "weekdays": []string{"mon"}}
	if got := enrol(w, manager, class); !slices.Equal(got, []string{"enrolled", "enrolled"}) {
		t.Errorf("got %v", got)
	}
	for i, want := range []int{1, 1, 0, 0, 0} {
		if there := enrolled(w, families[i], "cantine"); len(there) != want {
			t.Errorf("family %d: %+v", i, there)
		}
	}
	if got := enrol(w, manager, class); !slices.Equal(got, []string{"already_enrolled", "already_enrolled"}) {
		t.Errorf("again: %v", got)
	}
	if got := enrol(w, manager, with(class, "class", "none")); len(got) != 0 {
		t.Errorf("an empty class: %v", got)
	}
}

func TestWhatIsAskedMustMakeSense(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f := w.Separated("Léa")
	manager := w.Agent(collectivity.Manager)
	if err := w.Store.SaveSchool(t.Context(), collectivity.School{ID: "verne", Name: "V", Classes: []collectivity.Class{{ID: "a", Name: "A"}}}); err != nil {
		t.Fatal(err)
	}
	many := make([]object, 101)
	for i := range many {
		many[i] = item(f, 0, "cantine")
	}
	for says, c := range map[string]struct {
		body object
		want []string
	}{
		"nothing":                         {object{}, []string{"items items_or_class"}},
		"children and a class":            {object{"items": many[:1], "class": "a", "school": "verne"}, []string{"items items_or_class"}},
		"more than a hundred":             {object{"items": many}, []string{"items too_long"}},
		"a child without a period":        {object{"items": []object{{"family": "f", "child": "c", "activity": "a"}}}, []string{"items[0].from required", "items[0].to required"}},
		"a weekday that is none":          {object{"items": []object{with(item(f, 0, "cantine"), "weekdays", []string{"lun"})}}, []string{"items[0].weekdays unknown_value"}},
		"a class without the rest":        {object{"school": "verne", "class": "a"}, []string{"activity required", "from required", "to required"}},
		"a school that is not there":      {object{"school": "curie", "class": "a", "activity": "cantine", "from": "2026-12-01", "to": "2026-12-02"}, []string{"school school_unknown", "class class_unknown"}},
		"a class without its school":      {object{"class": "a", "activity": "cantine", "from": "2026-12-01", "to": "2026-12-02"}, []string{"school school_unknown", "class class_unknown"}},
		"a class that the school has not": {object{"school": "verne", "class": "b", "activity": "cantine", "from": "2026-12-01", "to": "2026-12-02"}, []string{"class class_unknown"}},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(), town.With(t, event(w, manager), c.body)), 400, "invalid_input", c.want...)
		})
	}
}

func TestWhoMayEnrolWhom(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f, own := w.Separated("Léa"), w.Separated("Tom")
	parentToo := w.Agent(collectivity.Manager)
	c, err := w.Env.Store.TryCode(t.Context(), w.Secret.Code, own.Codes[0], parentToo.ID, town.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Env.Store.Subscribe(t.Context(), parentToo, c, town.Now); err != nil {
		t.Fatal(err)
	}
	both := object{"items": []object{item(own, 0, "cantine"), item(f, 0, "cantine")}}
	if got := enrol(w, parentToo, both); !slices.Equal(got, []string{"own_family", "enrolled"}) {
		t.Errorf("an agent who is a parent: %v", got)
	}
	scoped := w.Scoped(collectivity.Manager, "mercredi")
	if got := enrol(w, scoped, object{"items": []object{item(f, 0, "periscolaire"), item(f, 0, "mercredi")}}); !slices.Equal(got, []string{"activity_not_yours", "enrolled"}) {
		t.Errorf("an agent of the Wednesday centre: %v", got)
	}
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Reviewer))), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager))), 404, "collectivity_not_found")
}

func TestAHundredAtOnceEnrolAChildOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f := w.Separated("Léa", "Noé")
	manager := w.Agent(collectivity.Manager)
	told := map[string]int{}
	for _, got := range town.InParallel(10, func(n int) []string {
		late := with(item(f, 0, "cantine"), "from", fmt.Sprintf("2026-12-%02d", n+1)) // each overlaps the others
		return enrol(w, manager, object{"items": []object{late, with(item(f, 1, "mercredi"), "from", fmt.Sprintf("2026-12-%02d", n+1))}})
	}) {
		for _, outcome := range got {
			told[outcome]++
		}
	}
	if told["enrolled"] != 2 || told["already_enrolled"]+told["moved"] != 18 {
		t.Errorf("told %v", told)
	}
	if len(enrolled(w, f, "cantine")) != 1 || len(enrolled(w, f, "mercredi")) != 1 {
		t.Errorf("written %v, %v", enrolled(w, f, "cantine"), enrolled(w, f, "mercredi"))
	}
}

// TestAnAnswerThatIsLostEnrolsOnce: the SDK sends the transaction again, and finds its own work.
func TestAnAnswerThatIsLostEnrolsOnce(t *testing.T) {
	w := town.New(t)
	f := w.Separated("Léa")
	manager := w.Agent(collectivity.Manager)
	lost := 0
	url := testkit.Losing(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) bool {
		if operation == "TransactWriteItems" {
			lost++
		}
		return operation == "TransactWriteItems" && lost == 1
	})
	var handler httpapi.Handler
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": url}, func() { handler = newHandler() })
	r := town.With(t, event(w, manager), object{"items": []object{item(f, 0, "cantine")}})
	got := town.Read[api.EnrolmentOutcomes](t, handler, r, 200).Outcomes
	if lost != 2 || got[0].State != "enrolled" || len(enrolled(w, f, "cantine")) != 1 || len(w.Audited()) != 1 {
		t.Errorf("sent %d times, told %+v, audited %v", lost, got, w.Audited())
	}
}

func TestTheRightsOfTheCatalogAreEnough(t *testing.T) {
	w := town.New(t)
	f, manager := w.Separated("Léa"), w.Agent(collectivity.Manager)
	town.Rights(t, "create-enrolments")
	if got := enrol(w, manager, object{"items": []object{with(item(f, 0, "cantine"), "standing", true)}}); got[0] != "enrolled" {
		t.Errorf("got %v", got)
	}
}
