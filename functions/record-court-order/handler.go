package main

import (
	"context"
	"errors"
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

// handle records what a court decided: POST /v1/collectivities/{slug}/families/{family}/orders. From its first day on it holds
// at once, without anybody signing out or in again. Agents never record one of their own family. The same Idempotency-Key answers
// the order that it recorded.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.NewOrder) (api.CourtOrder, error) {
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
	now := a.now()
	order := family.Order{
		ID: right.AskedID(in.Key, now), Kind: family.OrderKind(in.Kind), Guardian: in.Guardian, Person: in.Person, Child: in.Child,
		From: calendar.Date(in.From), Until: calendar.Date(in.Until), Reference: in.Reference,
		RecordedAt: now, RecordedBy: right.Account.ID, Recorder: right.Agent.Name,
	}
	var recorded family.Order
	var today calendar.Date
	err = store.Again(ctx, func() (err error) {
		recorded, today, err = record(ctx, right.Family(in.Family), order, in.Key != "")
		return err
	})
	return views.CourtOrder(recorded, today), err
}

// record checks the order against the file as it is, and writes it unless that moves meanwhile. One that may have been asked for
// before is looked for first.
func record(ctx context.Context, f store.FamilyStore, o family.Order, before bool) (recorded family.Order, today calendar.Date, err error) {
	household, configuration, err := f.File(ctx)
	if err != nil {
		return o, "", err
	}
	zone := configuration.Zone()
	today = calendar.DateOf(o.RecordedAt, zone)
	if before {
		known, err := f.Order(ctx, o.ID)
		switch {
		case err == nil && !known.SameAs(o):
			return o, today, store.ErrKeyReused
		case !errors.Is(err, family.ErrOrderUnknown):
			return known, today, err
		}
	}
	if err := family.CheckOrder(household.File, o, today); err != nil {
		return o, today, err
	}
	return o, today, f.RecordOrder(ctx, household, o, zone)
}
