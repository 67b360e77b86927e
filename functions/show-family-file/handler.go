package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

// handle shows a family file: GET /v1/families/{family}. A guardian sees their own sections, those of adults of the same
// household, and of everybody else the name.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.FamilyPath) (api.FamilyFile, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.FamilyFile{}, err
	}
	household, pending, configuration, err := right.Store.FileWithPending(ctx)
	if err != nil {
		return api.FamilyFile{}, err
	}
	viewer, _ := household.Member(right.Guardian)
	return api.FamilyFile{
		Family: household.ID, Version: household.Version, Label: household.Label,
		Collectivity: api.CollectivityName{Slug: configuration.Slug, Name: configuration.Name},
		Guardians:    views.Guardians(configuration.Settings, household.File, viewer),
		Children:     children(household.Children),
		Pending:      views.Changes(household.File, viewer, "", pending),
		Sections:     views.Sections(configuration.Settings),
	}, nil
}

func children(members []family.Member) []api.Child {
	out := []api.Child{}
	for _, m := range members {
		out = append(out, api.Child{
			ID: m.ID, FirstName: m.Text("identity", "firstName"), LastName: m.Text("identity", "lastName"),
			BirthDate: m.Text("identity", "birthDate"), Sex: m.Text("identity", "sex"),
			School: m.Text("school", "school"), Level: m.Text("school", "level"), Class: m.Text("school", "class"),
			Contacts: []map[string]any{},
		})
	}
	return out
}
