package main

import (
	"context"
	"fmt"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle has a list made of what is in the agent's scope: POST /v1/collectivities/{slug}/exports. It answers the job that does; the
// same Idempotency-Key answers the job that it made, as far as it is.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.ListRequest) (api.Job, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Manager)
	if err != nil {
		return api.Job{}, err
	}
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return api.Job{}, err
	}
	j := store.Job{
		ID: right.AskedID(in.Key, a.now()), Kind: store.JobList, Role: collectivity.Manager, Title: titles[in.List] + ", " + formats[in.Format], CreatedAt: a.now(),
		About: map[string]string{"list": in.List, "format": in.Format},
	}
	if err := limit(&j, right.Agent, configuration, in); err != nil {
		return api.Job{}, err
	}
	j, err = right.AddJob(ctx, j)
	return views.Job(j, a.now()), err
}

var (
	titles  = map[string]string{"families": "Familles", "children": "Enfants", "subscriptions": "Abonnements", "bookings": "Réservations", "attendance": "Présences"}
	formats = map[string]string{"csv": "CSV", "xlsx": "Excel"}
)

// longest is how many days a list of days is of.
const longest = 366

// limit says of which days, and of which activity, a list of days is. Other lists are of neither.
func limit(j *store.Job, agent collectivity.Agent, c collectivity.Configuration, in api.ListRequest) error {
	days := in.List == "bookings" || in.List == "attendance"
	if !days {
		if in.From != "" || in.To != "" || in.Activity != "" {
			return refusal.OfField("from", "not_of_list", "Cette liste n’est pas celle d’une période ni d’une activité.")
		}
		return nil
	}
	p := calendar.Period{From: calendar.Date(in.From), To: calendar.Date(in.To)}
	var wrong []error
	for _, f := range []struct{ name, value string }{{"from", in.From}, {"to", in.To}} {
		if f.value == "" {
			wrong = append(wrong, refusal.OfField(f.name, "required", "Ce champ est obligatoire."))
		}
	}
	if err := refusal.Join(wrong...); err != nil {
		return err
	}
	switch n := p.From.DaysUntil(p.To); {
	case n < 0:
		return refusal.OfField("to", "period_reversed", "La période finit avant de commencer.")
	case n >= longest:
		return refusal.OfField("to", "period_too_long", "La liste couvre au plus un an.")
	}
	j.About["from"], j.About["to"] = in.From, in.To
	j.Title += fmt.Sprintf(", du %s au %s", written(p.From), written(p.To))
	if in.Activity == "" {
		return nil
	}
	activity, known := c.Activity(in.Activity)
	if !known || !agent.Sees(activity.ID) {
		return refusal.OfField("activity", "activity_unknown", "Cette activité n’existe pas.")
	}
	j.About["activity"] = activity.ID
	j.Title += ", " + activity.Name
	return nil
}

// written is a day in figures: 02/12/2026.
func written(d calendar.Date) string { return string(d[8:] + "/" + d[5:7] + "/" + d[:4]) }
