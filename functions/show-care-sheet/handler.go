package main

import (
	"cmp"
	"context"
	"slices"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/sheet"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	files *files.Files
	now   func() time.Time
}

// handle shows carers what to know of the children of a day: GET /v1/collectivities/{slug}/care. Agents without the right to health
// see the rest. Of whose health something is shown, that is recorded before.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.CareQuery) (api.CareSheet, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return api.CareSheet{}, err
	}
	if !right.Agent.Sees(in.Activity) {
		return api.CareSheet{}, collectivity.ErrActivityUnknown
	}
	care, err := right.Store.Care(ctx, in.Activity, calendar.Date(in.Date), right.Agent.Health)
	if err != nil {
		return api.CareSheet{}, err
	}
	activity, known := care.Town.Activity(in.Activity)
	if !known {
		return api.CareSheet{}, collectivity.ErrActivityUnknown
	}
	out := api.CareSheet{Activity: views.Activity(activity), Date: in.Date, HealthHidden: !right.Agent.Health, Children: []api.CareChild{}}
	photo := views.Photos(ctx, a.files, right.Store, a.now())
	read := views.CareRead{}
	for _, child := range care.Children {
		if !care.Town.SeesChild(right.Agent, child.Child.Text("school", "school")) {
			continue
		}
		shown := views.CareChild(care.Town, activity, child, photo)
		out.Children = append(out.Children, shown)
		read.Add(child, shown.Care)
	}
	slices.SortFunc(out.Children, byName)
	return out, right.Consulted(ctx, "show-care-sheet", read, a.now())
}

func byName(a, b api.CareChild) int {
	return cmp.Or(
		sheet.Compare(a.LastName, b.LastName), sheet.Compare(a.FirstName, b.FirstName),
		cmp.Compare(a.Family, b.Family), cmp.Compare(a.Child, b.Child),
	)
}
