package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

const page = 25

// handle lists what waits for agents: GET /v1/collectivities/{slug}/changes.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.PendingQuery) (api.List[api.PendingChange], error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return api.List[api.PendingChange]{}, err
	}
	queue, next, err := right.Store.QueuedChanges(ctx, in.Cursor, page)
	if err != nil {
		return api.List[api.PendingChange]{}, err
	}
	list := api.List[api.PendingChange]{Items: []api.PendingChange{}, Cursor: next}
	for _, q := range queue {
		list.Items = append(list.Items, api.PendingChange{Change: views.Change(q.Member, q.Change), Family: q.Family, Label: q.Label, Member: q.Member.Name()})
	}
	return list, nil
}
