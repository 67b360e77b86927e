package main

import (
	"context"
	"slices"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

const (
	page   = 50 // enrolments at an activity
	pupils = 10 // of a class, each with its enrolments
)

// handle lists the enrolments at an activity, of a family or of a class, of the activities and schools in the agent's scope: GET
// /v1/collectivities/{slug}/enrolments.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.EnrolmentsQuery) (api.List[api.Enrolment], error) {
	list := api.List[api.Enrolment]{Items: []api.Enrolment{}}
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return list, err
	}
	found, next, err := find(ctx, right, in)
	if err != nil {
		return list, err
	}
	list.Cursor = next
	found = slices.DeleteFunc(found, func(e store.Enrolled) bool { return !right.Agent.Sees(e.Activity) })
	sees, err := right.ChildScope(ctx, children(found))
	if err != nil {
		return list, err
	}
	found = slices.DeleteFunc(found, func(e store.Enrolled) bool { return !sees(e.Family, e.Child) })
	for some := range slices.Chunk(found, page) {
		named, err := right.Store.Named(ctx, some)
		if err != nil {
			return list, err
		}
		for _, e := range named {
			list.Items = append(list.Items, views.Enrolment(e))
		}
	}
	return list, nil
}

// children are those who are enrolled.
func children(found []store.Enrolled) (all []store.FamilyPlace) {
	for _, e := range found {
		all = append(all, store.FamilyPlace{Family: e.Family, Place: booking.Place{Child: e.Child}})
	}
	return all
}

// find reads what one of the three filters asks for.
func find(ctx context.Context, right store.AgentRight, in api.EnrolmentsQuery) (found []store.Enrolled, next string, err error) {
	family, class := in.Family != "" || in.Child != "", in.School != "" || in.Class != ""
	switch {
	case in.Activity != "" && !family && !class:
		if !right.Agent.Sees(in.Activity) {
			return nil, "", collectivity.ErrActivityUnknown
		}
		return right.Store.EnrolledPage(ctx, in.Activity, in.Cursor, page)
	case in.Family != "" && in.Activity == "" && !class:
		found, err = right.Family(in.Family).Enrolments(ctx)
		return slices.DeleteFunc(found, func(e store.Enrolled) bool { return in.Child != "" && e.Child != in.Child }), "", err
	case class && in.Activity == "" && !family:
		return ofClass(ctx, right.Store, in)
	}
	return nil, "", refusal.OfField("activity", "filter_required", "Indiquez une activité (activity), une famille (family, child), ou une classe (school, class).")
}

// ofClass lists the enrolments of a class's children, some children at a time: the cursor is the last of them.
func ofClass(ctx context.Context, town store.Collectivity, in api.EnrolmentsQuery) (found []store.Enrolled, next string, err error) {
	configuration, err := town.Configuration(ctx)
	if err != nil {
		return nil, "", err
	}
	school, known := configuration.School(in.School)
	of, also := school.Class(in.Class)
	if !known || !also {
		return nil, "", refusal.OfField("class", "class_unknown", "Cette classe n’existe pas.")
	}
	all, err := town.Pupils(ctx, school, of)
	if err != nil {
		return nil, "", err
	}
	all = slices.DeleteFunc(all, func(p store.Pupil) bool { return p.Place() <= in.Cursor })
	if len(all) > pupils {
		all = all[:pupils]
		next = all[pupils-1].Place()
	}
	for _, p := range all {
		mine, err := town.EnrolmentsOf(ctx, p)
		if err != nil {
			return nil, "", err
		}
		found = append(found, mine...)
	}
	return found, next, nil
}
