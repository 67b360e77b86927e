package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/collectivity"
	"preau/shared/refusal"
	"preau/shared/store"
)

// office is a town, on a table of its own, with a manager who asks for jobs.
type office struct {
	*town.Town
	right store.AgentRight
}

func opened(t *testing.T) (o office) {
	t.Helper()
	testkit.Within(t, testkit.OwnTable(t), func() { o.Town = town.New(t) })
	o.right = o.agent(o.Agent(collectivity.Manager))
	return o
}

// agent is an account's right to act for the town.
func (o office) agent(a account.Account) store.AgentRight {
	o.T.Helper()
	right, err := o.Env.Store.AgentOf(o.T.Context(), account.CallerOf(a.User, true), o.Slug, collectivity.Reader)
	check(o.T, err)
	return right
}

// job is one as an agent asks for it.
func job(id string) store.Job {
	return store.Job{ID: id, Kind: "letters", Role: collectivity.Manager, About: map[string]string{"school": "verne"}, CreatedAt: town.Now}
}

func (o office) add(j store.Job) store.Job {
	o.T.Helper()
	added, err := o.right.AddJob(o.T.Context(), j)
	check(o.T, err)
	return added
}

// claim takes a job that can be had.
func (o office) claim(id string, at time.Time) store.Job {
	o.T.Helper()
	j, ok, err := o.Town.Store.ClaimJob(o.T.Context(), id, at)
	check(o.T, err)
	if !ok {
		o.T.Fatalf("the job can not be had at %s", at)
	}
	return j
}

func (o office) read(id string) store.Job {
	o.T.Helper()
	j, err := o.Town.Store.Job(o.T.Context(), id)
	check(o.T, err)
	return j
}

// due are the ids of the jobs that are due at an instant.
func (o office) due(at time.Time) (ids []string) {
	o.T.Helper()
	due, _, err := o.Env.Store.DueJobs(o.T.Context(), at, "")
	check(o.T, err)
	for _, d := range due {
		if d.Town.Slug() != o.Slug {
			o.T.Errorf("a job of %s is due", d.Town.Slug())
		}
		ids = append(ids, d.ID)
	}
	return ids
}

func TestAJobGoesFromItsAgentToItsEnd(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.add(job("a"))
	if got := o.due(town.Now); len(got) != 1 || got[0] != "a" {
		t.Fatalf("due: %q", got)
	}
	j := o.claim("a", town.Now)
	if j.State != store.JobRunning || j.By != o.right.Account.ID || j.About["school"] != "verne" {
		t.Errorf("claimed %+v", j)
	}
	if got := o.due(town.Now.Add(time.Minute)); len(got) > 0 {
		t.Errorf("due while somebody works on it: %q", got)
	}
	j.Done, j.Total, j.Checkpoint = 5, 10, "family 5"
	check(t, o.Town.Store.Progress(t.Context(), &j, town.Now.Add(time.Minute)))
	if got := o.read("a"); got.Done != 5 || got.Total != 10 || got.Checkpoint != "family 5" {
		t.Errorf("got on to %+v", got)
	}
	check(t, o.Town.Store.PauseJob(t.Context(), j, town.Now.Add(2*time.Minute)))
	if got := o.due(town.Now.Add(2 * time.Minute)); len(got) != 1 {
		t.Errorf("due once it was given back: %q", got)
	}
	j = o.claim("a", town.Now.Add(2*time.Minute))
	if j.Checkpoint != "family 5" || j.Tries != 1 {
		t.Errorf("claimed again at %+v", j)
	}
	j.Done, j.Files = 10, []store.JobFile{{Key: "exports/towns/x/a/1.pdf", Name: "Courriers.pdf", Type: "application/pdf", Count: 10}}
	check(t, o.Town.Store.EndJob(t.Context(), j, town.Now.Add(3*time.Minute)))
	if got := o.read("a"); got.State != store.JobDone || len(got.Files) != 1 || got.Files[0].Count != 10 || !got.EndedAt.Equal(town.Now.Add(3*time.Minute)) || got.Lease != "" {
		t.Errorf("ended as %+v", got)
	}
	if got := o.due(town.Now.AddDate(1, 0, 0)); len(got) > 0 {
		t.Errorf("due at its end: %q", got)
	}
	if _, ok, err := o.Town.Store.ClaimJob(t.Context(), "a", town.Now.AddDate(1, 0, 0)); ok || err != nil {
		t.Errorf("claimed at its end: %v, %v", ok, err)
	}
}

