package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/schooldays"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle sets the town's calendar: PUT /v1/collectivities/{slug}/calendar. Of two managers who saw the same settings one is
// told what the other has made of them.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.TownCalendarUpdate) (api.TownCalendar, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.TownCalendar{}, err
	}
	days := views.TownCalendarOf(in.CalendarSettings)
	if _, err := schooldays.New(days, schooldays.Published()); err != nil {
		return api.TownCalendar{}, err
	}
	if err := store.Again(ctx, func() error { return a.set(ctx, right, in.Version, days) }); err != nil {
		return api.TownCalendar{}, err
	}
	configuration, err := right.Store.Configuration(ctx)
	return views.TownCalendar(configuration), err
}

// set writes the calendar unless the settings are no longer those that the agent saw.
func (a app) set(ctx context.Context, right store.AgentRight, version int, days schooldays.Settings) error {
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return err
	}
	if configuration.Version != version {
		return refusal.New(refusal.Conflict, "calendar_moved", "Les réglages viennent d’être modifiés. Vérifiez le calendrier avant d’enregistrer.").
			With("current", views.TownCalendar(configuration))
	}
	return right.Store.SetCalendar(ctx, configuration, days, right.Account.ID, a.now())
}
