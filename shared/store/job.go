package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"preau/shared/collectivity"
	"preau/shared/refusal"
)

// Job is long work that an agent asked for: letters, an import, a list to take away. run-jobs does it; the agent sees how far
// it is.
type Job struct {
	ID         string
	Kind       string
	By, Author string            // the agent's account and name
	Title      string            // French: what agents know it by
	Role       collectivity.Role // that could ask for it: no smaller one sees it
	Scope      Scope             // that the agent had: what the job makes is of it
	About      map[string]string // what it is to do, by ids and short values
	State      JobState
	Done       int       // of Total, in what the kind counts
	Total      int       // 0: not known yet
	Checkpoint string    // from where the next run goes on
	Files      []JobFile `dynamodbav:",omitempty"` // what it made
	Code       string    // why it failed
	Detail     string    // the same, in French
	CreatedAt  time.Time
	StartsAt   time.Time // not to be begun before; zero: at once
	EndedAt    time.Time
	Tries      int
	Lease      string   `dynamodbav:",omitempty"` // until when one process works on it
	Fetchers   []string `dynamodbav:",omitempty"` // accounts that were given links to its files

	seen place // the furthest that it is known to have been
}

// Scope is what of a town an agent has.
type Scope struct {
	Activities []string `dynamodbav:",omitempty"` // none: all
	Schools    []string `dynamodbav:",omitempty"` // none: all
}

// JobFile is something that a job made.
type JobFile struct {
	Key   string // in the bucket of files
	Name  string // under which it is saved
	Type  string // media type
	Count int    // of what it holds: letters, rows
}

// The kinds of job.
const (
	JobCodes = "codes" // issues subscriber codes and prints their letters
	JobList  = "list"  // makes a list to take away

	JobRollover = "rollover" // moves the town to a school year
	JobLeavers  = "leavers"  // records the departures of who left with it
)

// place is how far a job is.
type place struct {
	done       int
	checkpoint string
}

// gotOn says whether the job is further than it ever was: one that begins anew each time never is.
func (j Job) gotOn() bool { return j.Done > j.seen.done || j.Checkpoint != j.seen.checkpoint }

