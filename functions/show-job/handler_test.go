package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/files"
	"preau/shared/files/bucket"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/refusal"
	"preau/shared/store"
)

// at is the use case at an instant.
func at(t *testing.T, now time.Time) (h httpapi.Handler) {
	testkit.Opening(t, func() { h = httpapi.SignedIn(app{store.Open(), files.Open(), func() time.Time { return now }}.handle) })
	return h
}

func event(w *town.Town, agent account.Account, job string) httpapi.Request {
	return town.As(town.Event(w.T, "show-job", map[string]string{"slug": w.Slug, "job": job}), agent)
}

// office is a town on a table of its own, where no worker of a platform takes its jobs.
type office struct {
	*town.Town
	manager account.Account
	handler func(now time.Time) httpapi.Handler
}

func opened(t *testing.T) (o office) {
	t.Helper()
	table := testkit.OwnTable(t)
	testkit.Within(t, table, func() { o.Town = town.New(t) })
	o.manager = o.Agent(collectivity.Manager)
	o.handler = func(now time.Time) (h httpapi.Handler) {
		testkit.Within(t, table, func() { h = at(t, now) })
		return h
	}
	return o
}

// job adds a job of an agent.
func (o office) job(agent account.Account) store.Job {
	o.T.Helper()
	j, err := o.Right(agent).AddJob(o.T.Context(), store.Job{ID: id.New(town.Now), Kind: store.JobCodes, Role: collectivity.Manager, Title: "Codes", CreatedAt: town.Now})
	must(o.T, err)
	return j
}

// claimed is a job that a process has.
func (o office) claimed(j store.Job) store.Job {
	o.T.Helper()
	j, ok, err := o.Town.Store.ClaimJob(o.T.Context(), j.ID, town.Now)
	if must(o.T, err); !ok {
		o.T.Fatal("the job can not be had")
	}
	return j
}

// over is a job that is done, with a file.
func (o office) over(j store.Job) store.Job {
	o.T.Helper()
	j = o.claimed(j)
	key := o.Town.Store.JobFolder(j.ID) + "courriers-1.pdf"
	must(o.T, bucket.Open().Put(o.T.Context(), key, "application/pdf", strings.NewReader("letters")))
	j.Files = []store.JobFile{{Key: key, Name: "Courriers à remettre.pdf", Type: "application/pdf", Count: 2}}
	must(o.T, o.Town.Store.EndJob(o.T.Context(), j, town.Now))
	return j
}

func (o office) show(agent account.Account, j store.Job, now time.Time) api.Job {
	o.T.Helper()
	return town.Read[api.Job](o.T, o.handler(now), event(o.Town, agent, j.ID), 200)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAJobIsShownAsFarAsItIs(t *testing.T) {
	t.Parallel()
	o := opened(t)
	j := o.job(o.manager)
	if got := o.show(o.manager, j, town.Now); got.State != "waiting" || got.Title != "Codes" || len(got.Files) > 0 || got.Files == nil {
		t.Errorf("asked for: %+v", got)
	}
	j = o.claimed(j)
	j.Done, j.Total = 5, 20
	must(t, o.Town.Store.Progress(t.Context(), &j, town.Now))
	if got := o.show(o.manager, j, town.Now); got.State != "running" || got.Done != 5 || got.Total != 20 {
		t.Errorf("in between: %+v", got)
	}
	no := refusal.New(refusal.TooLarge, "list_too_long", "Cette liste est trop longue.")
	must(t, o.Town.Store.FailJob(t.Context(), j, no, town.Now))
	if got := o.show(o.manager, j, town.Now); got.State != "failed" || got.Code != "list_too_long" || got.Detail != "Cette liste est trop longue." || len(got.Files) > 0 {
		t.Errorf("in the end: %+v", got)
	}
	if got := o.Audited(); len(got) != 1 {
		t.Errorf("audited %q", got)
	}
}

func TestWhatAJobMadeIsFetchedByALinkThatEnds(t *testing.T) {
	t.Parallel()
	o := opened(t)
	j := o.over(o.job(o.manager))
	now := time.Now().UTC()
	soon := o.handler(now)
	shown := town.Read[api.Job](t, soon, event(o.Town, o.manager, j.ID), 200)
	if len(shown.Files) == 0 { // the machine's clock is a week past the test's
		t.Skip("the job's files are past")
	}
	f := shown.Files[0]
	if f.Name != "Courriers à remettre.pdf" || f.Type != "application/pdf" || f.Count != 2 || f.Until != now.Add(5*time.Minute).Format(time.RFC3339) {
		t.Errorf("the file is %+v", f)
	}
	res, err := http.Get(f.URL)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	content, err := io.ReadAll(res.Body)
	must(t, err)
	if string(content) != "letters" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("got %d %q %v", res.StatusCode, content, res.Header)
	}
}

