package main

import (
	"context"
	"slices"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

// page is how many events of long ago come at a time.
const page = 50

// handle lists the town's events by their last day, the latest first: GET /v1/collectivities/{slug}/events. An agent who has
// some activities or schools only sees the events that touch one of them.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.EventsQuery) (api.List[api.Event], error) {
	out := api.List[api.Event]{Items: []api.Event{}}
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return out, err
	}
	events, next, err := right.Store.Events(ctx, in.Cursor, page)
	if err != nil {
		return out, err
	}
	for _, e := range events {
		if touches(e.Activities, right.Agent.Sees) && touches(e.Schools, right.Agent.HasSchool) {
			out.Items = append(out.Items, views.Event(e))
		}
	}
	out.Cursor = next
	return out, nil
}

// touches says whether an event at all activities, or schools, or at some of them is about one that an agent has.
func touches(ids []string, has func(string) bool) bool {
	return len(ids) == 0 || slices.ContainsFunc(ids, has)
}
