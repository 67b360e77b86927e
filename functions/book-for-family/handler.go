package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"preau/shared/api"
	"preau/shared/booking"
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

// handle takes a request that an agent makes for a family: POST /v1/collectivities/{slug}/families/{family}/requests. Notice
// rules do not stand in its way and nobody decides on it; what it costs the family stays so, and its subscriber is told. The
// same Idempotency-Key answers the request that it made.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.RequestForFamily) (api.Request, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reviewer)
	if err != nil {
		return api.Request{}, err
	}
	f := right.Family(in.Family)
	r, err := a.identify(right, f, in)
	if err != nil {
		return api.Request{}, err
	}
	household, planning, err := f.Planning(ctx, booking.WeeksOf(r.Period))
	if err != nil {
		return api.Request{}, err
	}
	if err := mayAct(ctx, right, planning.Town, household, in); err != nil {
		return api.Request{}, err
	}
	r.Account = household.Subscriber()
	written, err := f.Ask(ctx, r, planning, a.now())
	return views.Request(written), err
}

// identify makes the request, unjudged. With a key, its name is the same each time.
func (a app) identify(right store.AgentRight, f store.FamilyStore, in api.RequestForFamily) (booking.Request, error) {
	if err := booking.CheckPeriod(calendar.Period{From: calendar.Date(in.From), To: calendar.Date(in.To)}); err != nil {
		return booking.Request{}, err
	}
	asked, err := json.Marshal(in) // the body alone: path and header are not part of it
	if err != nil {
		return booking.Request{}, err
	}
	now := a.now()
	r := booking.Request{
		Agent: right.Account.ID, Overbook: in.Overbook && in.Kind == string(booking.Booking), CreatedAt: now,
		Body: id.Derived(string(asked)), Asking: views.Asking(in.Asking),
	}
	r.ID = f.RequestID(right.AskedID(in.Key, now))
	return r, nil
}

// mayAct refuses an agent's own family, and activities and children that are not of their scope.
func mayAct(ctx context.Context, right store.AgentRight, town *booking.Town, household store.Household, in api.RequestForFamily) error {
	own, err := right.OwnFamilies(ctx, []string{in.Family})
	if err != nil {
		return err
	}
	if own[in.Family] {
		return collectivity.ErrOwnFamily
	}
	var foreign []error
	for i, item := range in.Items {
		if !right.Agent.Sees(item.Activity) || in.Overbook && !seesNeeds(right.Agent, town, item) {
			foreign = append(foreign, refusal.OfField(fmt.Sprintf("items[%d].activity", i), "activity_not_yours", booking.Detail("activity_not_yours")))
		}
		if child, known := household.Member(item.Child); known && !town.SeesChild(right.Agent, child.Text("school", "school")) {
			foreign = append(foreign, refusal.OfField(fmt.Sprintf("items[%d].child", i), "child_not_yours", booking.Detail("child_not_yours")))
		}
	}
	return refusal.Join(foreign...)
}

// seesNeeds says whether the places that an option needs elsewhere, as a meal's, are of the agent's scope too: they would be
// taken even where there are none.
func seesNeeds(agent collectivity.Agent, town *booking.Town, item api.RequestItem) bool {
	a, _ := town.Activity(item.Activity)
	return !slices.ContainsFunc(a.Needs(item.Option), func(id string) bool { return !agent.Sees(id) })
}
