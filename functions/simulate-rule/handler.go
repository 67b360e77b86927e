package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/notice"
	"preau/shared/refusal"
	"preau/shared/schooldays"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle tries notice rules on a day, or on each of several, with the town's calendar: POST
// /v1/collectivities/{slug}/activities/simulation. What could not be saved is refused here with the same paths.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.Simulation) (api.Simulated, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return api.Simulated{}, err
	}
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return api.Simulated{}, err
	}
	days, err := read(in, configuration)
	if err != nil {
		return api.Simulated{}, err
	}
	first := schooldays.SchoolYear(slices.Min(days))
	rules, err := configuration.ReadRules(string(in.Rules), collectivity.Kind(in.Activity.Kind), in.Activity.Starts, in.School, first)
	if err != nil {
		return api.Simulated{}, err
	}
	at, _ := time.Parse(time.RFC3339, cmp.Or(in.At, a.now().Format(time.RFC3339))) // the edge has checked it
	school, _ := configuration.Days(in.School)
	verdict := func(d calendar.Date) api.Verdict {
		return shown(notice.Judge(rules, school, request(in, d), at, configuration.Zone()))
	}
	if in.Day != "" {
		return api.Simulated{Verdict: verdict(days[0])}, nil
	}
	var out api.Simulated
	for _, d := range days {
		out.Days = append(out.Days, api.DayVerdict{Day: string(d), Verdict: verdict(d)})
	}
	return out, nil
}

// read checks what tags can not say, and answers the days that are asked about.
func read(in api.Simulation, c store.Configuration) ([]calendar.Date, error) {
	var wrong []error
	if in.Activity.Starts != "" && !collectivity.IsHour(in.Activity.Starts) {
		wrong = append(wrong, refusal.OfField("activity.starts", "hour_invalid", "Une heure s’écrit 08:30."))
	}
	if _, known := c.School(in.School); in.School != "" && !known {
		wrong = append(wrong, refusal.OfField("school", "school_unknown", "Cette école n’existe pas."))
	}
	if (in.Day == "") == (len(in.Days) == 0) {
		wrong = append(wrong, refusal.OfField("day", "day_or_days", "Indiquez un jour (day) ou plusieurs (days)."))
	}
	var days []calendar.Date
	if in.Day != "" {
		days = append(days, plausible("day", in.Day, &wrong))
	}
	for i, d := range in.Days {
		days = append(days, plausible(fmt.Sprintf("days[%d]", i), d, &wrong))
	}
	return days, refusal.Join(wrong...)
}

func plausible(path, text string, wrong *[]error) calendar.Date {
	d, err := calendar.ParseDate(text)
	if err != nil || !collectivity.IsPlausible(d) {
		*wrong = append(*wrong, refusal.OfField(path, "date_invalid", "Indiquez une date de l’an 2000 à l’an 2199 (forme attendue : 2026-11-23)."))
	}
	return d
}

func request(in api.Simulation, d calendar.Date) notice.Request {
	return notice.Request{Kind: notice.Kind(in.Kind), Day: d, Starts: in.Activity.Starts, Resident: in.Resident == nil || *in.Resident}
}

func shown(v notice.Verdict) api.Verdict {
	return api.Verdict{
		State: string(v.State), Opens: views.Instant(v.Opens), Closes: views.Instant(v.Closes), LateUntil: views.Instant(v.LateUntil),
		Surcharge: v.Surcharge, Text: v.Text,
	}
}
