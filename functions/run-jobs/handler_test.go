package main

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/seed"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/id"
	"preau/shared/importing"
	"preau/shared/refusal"
	"preau/shared/sheet"
	"preau/shared/store"
)

// TestTheJobsAreDoneWithTheFunctionsRights is not parallel: it changes whose key this process uses. It works on the stack's own
// table, which the rights are for; a platform that runs there may be faster.
func TestTheJobsAreDoneWithTheFunctionsRights(t *testing.T) {
	d := desk{t: t, Town: town.NewNow(t), table: map[string]string{}, clock: new(calendar.Now()), out: &lines{}}
	d.right = d.Right(d.Agent(collectivity.Manager))
	d.home("Martin", "1 rue", child("Léa", "", ""))
	jobs := []string{d.ask(store.JobCodes, map[string]string{"codes": "all"})}
	for what := range lists {
		for _, format := range []string{"csv", "xlsx"} {
			jobs = append(jobs, d.ask(store.JobList, map[string]string{"list": what, "format": format, "from": "2026-11-01", "to": "2026-12-31"}))
		}
	}
	d.app = d.wire()
	sent := d.send(importing.Families, separated)
	missing, err := d.right.AddImport(t.Context(), store.Import{ID: "missing", Of: importing.Families, CreatedAt: *d.clock})
	must(t, err)
	var imports []string
	for _, i := range []store.Import{sent, missing} {
		i.State = store.ImportChecking
		j, err := d.right.StartImport(t.Context(), i, i.Task(id.New(*d.clock), store.JobCheckImport, "x", *d.clock))
		must(t, err)
		imports = append(imports, j.ID)
	}
	must(t, d.Town.Store.SaveSchool(t.Context(), collectivity.School{ID: "verne", Name: "Jules-Verne", Classes: []collectivity.Class{{ID: "cm2", Name: "CM2"}}}))
	d.home("Petit", "", seed.Child{FirstName: "Max", LastName: "Petit", School: "Jules-Verne", Level: "CM2"}, pupil("Ida", "2010-05-04", "Jules-Verne", "CM2", "CM1"))
	_, err = d.right.AddRollover(t.Context(), store.Rollover{}, 2026, store.Job{
		ID: "rollover", Kind: store.JobRollover, CreatedAt: *d.clock, About: map[string]string{"choices": `{"Year": 2026, "Activities": [{"Activity": "cantine"}]}`},
	})
	must(t, err)
	jobs = append(jobs, "rollover", id.Derived("leavers", "rollover"))
	town.Rights(t, "run-jobs")
	d.app = d.wire()
	right, err := d.store.AgentOf(t.Context(), account.CallerOf(d.right.Account.User, true), d.Slug, collectivity.Manager)
	must(t, err)
	if _, _, err := d.store.DueJobs(t.Context(), *d.clock, ""); err != nil {
		t.Error(err)
	}
	ended := func(id string) {
		if _, err := d.work(t.Context(), store.DueJob{Town: right.Store, ID: id}); err != nil {
			t.Error(err)
		}
		for j := d.job(id); !j.Over() && t.Context().Err() == nil; j = d.job(id) {
			time.Sleep(100 * time.Millisecond) // the platform has it
		}
	}
	ended(imports[0])
	ended(imports[1])
	if i := d.imported("missing"); i.Code != "file_missing" {
		t.Errorf("without its file it is %+v", i)
	}
	for _, step := range []struct {
		state, want store.ImportState
		kind        string
	}{{store.ImportApplying, store.ImportApplied, store.JobApplyImport}, {store.ImportUndoing, store.ImportUndone, store.JobUndoImport}} {
		i := d.imported(sent.ID)
		i.State = step.state
		j, err := right.StartImport(t.Context(), i, i.Task(id.New(*d.clock), step.kind, "x", *d.clock))
		must(t, err)
		ended(j.ID)
		if i = d.imported(sent.ID); i.State != step.want {
			t.Errorf("the import is %+v: %s", i, d.out.String())
		}
	}
	for _, id := range jobs {
		if _, err := d.work(t.Context(), store.DueJob{Town: right.Store, ID: id}); err != nil {
			t.Error(err)
		}
		for j := d.job(id); j.State != store.JobDone; j = d.job(id) {
			if j.State == store.JobFailed || t.Context().Err() != nil {
				t.Fatalf("the job is %+v: %s", j, d.out.String())
			}
			time.Sleep(100 * time.Millisecond) // the platform has it
		}
	}
}

