package views

import (
	"encoding/json"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// AgentActivity shows an activity to agents.
func AgentActivity(a collectivity.Activity) api.Activity {
	out := api.Activity{ID: a.ID, Version: a.Version, ActivitySettings: api.ActivitySettings{
		Name: a.Name, Kind: string(a.Kind), Weekdays: texts(a.Weekdays), During: string(a.During), Season: period(a.Season),
		Closed: list(a.Closed, period), Opened: list(a.Opened, period), Starts: a.Starts, Ends: a.Ends, Capacity: a.Capacity,
		Decision: string(a.Decision), Absences: string(a.Absences), Rules: json.RawMessage(a.Rules), Promote: a.Promote,
		Requires: a.Requires, Excludes: a.Excludes, Schools: a.Schools, Archived: a.Archived, JustifyDays: a.JustifyDays,
	}}
	for _, o := range a.Options {
		out.Options = append(out.Options, api.ActivityOption(o))
	}
	for _, g := range a.Groups {
		out.Groups = append(out.Groups, api.AgeGroup(g))
	}
	return out
}

// ActivityOf reads what an agent has set.
func ActivityOf(in api.ActivitySettings) collectivity.Activity {
	a := collectivity.Activity{
		Name: in.Name, Kind: collectivity.Kind(in.Kind), Weekdays: ofTexts[calendar.Weekday](in.Weekdays), During: collectivity.During(in.During),
		Season: periodOf(in.Season), Closed: list(in.Closed, periodOf), Opened: list(in.Opened, periodOf), Starts: in.Starts, Ends: in.Ends, Capacity: in.Capacity,
		Decision: collectivity.Decision(in.Decision), Absences: collectivity.Decision(in.Absences), Rules: string(in.Rules), Promote: in.Promote,
		Requires: in.Requires, Excludes: in.Excludes, Schools: in.Schools, Archived: in.Archived, JustifyDays: in.JustifyDays,
	}
	for _, o := range in.Options {
		a.Options = append(a.Options, collectivity.Option(o))
	}
	for _, g := range in.Groups {
		a.Groups = append(a.Groups, collectivity.Group(g))
	}
	return a
}

func period(p calendar.Period) api.Period { return api.Period{From: string(p.From), To: string(p.To)} }

func periodOf(p api.Period) calendar.Period {
	return calendar.Period{From: calendar.Date(p.From), To: calendar.Date(p.To)}
}

func list[From, To any](items []From, of func(From) To) (out []To) {
	for _, i := range items {
		out = append(out, of(i))
	}
	return out
}

func texts[T ~string](items []T) (out []string) {
	for _, i := range items {
		out = append(out, string(i))
	}
	return out
}

func ofTexts[T ~string](items []string) (out []T) {
	for _, i := range items {
		out = append(out, T(i))
	}
	return out
}