func TestOfManyProcessesOneHasAJob(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.add(job("a"))
	var had atomic.Int32
	town.InParallel(20, func(int) error {
		_, ok, err := o.Town.Store.ClaimJob(t.Context(), "a", town.Now)
		if ok {
			had.Add(1)
		}
		if err != nil {
			t.Error(err)
		}
		return err
	})
	if had.Load() != 1 {
		t.Errorf("%d have it", had.Load())
	}
}

func TestAProcessThatLostItsJobWritesNothingOfIt(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.add(job("a"))
	slow := o.claim("a", town.Now)
	next := o.claim("a", town.Now.Add(2*time.Minute))
	slow.Done, slow.Files = 99, []store.JobFile{{Key: "slow"}}
	for says, write := range map[string]func() error{
		"progress": func() error {
			lost := slow
			return o.Town.Store.Progress(t.Context(), &lost, town.Now.Add(3*time.Minute))
		},
		"pause": func() error { return o.Town.Store.PauseJob(t.Context(), slow, town.Now.Add(3*time.Minute)) },
		"end":   func() error { return o.Town.Store.EndJob(t.Context(), slow, town.Now.Add(3*time.Minute)) },
		"failure": func() error {
			return o.Town.Store.FailJob(t.Context(), slow, store.ErrJobStuck, town.Now.Add(3*time.Minute))
		},
	} {
		if err := write(); !errors.Is(err, store.ErrMoved) {
			t.Errorf("%s: %v", says, err)
		}
	}
	if got := o.read("a"); got.State != store.JobRunning || got.Done != 0 || got.Lease != next.Lease {
		t.Errorf("the job is %+v", got)
	}
	check(t, o.Town.Store.Progress(t.Context(), &next, town.Now.Add(3*time.Minute)))
	check(t, o.Town.Store.EndJob(t.Context(), next, town.Now.Add(3*time.Minute)))
}

func TestAJobWhoseProcessesDieIsGivenUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says string
		runs int                                                      // after which it has failed
		work func(t *testing.T, o office, j *store.Job, at time.Time) // before the process dies
	}{
		{"when nothing moves", 5, func(*testing.T, office, *store.Job, time.Time) {}},
		{"when each says only that it is there", 5, func(t *testing.T, o office, j *store.Job, at time.Time) {
			check(t, o.Town.Store.Progress(t.Context(), j, at))
		}},
		{"when each begins anew and comes as far as the first", 6, func(t *testing.T, o office, j *store.Job, at time.Time) {
			for j.Done = 1; j.Done <= 3; j.Done++ {
				check(t, o.Town.Store.Progress(t.Context(), j, at))
			}
		}},
		{"not while it gets on", 12, func(t *testing.T, o office, j *store.Job, at time.Time) {
			if j.Done++; j.Done <= 7 {
				check(t, o.Town.Store.Progress(t.Context(), j, at))
			}
		}},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			o := opened(t)
			o.add(job("a"))
			at := town.Now
			for run := 1; ; run++ {
				j, ok, err := o.Town.Store.ClaimJob(t.Context(), "a", at)
				check(t, err)
				if !ok {
					if run != c.runs+1 {
						t.Errorf("given up after %d runs", run-1)
					}
					break
				}
				c.work(t, o, &j, at)
				at = at.Add(3 * time.Minute)
			}
			if got := o.read("a"); got.State != store.JobFailed || got.Code != "job_stuck" || !strings.HasPrefix(got.Detail, "Ce traitement") || len(o.due(at.AddDate(1, 0, 0))) > 0 {
				t.Errorf("the job is %+v", got)
			}
		})
	}
}

