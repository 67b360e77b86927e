package main

import (
	"context"
	"slices"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/enrolment"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle sets an enrolment's last day and weekdays: PUT /v1/collectivities/{slug}/enrolments/{enrolment}. What is booked
// outside of it stays so and is told.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.EnrolmentUpdate) (api.UpdatedEnrolment, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Manager)
	if err != nil {
		return api.UpdatedEnrolment{}, err
	}
	f := right.Family(store.FamilyIn(in.Enrolment))
	own, err := right.OwnFamilies(ctx, []string{f.ID()})
	if err != nil {
		return api.UpdatedEnrolment{}, err
	}
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return api.UpdatedEnrolment{}, err
	}
	var after store.Household
	err = store.Again(ctx, func() (err error) {
		after, err = a.change(ctx, right, f, configuration, in, own[f.ID()])
		return err
	})
	if err != nil {
		return api.UpdatedEnrolment{}, err
	}
	return a.tell(ctx, f, configuration, after, in.Enrolment)
}

var errUnknown = refusal.New(refusal.NotFound, "enrolment_not_found", "Cette inscription n’existe pas.")

// change checks the enrolment beside the household's others, and writes it unless those have moved meanwhile.
func (a app) change(ctx context.Context, right store.AgentRight, f store.FamilyStore, c store.Configuration, in api.EnrolmentUpdate, own bool) (store.Household, error) {
	household, err := f.Household(ctx)
	i := slices.IndexFunc(household.Enrolments, func(e booking.Enrolment) bool { return e.ID == in.Enrolment })
	switch {
	case err != nil && refusal.Code(err) == "":
		return household, err
	case err != nil || i < 0 || !right.Agent.Sees(household.Enrolments[i].Activity):
		return household, errUnknown
	case own:
		return household, collectivity.ErrOwnFamily
	}
	wanted := household.Enrolments[i]
	if child, _ := household.Member(wanted.Child); !c.SeesChild(right.Agent, child.Text("school", "school")) {
		return household, errUnknown
	}
	wanted.Period.To, wanted.Weekdays = calendar.Date(in.To), nil
	for _, d := range in.Weekdays {
		wanted.Weekdays = append(wanted.Weekdays, calendar.Weekday(d))
	}
	activity, _ := c.Activity(wanted.Activity)
	if err := check(activity, household, wanted); err != nil {
		return household, err
	}
	return f.SetEnrolment(ctx, household, wanted, right.Account.ID, a.now())
}

func check(a collectivity.Activity, h store.Household, e booking.Enrolment) error {
	var wrong []error
	if !collectivity.IsPlausible(e.Period.To) {
		wrong = append(wrong, no("to", "date_invalid"))
	} else if e.Period.To < e.Period.From {
		wrong = append(wrong, no("to", "period_reversed"))
	}
	if code := enrolment.CheckWeekdays(a, e.Weekdays); code != "" {
		wrong = append(wrong, no("weekdays", code))
	}
	if _, taken := enrolment.Overlaps(h.Enrolments, e); taken && len(wrong) == 0 {
		wrong = append(wrong, no("to", "already_enrolled"))
	}
	return refusal.Join(wrong...)
}

func no(field, code string) error { return refusal.OfField(field, code, enrolment.Detail(code)) }

// tell shows the enrolment as it is now, and the days to come that are booked although no enrolment covers them any more.
func (a app) tell(ctx context.Context, f store.FamilyStore, c store.Configuration, h store.Household, enrolmentID string) (api.UpdatedEnrolment, error) {
	e := h.Enrolments[slices.IndexFunc(h.Enrolments, func(e booking.Enrolment) bool { return e.ID == enrolmentID })]
	child, _ := h.Member(e.Child)
	out := api.UpdatedEnrolment{
		Enrolment: views.Enrolment(store.EnrolledChild{Enrolled: store.Enrolled{Family: f.ID(), Enrolment: e}, Label: h.Label, Child: child}),
		Outside:   []string{},
	}
	days, err := f.Days(ctx, calendar.Period{From: calendar.DateOf(a.now(), c.Zone()), To: "2199-12-31"})
	covered := booking.Planning{Enrolments: h.Enrolments}
	for _, d := range days {
		if d.Child == e.Child && d.Activity == e.Activity && d.State == booking.Booked && !covered.Enrolled(d.Place) {
			out.Outside = append(out.Outside, string(d.Date))
		}
	}
	slices.Sort(out.Outside)
	return out, err
}
