package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
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

// handle opens a family file for an agent: GET /v1/collectivities/{slug}/families/{family}. Sections, documents and changes are
// those that their role and their right to health let them see, bank details masked. That they read what is sealed is recorded
// before they do. Their own family's file they do not open here.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.AgentFamilyPath) (api.OpenedFile, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return api.OpenedFile{}, err
	}
	file, err := right.OpenFile(ctx, in.Family, a.now())
	if err != nil {
		return api.OpenedFile{}, err
	}
	reading := views.ReadingOf(file, right.Agent)
	if err := right.Consulted(ctx, "open-family-file", reading.Families(in.Family), a.now()); err != nil {
		return api.OpenedFile{}, err
	}
	today := calendar.DateOf(a.now(), file.Configuration.Zone())
	return views.OpenedFile(file, right.Agent, today, views.Photos(ctx, a.files, right.Store, a.now())), nil
}
