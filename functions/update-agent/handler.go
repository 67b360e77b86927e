package main

import (
	"context"
	"strings"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle sets an agent's name, role and scope, in force at once: PUT /v1/collectivities/{slug}/agents/{agent}. An invitation is
// changed by inviting again.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.AgentUpdate) (api.Agent, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Agent{}, err
	}
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return api.Agent{}, err
	}
	wanted := collectivity.Agent{
		Account: in.Agent, Name: strings.TrimSpace(in.Name), Role: collectivity.Role(in.Role),
		Activities: in.Activities, Schools: in.Schools, Health: in.Health,
	}
	if err := configuration.CheckAgent(wanted); err != nil {
		return api.Agent{}, err
	}
	set, err := right.SetAgent(ctx, wanted, a.now())
	if err != nil {
		return api.Agent{}, err
	}
	owners, err := right.Store.Accounts(ctx, []collectivity.Agent{set})
	return views.Agent(set, owners[set.Account]), err
}