func TestTheFilesOfAJobAreGoneAWeekLater(t *testing.T) {
	t.Parallel()
	o := opened(t)
	j := o.over(o.job(o.manager))
	if got := o.show(o.manager, j, town.Now.Add(6*24*time.Hour)); len(got.Files) != 1 || got.Files[0].URL == "" {
		t.Errorf("six days later: %+v", got)
	}
	if got := o.show(o.manager, j, town.Now.Add(6*24*time.Hour+time.Second)); got.State != "done" || len(got.Files) > 0 {
		t.Errorf("later: %+v", got)
	}
}

func TestThatAnAgentGetsWhatAJobMadeIsAuditedOnce(t *testing.T) {
	t.Parallel()
	o := opened(t)
	j, other := o.over(o.job(o.manager)), o.Agent(collectivity.Manager)
	for _, agent := range []account.Account{o.manager, o.manager, other, other} {
		if got := o.show(agent, j, town.Now); len(got.Files) != 1 {
			t.Errorf("shown %+v", got)
		}
	}
	did, err := o.Town.Store.Audit(t.Context(), "2026-11")
	must(t, err)
	by := map[string]int{}
	for _, a := range did {
		if a.Action == "show-job" && a.About == "job "+j.ID && a.What == "codes" {
			by[a.By]++
		}
	}
	if len(by) != 2 || by[o.manager.ID] != 1 || by[other.ID] != 1 {
		t.Errorf("audited %v", by)
	}
}

func TestAnAgentFindsOnlyJobsThatTheyCouldAskFor(t *testing.T) {
	t.Parallel()
	o := opened(t)
	scoped := o.Scoped(collectivity.Manager, "cantine")
	ville, cantine := o.over(o.job(o.manager)), o.over(o.job(scoped))
	for _, c := range []struct {
		says  string
		agent account.Account
		job   string
		want  int
	}{
		{"a manager, of the town's", o.manager, ville.ID, 200},
		{"a manager, of a part's", o.manager, cantine.ID, 200},
		{"who asked for it", scoped, cantine.ID, 200},
		{"of an activity, of the town's", scoped, ville.ID, 404},
		{"of another activity", o.Scoped(collectivity.Manager, "mercredi"), cantine.ID, 404},
		{"a reviewer", o.Agent(collectivity.Reviewer), ville.ID, 404},
		{"a reader", o.Agent(collectivity.Reader), ville.ID, 404},
		{"nobody's", o.manager, "unknown", 404},
	} {
		reply := town.Send(t, o.handler(town.Now), event(o.Town, c.agent, c.job))
		if reply.StatusCode != c.want || c.want == 404 && (reply.Code() != "job_not_found" || reply.Body["files"] != nil) {
			t.Errorf("%s: %d %s", c.says, reply.StatusCode, reply.Code())
		}
	}
}

func TestAnotherTownsJobIsNotFound(t *testing.T) {
	t.Parallel()
	o, other := opened(t), town.New(t)
	j := o.over(o.job(o.manager))
	town.Refused(t, town.Send(t, at(t, town.Now), event(other, other.Agent(collectivity.Manager), j.ID)), 404, "job_not_found")
	town.Refused(t, town.Send(t, at(t, town.Now), event(other, town.New(t).Agent(collectivity.Manager), j.ID)), 404, "collectivity_not_found")
}

// TestItsOwnRightsAreEnough makes a job that is not due, which no worker of a platform takes.
func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	o := office{Town: w, manager: w.Agent(collectivity.Manager)}
	j, err := w.Right(o.manager).AddJob(t.Context(), store.Job{ID: id.New(town.Now), Role: collectivity.Manager, CreatedAt: time.Now().Add(time.Hour)})
	must(t, err)
	j = o.over(j)
	r := event(w, o.manager, j.ID)
	town.Rights(t, "show-job")
	if got := town.Read[api.Job](t, httpapi.SignedIn(app{store.Open(), files.Open(), town.Clock}.handle), r, 200); len(got.Files) != 1 {
		t.Errorf("shown %+v", got)
	}
}
