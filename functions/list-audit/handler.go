package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// limit is how many records a page holds; their names are read in one trip.
const limit = 50

// handle lists who did and read what, newest first: GET /v1/collectivities/{slug}/audit. It is the whole town's: managers of some
// activities only have none of it.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.AuditQuery) (api.AuditList, error) {
	list := api.AuditList{Items: []api.AuditRecord{}}
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return list, err
	}
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return list, err
	}
	query := store.AuditQuery{Family: in.Family, By: in.Agent, Action: in.Action}
	if query.From, query.To, err = a.period(in, configuration.Zone()); err != nil {
		return list, err
	}
	acts, next, err := right.Store.AuditPage(ctx, query, in.Cursor, limit)
	if err != nil {
		return list, err
	}
	agents, families, err := right.Store.AuditNames(ctx, acts)
	if err != nil {
		return list, err
	}
	list = views.AuditList(acts, configuration, agents, families)
	if list.Cursor = next; in.Cursor == "" {
		list.Since, err = right.Store.AuditSince(ctx, a.now())
	}
	return list, err
}

// period is the day or month that is asked for, as the town's clocks have it.
func (a app) period(in api.AuditQuery, zone *time.Location) (from, to time.Time, err error) {
	month := a.now().In(zone)
	switch {
	case in.Day != "" && in.Month != "":
		return from, to, refusal.OfField("month", "one_period", "Indiquez un mois ou un jour, pas les deux.")
	case in.Day != "":
		from, err = calendar.Date(in.Day).At("00:00", zone)
		return from, from.AddDate(0, 0, 1), err
	case in.Month != "":
		if month, err = time.ParseInLocation("2006-01", in.Month, zone); err != nil {
			return from, to, refusal.OfField("month", "month_invalid", "Indiquez le mois sous la forme 2026-11.")
		}
	}
	from = time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, zone)
	return from, from.AddDate(0, 1, 0), nil
}
