package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle adds an activity: POST /v1/collectivities/{slug}/activities. An agent who has some activities only adds none.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.NewActivity) (api.Activity, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Activity{}, err
	}
	var saved collectivity.Activity
	err = store.Again(ctx, func() (err error) {
		saved, err = a.add(ctx, right, in.ActivitySettings)
		return err
	})
	return views.AgentActivity(saved), err
}

// add checks the activity against what the town has set, and writes it unless that has moved meanwhile.
func (a app) add(ctx context.Context, right store.AgentRight, in api.ActivitySettings) (collectivity.Activity, error) {
	wanted := views.ActivityOf(in).WithIDs(collectivity.Activity{}, id.Short)
	wanted.ID = id.Short()
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return wanted, err
	}
	if err := configuration.CheckActivity(wanted); err != nil {
		return wanted, err
	}
	return right.Store.SetActivity(ctx, configuration, wanted, right.Account.ID, a.now())
}
