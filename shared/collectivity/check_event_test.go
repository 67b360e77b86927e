package collectivity_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/refusal"
)

// mistakesOf are the fields of a refusal with their codes.
func mistakesOf(err error) string {
	var no *refusal.Refusal
	if !errors.As(err, &no) {
		return ""
	}
	if len(no.Fields) == 0 {
		return no.Code
	}
	var all []string
	for _, f := range no.Fields {
		if f.Detail == "" {
			all = append(all, "no sentence for")
		}
		all = append(all, f.Field+" "+f.Code)
	}
	return strings.Join(all, ", ")
}

func TestAnEventThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	town := collectivity.Configuration{
		Settings:   collectivity.Settings{Timezone: "Europe/Paris"},
		Activities: []collectivity.Activity{{ID: "cantine"}, {ID: "old", Archived: true}},
		Schools:    []collectivity.School{{ID: "verne", Classes: []collectivity.Class{{ID: "a"}, {ID: "b"}}}, {ID: "tilleuls", Classes: []collectivity.Class{{ID: "c"}}}},
	}
	now := time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC) // Tuesday already in Paris
	reopens := func(e *collectivity.Event) { e.Effect, e.Until = collectivity.Reopens, "09:00" }
	for _, c := range []struct {
		says   string
		change func(*collectivity.Event)
		want   string
	}{
		{"one that makes sense", func(*collectivity.Event) {}, ""},
		{"today's, by the town's clocks", func(e *collectivity.Event) { e.Period.From = "2026-11-24" }, ""},
		{"a whole year", func(e *collectivity.Event) { e.Period.To = "2027-11-25" }, ""},
		{"no name", func(e *collectivity.Event) { e.Name = " " }, "name required"},
		{"yesterday's", func(e *collectivity.Event) { e.Period.From = "2026-11-23" }, "from past"},
		{"a period turned round", func(e *collectivity.Event) { e.Period.To = "2026-11-24" }, "to period_reversed"},
		{"more than a year", func(e *collectivity.Event) { e.Period.To = "2027-11-26" }, "to period_too_long"},
		{"in another century", func(e *collectivity.Event) { e.Period = calendar.Period{From: "2200-01-01", To: "2200-01-01"} }, "from out_of_range"},
		{"a closure that reopens absences", func(e *collectivity.Event) { reopens(e); e.Kind = collectivity.Closure }, "effect not_allowed"},
		{"no hour", func(e *collectivity.Event) { e.Effect = collectivity.Reopens }, "until required"},
		{"no hour that exists", func(e *collectivity.Event) { reopens(e); e.Until = "9h" }, "until hour_invalid"},
		{"an hour that is past for the only day", func(e *collectivity.Event) { reopens(e); e.Until, e.DayBefore = "00:30", true }, "until past"},
		{"an hour still to come on a later day", func(e *collectivity.Event) {
			reopens(e)
			e.Until, e.DayBefore, e.Period.To = "00:30", true, "2026-11-26"
		}, ""},
		{"an hour for nothing", func(e *collectivity.Event) { e.Until = "09:00" }, "until not_allowed"},
		{"a day before for nothing", func(e *collectivity.Event) { e.DayBefore = true }, "dayBefore not_allowed"},
		{"an unknown activity", func(e *collectivity.Event) { e.Activities = []string{"cantine", "x"} }, "activities[1] activity_unknown"},
		{"an archived activity", func(e *collectivity.Event) { e.Activities = []string{"old"} }, "activities[0] activity_unknown"},
		{"an activity twice", func(e *collectivity.Event) { e.Activities = []string{"cantine", "cantine"} }, "activities[1] duplicate"},
		{"an unknown school", func(e *collectivity.Event) { e.Schools = []string{"x"} }, "schools[0] school_unknown"},
		{"an unknown class", func(e *collectivity.Event) { e.Schools, e.Classes = []string{"verne"}, []string{"a", "x"} }, "classes[1] class_unknown"},
		{"a class of a school that is not named", func(e *collectivity.Event) { e.Schools, e.Classes = []string{"verne"}, []string{"a", "c"} }, "classes[1] school_missing"},
		{"a class without its school", func(e *collectivity.Event) { e.Classes = []string{"a"} }, "classes[0] school_missing"},
		{"classes of one school beside a whole other", func(e *collectivity.Event) { e.Schools, e.Classes = []string{"verne", "tilleuls"}, []string{"a"} }, "schools[1] class_missing"},
		{"classes of two schools", func(e *collectivity.Event) {
			e.Schools, e.Classes = []string{"verne", "tilleuls"}, []string{"a", "b", "c"}
		}, ""},
		{"all that is wrong at once", func(e *collectivity.Event) { e.Name, e.Period.From, e.Schools = "", "2026-11-01", []string{"x"} }, "name required, from past, schools[0] school_unknown"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			e := collectivity.Event{Kind: collectivity.Strike, Effect: collectivity.Cancels, Name: "Grève", Period: calendar.Period{From: "2026-11-25", To: "2026-11-25"}, CreatedAt: now}
			c.change(&e)
			if got := mistakesOf(town.CheckEvent(e)); got != c.want {
				t.Errorf("refused for %q, want %q", got, c.want)
			}
		})
	}
}

func TestATownHasSoManyEventsAndNoMore(t *testing.T) {
	t.Parallel()
	town := collectivity.Configuration{Events: make([]collectivity.Event, collectivity.MaxEvents)}
	e := collectivity.Event{Kind: collectivity.Strike, Effect: collectivity.Cancels, Name: "Grève", Period: calendar.Period{From: "2026-11-25", To: "2026-11-25"}}
	if got := mistakesOf(town.CheckEvent(e)); got != "too_many_events" {
		t.Errorf("refused for %q", got)
	}
}

func TestAnAgentDeclaresForTheirActivitiesAndSchoolsOnly(t *testing.T) {
	t.Parallel()
	some, ofVerne := collectivity.Agent{Activities: []string{"cantine"}}, collectivity.Agent{Schools: []string{"verne"}}
	for _, c := range []struct {
		says       string
		agent      collectivity.Agent
		activities []string
		schools    []string
		want       string
	}{
		{"everything, for who has all", collectivity.Agent{}, nil, nil, ""},
		{"anything, for who has all", collectivity.Agent{}, []string{"mercredi"}, []string{"hugo"}, ""},
		{"their own", some, []string{"cantine"}, nil, ""},
		{"everything, for who has some", some, nil, nil, "scope_missing"},
		{"another's beside theirs", some, []string{"cantine", "mercredi"}, nil, "activities[1] activity_not_yours"},
		{"their school", ofVerne, nil, []string{"verne"}, ""},
		{"all schools, for who has one", ofVerne, nil, nil, "scope_missing"},
		{"another's school beside theirs", ofVerne, nil, []string{"verne", "hugo"}, "schools[1] school_not_yours"},
	} {
		if got := mistakesOf(c.agent.CheckScope(c.activities, c.schools)); got != c.want {
			t.Errorf("%s: %q, want %q", c.says, got, c.want)
		}
	}
}