func TestAJobThatIsNotDoneInADayNeverWillBe(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.add(job("a"))
	j := o.claim("a", town.Now.Add(24*time.Hour))
	check(t, o.Town.Store.PauseJob(t.Context(), j, town.Now.Add(24*time.Hour)))
	if _, ok, err := o.Town.Store.ClaimJob(t.Context(), "a", town.Now.Add(24*time.Hour+time.Second)); ok || err != nil {
		t.Errorf("claimed a day later: %v, %v", ok, err)
	}
	if got := o.read("a"); got.State != store.JobFailed || got.Code != "job_stuck" {
		t.Errorf("the job is %+v", got)
	}
}

func TestTheSameJobAskedForTwiceIsOne(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.add(job("a"))
	j := o.claim("a", town.Now)
	j.Done = 3
	check(t, o.Town.Store.Progress(t.Context(), &j, town.Now))
	if again := o.add(job("a")); again.Done != 3 || again.State != store.JobRunning {
		t.Errorf("asked for again it is %+v", again)
	}
	for says, change := range map[string]func(*store.Job){
		"another kind":  func(j *store.Job) { j.Kind = "list-families" },
		"another aim":   func(j *store.Job) { j.About = map[string]string{"school": "curie"} },
		"one aim fewer": func(j *store.Job) { j.About = nil },
	} {
		other := job("a")
		change(&other)
		if _, err := o.right.AddJob(t.Context(), other); refusal.Code(err) != "key_reused" {
			t.Errorf("%s: %v", says, err)
		}
	}
	if got := o.Audited(); len(got) != 1 || got[0] != "add-job job a letters, school verne" {
		t.Errorf("audited %q", got)
	}
}

func TestJobsAreListedNewestFirst(t *testing.T) {
	t.Parallel()
	o := opened(t)
	for i := range 5 {
		o.add(job(fmt.Sprint("job", i)))
	}
	var seen []string
	for cursor, pages := "", 0; ; pages++ {
		all, next, err := o.Town.Store.Jobs(t.Context(), cursor, 2)
		check(t, err)
		for _, j := range all {
			seen = append(seen, j.ID)
		}
		if cursor = next; cursor == "" || pages > 5 {
			break
		}
	}
	if got := strings.Join(seen, " "); got != "job4 job3 job2 job1 job0" {
		t.Errorf("listed %s", got)
	}
	if _, _, err := o.Town.Store.Jobs(t.Context(), "bm9uc2Vuc2U", 2); refusal.Code(err) != "invalid_input" {
		t.Errorf("another cursor: %v", err)
	}
}

func TestAJobIsSeenByWhoCouldHaveAskedForIt(t *testing.T) {
	t.Parallel()
	agent := func(role collectivity.Role, activities, schools []string) collectivity.Agent {
		return collectivity.Agent{Role: role, Activities: activities, Schools: schools}
	}
	one, two := []string{"a"}, []string{"a", "b"}
	for _, c := range []struct {
		says  string
		role  collectivity.Role
		scope store.Scope
		agent collectivity.Agent
		want  bool
	}{
		{"a manager sees a manager's", collectivity.Manager, store.Scope{}, agent(collectivity.Manager, nil, nil), true},
		{"a reviewer does not", collectivity.Manager, store.Scope{}, agent(collectivity.Reviewer, nil, nil), false},
		{"a reader does not", collectivity.Manager, store.Scope{}, agent(collectivity.Reader, nil, nil), false},
		{"a manager sees a reader's", collectivity.Reader, store.Scope{}, agent(collectivity.Manager, nil, nil), true},
		{"who has one activity does not see what is of the whole town", collectivity.Manager, store.Scope{}, agent(collectivity.Manager, one, nil), false},
		{"nor does who has one school", collectivity.Manager, store.Scope{}, agent(collectivity.Manager, nil, one), false},
		{"who has one activity sees what is of it", collectivity.Manager, store.Scope{Activities: one}, agent(collectivity.Manager, one, nil), true},
		{"and of two does not, if they have one", collectivity.Manager, store.Scope{Activities: two}, agent(collectivity.Manager, one, nil), false},
		{"but does, if they have both", collectivity.Manager, store.Scope{Activities: one}, agent(collectivity.Manager, two, nil), true},
		{"who has one school sees what is of it", collectivity.Manager, store.Scope{Schools: one}, agent(collectivity.Manager, nil, one), true},
		{"and of an activity in every school does not", collectivity.Manager, store.Scope{Activities: one}, agent(collectivity.Manager, nil, one), false},
		{"nor of that activity in every school, with the activity", collectivity.Manager, store.Scope{Activities: one}, agent(collectivity.Manager, one, one), false},
		{"who has everything sees what is of one activity", collectivity.Manager, store.Scope{Activities: one, Schools: one}, agent(collectivity.Manager, nil, nil), true},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := (store.Job{Role: c.role, Scope: c.scope}).ShownTo(c.agent); got != c.want {
				t.Errorf("shown: %v", got)
			}
		})
	}
}

