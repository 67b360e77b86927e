package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/keys"
	"preau/shared/mail"
	"preau/shared/store"
)

// office is the use case at work on a table of its own: nobody else sends its mails.
type office struct {
	app
	town.Home
	table   map[string]string // environment that names it
	log     *lines
	clock   *clock
	refused *atomic.Pointer[string] // SES rejects what goes to this address
}

// clock stands still until it is moved.
type clock struct{ atomic.Pointer[time.Time] }

func (c *clock) now() time.Time  { return *c.Load() }
func (c *clock) set(t time.Time) { c.Store(&t) }

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

func (l *lines) count(s string) int {
	l.Lock()
	defer l.Unlock()
	return strings.Count(l.String(), s)
}

// opened makes a town with a family whose first guardian is subscribed, and the use case in front of it.
func opened(t *testing.T) office {
	t.Helper()
	r := testkit.Stack(t)
	o := office{clock: &clock{}, log: &lines{}, refused: &atomic.Pointer[string]{}}
	o.clock.set(town.Now)
	ses := testkit.Front(t, r.SES, func(_ string, body []byte) string {
		if to := o.refused.Load(); to != nil && bytes.Contains(body, []byte(*to)) {
			return "MessageRejected"
		}
		return ""
	})
	o.table = testkit.OwnTable(t)
	o.table["AWS_ENDPOINT_URL_SESV2"] = ses
	testkit.Within(t, o.table, func() {
		o.Home = town.NewHome(t, "Léa", "Noé")
		o.app = o.wire(r.Portal)
	})
	return o
}

func (o office) wire(portal string) app {
	return app{store.Open().Sealing(keys.Vault()), o.Secret, mail.Open(), portal, slog.New(slog.NewJSONHandler(o.log, nil)), o.clock.now}
}

// account reads the subscriber's account as it is now.
func (o office) account(t *testing.T) account.Account {
	t.Helper()
	a, ok, err := o.app.store.Account(t.Context(), o.Account.ID)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	return a
}

// reject has SES refuse what goes to an address; "" ends it.
func (o office) reject(address string) {
	o.refused.Store(&address)
	if address == "" {
		o.refused.Store(nil)
	}
}

// sample is events/send-mail.json.
func sample(t *testing.T) []byte {
	t.Helper()
	raw, err := os.ReadFile("../../events/send-mail.json")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// batch is the sample with a record for each mail.
func batch(t *testing.T, ids ...string) json.RawMessage {
	t.Helper()
	var e struct{ Records []map[string]any }
	if err := json.Unmarshal(sample(t), &e); err != nil {
		t.Fatal(err)
	}
	one, err := json.Marshal(e.Records[0])
	if err != nil {
		t.Fatal(err)
	}
	var records []json.RawMessage
	for _, id := range ids {
		text := strings.ReplaceAll(string(one), "activation-01kaqx2v60zq6m1r8s3d4e5f7g-0", id)
		records = append(records, json.RawMessage(strings.Replace(text, "13021600000000001596893679", "at-"+id, 1)))
	}
	raw, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// send runs the use case and wants nothing to be asked for again.
func (o office) send(t *testing.T, event json.RawMessage) {
	t.Helper()
	out, err := o.handle(t.Context(), event)
	if err != nil || len(out.BatchItemFailures) > 0 {
		t.Fatalf("answered %+v, %v", out, err)
	}
}

var tick = json.RawMessage(`{"source":"aws.events","detail-type":"Scheduled Event","detail":{}}`)

// signUp makes a sign-up whose first link is to be mailed.
func (o office) signUp(t *testing.T, id, email string) account.Attempt {
	t.Helper()
	a := account.Attempt{
		ID: id, User: id + ".1", Email: email, Collectivity: o.Slug, CreatedAt: o.clock.now(),
		Person: account.Person{FirstName: "Zéphyrine", LastName: "Durand"},
	}
	must(t, o.app.store.AddAttempt(t.Context(), o.Secret.Address(email), a))
	must(t, o.app.store.ReadyAttempt(t.Context(), o.Secret.Address(email), a, o.clock.now()))
	a.Links = []time.Time{o.clock.now()}
	return a
}

// item is an outbox item as it lies in the table.
type item map[string]map[string]any

func (i item) text(name string) string { s, _ := i[name]["S"].(string); return s }

// outbox reads the raw item of a mail.
func (o office) outbox(t *testing.T, id string) item {
	t.Helper()
	var out struct{ Item item }
	in := map[string]any{"TableName": o.table[catalog.EnvTable], "Key": map[string]any{"PK": map[string]string{"S": "MAIL#" + id}, "SK": map[string]string{"S": "MAIL"}}}
	must(t, emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "GetItem", in, &out))
	if out.Item == nil {
		t.Fatalf("no mail %s", id)
	}
	return out.Item
}

// everything is the whole table as JSON.
func (o office) everything(t *testing.T) (all, mails string) {
	t.Helper()
	var out struct{ Items []json.RawMessage }
	must(t, emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), "Scan", map[string]string{"TableName": o.table[catalog.EnvTable]}, &out))
	for _, i := range out.Items {
		all += string(i) + "\n"
		if bytes.Contains(i, []byte(`"MAIL#`)) {
			mails += string(i) + "\n"
		}
	}
	return all, mails
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func caller(o office) account.Caller { return account.CallerOf(o.Account.User, false) }

// decide writes an agent's decision on a line of a request.
func (o office) decide(t *testing.T, request string, line int, accept bool, reason string) {
	t.Helper()
	f := o.MadeFamily.Store
	r, err := f.Request(t.Context(), request)
	must(t, err)
	made, err := f.Town(t.Context())
	must(t, err)
	decided, err := f.DecideRequest(t.Context(), r, store.Decisions{Lines: map[int]store.Verdict{line: {Accept: accept, Reason: reason}}}, made, town.Now)
	if err != nil || len(decided.Codes) > 0 {
		t.Fatal(decided.Codes, err)
	}
}

// propose asks for a change of the first guardian's telephone.
func (o office) propose(t *testing.T) family.Change {
	t.Helper()
	f := o.MadeFamily.Store
	household, err := f.Household(t.Context())
	must(t, err)
	c := family.Change{
		ID: f.ChangeID("c1"), Target: o.Guardians[0], Of: family.Guardian, Section: "phones", By: o.Guardians[0], CreatedAt: town.Now,
		Fields: []family.FieldChange{{Field: "mobile", New: "+33612345678", State: family.Pending}},
	}
	must(t, f.AddChange(t.Context(), household, c, o.Account.ID))
	return c
}

// unsettled writes a request of two days and cuts the writing short after the first.
func (o office) unsettled(t *testing.T) (id string) {
	t.Helper()
	return o.CutShort(o.table, 2, "cut", booking.Asking{
		Kind: booking.Booking, Period: calendar.Period{From: "2026-11-24", To: "2026-11-26"},
		Items: []booking.Item{{Child: o.Children[0], Activity: "cantine"}},
	}).ID
}

// erase drops a sign-up as erase-users does.
func (o office) erase(t *testing.T) {
	t.Helper()
	users, _, err := o.app.store.DueUsers(t.Context(), town.Now.Add(31*24*time.Hour), "")
	must(t, err)
	for _, u := range users {
		must(t, o.app.store.ForgetUser(t.Context(), u))
	}
}

// last is the latest mail to an address with a subject.
func (o office) last(t *testing.T, to, subject string) (last testkit.Mail, ok bool) {
	t.Helper()
	for _, m := range testkit.Mails(t, to) {
		if m.Subject == subject {
			last, ok = m, true
		}
	}
	return last, ok
}
