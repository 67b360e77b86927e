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

const page = 25

// handle lists what waits for agents: GET /v1/collectivities/{slug}/changes. Of sections that the agent has no right to, they see
// that something waits, not what. Health data that is shown is a consultation, which the family can see.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.PendingQuery) (api.List[api.PendingChange], error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return api.List[api.PendingChange]{}, err
	}
	queue, next, err := right.Store.QueuedChanges(ctx, in.Cursor, page)
	if err != nil {
		return api.List[api.PendingChange]{}, err
	}
	list, read := api.List[api.PendingChange]{Items: []api.PendingChange{}, Cursor: next}, map[string][]string{}
	for _, q := range queue {
		shown := api.PendingChange{Change: views.Change(q.Change), Family: q.Family, Label: q.Label, Member: q.Member.Name()}
		section, _ := q.About()
		if shown.Decides = family.AgentDecides(right.Agent, q.Member, section); !shown.Decides {
			shown.Change = views.Hidden(shown.Change)
		} else if section.Right == family.Health {
			read[q.Family] = append(read[q.Family], q.Target)
		}
		list.Items = append(list.Items, shown)
	}
	return list, right.Consulted(ctx, "list-pending-changes", []string{"child.health"}, read, a.now())
}