func TestAJobOfASuspendedTownWaits(t *testing.T) {
	t.Parallel()
	d := opened(t)
	id := d.ask(store.JobList, map[string]string{"list": "families", "format": "csv"})
	d.Settings(func(s *collectivity.Settings) { s.Suspended = true })
	if d.run(); d.job(id).State != store.JobWaiting {
		t.Errorf("the job is %+v", d.job(id))
	}
	d.Settings(func(s *collectivity.Settings) { s.Suspended = false })
	d.done(id)
}

func TestAJobOfNoKindIsGivenUp(t *testing.T) {
	t.Parallel()
	d := opened(t)
	id := d.ask("unheard-of", nil)
	for range 6 {
		_ = d.tick() // fails each time
		d.later(3 * time.Minute)
	}
	if j := d.job(id); j.State != store.JobFailed || j.Code != "job_stuck" || !strings.Contains(d.out.String(), "nobody does jobs of kind") {
		t.Errorf("the job is %+v: %s", j, d.out.String())
	}
}

func TestAFaultLeavesAJobToALaterTick(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.home("Martin", "1 rue")
	id := d.ask(store.JobCodes, map[string]string{"codes": "all"})
	var down atomic.Bool
	down.Store(true)
	broken := d.within(map[string]string{"AWS_ENDPOINT_URL_S3": testkit.Front(t, testkit.Stack(t).S3, func(string, []byte) string {
		if down.Load() {
			return "AccessDenied"
		}
		return ""
	})})
	if err := broken.tick(); err == nil || d.job(id).State != store.JobRunning {
		t.Errorf("%v, the job is %+v", err, d.job(id))
	}
	down.Store(false)
	if broken.run(); d.job(id).State != store.JobRunning {
		t.Errorf("before its lease is over the job is %+v", d.job(id))
	}
	d.later(3 * time.Minute)
	broken.done(id)
}

func TestAJobIsGivenBackWhenTimeIsOut(t *testing.T) {
	t.Parallel()
	d := opened(t)
	homes := map[string]town.Home{}
	for _, name := range []string{"Aubry", "Blanc"} {
		homes[name] = d.home(name, "1 rue")
	}
	d.volume = 1
	id := d.ask(store.JobCodes, map[string]string{"codes": "all"})
	short, cancel := context.WithTimeout(t.Context(), reserve-time.Second)
	defer cancel()
	for n := range 5 { // the codes, and a volume at a time
		due, _, err := d.Env.Store.DueJobs(t.Context(), *d.clock, "")
		must(t, err)
		if len(due) != 1 {
			t.Fatalf("%d jobs are due", len(due))
		}
		if done, err := d.work(short, due[0]); done || err != nil {
			t.Errorf("run %d: %v, %v", n, done, err)
		}
		if j := d.job(id); j.State != store.JobRunning || j.Lease != "" || len(j.Files) != n {
			t.Errorf("run %d: the job is %+v", n, j)
		}
	}
	d.standing(d.done(id), homes)
}

func TestAListWaitsForATickThatHasTimeForAllOfIt(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.home("Aubry", "1 rue")
	id := d.ask(store.JobList, map[string]string{"list": "families", "format": "csv"})
	short, cancel := context.WithTimeout(t.Context(), least)
	defer cancel()
	due, _, err := d.Env.Store.DueJobs(t.Context(), *d.clock, "")
	must(t, err)
	if done, err := d.work(short, due[0]); done || err != nil || d.job(id).State != store.JobRunning || d.job(id).Lease != "" {
		t.Errorf("%v, %v, the job is %+v", done, err, d.job(id))
	}
	d.done(id)
}

func TestAListThatATickIsTooShortForIsRefused(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.home("Aubry", "1 rue")
	id := d.ask(store.JobList, map[string]string{"list": "families", "format": "csv"})
	j, ok, err := d.Town.Store.ClaimJob(t.Context(), id, *d.clock)
	if must(t, err); !ok {
		t.Fatal("the job can not be had")
	}
	short, cancel := context.WithTimeout(t.Context(), reserve-time.Second)
	defer cancel()
	l := listing{task: &task{app: d.app, Job: j, due: store.DueJob{Town: d.Town.Store, ID: id}, town: d.Town.Store}, right: d.right}
	if n, err := l.write(short, func([]sheet.Cell) error { return nil }, lists["families"]); err != errListLong || n != 2 {
		t.Errorf("%d rows, %v", n, err)
	}
	for _, no := range []*refusal.Refusal{errListLong, errBookLong} {
		if !strings.HasPrefix(no.Detail, "Cette liste") || no.Kind == refusal.Busy {
			t.Errorf("%+v is no reason for a job to have failed", no)
		}
	}
}

