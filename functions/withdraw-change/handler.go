package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle withdraws a change that waits for its decision: DELETE /v1/families/{family}/changes/{change}. Only who may edit
// the section may withdraw its change; withdrawing twice is fine.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ChangePath) (api.Nothing, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.Nothing{}, err
	}
	return api.Nothing{}, store.Again(ctx, func() error { return a.withdraw(ctx, right, in.Change) })
}

func (a app) withdraw(ctx context.Context, right store.FamilyRight, id string) error {
	change, by, err := right.Store.Change(ctx, id)
	if err != nil {
		return err
	}
	household, err := right.Store.Household(ctx)
	if err != nil {
		return err
	}
	viewer, _ := household.Member(right.Guardian)
	if !mayWithdraw(household, viewer, change) {
		return family.ErrChangeUnknown
	}
	if change.State() == family.Withdrawn {
		return nil
	}
	withdrawn, err := change.Withdraw(a.now())
	if err != nil {
		return err
	}
	return right.Store.WithdrawChange(ctx, household, withdrawn, by)
}

// mayWithdraw: who may edit the section, also of somebody who left meanwhile, and of an addition every guardian who sees it.
func mayWithdraw(household store.Household, viewer family.Member, change family.Change) bool {
	member, ok := household.Member(change.Target)
	if !ok {
		member, ok = household.Gone.Member(change.Target)
	}
	if change.Kind == family.Adds {
		return change.Of != family.Document || household.SeesPaper(viewer, change.Added(0))
	}
	section, _ := change.About()
	return ok && household.Edits(viewer, member, section)
}
