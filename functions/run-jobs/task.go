package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"preau/shared/background"
	"preau/shared/calendar"
	"preau/shared/store"
)

// A runner does jobs of a kind: from the task's checkpoint on, one step after the other, each shorter than the lease of two minutes
// and recorded with step. Whatever it writes may have been written by a run before that was cut short, or by another process
// that holds the job for its own until its next step: writing it again must change nothing. A refusal is why the job has failed.
type runner func(ctx context.Context, t *task) error

// kinds are the runners by kind of job: a new kind is a file with its runner, and a row.
var kinds = map[string]runner{
	store.JobCodes: runCodes,
	store.JobList:  runList,

	store.JobCheckImport: runCheckImport,
	store.JobApplyImport: runApplyImport,
	store.JobUndoImport:  runUndoImport,
	store.JobRollover:    runRollover,
	store.JobLeavers:     runLeavers,
}

// task is a job that this process has.
type task struct {
	app
	store.Job
	due  store.DueJob
	town store.Collectivity
}

func (t *task) run(ctx context.Context) error {
	run, known := kinds[t.Kind]
	if !known {
		return fmt.Errorf("nobody does jobs of kind %q", t.Kind)
	}
	return run(ctx, t)
}

// errLater means that time is out, or that the town is suspended: the rest is for another tick.
var errLater = errors.New("time is out")

// step records that the task has come to a checkpoint, and says whether another step may follow: errLater.
func (t *task) step(ctx context.Context, checkpoint string) error {
	t.Checkpoint = checkpoint
	if err := t.town.Progress(ctx, &t.Job, t.now()); err != nil {
		return err
	}
	if background.Late(ctx, reserve) {
		return errLater
	}
	return t.mayGoOn(ctx)
}

// mayGoOn leaves a town alone that was suspended meanwhile: errLater.
func (t *task) mayGoOn(ctx context.Context) error {
	asleep, err := t.town.Asleep(ctx)
	if err == nil && asleep {
		err = errLater
	}
	return err
}

// familiesAtOnce is how many families a step goes through.
const familiesAtOnce = 50

// next are some families behind one of them, of those that were chosen and are sorted, nil: of all.
func (t *task) next(ctx context.Context, chosen []string, last string) ([]string, error) {
	if chosen == nil {
		return t.town.FamiliesAfter(ctx, last, familiesAtOnce)
	}
	n, found := slices.BinarySearch(chosen, last)
	if found {
		n++
	}
	return chosen[n:min(n+familiesAtOnce, len(chosen))], nil
}

// add records a file that the task made. Made again, it takes the place of the one before.
func (t *task) add(f store.JobFile) {
	for i, made := range t.Files {
		if made.Key == f.Key {
			t.Files[i] = f
			return
		}
	}
	t.Files = append(t.Files, f)
}

// today is the day at the town.
func (t *task) today(c store.Configuration) calendar.Date { return calendar.DateOf(t.now(), c.Zone()) }
