package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

const page = 20

// handle lists who set what, newest first: GET /v1/collectivities/{slug}/settings/history.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.SettingsHistoryQuery) (api.List[api.SettingsEdit], error) {
	list := api.List[api.SettingsEdit]{Items: []api.SettingsEdit{}}
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return list, err
	}
	earlier, next, err := right.Store.SettingsHistory(ctx, in.Cursor, page)
	for _, e := range earlier {
		list.Items = append(list.Items, api.SettingsEdit{Version: e.Version, At: views.Instant(e.At), By: e.Name, Action: e.Action, Changed: e.Changed})
	}
	list.Cursor = next
	return list, err
}
