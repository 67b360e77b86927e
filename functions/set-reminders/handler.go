package main

import (
	"context"
	"fmt"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle sets how many days ahead the caller is reminded of booking limits: PUT /v1/families/{family}/reminders. The first
// reminder comes the same evening, or the next one.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.RemindersUpdate) (api.Reminders, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.Reminders{}, err
	}
	days := *in.Days
	if days < 0 || days > booking.MaxReminder {
		return api.Reminders{}, errDays
	}
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return api.Reminders{}, err
	}
	err = right.SetReminders(ctx, days, booking.NextReminder(a.now(), configuration.Zone()))
	return api.Reminders{Days: days}, err
}

var errDays = refusal.OfField("days", "out_of_range", fmt.Sprintf("Indiquez un nombre de jours de 1 à %d, ou 0 pour ne plus être prévenu.", booking.MaxReminder))
