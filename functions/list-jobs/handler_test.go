package main

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/store"
)

// at is the use case at an instant.
func at(now time.Time) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), func() time.Time { return now }}.handle)
}

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "list-jobs", map[string]string{"slug": w.Slug}), agent)
}

// job adds a job that an agent could ask for with a role.
func job(w *town.Town, agent account.Account, role collectivity.Role, title string, when time.Time) store.Job {
	w.T.Helper()
	j, err := w.Right(agent).AddJob(w.T.Context(), store.Job{ID: id.Derived(title), Kind: "waits", Role: role, Title: title, CreatedAt: when})
	must(w.T, err)
	return j
}

// over ends a job with a file, as run-jobs does.
func over(w *town.Town, j store.Job, now time.Time) {
	w.T.Helper()
	claimed, ok, err := w.Store.ClaimJob(w.T.Context(), j.ID, now)
	if must(w.T, err); !ok {
		w.T.Fatal("the job can not be had")
	}
	claimed.Done, claimed.Total, claimed.Files = 3, 3, []store.JobFile{{Key: "exports/towns/x", Name: "Liste.csv", Type: "text/csv", Count: 3}}
	must(w.T, w.Store.EndJob(w.T.Context(), claimed, now))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func titles(jobs []api.Job) (all []string) {
	for _, j := range jobs {
		all = append(all, j.Title)
	}
	return all
}

func TestJobsComeNewestFirstPageByPage(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	var want []string
	for n := range page + 2 {
		title := fmt.Sprint("Travail ", n)
		job(w, manager, collectivity.Manager, title, town.Now.Add(time.Duration(n)*time.Second))
		want = append([]string{title}, want...)
	}
	first := town.Read[api.List[api.Job]](t, at(town.Now), event(w, manager), 200)
	if got := titles(first.Items); !slices.Equal(got, want[:page]) || first.Cursor == "" {
		t.Errorf("the first page: %q, cursor %q", got, first.Cursor)
	}
	second := town.Read[api.List[api.Job]](t, at(town.Now), town.Query(event(w, manager), "cursor="+first.Cursor), 200)
	if got := titles(second.Items); !slices.Equal(got, want[page:]) || second.Cursor != "" {
		t.Errorf("the second page: %q, cursor %q", got, second.Cursor)
	}
	town.Refused(t, town.Send(t, at(town.Now), town.Query(event(w, manager), "cursor=x")), 400, "invalid_input", "cursor cursor_invalid")
}

func TestAJobIsListedAsFarAsItIs(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	over(w, job(w, manager, collectivity.Manager, "Fini", time.Now().Add(time.Hour)), town.Now) // not due, so that no worker of a platform takes it
	for says, c := range map[string]struct {
		after time.Duration
		files int
	}{"at once": {time.Minute, 1}, "six days later": {6*24*time.Hour - time.Minute, 1}, "after a week": {7 * 24 * time.Hour, 0}} { // whose end is told, so that they are not taken for none
		got := town.Read[api.List[api.Job]](t, at(town.Now.Add(c.after)), event(w, manager), 200).Items[0]
		if got.State != "done" || got.Done != 3 || got.Total != 3 || got.EndedAt != "2026-11-23T08:30:00Z" || got.Author != "Odile Test" || len(got.Files) != c.files || got.FilesEnd != "2026-11-29T08:30:00Z" {
			t.Errorf("%s: %+v", says, got)
		}
		for _, f := range got.Files {
			if f != (api.JobFile{Name: "Liste.csv", Type: "text/csv", Count: 3}) {
				t.Errorf("%s: the file is %+v", says, f)
			}
		}
	}
}

func TestAnAgentSeesTheJobsThatTheyCouldAskFor(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, scoped := w.Agent(collectivity.Manager), w.Scoped(collectivity.Manager, "cantine")
	job(w, manager, collectivity.Manager, "Ville", town.Now)
	job(w, scoped, collectivity.Manager, "Cantine", town.Now.Add(time.Second))
	job(w, manager, collectivity.Reader, "Pour tous", town.Now.Add(2*time.Second))
	for says, c := range map[string]struct {
		agent account.Account
		want  []string
	}{
		"a manager":                    {manager, []string{"Pour tous", "Cantine", "Ville"}},
		"a manager of an activity":     {scoped, []string{"Cantine"}},
		"a reviewer":                   {w.Agent(collectivity.Reviewer), []string{"Pour tous"}},
		"a manager of another":         {w.Scoped(collectivity.Manager, "mercredi"), nil},
		"a manager of that and others": {w.Scoped(collectivity.Manager, "mercredi", "cantine"), []string{"Cantine"}},
	} {
		if got := titles(town.Read[api.List[api.Job]](t, at(town.Now), event(w, c.agent), 200).Items); !slices.Equal(got, c.want) {
			t.Errorf("%s sees %q, want %q", says, got, c.want)
		}
	}
	town.Refused(t, town.Send(t, at(town.Now), event(w, town.New(t).Agent(collectivity.Manager))), 404, "collectivity_not_found")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	r := event(w, w.Agent(collectivity.Reader))
	town.Rights(t, "list-jobs")
	town.Read[api.List[api.Job]](t, handler(t.Context()), r, 200)
}
