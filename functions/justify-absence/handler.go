package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle accepts the reasons of absences, each for itself, or takes that back: POST
// /v1/collectivities/{slug}/attendance/justifications. An absence that is justified is not billed.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.Justifications) (api.AttendanceRecorded, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reviewer)
	if err != nil {
		return api.AttendanceRecorded{}, err
	}
	j := justifier{right: right, lines: in.Absences, now: a.now()}
	for _, l := range in.Absences {
		place := booking.Place{Date: calendar.Date(l.Date), Child: l.Child, Activity: in.Activity}
		j.places = append(j.places, store.FamilyPlace{Family: l.Family, Place: place})
	}
	if j.Recording, err = right.Recording(ctx, j.places); err != nil {
		return api.AttendanceRecorded{}, err
	}
	var known bool
	if j.activity, known = j.Activity(in.Activity); !known || !right.Agent.Sees(in.Activity) {
		return api.AttendanceRecorded{}, collectivity.ErrActivityUnknown
	}
	out := api.AttendanceRecorded{Outcomes: make([]api.AttendanceOutcome, len(j.places))}
	err = store.Each(len(j.places), func(i int) (err error) {
		out.Outcomes[i], err = j.justify(ctx, i)
		return err
	})
	return out, err
}

// justifier is what the lines of a call have in common.
type justifier struct {
	store.Recording
	right    store.AgentRight
	activity collectivity.Activity
	lines    []api.Justification
	places   []store.FamilyPlace // of the lines
	now      time.Time
}

// justify takes one line.
func (j justifier) justify(ctx context.Context, i int) (api.AttendanceOutcome, error) {
	place := j.places[i]
	day := j.Days[place]
	if code := j.refuses(i); code != "" {
		return views.AttendanceOutcome(place.Family, place.Place, day, code), nil
	}
	day, code, err := j.right.Amend(ctx, place, day, "justify-absence", j.now, func(day booking.Day) (booking.Day, string) {
		return decide(j.lines[i], day)
	})
	return views.AttendanceOutcome(place.Family, place.Place, day, code), err
}

// refuses says why a line can not be taken, whatever the day is.
func (j justifier) refuses(i int) string {
	l, place := j.lines[i], j.places[i]
	switch {
	case !j.SeesChild(j.right.Agent, j.Children[place].Text("school", "school")):
		return "child_not_yours"
	case j.Own(place.Family):
		return "own_family"
	case slices.Contains(j.places[:i], place):
		return "day_twice"
	case l.Decision == "undo":
		return ""
	case strings.TrimSpace(l.Reason) == "":
		return "reason_required"
	case j.activity.JustifyDays > 0 && calendar.DateOf(j.now, j.Clock()) > place.Date.AddDays(j.activity.JustifyDays):
		return "justify_closed"
	}
	return ""
}

// decide justifies an absence, declared or seen, or takes that back. The family reads the reason.
func decide(l api.Justification, day booking.Day) (booking.Day, string) {
	if day.Presence != booking.Missing && (day.State != booking.Absent || day.Presence == booking.Unbooked) {
		return day, "not_absent"
	}
	if l.Decision == "undo" {
		if day.Justified {
			day.Justified, day.Reason = false, ""
		}
		return day, ""
	}
	day.Justified, day.Reason = true, strings.TrimSpace(l.Reason)
	return day, ""
}
