package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"preau/shared/refusal"
)

// Job is long work that an agent asked for: letters, an import, a list to take away. run-jobs does it; the agent sees how far
// it is.
type Job struct {
	ID         string
	Kind       string
	By         string            // the agent's account
	About      map[string]string // what it is to do, by ids and short values
	State      JobState
	Done       int    // of Total, in what the kind counts
	Total      int    // 0: not known yet
	Checkpoint string // from where the next run goes on
	File       string // key of what it made, in the bucket of files
	Name       string // under which that is saved
	Code       string // why it failed
	CreatedAt  time.Time
	EndedAt    time.Time
	Tries      int
	Lease      string `dynamodbav:",omitempty"` // until when one process works on it
}

// JobState says how far a job is.
type JobState string

// The states of a job.
const (
	JobWaiting JobState = "waiting"
	JobRunning JobState = "running"
	JobDone    JobState = "done"
	JobFailed  JobState = "failed"
)

// A job belongs to one tenant; its id names it, so that a worker finds it from the queue.
type jobItem struct {
	Job
	Expires int64 `dynamodbav:"expires"`
	work
}

const (
	jobsQueue  = "JOBS"
	jobLease   = 2 * time.Minute     // of a worker that died; one at work renews it with its progress
	jobKeeping = 30 * 24 * time.Hour // then the job is forgotten; what it made goes before
	jobTries   = 5                   // runs in which nothing moved
)

func (c Collectivity) jobKey(id string) key { return key{c.pk() + "#JOBS", id} }

// AddJob takes a job on, with other writes of the same act. The same id twice is one job.
func (c Collectivity) AddJob(ctx context.Context, j Job) error {
	j.State = JobWaiting
	err := c.transact(
		ctx,
		write{put: item(c.jobKey(j.ID), jobItem{j, epoch(j.CreatedAt.Add(jobKeeping)), queued(jobsQueue, j.CreatedAt)}), condition: isNew, or: ErrMoved},
		c.audit(j.By, "add-job", "job "+j.ID, j.CreatedAt, j.Kind),
	)
	if errors.Is(err, ErrMoved) {
		return nil
	}
	return err
}

// Job reads a job.
func (c Collectivity) Job(ctx context.Context, id string) (Job, error) {
	j, ok, err := get[Job](ctx, c.Store, c.jobKey(id))
	if err == nil && !ok {
		err = ErrJobUnknown
	}
	return j, err
}

// Jobs lists the tenant's jobs, newest first.
func (c Collectivity) Jobs(ctx context.Context, cursor string, limit int32) (all []Job, next string, err error) {
	in := c.between(c.jobKey("").PK, "0", end)
	in.ScanIndexForward, in.Limit = new(false), &limit
	if in.ExclusiveStartKey, err = readCursor(cursor); err != nil {
		return nil, "", err
	}
	out, err := c.db.Query(ctx, in)
	if err != nil {
		return nil, "", unusable(cursor, err)
	}
	all, err = decodeAll[Job](out.Items)
	return all, writeCursor(out.LastEvaluatedKey), err
}

// A DueJob waits to be worked on.
type DueJob struct {
	Town Collectivity
	ID   string
}

// DueJobs lists jobs to be worked on, oldest first, a page at a time.
func (s *Store) DueJobs(ctx context.Context, now time.Time, cursor string) (due []DueJob, next string, err error) {
	keys, next, err := s.duePage(ctx, jobsQueue, now, cursor)
	for _, k := range keys {
		slug := strings.TrimSuffix(strings.TrimPrefix(k.PK, "C#"), "#JOBS")
		due = append(due, DueJob{s.collectivity(slug), k.SK})
	}
	return due, next, err
}

// ClaimJob takes a job for work. ok is false when another process has it, or it is over. A job that was claimed too often
// without getting on has failed.
func (c Collectivity) ClaimJob(ctx context.Context, id string, now time.Time) (j Job, ok bool, err error) {
	after, err := c.applied(ctx, write{
		key: c.jobKey(id), update: "SET Lease = :until, Tries = Tries + :one, #state = :running, workAt = :until",
		condition: "attribute_exists(#w) AND (attribute_not_exists(Lease) OR Lease <= :now)",
		names:     map[string]string{"#w": "work", "#state": "State"},
		values:    values(":until", stamp(now.Add(jobLease)), ":one", 1, ":running", JobRunning, ":now", stamp(now)), show: true,
	})
	if errors.Is(err, errCondition) {
		return j, false, nil
	}
	if err != nil {
		return j, false, err
	}
	if j, err = decode[Job](after); err != nil {
		return j, false, err
	}
	if j.Tries > jobTries {
		j.Code = "job_stuck"
		return j, false, c.EndJob(ctx, j, now)
	}
	return j, true, nil
}

// Progress records how far a job is and from where to go on, and keeps it for this process a while longer. What has got on may be
// claimed as often again. ErrMoved: another process has it by now, stop.
func (c Collectivity) Progress(ctx context.Context, j *Job, now time.Time) error {
	was := j.Lease
	j.Lease = stamp(now.Add(jobLease))
	return c.apply(ctx, write{
		key:       c.jobKey(j.ID),
		update:    "SET Done = :done, #total = :total, Checkpoint = :at, Lease = :until, workAt = :until, Tries = :zero",
		condition: "Lease = :was", names: map[string]string{"#total": "Total"},
		values: values(":done", j.Done, ":total", j.Total, ":at", j.Checkpoint, ":until", j.Lease, ":zero", 0, ":was", was), or: ErrMoved,
	})
}

// PauseJob gives a job back, to be gone on with at the next tick.
func (c Collectivity) PauseJob(ctx context.Context, j Job, now time.Time) error {
	return c.apply(ctx, write{
		key: c.jobKey(j.ID), update: "SET Done = :done, #total = :total, Checkpoint = :at, workAt = :now, Tries = :zero REMOVE Lease", condition: "Lease = :was", names: map[string]string{"#total": "Total"},
		values: values(":done", j.Done, ":total", j.Total, ":at", j.Checkpoint, ":now", stamp(now), ":zero", 0, ":was", j.Lease), or: ErrMoved,
	})
}

// EndJob records a job's end: done with what it made, or failed with a code.
func (c Collectivity) EndJob(ctx context.Context, j Job, now time.Time) error {
	state := JobDone
	if j.Code != "" {
		state = JobFailed
	}
	return c.apply(ctx, write{
		key: c.jobKey(j.ID), update: "SET #state = :state, Done = :done, #total = :total, #file = :file, #name = :name, Code = :code, EndedAt = :now REMOVE #w, workAt, Lease",
		condition: "Lease = :was",
		names:     map[string]string{"#state": "State", "#w": "work", "#file": "File", "#name": "Name", "#total": "Total"},
		values:    values(":state", state, ":done", j.Done, ":total", j.Total, ":file", j.File, ":name", j.Name, ":code", j.Code, ":now", now, ":was", j.Lease),
		or:        ErrMoved,
	})
}

// ErrJobUnknown refuses a job that is not there.
var ErrJobUnknown = refusal.New(refusal.NotFound, "job_not_found", "Ce traitement n’existe pas ou date de plus de trente jours.")
