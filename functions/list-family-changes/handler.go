package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// page is how many changes one call answers at most, and trips how often it reads on to fill the page.
const (
	page  = 50
	trips = 5
)

// handle lists a family's changes to an agent: GET /v1/collectivities/{slug}/families/{family}/changes. With a member, a section and
// a field it is the history of that field. Of sections that the agent has no right to, values are hidden; that they read what is
// sealed is recorded before they do.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.FamilyChangesQuery) (api.List[api.FamilyChange], error) {
	list := api.List[api.FamilyChange]{Items: []api.FamilyChange{}, Cursor: in.Cursor}
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return list, err
	}
	household, _, err := right.Household(ctx, in.Family, a.now())
	if err != nil {
		return list, err
	}
	var reading views.Reading
	for trip := 0; trip < trips && len(list.Items) < page; trip++ {
		var changes []family.Change
		changes, list.Cursor, err = right.Family(in.Family).Changes(ctx, list.Cursor, int32(page-len(list.Items)))
		if err != nil {
			return list, err
		}
		changes = views.Filtered(filterOf(in), changes)
		if err := right.Family(in.Family).OpenChanges(ctx, changes); err != nil {
			return list, err
		}
		reading.Changes(household.File, right.Agent, changes)
		list.Items = append(list.Items, views.History(household.File, right.Agent, changes)...)
		if list.Cursor == "" {
			break
		}
	}
	return list, right.Consulted(ctx, "list-family-changes", reading.Families(in.Family), a.now())
}

func filterOf(in api.FamilyChangesQuery) api.ChangesQuery {
	return api.ChangesQuery{State: in.State, Target: in.Target, Section: in.Section, Field: in.Field}
}
