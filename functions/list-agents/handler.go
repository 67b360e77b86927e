package main

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle lists the town's agents, and who is invited, by name: GET /v1/collectivities/{slug}/agents.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.CollectivityPath) (api.List[api.Agent], error) {
	list := api.List[api.Agent]{Items: []api.Agent{}}
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return list, err
	}
	agents, invitations, err := right.Store.Agents(ctx)
	if err != nil {
		return list, err
	}
	owners, err := right.Store.Accounts(ctx, agents)
	if err != nil {
		return list, err
	}
	for _, agent := range agents {
		list.Items = append(list.Items, views.Agent(agent, owners[agent.Account]))
	}
	now := a.now()
	for _, i := range invitations {
		list.Items = append(list.Items, views.Invitation(i, now))
	}
	slices.SortFunc(list.Items, func(a, b api.Agent) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	return list, nil
}
