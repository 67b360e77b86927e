package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/seed"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/files/bucket"
	"preau/shared/id"
	"preau/shared/store"
)

// house is a family at a table of its own, and the use case that goes through it at night.
type house struct {
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

// opened makes a family of two parents of one household and the named children, enrolled nowhere; the first parent is subscribed.
func opened(t *testing.T, children ...string) (h house) {
	t.Helper()
	table := testkit.OwnTable(t)
	testkit.Within(t, table, func() { h = home(t, children...) })
	h.table = table
	return h
}

// home is opened in the table that the process's variables name.
func home(t *testing.T, children ...string) house {
	t.Helper()
	w := town.New(t)
	f := seed.Family{Name: "Martin", Guardians: []seed.Guardian{{Civility: "mme", FirstName: "Anne", LastName: "Martin", Household: "h"}, {Civility: "m", FirstName: "Balthazar", LastName: "Martin", Household: "h"}}}
	for _, name := range children {
		f.Children = append(f.Children, seed.Child{FirstName: name, LastName: "Martin", BirthDate: "2018-05-04"})
	}
	made, err := w.AddFamily(t.Context(), w.Store, f, nil)
	must(t, err)
	h := house{Home: town.Home{Town: w, MadeFamily: made, Account: w.Subscriber(made, 0)}, clock: new(town.Now), log: &lines{}}
	h.app = h.wire()
	h.table = map[string]string{catalog.EnvTable: os.Getenv(catalog.EnvTable)}
	return h
}

func (h house) wire() app {
	return app{store.Open(), bucket.Open(), slog.New(slog.NewTextHandler(h.log, nil)), func() time.Time { return *h.clock }}
}

// at has the family live on another day.
func (h house) at(d calendar.Date) house {
	w := *h.Town
	w.Env.Now, _ = d.At("09:00", time.UTC)
	h.Town = &w
	return h
}

// nightOf is an hour of the night that begins a day, on the town's clocks.
func nightOf(d calendar.Date) time.Time {
	at, err := d.At("01:30", time.UTC)
	if err != nil {
		panic(err)
	}
	return at
}

// run ticks with the sample event, and wants no failure.
func (h house) run(t *testing.T, now time.Time) {
	t.Helper()
	if err := h.tick(t, now); err != nil {
		t.Fatalf("%v: %s", err, h.log.String())
	}
}

func (h house) tick(t *testing.T, now time.Time) error {
	t.Helper()
	event, err := os.ReadFile("../../events/erase-expired.json")
	must(t, err)
	*h.clock = now
	return h.handle(t.Context(), event)
}

// gone is a member who left, as kept.
func (h house) gone(t *testing.T, id string) (family.Member, bool) {
	t.Helper()
	household, err := h.MadeFamily.Store.Household(t.Context())
	must(t, err)
	return household.Gone.Member(id)
}

// dump is the whole table, an item a line.
func (h house) dump(t *testing.T) string {
	t.Helper()
	var out struct{ Items []json.RawMessage }
	must(t, emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "Scan", map[string]any{"TableName": h.table[catalog.EnvTable]}, &out))
	var all strings.Builder
	for _, i := range out.Items {
		all.Write(i)
		all.WriteString("\n")
	}
	return all.String()
}

// partition lists the sort keys of a partition.
func (h house) partition(t *testing.T, pk string) (keys []string) {
	t.Helper()
	var out struct {
		Items []map[string]struct{ S string }
	}
	in := map[string]any{
		"TableName": h.table[catalog.EnvTable], "KeyConditionExpression": "PK = :pk", "ProjectionExpression": "SK",
		"ExpressionAttributeValues": map[string]any{":pk": map[string]string{"S": pk}},
	}
	must(t, emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "Query", in, &out))
	for _, i := range out.Items {
		keys = append(keys, i["SK"].S)
	}
	return keys
}

// due is the day for which the family is queued, or "".
func (h house) due(t *testing.T) string {
	t.Helper()
	var out struct{ Item map[string]map[string]any }
	in := map[string]any{"TableName": h.table[catalog.EnvTable], "Key": map[string]any{"PK": map[string]string{"S": "C#" + h.Slug + "#F#" + h.ID}, "SK": map[string]string{"S": "FILE"}}}
	must(t, emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "GetItem", in, &out))
	due, _ := out.Item["workAt"]["S"].(string)
	return due
}

// photo gives a child a photo as process-upload does, and answers its name.
func (h house) photo(t *testing.T, child string) string {
	t.Helper()
	f := h.MadeFamily.Store
	u := h.Announce(family.Upload{Purpose: family.PhotoUpload, About: child, Type: "image/jpeg"})
	name := f.FileName(u.ID, "")
	for _, key := range kept(h.Town.Store, map[string]string{name: "photo"}) {
		must(t, h.files.Put(t.Context(), key, "image/jpeg", strings.NewReader("a photo")))
	}
	household := h.Household()
	change, err := u.Made(household.File, f.ChangeID(id.New(h.Env.Now)), name, h.Env.Now)
	must(t, err)
	must(t, f.ApplyChange(t.Context(), household, change.Accept(), h.Account.ID))
	return name
}

// archives has the town sign an agreement.
func (h house) archives(years int) { h.archive("2027-01-01", years) }

func (h house) archive(signed calendar.Date, years int) {
	h.Settings(func(s *collectivity.Settings) {
		s.Archive = collectivity.Archive{Reference: "AD35-12", SignedOn: signed, Years: years}
	})
}

// erasures are what the audit of a month has of erasures, ids left out: "child health.allergies".
func (h house) erasures(t *testing.T, month string) (all []string) {
	t.Helper()
	did, err := h.Town.Store.Audit(t.Context(), month)
	must(t, err)
	for _, a := range did {
		if a.Action == "erase-expired" {
			kind, _, _ := strings.Cut(a.About, " ")
			all = append(all, kind+" "+a.What)
		}
	}
	slices.Sort(all)
	return all
}

// holds fails the test unless a text holds, or does not hold, some others.
func holds(t *testing.T, says, text string, want bool, others ...string) {
	t.Helper()
	for _, o := range others {
		if strings.Contains(text, o) != want {
			t.Errorf("%s: %q is there: %v", says, o, !want)
			for line := range strings.SplitSeq(text, "\n") {
				if !want && strings.Contains(line, o) {
					fmt.Println(line)
				}
			}
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// onTable makes what else a test needs in the house's table.
func (h house) onTable(t *testing.T, do func()) {
	t.Helper()
	testkit.Within(t, h.table, do)
}