func TestAJobHasItsAgentsScope(t *testing.T) {
	t.Parallel()
	o := opened(t)
	scoped := o.agent(o.Scoped(collectivity.Manager, "cantine"))
	j, err := scoped.AddJob(t.Context(), job("a"))
	if check(t, err); len(j.Scope.Activities) != 1 || j.Scope.Activities[0] != "cantine" || j.By != scoped.Account.ID {
		t.Errorf("added %+v", j)
	}
	if got := o.read("a"); !got.ShownTo(scoped.Agent) || !got.ShownTo(o.right.Agent) || got.ShownTo(collectivity.Agent{Role: collectivity.Manager, Activities: []string{"mercredi"}}) {
		t.Errorf("kept as %+v", got)
	}
}

func TestThatAnAgentFetchesWhatAJobMadeIsAuditedOnce(t *testing.T) {
	t.Parallel()
	o := opened(t)
	o.add(job("a"))
	other := o.agent(o.Agent(collectivity.Manager))
	for _, right := range []store.AgentRight{o.right, other, o.right, other} {
		check(t, right.Fetched(t.Context(), o.read("a"), town.Now))
	}
	stale := job("a")
	check(t, other.Fetched(t.Context(), stale, town.Now)) // read before they fetched it first
	got := o.Audited()
	if slices.Sort(got); strings.Join(got, "; ") != "add-job job a letters, school verne; show-job job a letters; show-job job a letters" {
		t.Errorf("audited %q", got)
	}
}

// TestAJobIsKeptThoughAnswersAreLost: the SDK repeats a write whose answer it did not get, and meets its own work.
func TestAJobIsKeptThoughAnswersAreLost(t *testing.T) {
	t.Parallel()
	var lose atomic.Bool
	table := testkit.OwnTable(t)
	var o office
	testkit.Within(t, table, func() { o.Town = town.New(t) })
	o.right = o.agent(o.Agent(collectivity.Manager))
	o.add(job("a"))
	table["AWS_ENDPOINT_URL_DYNAMODB"] = testkit.Losing(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) bool {
		return operation == "UpdateItem" && lose.CompareAndSwap(true, false)
	})
	var there store.DueJob
	testkit.Within(t, table, func() {
		due, _, err := store.Open().DueJobs(t.Context(), town.Now, "")
		check(t, err)
		there = due[0]
	})
	lose.Store(true)
	j, ok, err := there.Town.ClaimJob(t.Context(), "a", town.Now)
	if err != nil || !ok || lose.Load() {
		t.Fatalf("claimed %v, %v", ok, err)
	}
	j.Done = 1
	for _, write := range []func() error{
		func() error { return there.Town.Progress(t.Context(), &j, town.Now.Add(time.Second)) },
		func() error { return there.Town.EndJob(t.Context(), j, town.Now.Add(time.Second)) },
	} {
		lose.Store(true)
		if err := write(); err != nil || lose.Load() {
			t.Errorf("%v", err)
		}
	}
	if got := o.read("a"); got.State != store.JobDone || got.Done != 1 {
		t.Errorf("the job is %+v", got)
	}
}
