package main

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"preau/infra/seed"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/rollover"
	"preau/shared/schooldays"
	"preau/shared/store"
)

// july is when the towns of these tests look at 2027-2028.
var july = time.Date(2027, 7, 10, 8, 0, 0, 0, time.UTC)

func newHandler() httpapi.Handler { return at(july) }

func at(now time.Time) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), func() time.Time { return now }}.handle)
}

type object = map[string]any

func event(w *town.Town, agent account.Account, body object) httpapi.Request {
	r := town.As(town.Event(w.T, "preview-rollover", map[string]string{"slug": w.Slug}), agent)
	if body == nil {
		return r
	}
	return town.With(w.T, r, body)
}

// schools is a town with a primary school, whose activities go on next year.
func schools(t *testing.T) *town.Town {
	t.Helper()
	w := town.New(t)
	check(t, w.Store.SaveSchool(t.Context(), collectivity.School{ID: "verne", Name: "Jules-Verne", Classes: []collectivity.Class{
		{ID: "cp", Name: "CP"}, {ID: "ce", Name: "CE1-CE2"}, {ID: "cm", Name: "CM1-CM2"},
	}}))
	check(t, w.Store.SaveSchool(t.Context(), collectivity.School{ID: "hugo", Name: "Victor-Hugo", Classes: []collectivity.Class{{ID: "hcp", Name: "CP"}}}))
	for i, a := range w.Activities {
		if a.ID != "mercredi" {
			a.Season.To = "2028-07-07"
			check(t, w.Store.SaveActivity(t.Context(), a))
			a.Season = w.Activities[i].Season // of enrolments
		}
	}
	return w
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func home(w *town.Town, name string, children ...seed.Child) seed.MadeFamily {
	w.T.Helper()
	made, err := w.AddFamily(w.T.Context(), w.Store, seed.Family{Name: name, Guardians: []seed.Guardian{{Civility: "mme", FirstName: "Anne", LastName: name}}, Children: children}, w.Activities)
	if err != nil {
		w.T.Fatal(err)
	}
	return made
}

func pupil(first, last, born, class, level string) seed.Child {
	return seed.Child{FirstName: first, LastName: last, BirthDate: born, School: "Jules-Verne", Class: class, Level: level, Activities: []string{"cantine"}}
}

func TestWhatBecomesOfEachChildIsTold(t *testing.T) {
	t.Parallel()
	w := schools(t)
	manager := w.Agent(collectivity.Manager)
	home(w, "Martin", pupil("Léa", "Martin", "2020-05-04", "CP", "CP"), pupil("Tom", "Martin", "2016-05-04", "CM1-CM2", "CM2"))
	ahead := home(w, "Durand", pupil("Zoé", "Durand", "2021-05-04", "CP", "CP"), seed.Child{FirstName: "Bébé", LastName: "Durand", BirthDate: "2026-01-02"})
	got := town.Read[api.Rollover](t, newHandler(), event(w, manager, object{"year": 2027, "activities": []object{{"activity": "cantine"}}}), 200)
	if got.Year != 2027 || got.Opens != "2027-07-01" || got.Job != "" || got.More != 0 {
		t.Errorf("got %+v", got)
	}
	if got.Counts != (api.RolloverCounts{Up: 1, Leaves: 1, Left: 1}) {
		t.Errorf("counted %+v", got.Counts)
	}
	var told []string
	for _, c := range got.Children {
		told = append(told, fmt.Sprintf("%s %s %s%s %s/%s %s %v", c.FirstName, c.Label, c.Becomes, c.Code, c.To.SchoolName, c.To.ClassName, c.To.Level, c.Renewed))
	}
	want := []string{
		"Zoé Famille Durand leftalready_there Jules-Verne/CP CP []",
		"Tom Famille Martin leaves /  []",
		"Léa Famille Martin up Jules-Verne/CE1-CE2 CE1 [cantine]",
	}
	if !slices.Equal(told, want) {
		t.Errorf("got  %q\nwant %q", told, want)
	}
	if len(got.Activities) != 1 || got.Activities[0] != (api.RolloverActivityCount{Activity: "cantine", Name: "Cantine", From: "2027-09-01", To: "2028-07-07", Renewed: 1}) {
		t.Errorf("activities %+v", got.Activities)
	}
	if len(got.Classes) != 2 || got.Classes[1].From.ClassName != "CP" || got.Classes[1].Children != 2 || len(got.Classes[1].Goals) != 2 {
		t.Errorf("classes %+v", got.Classes)
	}

	// As the manager would have it.
	body := object{
		"year": 2027, "classes": []object{{"school": "verne", "class": "cm", "level": "CM2", "toClass": "cm"}},
		"children": []object{{"family": ahead.ID, "child": ahead.Children[0], "move": "stays"}},
	}
	r := town.Send(t, newHandler(), event(w, manager, body))
	town.Refused(t, r, 400, "invalid_input", "classes[0].toClass last_level")
	delete(body, "classes")
	got = town.Read[api.Rollover](t, newHandler(), event(w, manager, body), 200)
	if got.Counts != (api.RolloverCounts{Up: 1, Stays: 1, Leaves: 1}) || got.Children[1].Renewed != nil {
		t.Errorf("as chosen: %+v", got.Counts)
	}
	if n := len(w.Audited()); n != 0 {
		t.Errorf("a look was audited: %d", n)
	}
}

func TestEnrolmentsThatCanNotGoOnAreTold(t *testing.T) {
	t.Parallel()
	w := schools(t)
	c, err := w.Store.Configuration(t.Context())
	check(t, err)
	cantine, _ := c.Activity("cantine")
	cantine.Groups = []collectivity.Group{{ID: "petits", Name: "Petits", From: 3, To: 6}}
	home(w, "Martin", pupil("Léa", "Martin", "2020-05-04", "CP", "CP"))
	check(t, w.Store.SaveActivity(t.Context(), cantine))
	got := town.Read[api.Rollover](t, newHandler(), event(w, w.Agent(collectivity.Manager), object{"year": 2027, "activities": []object{{"activity": "cantine"}}}), 200)
	if len(got.Children) != 1 || len(got.Children[0].Refused) != 1 || got.Children[0].Refused[0].Code != "age_out" || got.Children[0].Refused[0].Detail == "" || got.Activities[0].Refused != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestAChildOfTwoFilesIsListedOnce(t *testing.T) {
	t.Parallel()
	w := schools(t)
	first := town.Home{Town: w, MadeFamily: home(w, "Martin", pupil("Léa", "Martin", "2020-05-04", "CP", "CP"))}
	first.Share(town.Home{Town: w, MadeFamily: home(w, "Durand")}, "cantine")
	got := town.Read[api.Rollover](t, newHandler(), event(w, w.Agent(collectivity.Manager), object{"year": 2027, "activities": []object{{"activity": "cantine"}}}), 200)
	if len(got.Children) != 1 || got.Counts.Up != 1 || got.Activities[0].Renewed != 2 {
		t.Errorf("got %+v", got)
	}
}

func TestWhatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	w := schools(t)
	manager := w.Agent(collectivity.Manager)
	other := home(w, "Martin", pupil("Léa", "Martin", "2020-05-04", "CP", "CP"))
	scoped := w.Scoped(collectivity.Manager, "cantine")
	for _, c := range []struct {
		says   string
		now    time.Time
		agent  account.Account
		body   object
		status int
		code   string
		fields []string
	}{
		{"no year", july, manager, object{}, 400, "invalid_input", []string{"year required"}},
		{"the year before", july, manager, object{"year": 2026}, 400, "invalid_input", []string{"year year_wrong"}},
		{"a year too soon", time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC), manager, object{"year": 2027}, 400, "invalid_input", []string{"year year_wrong"}},
		{"an unknown activity", july, manager, object{"year": 2027, "activities": []object{{"activity": "x"}}}, 400, "invalid_input", []string{"activities[0].activity activity_unknown"}},
		{"an activity whose dates do not reach so far", july, manager, object{"year": 2027, "activities": []object{{"activity": "mercredi"}}}, 400, "invalid_input", []string{"activities[0].activity out_of_season"}},
		{"an unknown class", july, manager, object{"year": 2027, "classes": []object{{"school": "verne", "class": "x", "leave": true}}}, 400, "invalid_input", []string{"classes[0].class class_unknown"}},
		{"a class of another school", july, manager, object{"year": 2027, "classes": []object{{"school": "verne", "class": "hcp", "leave": true}}}, 400, "invalid_input", []string{"classes[0].class class_of_other_school"}},
		{"a level that is none", july, manager, object{"year": 2027, "classes": []object{{"school": "verne", "class": "cp", "level": "6e", "leave": true}}}, 400, "invalid_input", []string{"classes[0].level unknown_value"}},
		{"an unknown child", july, manager, object{"year": 2027, "children": []object{{"family": other.ID, "child": "x", "move": "up"}}}, 400, "invalid_input", []string{"children[0].child child_unknown"}},
		{"a move that is none", july, manager, object{"year": 2027, "children": []object{{"family": other.ID, "child": other.Children[0], "move": "jump"}}}, 400, "invalid_input", []string{"children[0].move unknown_value"}},
		{"a manager of one activity", july, scoped, nil, 403, "scope_missing", nil},
		{"a reviewer", july, w.Agent(collectivity.Reviewer), nil, 403, "role_missing", nil},
		{"another town's manager", july, town.New(t).Agent(collectivity.Manager), nil, 404, "collectivity_not_found", nil},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, at(c.now), event(w, c.agent, c.body)), c.status, c.code, c.fields...)
		})
	}
}

func TestAYearMayBeLookedAtFromSpringOn(t *testing.T) {
	t.Parallel()
	w := schools(t)
	w.Settings(func(s *collectivity.Settings) {
		s.Calendar = schooldays.Settings{Zone: "B", Weekdays: schooldays.FourDays}
	})
	got := town.Read[api.Rollover](t, at(time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC)), event(w, w.Agent(collectivity.Manager), nil), 200)
	if got.Opens != "2027-07-03" || len(got.Children) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	first := w.NewHome("Léa")
	first.Share(w.NewHome("Tom"))
	manager := w.Agent(collectivity.Manager)
	r := event(w, manager, object{"year": int(rollover.Around(calendar.DateOf(calendar.Now(), time.UTC)))})
	town.Rights(t, "preview-rollover")
	town.Read[api.Rollover](t, handler(t.Context()), r, 200)
}
