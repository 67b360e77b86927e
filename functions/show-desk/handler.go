package main

import (
	"context"
	"slices"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
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

// handle shows an agent their own right, what opens today, and how much waits in the town where all of it is theirs to see:
// GET /v1/collectivities/{slug}/desk. Nothing of any family is read.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.CollectivityPath) (api.Desk, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return api.Desk{}, err
	}
	town, err := right.Store.Town(ctx)
	if err != nil {
		return api.Desk{}, err
	}
	today := opening(town, right.Agent, calendar.DateOf(a.now(), town.Clock()))
	desk := api.Desk{Name: right.Agent.Name, AgentRight: views.AgentRight(right.Agent), Today: today}
	if right.Agent.Scoped() {
		return desk, nil
	}
	desk.Waiting = &api.Waiting{}
	desk.Waiting.Changes, desk.Waiting.Requests, err = right.Store.CountQueued(ctx)
	return desk, err
}

// opening are the activities of the agent's scope that take place on a day, for one of their schools at least.
func opening(t *booking.Town, agent collectivity.Agent, d calendar.Date) []string {
	out := []string{}
	for _, a := range t.Activities {
		opens := func(school string) bool { return t.Opens(a, school, d) }
		if !a.Archived && agent.Sees(a.ID) && slices.ContainsFunc(schools(t, agent, a), opens) {
			out = append(out, a.ID)
		}
	}
	slices.Sort(out)
	return out
}

// schools are those of the agent's scope whose children may come to an activity; in a town without schools, the town's own calendar
// stands for one.
func schools(t *booking.Town, agent collectivity.Agent, a collectivity.Activity) (ids []string) {
	if len(t.Schools) == 0 {
		return []string{""}
	}
	for _, s := range t.Schools {
		if agent.HasSchool(s.ID) && (len(a.Schools) == 0 || slices.Contains(a.Schools, s.ID)) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}
