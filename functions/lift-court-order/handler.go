package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
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

// handle ends what a court had decided: DELETE /v1/collectivities/{slug}/families/{family}/orders/{order}. What another order
// says too stays so. The order itself is kept for a year, as lifted. Agents never lift one of their own family.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.OrderPath) (api.CourtOrder, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reviewer)
	if err != nil {
		return api.CourtOrder{}, err
	}
	if err := right.Finds(ctx, in.Family, a.now()); err != nil {
		return api.CourtOrder{}, err
	}
	if err := right.NotOwn(ctx, in.Family); err != nil {
		return api.CourtOrder{}, err
	}
	var order family.Order
	err = store.Again(ctx, func() (err error) {
		order, err = a.lift(ctx, right, right.Family(in.Family), in.Order)
		return err
	})
	return views.CourtOrder(order, calendar.DateOf(a.now(), time.UTC)), err
}

func (a app) lift(ctx context.Context, right store.AgentRight, f store.FamilyStore, id string) (family.Order, error) {
	household, err := f.Household(ctx)
	if err != nil {
		return family.Order{}, err
	}
	order, err := f.Order(ctx, id)
	switch {
	case err != nil:
		return order, err
	case !order.LiftedAt.IsZero():
		return order, family.ErrOrderLifted
	}
	order.LiftedAt, order.LiftedBy = a.now(), right.Account.ID
	return order, f.LiftOrder(ctx, household, order)
}
