package main

import (
	"context"
	"slices"
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

// handle shows who comes to an activity of the agent's scope, of their schools: GET
// /v1/collectivities/{slug}/attendance?activity&date[&to][&format][&care]. Agents with the right to health who ask for it are told
// what carers have to know, and that they are is recorded before.
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
	attendance.Attendees = slices.DeleteFunc(attendance.Attendees, func(a store.Attendee) bool {
		return !attendance.Town.SeesChild(right.Agent, a.Child.Text("school", "school"))
	})
	l := lister{activity: activity, attendance: attendance}
	if in.Care == "true" && right.Agent.Health {
		if l.care, err = a.care(ctx, right, attendance); err != nil {
			return answer{}, err
		}
	}
	shown := api.Attendance{Activity: views.Activity(activity), Care: l.care != nil, Days: []api.AttendanceDay{}}
	for _, d := range period.Days(nil, calendar.EveryWeek) {
		shown.Days = append(shown.Days, l.day(d))
	}
	return a.as(in.Format, attendance.Town.Configuration, activity, shown)
}

// care reads what carers have to know of those who come, as show-care-sheet does, and records of whose health it is.
func (a app) care(ctx context.Context, right store.AgentRight, attendance store.Attendance) (cares, error) {
	all, err := right.Store.CareOf(ctx, attendance.Town, attendance.Days(), true)
	if err != nil {
		return nil, err
	}
	care, read := caresOf(attendance, all)
	return care, right.Consulted(ctx, "show-attendance", read, a.now())
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