// Kinds of job that only tests ask for.
func init() {
	kinds["refuses"] = func(context.Context, *task) error {
		return fmt.Errorf("half-way: %w", refusal.New(refusal.Invalid, "file_broken", "Ce fichier est abîmé."))
	}
	kinds["busy"] = func(context.Context, *task) error { return store.ErrBusy }
	kinds["panics"] = func(context.Context, *task) error { panic("broken") }
}

func TestARefusalIsWhyAJobHasFailed(t *testing.T) {
	t.Parallel()
	d := opened(t)
	id := d.ask("refuses", nil)
	d.run()
	if j := d.job(id); j.State != store.JobFailed || j.Code != "file_broken" || j.Detail != "Ce fichier est abîmé." || !j.EndedAt.Equal(*d.clock) {
		t.Errorf("the job is %+v", j)
	}
}

func TestAFaultIsNoReasonToFail(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"busy", "panics"} {
		d := opened(t)
		id := d.ask(kind, nil)
		if err := d.tick(); err == nil || d.job(id).State != store.JobRunning {
			t.Errorf("%s: %v, the job is %+v", kind, err, d.job(id))
		}
	}
}

// TestALongJobKeepsNoOtherWaiting: while one tick works on a job, the next tick takes the other.
func TestALongJobKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.home("Aubry", "1 rue")
	long := d.ask(store.JobList, map[string]string{"list": "families", "format": "csv"})
	d.later(time.Second)
	other := d.ask(store.JobList, map[string]string{"list": "children", "format": "csv"})
	var once atomic.Bool
	slow := d.within(map[string]string{"AWS_ENDPOINT_URL_S3": testkit.Front(t, testkit.Stack(t).S3, func(operation string, _ []byte) string {
		if once.CompareAndSwap(false, true) {
			d.done(other)
			if j := d.job(long); j.State != store.JobRunning {
				t.Errorf("meanwhile the first is %+v", j)
			}
		}
		return ""
	})})
	slow.done(long)
}

// suspending is the desk at work while its town is suspended as the nth write of a job arrives: the first is its claim.
func (d desk) suspending(nth int32) desk {
	d.t.Helper()
	var writes atomic.Int32
	return d.within(map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": testkit.Front(d.t, testkit.Stack(d.t).DynamoDB, func(operation string, body []byte) string {
		if operation == "UpdateItem" && strings.Contains(string(body), "#JOBS") && writes.Add(1) == nth {
			d.suspend(true)
		}
		return ""
	})})
}

func (d desk) suspend(suspended bool) {
	_, err := d.Town.Env.Store.Govern(d.t.Context(), d.Slug, "suspend", *d.clock, func(s *collectivity.Settings) { s.Suspended = suspended })
	must(d.t, err)
}

func TestATownThatIsSuspendedAsItsJobIsClaimedIsLeftAlone(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.NewHome("Léa")
	id := d.ask(store.JobList, map[string]string{"list": "children", "format": "csv"})
	d.suspending(1).run()
	if j := d.job(id); j.Lease != "" || j.Over() || len(j.Files) != 0 {
		t.Errorf("the job is %+v", j)
	}
	d.suspend(false)
	d.done(id)
}

func TestATownThatIsSuspendedDuringAJobIsLeftAloneAfterTheStep(t *testing.T) {
	t.Parallel()
	d := opened(t)
	var file strings.Builder
	file.WriteString(families)
	for n := range plannedAtOnce + 5 {
		fmt.Fprintf(&file, "%d;Morel%[1]d;Claire;Mère;;;;;;;;Morel%[1]d;Léa;04/05/2018;;\n", n)
	}
	i := d.bring(importing.Families, file.String())
	i.State = store.ImportApplying
	j, err := d.right.StartImport(t.Context(), i, i.Task("apply", store.JobApplyImport, "Import", *d.clock))
	must(t, err)
	d.suspending(2).run()
	if j = d.job(j.ID); j.Lease != "" || j.Over() || len(d.families()) != plannedAtOnce {
		t.Errorf("there are %d families, the job is %+v", len(d.families()), j)
	}
	d.suspend(false)
	d.done(j.ID)
	if len(d.families()) != plannedAtOnce+5 {
		t.Errorf("there are %d families in the end", len(d.families()))
	}
}
