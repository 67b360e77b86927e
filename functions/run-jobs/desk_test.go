package main

import (
	"bytes"
	"errors"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/infra/seed"
	"preau/infra/testkit"
	"preau/infra/testkit/paper"
	"preau/infra/testkit/town"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/files/bucket"
	"preau/shared/id"
	"preau/shared/keys"
	"preau/shared/refusal"
	"preau/shared/store"
)

// desk is the use case at work on a table of its own, for a town whose manager asks for jobs.
type desk struct {
	app
	*town.Town
	t     *testing.T
	right store.AgentRight
	table map[string]string // environment that names it
	clock *time.Time
	out   *lines
}

// lines are what was logged.
type lines struct {
	sync.Mutex
	bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.Write(p)
}

const portal = "https://portail.example"

func opened(t *testing.T) desk {
	t.Helper()
	d := desk{t: t, table: testkit.OwnTable(t), clock: new(town.Now), out: &lines{}}
	testkit.Within(t, d.table, func() {
		d.Town = town.New(t)
		d.app = d.wire()
	})
	d.right = d.Right(d.Agent(collectivity.Manager))
	return d
}

func (d desk) wire() app {
	return app{store.Open().Sealing(keys.Vault()), bucket.Open(), d.Secret, portal, 1000, slog.New(slog.NewTextHandler(d.out, nil)), func() time.Time { return *d.clock }}
}

// within is the use case whose services are others.
func (d desk) within(variables map[string]string) desk {
	d.t.Helper()
	all := maps.Clone(d.table)
	maps.Copy(all, variables)
	volume := d.volume
	testkit.Within(d.t, all, func() { d.app = d.wire() })
	d.volume = volume
	return d
}

// ask has a job done, and answers its id.
func (d desk) ask(kind string, about map[string]string) string {
	d.t.Helper()
	return d.askAs(d.right, kind, about)
}

func (d desk) askAs(right store.AgentRight, kind string, about map[string]string) string {
	d.t.Helper()
	j := store.Job{ID: id.New(*d.clock), Kind: kind, Role: collectivity.Manager, About: about, CreatedAt: *d.clock}
	_, err := right.AddJob(d.t.Context(), j)
	must(d.t, err)
	return j.ID
}

// tick runs the use case with its sample event.
func (d desk) tick() error {
	d.t.Helper()
	event, err := os.ReadFile("../../events/run-jobs.json")
	must(d.t, err)
	return d.handle(d.t.Context(), event)
}

// run ticks once, and fails the test if something else does.
func (d desk) run() {
	d.t.Helper()
	if err := d.tick(); err != nil {
		d.t.Fatalf("%v: %s", err, d.out.String())
	}
}

// done ticks, and reads a job that has to be done by then.
func (d desk) done(id string) store.Job {
	d.t.Helper()
	d.run()
	j := d.job(id)
	if j.State != store.JobDone {
		d.t.Fatalf("the job is %+v: %s", j, d.out.String())
	}
	return j
}

func (d desk) job(id string) store.Job {
	d.t.Helper()
	j, err := d.Town.Store.Job(d.t.Context(), id)
	must(d.t, err)
	return j
}

// later lets the clock go on.
func (d desk) later(by time.Duration) { *d.clock = d.clock.Add(by) }

// file is what a job made under a name that begins so; nil: nothing.
func (d desk) file(j store.Job, name string) []byte {
	d.t.Helper()
	i := slices.IndexFunc(j.Files, func(f store.JobFile) bool { return strings.HasPrefix(f.Name, name) })
	if i < 0 {
		return nil
	}
	f, err := d.files.Get(d.t.Context(), j.Files[i].Key, 1<<30)
	must(d.t, err)
	if f.Type != j.Files[i].Type {
		d.t.Errorf("%s is %s, the job says %s", name, f.Type, j.Files[i].Type)
	}
	return f.Content
}

// home is a family of two guardians, with an address or without.
func (d desk) home(name, street string, children ...seed.Child) town.Home {
	d.t.Helper()
	f := seed.Family{Name: name, Guardians: []seed.Guardian{{Civility: "mme", FirstName: "Anne", LastName: name, Household: "h"}, {Civility: "m", FirstName: "Paul", LastName: name, Household: "h"}}, Children: children}
	f.Fill = func(file *family.File, _ func() string) {
		for i := range file.Guardians {
			if street != "" {
				file.Guardians[i].Values["address"] = map[string]any{"street": street, "postcode": "35140", "city": "Saint-Aubin"}
			}
		}
	}
	made, err := d.AddFamily(d.t.Context(), d.Town.Store, f, d.Activities)
	must(d.t, err)
	return town.Home{Town: d.Town, MadeFamily: made}
}

func child(name, school, class string) seed.Child {
	return seed.Child{FirstName: name, LastName: "Martin", BirthDate: "2018-05-04", School: school, Class: class, Activities: []string{"cantine", "mercredi"}}
}

// guardian is how letters name a guardian of a family that home made.
func guardian(name string, n int) string { return []string{"Mme Anne ", "M. Paul "}[n] + name }

// letters are the codes that a file of letters brings, by the line above the address.
func letters(t testing.TB, content []byte) map[string]string {
	t.Helper()
	codes := map[string]string{}
	if content == nil {
		return codes
	}
	for _, page := range paper.Read(t, content) {
		code, to := "", ""
		for _, text := range page {
			if text.Size > 20 {
				code = text.Text
			}
			if text.X > 290 && text.Size == 10 && to == "" {
				to = text.Text
			}
		}
		if codes[to] != "" {
			t.Errorf("%s has two letters", to)
		}
		codes[to] = code
	}
	return codes
}

// opens says which guardian a code opens the file of, or why it does not.
func (d desk) opens(code string) string {
	d.t.Helper()
	c, err := d.Env.Store.TryCode(d.t.Context(), d.Secret.Code, code, "reader-"+code, *d.clock)
	var no *refusal.Refusal
	if errors.As(err, &no) {
		return no.Code
	}
	must(d.t, err)
	return c.Guardian
}

// open counts the codes of a family's guardian that open something.
func (d desk) open(h town.Home, n int) (open int) {
	d.t.Helper()
	for _, c := range d.Issued(h.MadeFamily) {
		if c.Code.Guardian == h.Guardians[n] && c.State(*d.clock) == store.CodeOpen {
			open++
		}
	}
	return open
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
