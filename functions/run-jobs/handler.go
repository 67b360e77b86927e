package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"preau/shared/background"
	"preau/shared/files/bucket"
	"preau/shared/keys"
	"preau/shared/refusal"
	"preau/shared/store"
)

type app struct {
	store  *store.Store
	files  *bucket.Bucket
	secret keys.Secret
	portal string // origin of the site, no slash at its end
	volume int    // letters that a file holds
	log    *slog.Logger
	now    func() time.Time
}

const (
	patience = 2 * time.Minute  // with one job: as long as the function lives
	least    = 45 * time.Second // without which none is begun
	reserve  = 30 * time.Second // of the function's time, with which a job is given back: a step takes less
)

// handle goes once through the jobs that are due, of all towns. A tick starts each minute, though the one before still works: a
// long job of one town keeps no other waiting.
func (a app) handle(ctx context.Context, _ json.RawMessage) error {
	now := a.now()
	return background.Queue[store.DueJob]{
		Page: func(ctx context.Context, cursor string) ([]store.DueJob, string, error) {
			return a.store.DueJobs(ctx, now, cursor)
		},
		Work: a.work, Patience: patience, Least: least,
	}.Run(ctx, a.log)
}

// work gets on with a job as far as time goes. A fault leaves the job to the tick after its lease; where that never gets on, the
// job is given up.
func (a app) work(ctx context.Context, due store.DueJob) (done bool, err error) {
	if asleep, err := due.Town.Asleep(ctx); err != nil || asleep {
		return false, err
	}
	j, ok, err := due.Town.ClaimJob(ctx, due.ID, a.now())
	if err != nil || !ok {
		return false, err
	}
	t := &task{app: a, Job: j, due: due, town: due.Town}
	if err = t.mayGoOn(ctx); err == nil { // whoever suspends the town sees each claim that was made before
		err = t.run(ctx)
	}
	var no *refusal.Refusal
	switch {
	case err == nil:
		err = t.town.EndJob(ctx, t.Job, a.now())
	case errors.Is(err, errLater):
		return false, unlessMoved(t.town.PauseJob(ctx, t.Job, a.now()))
	case errors.As(err, &no) && no.Kind != refusal.Busy && !errors.Is(err, store.ErrMoved):
		err = t.town.FailJob(ctx, t.Job, no, a.now())
	}
	if err = unlessMoved(err); err != nil {
		return false, fmt.Errorf("%s %s: %w", j.Kind, j.ID, err)
	}
	return true, nil
}

// unlessMoved takes it for what it means that another process has the job by now.
func unlessMoved(err error) error {
	if errors.Is(err, store.ErrMoved) {
		return nil
	}
	return err
}
