package collectivity_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/refusal"
	"preau/shared/schooldays"
)

// sound is an activity that nothing is wrong with, in the town below.
func sound() collectivity.Activity {
	return collectivity.Activity{
		ID: "wednesday", Name: "Centre du mercredi", Kind: collectivity.Wednesday, Weekdays: []calendar.Weekday{"wed"}, During: collectivity.SchoolDays,
		Season: calendar.Period{From: "2026-09-01", To: "2027-07-03"}, Starts: "08:30", Ends: "18:00", Promote: "12:00",
		Options:  []collectivity.Option{{ID: "day", Name: "Journée", Needs: []string{"canteen"}}, {ID: "morning", Name: "Matin"}},
		Groups:   []collectivity.Group{{ID: "small", Name: "3-5 ans", From: 3, To: 5, Capacity: 16}, {ID: "tall", Name: "6-11 ans", From: 6, To: 11}},
		Schools:  []string{"verne"},
		Excludes: []string{"evening"},
		Rules:    `{"rules": [{"closes": {"steps": [{"days": -2, "of": ["working"]}]}}]}`,
		Decision: collectivity.ByAgent,
	}
}

func town() collectivity.Configuration {
	return collectivity.Configuration{
		Settings: collectivity.Settings{Timezone: "Europe/Paris", Calendar: schooldays.Settings{Zone: "B", Weekdays: schooldays.FourDays}},
		Schools:  []collectivity.School{{ID: "verne", Name: "École Jules-Verne"}},
		Activities: []collectivity.Activity{
			{ID: "canteen", Name: "Cantine", Requires: nil},
			{ID: "evening", Name: "Accueil du soir", Requires: []string{"study"}},
			{ID: "study", Name: "Étude"},
			{ID: "old", Name: "Ancien centre", Archived: true},
		},
	}
}

// paths lists what a refusal is about: "season.to period_reversed".
func paths(t *testing.T, err error) string {
	t.Helper()
	var no *refusal.Refusal
	if err != nil && !errors.As(err, &no) {
		t.Fatal(err)
	}
	var all []string
	if no != nil {
		for _, f := range no.Fields {
			if f.Detail == "" || strings.Contains(f.Detail, "%!") {
				t.Errorf("%s says %q", f.Field, f.Detail)
			}
			all = append(all, f.Field+" "+f.Code)
		}
	}
	return strings.Join(all, ", ")
}

