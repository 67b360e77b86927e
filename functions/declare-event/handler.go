package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle declares an event: POST /v1/collectivities/{slug}/events. Plannings show it at once; advance-bookings rewrites what
// is booked and tells families. The same Idempotency-Key answers the event that it made, with its progress.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.NewEvent) (api.Event, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reviewer)
	if err != nil {
		return api.Event{}, err
	}
	if err := right.Agent.CheckScope(in.Activities, in.Schools); err != nil {
		return api.Event{}, err
	}
	wanted, body, err := a.identify(right, in)
	if err != nil {
		return api.Event{}, err
	}
	var declared store.DeclaredEvent
	err = store.Again(ctx, func() (err error) {
		declared, err = declare(ctx, right, wanted, body)
		return err
	})
	if err == nil {
		return views.Event(declared), nil
	}
	if known, ok, fault := known(ctx, right, wanted.ID, body); ok || fault != nil {
		return views.Event(known), fault
	}
	return api.Event{}, err
}

// identify names the event: the same each time for a key.
func (a app) identify(right store.AgentRight, in api.NewEvent) (e collectivity.Event, body string, err error) {
	asked, err := json.Marshal(in) // the body alone: path and header are not part of it
	e = views.EventOf(in)
	e.Author, e.CreatedAt = right.Account.ID, a.now()
	e.ID = right.AskedID(in.Key, e.CreatedAt)
	return e, id.Derived(string(asked)), err
}

// declare checks the event against what the town has set, and writes it unless that has moved meanwhile.
func declare(ctx context.Context, right store.AgentRight, e collectivity.Event, body string) (store.DeclaredEvent, error) {
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return store.DeclaredEvent{}, err
	}
	if err := configuration.CheckEvent(e); err != nil {
		return store.DeclaredEvent{}, err
	}
	return right.Store.DeclareEvent(ctx, configuration, e, body)
}

// known finds an event that was declared already.
func known(ctx context.Context, right store.AgentRight, id, body string) (store.DeclaredEvent, bool, error) {
	e, err := right.Store.Event(ctx, id)
	switch {
	case errors.Is(err, collectivity.ErrEventUnknown):
		return e, false, nil
	case refusal.Code(err) == "" && err != nil:
		return e, false, err
	case e.Body != body:
		return e, false, store.ErrKeyReused
	}
	return e, true, nil
}
