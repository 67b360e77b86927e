package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

type answer = httpapi.OrFile[api.Attendance]

// handle shows who comes to an activity of the agent's scope: GET
// /v1/collectivities/{slug}/attendance?activity&date[&to][&format]. Agents without the right to it see nothing of health;
// that the others have seen it is recorded before they do.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.AttendanceQuery) (httpapi.OrFile[api.Attendance], error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return answer{}, err
	}
	period, err := periodOf(in)
	if err != nil {
		return answer{}, err
	}
	if !right.Agent.Sees(in.Activity) {
		return answer{}, collectivity.ErrActivityUnknown
	}
	attendance, err := right.Store.Attendance(ctx, in.Activity, period)
	if err != nil {
		return answer{}, err
	}
	activity, known := attendance.Town.Activity(in.Activity)
	if !known {
		return answer{}, collectivity.ErrActivityUnknown
	}
	l := lister{activity, attendance, right.Agent.Health}
	shown := api.Attendance{Activity: views.Activity(activity), Days: []api.AttendanceDay{}}
	for _, d := range period.Days(nil, calendar.EveryWeek) {
		shown.Days = append(shown.Days, l.day(d))
	}
	if n := withHealth(shown); n > 0 {
		if err := right.Store.HealthRead(ctx, right.Account.ID, activity.ID, period, n, a.now()); err != nil {
			return answer{}, err
		}
	}
	return a.as(in.Format, attendance.Town.Configuration, activity, shown)
}

// week is the most days that are shown at once.
const week = 7

func periodOf(in api.AttendanceQuery) (calendar.Period, error) {
	p := calendar.Period{From: calendar.Date(in.Date), To: calendar.Date(in.To)}
	if in.To == "" {
		p.To = p.From
	}
	switch n := p.From.DaysUntil(p.To); {
	case n < 0:
		return p, refusal.OfField("to", "period_reversed", "La période finit avant de commencer.")
	case n >= week:
		return p, refusal.OfField("to", "period_too_long", "La liste couvre au plus sept jours.")
	}
	return p, nil
}

// withHealth counts the children of whom something of their health is shown.
func withHealth(shown api.Attendance) int {
	children := map[string]bool{}
	for _, d := range shown.Days {
		for _, lines := range [][]api.AttendanceLine{d.Lines, d.Waiting, d.Others} {
			for _, l := range lines {
				if l.Health != nil {
					children[l.Child] = true
				}
			}
		}
	}
	return len(children)
}
