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

// page is how many changes one call answers at most.
const page = 50

// handle lists changes: GET /v1/families/{family}/changes. Of other adults' private sections, one sees nothing here either.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ChangesQuery) (api.List[api.Change], error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.List[api.Change]{}, err
	}
	household, err := right.Store.Household(ctx)
	if err != nil {
		return api.List[api.Change]{}, err
	}
	changes, next, err := right.Store.Changes(ctx, in.Cursor, page)
	if err != nil {
		return api.List[api.Change]{}, err
	}
	var kept []family.Change
	for _, change := range changes {
		if in.State == "" || string(change.State()) == in.State {
			kept = append(kept, change)
		}
	}
	viewer, _ := household.Member(right.Guardian)
	return api.List[api.Change]{Items: views.Changes(household.File, viewer, kept), Cursor: next}, nil
}
