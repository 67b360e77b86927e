package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
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

// handle changes an activity and the places of its days to come: PUT /v1/collectivities/{slug}/activities/{activity}. Of
// two managers who saw the same version one is told what the other has made of it.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ActivityUpdate) (api.Activity, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Manager)
	if err != nil {
		return api.Activity{}, err
	}
	var saved collectivity.Activity
	err = store.Again(ctx, func() (err error) {
		saved, err = a.change(ctx, right, in)
		return err
	})
	if err != nil {
		return api.Activity{}, err
	}
	return views.AgentActivity(saved), a.reach(ctx, right.Store, saved)
}

// change checks the activity against what the town has set, and writes it unless that has moved meanwhile.
func (a app) change(ctx context.Context, right store.AgentRight, in api.ActivityUpdate) (collectivity.Activity, error) {
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return collectivity.Activity{}, err
	}
	current, known := configuration.Activity(in.Activity)
	switch {
	case !known || !right.Agent.Sees(in.Activity):
		return current, collectivity.ErrActivityUnknown
	case current.Version != in.Version:
		return current, moved(current)
	}
	wanted := views.ActivityOf(in.ActivitySettings).WithIDs(current, id.Short)
	wanted.ID, wanted.Version = current.ID, current.Version
	if err := configuration.CheckActivity(wanted); err != nil {
		return current, err
	}
	if err := a.keepGroups(ctx, right.Store, configuration, current, wanted); err != nil {
		return current, err
	}
	return right.Store.SetActivity(ctx, configuration, wanted, right.Account.ID, a.now())
}

func moved(current collectivity.Activity) error {
	return refusal.New(refusal.Conflict, "activity_moved", "Cette activité vient d’être modifiée. Vérifiez ce qu’elle est devenue avant d’enregistrer.").
		With("current", views.AgentActivity(current))
}

// reach brings the places to the days that families have booked already. What is too busy for it now, adjust-places finds
// a little later.
func (a app) reach(ctx context.Context, town store.Collectivity, saved collectivity.Activity) error {
	configuration, err := town.Configuration(ctx)
	if err == nil {
		err = town.SetPlaces(ctx, saved, calendar.DateOf(a.now(), configuration.Zone()), a.now())
	}
	if refusal.Code(err) != "" {
		return nil
	}
	return err
}

// keepGroups refuses other age groups while days to come are booked by those that are: their children would keep places that
// nobody counts any more.
func (a app) keepGroups(ctx context.Context, town store.Collectivity, c store.Configuration, current, wanted collectivity.Activity) error {
	if current.SameGroups(wanted) {
		return nil
	}
	days, err := town.DaysInUse(ctx, current.ID, calendar.DateOf(a.now(), c.Zone()))
	if err != nil || len(days) == 0 {
		return err
	}
	return refusal.New(refusal.Conflict, "groups_in_use", "Des journées à venir sont réservées ou demandées dans ces tranches d’âge : elles ne peuvent plus changer.").
		At("groups").With("days", len(days)).With("from", string(days[0])).With("to", string(days[len(days)-1]))
}