// begins is when a job may be begun.
func (j Job) begins() time.Time {
	if j.StartsAt.After(j.CreatedAt) {
		return j.StartsAt
	}
	return j.CreatedAt
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

// Over says whether nothing of a job is left to be done.
func (j Job) Over() bool { return j.State == JobDone || j.State == JobFailed }

// A job belongs to one tenant; its id names it, so that a worker finds it from the queue.
type jobItem struct {
	Job
	Expires int64 `dynamodbav:"expires"`
	work
}

const (
	jobsQueue    = "JOBS"
	jobLease     = 2 * time.Minute     // of a worker that died; one at work renews it with its progress
	jobKeeping   = 30 * 24 * time.Hour // then the job is forgotten
	jobFilesLife = 6 * 24 * time.Hour  // less than catalog.ExportsLife: a file may be made long before its job ends
	jobTries     = 5                   // runs in which nothing moved
	jobGiveUp    = 24 * time.Hour      // a job that is not done by then never will be
)

func (c Collectivity) jobKey(id string) key { return key{c.pk() + "#JOBS", id} }

// JobFolder is where what a job made lies in the bucket of files, under catalog.Exports.
func (c Collectivity) JobFolder(id string) string { return "exports/towns/" + c.slug + "/" + id + "/" }

// FilesUntil is how long what a job made is there, at least.
func (j Job) FilesUntil() time.Time { return j.EndedAt.Add(jobFilesLife) }

// ShownTo says whether an agent sees a job and what it made: whoever could have asked for it themselves.
func (j Job) ShownTo(a collectivity.Agent) bool {
	return a.Role.Covers(j.Role) && within(j.Scope.Activities, a.Activities) && within(j.Scope.Schools, a.Schools)
}

// within says whether one part of a scope is within another's; none is all.
func within(part, of []string) bool {
	return len(of) == 0 || len(part) > 0 && !slices.ContainsFunc(part, func(id string) bool { return !slices.Contains(of, id) })
}

// Right is what the agent who asked for the job had at its town: what the job makes holds nothing else.
func (j Job) Right(town Collectivity) AgentRight {
	return AgentRight{Agent: collectivity.Agent{Account: j.By, Name: j.Author, Role: j.Role, Activities: j.Scope.Activities, Schools: j.Scope.Schools}, Store: town}
}

// AddJob takes on a job that the agent asks for, with other writes of the same act, and answers it. The same id again is the same
// job, as far as it is by now; ErrKeyReused: it is about something else.
func (r AgentRight) AddJob(ctx context.Context, j Job, beside ...write) (Job, error) {
	j.By, j.Author, j.State = r.Account.ID, r.Agent.Name, JobWaiting
	j.Scope = Scope{r.Agent.Activities, r.Agent.Schools}
	writes := append(
		[]write{
			{put: item(r.Store.jobKey(j.ID), jobItem{j, epoch(j.begins().Add(jobKeeping)), queued(jobsQueue, j.begins())}), condition: isNew, or: errCondition},
			r.Store.audit(j.By, "add-job", "job "+j.ID, j.CreatedAt, j.what()...),
		},
		beside...,
	)
	err := r.Store.transact(ctx, writes...)
	if !errors.Is(err, errCondition) {
		return j, err
	}
	known, err := r.Store.Job(ctx, j.ID)
	if err == nil && (known.Kind != j.Kind || !maps.Equal(known.About, j.About)) {
		err = ErrKeyReused
	}
	return known, err
}

// mostAudited is how long a value of a job may be for the audit to repeat it.
const mostAudited = 60

// what tells the audit what a job is to do.
func (j Job) what() []string {
	all := []string{j.Kind}
	for _, name := range slices.Sorted(maps.Keys(j.About)) {
		if v := j.About[name]; v != "" && len(v) <= mostAudited {
			all = append(all, name+" "+v)
		}
	}
	return all
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
	return pageOf[Job](ctx, c.Store, in, cursor)
}

// Fetched records, once for each agent, that they are about to be given what a job made.
func (r AgentRight) Fetched(ctx context.Context, j Job, now time.Time) error {
	if slices.Contains(j.Fetchers, r.Account.ID) {
		return nil
	}
	err := r.Store.transact(
		ctx,
		write{
			key: r.Store.jobKey(j.ID), update: "SET Fetchers = list_append(if_not_exists(Fetchers, :nobody), :me)",
			condition: "attribute_exists(PK) AND NOT contains(Fetchers, :id)",
			values:    values(":nobody", []string{}, ":me", []string{r.Account.ID}, ":id", r.Account.ID), or: errCondition,
		},
		r.Store.audit(r.Account.ID, "show-job", "job "+j.ID, now, j.Kind),
	)
	return unlessMoved(err)
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

// ClaimJob takes a job for work. ok is false when another process has it, or it is over. A job that was claimed too often without
// getting on, or for too long, has failed.
func (c Collectivity) ClaimJob(ctx context.Context, id string, now time.Time) (j Job, ok bool, err error) {
	after, err := c.applied(ctx, write{
		key: c.jobKey(id), update: "SET Lease = :until, Tries = Tries + :one, #state = :running, workAt = :until",
		condition: "attribute_exists(#w) AND (attribute_not_exists(Lease) OR Lease <= :now)",
		names:     map[string]string{"#w": "work", "#state": "State"},
		values:    values(":until", stamp(now.Add(jobLease)), ":one", 1, ":running", JobRunning, ":now", stamp(now)), show: true,
	}.once())
	if errors.Is(err, errCondition) {
		return j, false, nil
	}
	if err != nil {
		return j, false, err
	}
	if j, err = decode[Job](after); err != nil {
		return j, false, err
	}
	if j.seen = (place{j.Done, j.Checkpoint}); j.Tries > jobTries || now.Sub(j.begins()) > jobGiveUp {
		return j, false, c.FailJob(ctx, j, ErrJobStuck, now)
	}
	return j, true, nil
}

// Progress records how far a job is, what it has made and from where to go on, and keeps it for this process a while longer. What has got on may be
// claimed as often again. ErrMoved: another process has it by now, stop.
func (c Collectivity) Progress(ctx context.Context, j *Job, now time.Time) error {
	e := j.moved()
	j.Lease = stamp(now.Add(jobLease))
	e.set(e.path("Lease"), j.Lease)
	e.set(e.path("workAt"), j.Lease)
	err := c.apply(ctx, e.write(c.jobKey(j.ID), ErrMoved).once())
	if err == nil {
		j.seen = place{max(j.Done, j.seen.done), j.Checkpoint}
	}
	return err
}

// PauseJob gives a job back, to be gone on with at the next tick. ErrMoved: another process has it by now.
func (c Collectivity) PauseJob(ctx context.Context, j Job, now time.Time) error {
	e := j.moved()
	e.remove(e.path("Lease"))
	e.set(e.path("workAt"), stamp(now))
	return c.apply(ctx, e.write(c.jobKey(j.ID), ErrMoved).once())
}

// moved begins the write of how far a job is that this process works on: one whose lease was another's meanwhile writes nothing.
func (j Job) moved() *expression {
	e := newExpression()
	e.was(e.path("Lease"), j.Lease)
	e.set(e.path("Done"), j.Done)
	e.set(e.path("Total"), j.Total)
	e.set(e.path("Checkpoint"), j.Checkpoint)
	e.put("Files", j.Files, len(j.Files) == 0)
	if j.gotOn() {
		e.set(e.path("Tries"), 0)
	}
	return e
}

// EndJob records that a job is done, with what it made. ErrMoved: another process has it by now.
func (c Collectivity) EndJob(ctx context.Context, j Job, now time.Time) error {
	j.State = JobDone
	return c.settleJob(ctx, j, now)
}

// FailJob records that a job can not be done, and why. ErrMoved: another process has it by now.
func (c Collectivity) FailJob(ctx context.Context, j Job, why *refusal.Refusal, now time.Time) error {
	j.State, j.Code, j.Detail, j.Files = JobFailed, why.Code, why.Detail, nil
	return c.settleJob(ctx, j, now)
}

func (c Collectivity) settleJob(ctx context.Context, j Job, now time.Time) error {
	e := j.moved()
	e.set(e.path("State"), j.State)
	e.put("Code", j.Code, j.Code == "")
	e.put("Detail", j.Detail, j.Detail == "")
	e.set(e.path("EndedAt"), now)
	for _, over := range []string{"work", "workAt", "Lease"} {
		e.remove(e.path(over))
	}
	return c.apply(ctx, e.write(c.jobKey(j.ID), ErrMoved).once())
}

// What is refused of a job, and why one fails.
var (
	ErrJobUnknown = refusal.New(refusal.NotFound, "job_not_found", "Ce traitement n’existe pas ou date de plus de trente jours.")
	ErrJobStuck   = refusal.New(refusal.Busy, "job_stuck", "Ce traitement n’a pas pu aboutir. Relancez-le ; s’il échoue encore, contactez l’exploitant du portail.")
)
