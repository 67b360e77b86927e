package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle takes an event back: DELETE /v1/collectivities/{slug}/events/{event}. Days to come are as if it had never been:
// advance-bookings gives back those that it cancelled, and tells families. Revoking twice is fine.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.EventPath) (api.Event, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reviewer)
	if err != nil {
		return api.Event{}, err
	}
	var revoked store.DeclaredEvent
	err = store.Again(ctx, func() (err error) {
		revoked, err = a.revoke(ctx, right, in.Event)
		return err
	})
	if err != nil {
		return api.Event{}, err
	}
	return views.Event(revoked), nil
}

// revoke takes the event back unless it, or what the town has set, moves meanwhile.
func (a app) revoke(ctx context.Context, right store.AgentRight, id string) (store.DeclaredEvent, error) {
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return store.DeclaredEvent{}, err
	}
	e, err := right.Store.Event(ctx, id)
	if err != nil {
		return e, err
	}
	if right.Agent.CheckScope(e.Activities, e.Schools) != nil {
		return e, collectivity.ErrScoped
	}
	now := a.now()
	if !e.Revoked() && e.Period.To < calendar.DateOf(now, configuration.Zone()) {
		return e, collectivity.ErrEventOver
	}
	return right.Store.RevokeEvent(ctx, configuration, e, right.Account.ID, now)
}
