package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle records that members of a family, or all of it, have left: POST /v1/collectivities/{slug}/families/{family}/departures.
// From their day on runs the time for which what is kept of them is. Said twice, nobody leaves again. Never of the agent's own
// family.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.Departure) (api.Departed, error) {
	out := api.Departed{Family: in.Family, On: in.On, Members: []string{}}
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reviewer)
	if err != nil {
		return out, err
	}
	var d store.Departure
	err = store.Again(ctx, func() (err error) {
		if d, err = right.PlanDeparture(ctx, in.Family, in.Members, calendar.Date(in.On), in.Reason, a.now()); err != nil {
			return err
		}
		return right.RecordDeparture(ctx, d, a.now())
	})
	out.Whole = d.Whole
	for _, m := range d.Leaving {
		out.Members = append(out.Members, m.ID)
	}
	return out, err
}
