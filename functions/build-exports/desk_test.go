package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/family"
	"preau/shared/files/bucket"
	"preau/shared/id"
	"preau/shared/keys"
	"preau/shared/store"
)

// desk is the use case at work on a table of its own: nobody else builds its exports.
type desk struct {
	app
	town.Home
	table map[string]string // environment that names it
	clock *time.Time
	log   *lines
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

// opened makes a family of one household with the named children, whose first parent is subscribed.
func opened(t *testing.T, children ...string) desk {
	t.Helper()
	return openedAs(t, func() town.Home { return town.NewHome(t, children...) })
}

// separated is opened for two parents who do not live together.
func separated(t *testing.T, children ...string) desk {
	t.Helper()
	return openedAs(t, func() town.Home {
		w := town.New(t)
		made := w.Separated(children...)
		return town.Home{Town: w, MadeFamily: made, Account: w.Subscriber(made, 0)}
	})
}

func openedAs(t *testing.T, home func() town.Home) desk {
	t.Helper()
	d := desk{table: testkit.OwnTable(t), clock: new(town.Now), log: &lines{}}
	testkit.Within(t, d.table, func() {
		d.Home = home()
		d.app = d.wire()
	})
	return d
}

func (d desk) wire() app {
	return app{store.Open().Sealing(keys.Vault()), bucket.Open(), slog.New(slog.NewJSONHandler(d.log, nil)), func() time.Time { return *d.clock }}
}

// within is the use case whose services are others.
func (d desk) within(t *testing.T, variables map[string]string) desk {
	t.Helper()
	all := maps.Clone(d.table)
	maps.Copy(all, variables)
	testkit.Within(t, all, func() { d.app = d.wire() })
	return d
}

// ask has the account's export put together.
func (d desk) ask(t *testing.T, a account.Account) store.Export {
	t.Helper()
	before, err := d.Env.Store.Export(t.Context(), a.ID)
	must(t, err)
	e, err := d.Env.Store.AskExport(t.Context(), a.ID, before, *d.clock)
	must(t, err)
	return e
}

// tick runs the use case with its sample event.
func (d desk) tick(t *testing.T) error {
	t.Helper()
	event, err := os.ReadFile("../../events/build-exports.json")
	must(t, err)
	return d.handle(t.Context(), event)
}

func (d desk) run(t *testing.T) {
	t.Helper()
	if err := d.tick(t); err != nil {
		t.Fatalf("%v: %s", err, d.log.String())
	}
}

// state is how the account's export is kept.
func (d desk) state(t *testing.T, a account.Account) store.Export {
	t.Helper()
	e, err := d.Env.Store.Export(t.Context(), a.ID)
	must(t, err)
	return e
}

// files are what a ZIP holds, by name.
type files map[string]string

// exported asks, ticks and opens what there is then.
func (d desk) exported(t *testing.T, a account.Account) files {
	t.Helper()
	d.ask(t, a)
	d.run(t)
	return d.open(t, a)
}

func (d desk) open(t *testing.T, a account.Account) files {
	t.Helper()
	e := d.state(t, a)
	if !e.Ready(*d.clock) {
		t.Fatalf("the export is %+v: %s", e, d.log.String())
	}
	f, err := bucket.Open().Get(t.Context(), e.File(a.ID), 1<<30)
	must(t, err)
	if f.Type != "application/zip" {
		t.Errorf("it is %s", f.Type)
	}
	z, err := zip.NewReader(bytes.NewReader(f.Content), f.Length)
	must(t, err)
	all := files{}
	for _, entry := range z.File {
		r, err := entry.Open()
		must(t, err)
		content, err := io.ReadAll(r)
		must(t, err)
		all[entry.Name] = string(content)
	}
	return all
}

// names lists the files, sorted.
func (f files) names() []string { return slices.Sorted(maps.Keys(f)) }

// all is everything in one text.
func (f files) all() string {
	var b strings.Builder
	for _, name := range f.names() {
		b.WriteString(f[name])
	}
	return b.String()
}

// read decodes a file by the end of its name.
func (f files) read(t *testing.T, name string, into any) {
	t.Helper()
	for _, full := range f.names() {
		if strings.HasSuffix(full, name) {
			must(t, json.Unmarshal([]byte(f[full]), into))
			return
		}
	}
	t.Fatalf("no %s among %q", name, f.names())
}

// photo gives a child a photo as process-upload does.
func (d desk) photo(t *testing.T, child, content string) {
	t.Helper()
	f := d.MadeFamily.Store
	u := d.Announce(family.Upload{Purpose: family.PhotoUpload, About: child, Type: "image/jpeg"})
	name := f.FileName(u.ID, "")
	must(t, bucket.Open().Put(t.Context(), f.KeptFile(name+"-640.jpg"), "image/jpeg", strings.NewReader(content)))
	household := d.Household()
	change, err := u.Made(household.File, f.ChangeID(id.New(d.Env.Now)), name, d.Env.Now)
	must(t, err)
	must(t, f.ApplyChange(t.Context(), household, change.Accept(), d.Account.ID))
}

// closedByHand closes the account in its item alone.
func (d desk) closedByHand(t *testing.T) {
	t.Helper()
	text := func(s string) map[string]string { return map[string]string{"S": s} }
	must(t, emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "UpdateItem", map[string]any{
		"TableName": d.table[catalog.EnvTable], "Key": map[string]any{"PK": text("ACCOUNT#" + d.Account.ID), "SK": text("ACCOUNT")},
		"UpdateExpression": "SET Closed = :yes", "ExpressionAttributeValues": map[string]any{":yes": map[string]bool{"BOOL": true}},
	}, nil))
}

// as is the same desk with another guardian's account.
func (d desk) as(a account.Account) desk {
	d.Account = a
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
