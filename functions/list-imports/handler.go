package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

const page = 25

// handle lists the town's imports, newest first: GET /v1/collectivities/{slug}/imports.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ImportsQuery) (api.List[api.Import], error) {
	list := api.List[api.Import]{Items: []api.Import{}}
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return list, err
	}
	all, next, err := right.Store.Imports(ctx, in.Cursor, page)
	if err != nil {
		return list, err
	}
	list.Cursor = next
	for _, i := range all {
		list.Items = append(list.Items, views.Import(i))
	}
	return list, nil
}
