package faults_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/invariants"
)

// workers are the functions that go through what is left in the table, by a schedule. Those that also need the pool or SES
// work on other things; the night's recount would mend what is to be found.
func workers() (names []string) {
	for _, f := range catalog.Functions {
		if f.Trigger.Every > 0 && f.Trigger.Every < 12*time.Hour && len(f.Pool) == 0 && !f.Mail {
			names = append(names, f.Name)
		}
	}
	return names
}

func tick(t testing.TB, worker string) []byte {
	t.Helper()
	event, err := os.ReadFile(filepath.Join("..", "..", "events", worker+".json"))
	must(t, err)
	return event
}

// patience is how many times the schedules may come until nothing of a town is due.
const patience = 5

// finish lets time pass and the workers come until nothing waits for them. What is written then must be sound, in the whole
// town.
func (h *home) finish(says string) invariants.Tenant {
	t := h.T
	t.Helper()
	written := h.Written()
	for n := 0; len(written.Due()) > 0; n++ {
		if n == patience {
			t.Fatalf("%s: after %d times the workers still have to do with %v", says, patience, written.Due())
		}
		h.later(written.Due())
		for _, name := range workers() {
			h.call(t, name, tick(t, name))
		}
		written = h.Written()
	}
	for _, broken := range written.Broken() {
		t.Errorf("%s: %s", says, broken)
	}
	return written
}

type object = map[string]any

func textual(s string) object { return object{"S": s} }

const stamp = "2006-01-02T15:04:05.000Z" // as instants are written that keys sort by

// later lets an hour pass for items that wait for a worker: each instant on them that lies within it, the end of a lease or
// when they are due, moves to the past. Their processes are dead or done, so nobody holds what ends here; the functions' own
// clock is the machine's, and waiting for it would take a minute each time.
func (h *home) later(keys []invariants.Key) {
	t, now := h.T, time.Now().UTC()
	t.Helper()
	db, table := emulators.DynamoDB(testkit.Stack(t).DynamoDB), h.table[catalog.EnvTable]
	for _, k := range keys {
		key := object{"PK": textual(k.PK), "SK": textual(k.SK)}
		var is struct{ Item map[string]struct{ S string } }
		must(t, db.Call(t.Context(), "GetItem", object{"TableName": table, "ConsistentRead": true, "Key": key}, &is))
		names, sets := object{}, []string{}
		for name, v := range is.Item {
			if at, err := time.Parse(stamp, v.S); err == nil && at.After(now) && at.Before(now.Add(time.Hour)) {
				alias := "#a" + strconv.Itoa(len(sets))
				names[alias], sets = name, append(sets, alias+" = :past")
			}
		}
		if len(sets) == 0 {
			continue
		}
		must(t, db.Call(t.Context(), "UpdateItem", object{
			"TableName": table, "Key": key, "UpdateExpression": "SET " + strings.Join(sets, ", "), "ExpressionAttributeNames": names,
			"ExpressionAttributeValues": object{":past": textual(now.Add(-time.Second).Format(stamp))},
		}, nil))
	}
}

// mails tells the kinds of the mails that were written for the family. Nothing sends them here, so all still wait to be sent.
func (h *home) mails() (kinds []string) {
	t := h.T
	t.Helper()
	db, table := emulators.DynamoDB(testkit.Stack(t).DynamoDB), h.table[catalog.EnvTable]
	for shard := range 8 {
		var out struct {
			Items []map[string]struct{ S string }
		}
		must(t, db.Call(t.Context(), "Query", object{
			"TableName": table, "IndexName": "work", "KeyConditionExpression": "#w = :queue AND workAt >= :since",
			"ExpressionAttributeNames":  object{"#w": "work"},
			"ExpressionAttributeValues": object{":queue": textual("MAIL#" + strconv.Itoa(shard)), ":since": textual(h.Env.Now.Format(stamp))},
		}, &out))
		for _, i := range out.Items {
			kind, _, ours := strings.Cut(strings.TrimPrefix(i["PK"].S, "MAIL#"), "-"+h.ID)
			if ours && !strings.HasPrefix(kind, "subscribed") { // which making the family sent
				kinds = append(kinds, "mail "+kind)
			}
		}
	}
	if !slices.Contains(kinds, "mail request-received") {
		t.Fatal("the outbox is not where it was")
	}
	return kinds
}
