package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/rollover"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	now   func() time.Time
}

// handle has the town moved to a school year: POST /v1/collectivities/{slug}/schools/rollover. It answers the job that does; the same
// Idempotency-Key answers the job that it made. A year is moved to once: then only children who are named, and were not moved.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.RolloverOrder) (api.Job, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.Job{}, err
	}
	choices := views.RolloverChoicesOf(in.RolloverChoices)
	if err := a.check(ctx, right, choices); err != nil {
		return api.Job{}, err
	}
	var j store.Job
	err = store.Again(ctx, func() (err error) {
		j, err = a.order(ctx, right, choices, in.Key)
		return err
	})
	return views.Job(j, a.now()), err
}

// check refuses what makes no sense, and a year before its time.
func (a app) check(ctx context.Context, right store.AgentRight, ch rollover.Choices) error {
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return err
	}
	today := calendar.DateOf(a.now(), configuration.Zone())
	if err := ch.Year.CheckYear(today); err != nil {
		return err
	}
	if err := ch.Year.CheckOpen(configuration, today); err != nil {
		return err
	}
	if err := ch.Check(configuration); err != nil || len(ch.Children) == 0 {
		return err
	}
	children, err := right.Store.Everybody(ctx)
	if err != nil {
		return err
	}
	return ch.CheckChildren(func(family, child string) bool {
		return slices.ContainsFunc(children, func(t store.TownChild) bool { return t.Family == family && t.ID == child })
	})
}

// order takes on the job, beside what was done for the year before.
func (a app) order(ctx context.Context, right store.AgentRight, ch rollover.Choices, key string) (store.Job, error) {
	j := store.Job{
		ID: right.AskedID(key, a.now()), Kind: store.JobRollover, Role: collectivity.Manager, Title: "Passage à l’année scolaire " + ch.Year.String(), CreatedAt: a.now(),
	}
	earlier, done, err := right.Store.Rollover(ctx, int(ch.Year))
	if err != nil {
		return j, err
	}
	if known, err := right.Store.Job(ctx, j.ID); err == nil { // asked for again
		ch.Only = known.About["only"] != ""
	} else if !errors.Is(err, store.ErrJobUnknown) {
		return j, err
	} else if ch.Only, err = only(ctx, right.Store, earlier, done, ch); err != nil {
		return j, err
	}
	if err := describe(&j, ch); err != nil {
		return j, err
	}
	return right.AddRollover(ctx, earlier, int(ch.Year), j)
}

// describe says what the job is to do.
func describe(j *store.Job, ch rollover.Choices) error {
	j.About = map[string]string{"year": strconv.Itoa(int(ch.Year))}
	if ch.Only {
		j.About["only"] = "named"
		j.Title += ", enfants restants"
	}
	text, err := json.Marshal(ch)
	j.About["choices"] = string(text)
	return err
}

// only says whether a move of the town was done already, so that only children move who are named. One that failed is done anew: who has
// moved stays so.
func only(ctx context.Context, town store.Collectivity, earlier store.Rollover, done bool, ch rollover.Choices) (bool, error) {
	if !done {
		return false, nil
	}
	first, err := state(ctx, town, earlier.Job)
	if err != nil {
		return false, err
	}
	last, err := state(ctx, town, earlier.Leavers)
	switch {
	case err != nil:
		return false, err
	case first == store.JobWaiting || first == store.JobRunning:
		return false, errRunning
	case first == store.JobFailed || last == store.JobFailed:
		return false, nil
	case len(ch.Children) == 0:
		return false, errDone
	}
	return true, nil
}

// state is how far a job is; one that is forgotten was done.
func state(ctx context.Context, town store.Collectivity, jobID string) (store.JobState, error) {
	if jobID == "" {
		return store.JobDone, nil
	}
	j, err := town.Job(ctx, jobID)
	if errors.Is(err, store.ErrJobUnknown) {
		return store.JobDone, nil
	}
	return j.State, err
}

var (
	errRunning = refusal.New(refusal.Conflict, "rollover_running", "Le passage à cette année scolaire est en cours. Attendez qu’il soit fini.").At("year")
	errDone    = refusal.New(refusal.Conflict, "already_rolled_over", "Le passage à cette année scolaire est fait. Nommez les enfants qui restent à traiter.").At("year")
)
