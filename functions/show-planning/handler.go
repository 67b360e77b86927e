package main

import (
	"context"
	"slices"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle shows a family's days: GET /v1/families/{family}/planning?from&to[&child…][&activity…].
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.PlanningQuery) (api.Planning, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.Planning{}, err
	}
	period := calendar.Period{From: calendar.Date(in.From), To: calendar.Date(in.To)}
	if err := booking.CheckPeriod(period); err != nil {
		return api.Planning{}, err
	}
	household, planning, ranks, err := right.Store.RankedPlanning(ctx, period)
	if err != nil {
		return api.Planning{}, err
	}
	children := chosen(household.Children, in.Child)
	if len(children) < distinct(in.Child) {
		return api.Planning{}, refusal.OfField("child", "child_unknown", "Cet enfant ne fait pas partie du dossier.")
	}
	return show(period, household, children, in.Activity, planning, ranks, a.now()), nil
}

// chosen are the children asked for; none asked for are all.
func chosen(all []family.Member, ids []string) []family.Member {
	if len(ids) == 0 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(m family.Member) bool { return !slices.Contains(ids, m.ID) })
}

// distinct counts different ids.
func distinct(ids []string) int {
	return len(slices.Compact(slices.Sorted(slices.Values(ids))))
}

// show lists, day after day, every place that a child is enrolled at or has something written of.
func show(period calendar.Period, household store.Household, children []family.Member, activities []string, planning booking.Planning, ranks map[booking.Place]int, now time.Time) api.Planning {
	out := api.Planning{From: string(period.From), To: string(period.To), Children: []api.PlanningChild{}, Activities: []api.PlanningActivity{}}
	for _, child := range children {
		n := slices.IndexFunc(household.Children, func(m family.Member) bool { return m.ID == child.ID })
		out.Children = append(out.Children, api.PlanningChild{ID: child.ID, FirstName: child.Text("identity", "firstName"), Colour: views.ChildColour(n)})
	}
	for _, a := range planning.Town.Activities {
		if used(planning, a.ID) && (len(activities) == 0 || slices.Contains(activities, a.ID)) {
			out.Activities = append(out.Activities, views.Activity(a))
		}
	}
	dates := period.Days(nil, calendar.EveryWeek)
	out.Days = make([]api.PlanningDay, 0, len(dates)*len(children)*len(out.Activities))
	for _, date := range dates {
		for _, child := range children {
			for _, a := range out.Activities {
				place := booking.Place{Date: date, Child: child.ID, Activity: a.ID}
				if planning.Has(place) || planning.Enrolled(place) {
					out.Days = append(out.Days, views.Day(planning, place, ranks[place], now))
				}
			}
		}
	}
	out.Legend = views.Legend(out.Days)
	return out
}

// used says whether the family has to do with an activity at all.
func used(p booking.Planning, activity string) bool {
	if slices.ContainsFunc(p.Enrolments, func(e booking.Enrolment) bool { return e.Activity == activity }) {
		return true
	}
	for place := range p.Days {
		if place.Activity == activity {
			return true
		}
	}
	for place := range p.Elsewhere.Days {
		if place.Activity == activity && p.Has(place) {
			return true
		}
	}
	return false
}
