package main

import (
	"context"
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

// most is how many children are enrolled at once.
const most = 100

// handle enrols children, each for itself: POST /v1/collectivities/{slug}/enrolments. They are listed, or are all those of
// a class.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.NewEnrolments) (api.EnrolmentOutcomes, error) {
	out := api.EnrolmentOutcomes{Outcomes: []api.EnrolmentOutcome{}}
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Manager)
	if err != nil {
		return out, err
	}
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return out, err
	}
	asked, err := read(ctx, right.Store, configuration, in)
	if err != nil {
		return out, err
	}
	outcomes, err := enrolment.Enrolling{Right: right, Configuration: configuration, Now: a.now()}.Each(ctx, asked)
	if err != nil {
		return out, err
	}
	for i, o := range outcomes {
		out.Outcomes = append(out.Outcomes, views.EnrolmentOutcome(asked[i], o))
	}
	return out, nil
}

// read lists the children that are asked for.
func read(ctx context.Context, town store.Collectivity, c store.Configuration, in api.NewEnrolments) (asked []enrolment.Asked, err error) {
	byClass := in.School != "" || in.Class != ""
	if byClass == (len(in.Items) > 0) {
		return nil, refusal.OfField("items", "items_or_class", "Indiquez des enfants (items) ou une classe (school, class).")
	}
	if byClass {
		return ofClass(ctx, town, c, in)
	}
	for _, i := range in.Items {
		asked = append(asked, of(i))
	}
	return asked, nil
}

func ofClass(ctx context.Context, town store.Collectivity, c store.Configuration, in api.NewEnrolments) (asked []enrolment.Asked, err error) {
	school, class, err := classOf(c, in)
	if err != nil {
		return nil, err
	}
	pupils, err := town.Pupils(ctx, school, class)
	if err != nil {
		return nil, err
	}
	if len(pupils) > most {
		return nil, refusal.OfField("class", "too_many", "Cette classe compte trop d’enfants pour une seule demande.").With("children", len(pupils))
	}
	for _, p := range pupils {
		asked = append(asked, of(api.NewEnrolment{
			Family: p.Family, Child: p.Child, Activity: in.Activity, From: in.From, To: in.To, Weekdays: in.Weekdays, Standing: in.Standing, Option: in.Option,
		}))
	}
	return asked, nil
}

// classOf checks what is needed besides a class.
func classOf(c store.Configuration, in api.NewEnrolments) (school collectivity.School, class collectivity.Class, err error) {
	var wrong []error
	school, known := c.School(in.School)
	if !known {
		wrong = append(wrong, refusal.OfField("school", "school_unknown", "Cette école n’existe pas."))
	}
	if class, known = school.Class(in.Class); !known {
		wrong = append(wrong, refusal.OfField("class", "class_unknown", "Cette classe n’existe pas."))
	}
	for _, f := range []struct{ name, value string }{{"activity", in.Activity}, {"from", in.From}, {"to", in.To}} {
		if f.value == "" {
			wrong = append(wrong, refusal.OfField(f.name, "required", "Ce champ est obligatoire."))
		}
	}
	return school, class, refusal.Join(wrong...)
}

func of(i api.NewEnrolment) enrolment.Asked {
	e := booking.Enrolment{
		Child: i.Child, Activity: i.Activity, Period: calendar.Period{From: calendar.Date(i.From), To: calendar.Date(i.To)}, Standing: i.Standing, Option: i.Option,
	}
	for _, d := range i.Weekdays {
		e.Weekdays = append(e.Weekdays, calendar.Weekday(d))
	}
	return enrolment.Asked{Family: i.Family, Enrolment: e}
}
