package main

import (
	"context"
	"slices"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	files *files.Files
	now   func() time.Time
}

// handle shows a family file: GET /v1/families/{family}. A guardian sees their own sections, those of adults of the same
// household, and of everybody else the name; of the children all, with photos by links that end soon.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.FamilyPath) (api.FamilyFile, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.FamilyFile{}, err
	}
	household, pending, configuration, err := right.Store.FileWithPending(ctx)
	if err != nil {
		return api.FamilyFile{}, err
	}
	guardian, _ := household.Member(right.Guardian)
	viewer, settings := views.Viewer{Guardian: guardian}, configuration.Settings
	today := calendar.DateOf(a.now(), configuration.Zone())
	waits := views.Changes(household.File, viewer, api.ChangesQuery{}, pending)
	for i := range waits {
		at := slices.IndexFunc(pending, func(c family.Change) bool { return c.ID == waits[i].ID })
		if err := views.WithFiles(ctx, a.files, right.Store.Collectivity, a.now(), &waits[i], pending[at]); err != nil {
			return api.FamilyFile{}, err
		}
	}
	return api.FamilyFile{
		Family: household.ID, Version: household.Version, Label: household.Label,
		Collectivity: api.CollectivityName{Slug: configuration.Slug, Name: configuration.Name},
		Guardians:    views.Guardians(settings, household.File, viewer),
		Children:     views.Children(settings, household, pending, viewer, views.Photos(ctx, a.files, right.Store.Collectivity, a.now())),
		Documents:    views.Documents(household, viewer, today),
		Pending:      waits,
		Missing:      views.Missing(family.Missing(settings, household.File, guardian, today, pending...)),
		Confirmation: views.Confirmation(household.File, today),
		Sections:     views.Sections(settings),
	}, nil
}
