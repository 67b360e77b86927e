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

// handle adds a school: POST /v1/collectivities/{slug}/schools.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.NewSchool) (api.School, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.School{}, err
	}
	var saved collectivity.School
	err = store.Again(ctx, func() (err error) {
		saved, err = a.add(ctx, right, in.SchoolSettings)
		return err
	})
	return views.School(saved), err
}

// add checks the school against what the town has set, and writes it unless that has moved meanwhile.
func (a app) add(ctx context.Context, right store.AgentRight, in api.SchoolSettings) (collectivity.School, error) {
	wanted := views.SchoolOf(in).After(collectivity.School{}, id.Short)
	wanted.ID = id.Short()
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return wanted, err
	}
	if err := configuration.CheckSchool(wanted); err != nil {
		return wanted, err
	}
	return right.Store.SetSchool(ctx, configuration, wanted, right.Account.ID, a.now())
}
