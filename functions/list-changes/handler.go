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

// page is how many changes one call answers at most, and trips how often it reads on to fill the page.
const (
	page  = 50
	trips = 5
)

// handle lists changes: GET /v1/families/{family}/changes. Of other adults' private sections, one sees nothing here either.
// With a member, a section and a field it is the history of that field.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ChangesQuery) (api.List[api.Change], error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.List[api.Change]{}, err
	}
	household, err := right.Store.Household(ctx)
	if err != nil {
		return api.List[api.Change]{}, err
	}
	guardian, _ := household.Member(right.Guardian)
	viewer := views.Viewer{Guardian: guardian}
	list := api.List[api.Change]{Items: []api.Change{}, Cursor: in.Cursor}
	for trip := 0; trip < trips && len(list.Items) < page; trip++ {
		var changes []family.Change
		changes, list.Cursor, err = right.Store.Changes(ctx, list.Cursor, int32(page-len(list.Items)))
		if err != nil {
			return list, err
		}
		if err := right.Store.OpenChanges(ctx, changes); err != nil {
			return list, err
		}
		list.Items = append(list.Items, views.Changes(household.File, viewer, in, changes)...)
		if list.Cursor == "" {
			break
		}
	}
	return list, nil
}