func TestAnActivityThatMakesNoSenseIsToldWhereItDoesNot(t *testing.T) {
	t.Parallel()
	type activity = collectivity.Activity
	cases := []struct {
		says   string
		change func(*activity)
		want   string
	}{
		{"nothing is wrong", func(*activity) {}, ""},
		{"a name of spaces", func(a *activity) { a.Name = "  " }, "name required"},
		{"the name of another, in other letters", func(a *activity) { a.Name = "CANTINE " }, "name name_taken"},
		{"the name of an archived one", func(a *activity) { a.Name = "Ancien centre" }, ""},
		{"no weekday", func(a *activity) { a.Weekdays = nil }, "weekdays required"},
		{"only days that it opens besides", func(a *activity) {
			a.Weekdays, a.Opened = nil, []calendar.Period{{From: "2026-12-19", To: "2026-12-19"}}
		}, ""},
		{"a weekday twice", func(a *activity) { a.Weekdays = []calendar.Weekday{"mon", "mon"} }, "weekdays[1] not_allowed"},
		{"a season turned round", func(a *activity) { a.Season.To = "2026-08-31" }, "season.to period_reversed"},
		{"a season without an end", func(a *activity) { a.Season.To = "" }, "season.to date_invalid"},
		{"a season in another millennium", func(a *activity) { a.Season.From = "1026-09-01" }, "season.from out_of_range"},
		{"closed and opened periods, each by itself", func(a *activity) {
			a.Closed = []calendar.Period{{From: "2026-12-21", To: "2027-01-03"}, {From: "2027-01-02", To: "2027-01-01"}}
			a.Opened = []calendar.Period{{From: "2026-02-30", To: "2026-03-01"}}
		}, "closed[1].to period_reversed, opened[0].from date_invalid"},
		{"no hour", func(a *activity) { a.Starts = "" }, "starts hour_invalid"},
		{"an hour without its zero", func(a *activity) { a.Starts = "8:30" }, "starts hour_invalid"},
		{"an hour after the last", func(a *activity) { a.Promote = "24:00" }, "promote hour_invalid"},
		{"an end before the start", func(a *activity) { a.Ends = "08:30" }, "ends ends_before_start"},
		{"fewer than no places", func(a *activity) { a.Groups, a.Capacity = nil, -1 }, "capacity out_of_range"},
		{"fewer than no days to justify an absence", func(a *activity) { a.JustifyDays = -1 }, "justifyDays out_of_range"},
		{"more than a year to justify an absence", func(a *activity) { a.JustifyDays = 367 }, "justifyDays out_of_range"},
		{"more places than anybody has", func(a *activity) { a.Groups[0].Capacity = 10_000 }, "groups[0].capacity out_of_range"},
		{"places both of all and by age", func(a *activity) { a.Capacity = 20 }, "capacity contradiction"},
		{"age groups that share a year", func(a *activity) { a.Groups[1].From = 5 }, "groups[1].from overlaps"},
		{"an age group turned round", func(a *activity) { a.Groups[0].From = 6 }, "groups[0].to ages_reversed"},
		{"an age group of adults", func(a *activity) { a.Groups[1].To = 99 }, "groups[1].from out_of_range"},
		{"an age group that calls itself all", func(a *activity) { a.Groups[1].ID = "all" }, "groups[1].id id_reserved"},
		{"two options of one name", func(a *activity) { a.Options[1].Name = "journée" }, "options[1].name duplicate"},
		{"two options of one id", func(a *activity) { a.Options[1].ID = "day" }, "options[1].id duplicate"},
		{"an id that would end a key", func(a *activity) { a.Options[1].ID = "day#2" }, "options[1].id id_invalid"},
		{"a meal of no canteen", func(a *activity) { a.Options[0].Needs = []string{"kitchen"} }, "options[0].needs[0] activity_unknown"},
		{"a meal of an archived canteen", func(a *activity) { a.Options[0].Needs = []string{"old"} }, "options[0].needs[0] activity_unknown"},
		{"a meal of itself", func(a *activity) { a.Options[0].Needs = []string{"wednesday"} }, "options[0].needs[0] self_reference"},
		{"a meal of what it excludes", func(a *activity) { a.Options[0].Needs = []string{"evening"} }, "options[0].needs[0] contradiction"},
		{"required twice", func(a *activity) { a.Requires = []string{"study", "study"} }, "requires[1] duplicate"},
		{"required and excluded", func(a *activity) { a.Requires = []string{"evening"} }, "requires[0] contradiction"},
		{"excluding itself", func(a *activity) { a.Excludes = []string{"wednesday"} }, "excludes[0] self_reference"},
		{"requiring what requires it through another", func(a *activity) { a.ID, a.Name, a.Excludes, a.Requires = "study", "Étude", nil, []string{"evening"} }, "requires[0] cycle"},
		{"a school that is not there", func(a *activity) { a.Schools = []string{"verne", "curie"} }, "schools[1] school_unknown"},
		{"rules that are no object", func(a *activity) { a.Rules = `[]` }, "rules wrong_type"},
		{"rules with a mistake", func(a *activity) { a.Rules = `{"rules": [{"closes": {"at": "25:00"}}]}` }, "rules.rules[0].closes.at not_an_hour"},
		{"residents first", func(a *activity) {
			a.Rules = `{"rules": [{"residents": true, "closes": {"at": "10:00"}}, {"residents": false, "never": true}]}`
		}, ""},
		{"residents first at the canteen", func(a *activity) {
			a.Kind = collectivity.Canteen
			a.Rules = `{"rules": [{"residents": true, "closes": {"at": "10:00"}}, {"closes": {"at": "10:00"}}]}`
		}, "rules.rules[0].residents residents_first_forbidden"},
		{"several at once", func(a *activity) { a.Starts, a.Season.To, a.Schools = "noon", "2026-01-01", []string{"x"} }, "starts hour_invalid, season.to period_reversed, schools[0] school_unknown"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			a := sound()
			c.change(&a)
			if got := paths(t, town().CheckActivity(a)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestWhatAnotherActivityCountsOnIsNotArchived(t *testing.T) {
	t.Parallel()
	c := town()
	c.Activities = append(c.Activities, sound())
	for id, want := range map[string]string{"study": "archived still_needed", "canteen": "archived still_needed", "evening": "", "wednesday": ""} {
		a, _ := c.Activity(id)
		a.Archived, a.Weekdays, a.Starts = true, []calendar.Weekday{"mon"}, "08:00"
		a.Season = calendar.Period{From: "2026-09-01", To: "2027-07-03"}
		if got := paths(t, c.CheckActivity(a)); got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
	}
}

func TestATownWithoutACalendarIsToldToSetItFirst(t *testing.T) {
	t.Parallel()
	c, a := town(), sound()
	c.Calendar = schooldays.Settings{}
	if got := paths(t, c.CheckActivity(a)); got != "during calendar_missing, rules calendar_missing" {
		t.Errorf("got %s", got)
	}
	a.During, a.Rules = collectivity.AnyDay, ""
	if got := paths(t, c.CheckActivity(a)); got != "" {
		t.Errorf("without either: %s", got)
	}
}

func TestATownOffersFiftyActivitiesAndKeepsTwoHundred(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		offered, archived int
		want              string
	}{{49, 0, ""}, {50, 0, "name too_many"}, {49, 150, ""}, {49, 151, "name too_many"}} {
		c := town()
		c.Activities = nil
		for i := range k.offered + k.archived {
			c.Activities = append(c.Activities, collectivity.Activity{ID: fmt.Sprint(i), Name: fmt.Sprint(i), Archived: i >= k.offered})
		}
		a := sound()
		a.Options, a.Excludes = nil, nil
		if got := paths(t, c.CheckActivity(a)); got != k.want {
			t.Errorf("beside %d offered and %d archived: %q", k.offered, k.archived, got)
		}
	}
}

func TestIdsAreKeptAcrossEdits(t *testing.T) {
	t.Parallel()
	before := sound()
	a := sound()
	a.Options = []collectivity.Option{{Name: "Après-midi"}, {ID: "morning", Name: "Matinée"}, {Name: "Journée"}, {Name: "Matin"}}
	a.Groups = []collectivity.Group{{Name: "6-11 ans"}}
	n := 0
	a = a.WithIDs(before, func() string { n++; return fmt.Sprint("new-", n) })
	var ids []string
	for _, o := range a.Options {
		ids = append(ids, o.ID)
	}
	// The old morning was renamed, so a new option of its old name is another one.
	if want := []string{"new-1", "morning", "day", "new-2"}; !slices.Equal(ids, want) || a.Groups[0].ID != "tall" {
		t.Errorf("options %v, groups %v", ids, a.Groups)
	}
	if before.Options[0].ID != "day" || before.Options[0].Name != "Journée" {
		t.Errorf("what was there has moved: %v", before.Options)
	}
}

func TestASchoolsOwnWeekStandsBeforeTheTowns(t *testing.T) {
	t.Parallel()
	c := town()
	c.Schools = append(c.Schools, collectivity.School{ID: "half", Name: "École des Tilleuls", Weekdays: schooldays.FourAndAHalf})
	for school, wednesday := range map[string]bool{"": false, "verne": false, "half": true, "unknown": false} {
		days, kept := c.Days(school)
		if !kept || days.School("2026-11-25") != wednesday {
			t.Errorf("%q: school on Wednesday %v, kept %v", school, days.School("2026-11-25"), kept)
		}
	}
}

func TestFamilyFilesThatSayAFormerNameStillFindTheirClass(t *testing.T) {
	t.Parallel()
	c := town()
	before := c.Schools[0]
	before.Classes = []collectivity.Class{{ID: "a", Name: "CP A"}, {ID: "b", Name: "CP B"}}
	next := func() string { return "new" }
	renamed := collectivity.School{ID: "verne", Name: "Groupe Jules-Verne", Classes: []collectivity.Class{{ID: "a", Name: "CP-CE1"}, {ID: "b", Name: "cp b"}}}.After(before, next)
	again := collectivity.School{ID: "verne", Name: "École Jules-Verne", Classes: []collectivity.Class{{ID: "a", Name: "CE1"}, {Name: "CP B"}, {Name: "CP A"}}}.After(renamed, next)
	for _, s := range []collectivity.School{renamed, again} {
		c.Schools[0] = s
		found, ok := c.SchoolOf("école jules-verne ")
		if class, known := found.ClassOf("CP A"); !ok || !known || class.ID != "a" {
			t.Errorf("%v: school %v, class %+v", s.Name, ok, class)
		}
	}
	if got := again.Former; !slices.Equal(got, []string{"Groupe Jules-Verne"}) {
		t.Errorf("a name that is the present one again is among the former: %v", got)
	}
	if got := paths(t, c.CheckSchool(again)); got != "classes[2].name name_taken" {
		t.Errorf("a class that takes another’s former name: %s", got)
	}
	other := collectivity.School{ID: "other", Name: "GROUPE JULES-VERNE"}
	if got := paths(t, c.CheckSchool(other)); got != "name name_taken" {
		t.Errorf("a school that takes another’s former name: %s", got)
	}
}

func TestASchoolThatMakesNoSenseIsToldWhereItDoesNot(t *testing.T) {
	t.Parallel()
	type school = collectivity.School
	cases := []struct {
		says   string
		change func(*school)
		want   string
	}{
		{"nothing is wrong", func(*school) {}, ""},
		{"no name", func(s *school) { s.Name = "" }, "name required"},
		{"the name of another", func(s *school) { s.Name = "école jules-verne" }, "name name_taken"},
		{"no week of its own", func(s *school) { s.Weekdays = nil }, ""},
		{"a weekday twice", func(s *school) { s.Weekdays = []calendar.Weekday{"mon", "mon"} }, "weekdays[1] not_allowed"},
		{"a day that is none", func(s *school) { s.Weekdays = []calendar.Weekday{"lundi"} }, "weekdays[0] not_allowed"},
		{"school on Sunday", func(s *school) { s.Weekdays = []calendar.Weekday{"mon", "sun"} }, "weekdays[1] not_allowed"},
		{"two classes of one name", func(s *school) { s.Classes[1].Name = "cp a" }, "classes[1].name duplicate"},
		{"a class without a name", func(s *school) { s.Classes[1].Name = "" }, "classes[1].name required"},
		{"two classes of one id", func(s *school) { s.Classes[1].ID = "a" }, "classes[1].id duplicate"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := school{ID: "tilleuls", Name: "École des Tilleuls", Weekdays: schooldays.FourDays, Classes: []collectivity.Class{{ID: "a", Name: "CP A"}, {ID: "b", Name: "CP B"}}}
			c.change(&s)
			if got := paths(t, town().CheckSchool(s)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
