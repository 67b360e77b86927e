// Package web holds the site to its promises in a real browser; its sources are in src, what is served in dist (make site).
package web

import (
	"cmp"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

func TestThePagesWorkInABrowser(t *testing.T) {
	t.Parallel()
	if os.Getenv(emulators.EnvStack) == "" {
		t.Skip("needs the whole platform: make site && go run ./infra/local test ./web")
	}
	browser, err := exec.LookPath(cmp.Or(os.Getenv("PREAU_BROWSER"), "chromium"))
	if err != nil {
		t.Skip("needs Chromium: apt install chromium, or its path in PREAU_BROWSER")
	}
	if _, err := os.Stat("dist/index.html"); err != nil {
		t.Fatal("the site is not built: make site")
	}
	if err := emulators.Install(t.Context(), ".", io.Discard); err != nil {
		t.Fatal(err)
	}
	files := tests(t)
	stack := testkit.Stack(t)
	node := exec.CommandContext(t.Context(), "node", append([]string{"test/support/run.mjs"}, files...)...)
	node.Env = append(os.Environ(), "PREAU_PORTAL="+stack.Portal, "PREAU_MAILBOX="+stack.Mailbox, "PREAU_BROWSER="+browser, "PREAU_TOWN="+made(t))
	out, err := node.CombinedOutput()
	if t.Logf("%s", out); err != nil {
		t.Error(err)
	}
}

// tests are the files of web/test, or those named in PREAU_WEB_TESTS: account,planning.
func tests(t *testing.T) (files []string) {
	t.Helper()
	for name := range strings.SplitSeq(cmp.Or(os.Getenv("PREAU_WEB_TESTS"), "*"), ",") {
		found, err := filepath.Glob("test/" + name + ".mjs")
		if err != nil || len(found) == 0 {
			t.Fatalf("no tests in web/test/%s.mjs (%v)", name, err)
		}
		files = append(files, found...)
	}
	return files
}

// made makes the town of the tests and tells of it in JSON: a family of three for each test that needs one, an agent, and a
// Monday about which everything is open.
func made(t *testing.T) string {
	t.Helper()
	w := town.NewNow(t)
	today := calendar.DateOf(w.Env.Now, time.UTC)
	for i := range w.Activities {
		a := &w.Activities[i]
		a.Season = calendar.Period{From: today.AddDays(-30), To: today.AddDays(200)}
		if a.ID == "periscolaire" {
			a.Capacity, a.Rules = 1, `{"rules": [{"closes": {"at": "12:00"}}]}`
		}
		if err := w.Store.SaveActivity(t.Context(), *a); err != nil {
			t.Fatal(err)
		}
	}
	families := map[string][]string{}
	for _, name := range []string{"account", "phone", "desktop", "planning", "several", "period", "waiting", "file", "members", "keyboard", "session", "subscribe", "refused", "changes", "asks", "opened", "leaving"} {
		families[name] = w.Family("Léa", "Noé", "Inès").Codes
	}
	families["merged"], families["twin"] = w.Family("Tom").Codes, w.Family("Hugo").Codes
	w.WriteSlot("mercredi", monday(today).AddDays(oneSeat), collectivity.AllAges, 1, 0, 1, 0)
	called := mondayBefore(today)
	typed := w.Family("Léa", "Noé")
	families["typed"] = typed.Codes
	w.WriteDay(typed.ID, booking.Day{Place: booking.Place{Date: called.AddDays(1), Child: typed.Children[0], Activity: "cantine"}, State: booking.Booked})
	comes := w.Family("Léa", "Noé", "Inès")
	for _, child := range comes.Children[:2] {
		w.WriteDay(comes.ID, booking.Day{Place: booking.Place{Date: called, Child: child, Activity: "cantine"}, State: booking.Booked})
	}
	agents := map[string]any{}
	for name, of := range agentsOfTests {
		agents[name] = appointed(t, w, of)
	}
	text, err := json.Marshal(map[string]any{
		"slug": w.Slug, "families": families, "monday": monday(today), "called": called,
		"agent": agents["official"], "agents": agents, "desks": desks(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// oneSeat is how many days after the tests' Monday the Wednesday centre has one place only.
const oneSeat = 23

// desks makes a town for each file of tests that sets one: what a town sets has one version, so two files would be in each
// other's way.
func desks(t *testing.T) map[string]any {
	t.Helper()
	all, pupils := map[string]any{}, map[string][]string{"schools": {"Zoé"}} // of the CP
	for _, name := range []string{"activities", "calendar", "letters", "staff", "settings", "schools", "enrolments", "imports"} {
		all[name] = desk(t, pupils[name]...)
	}
	return all
}

// desk makes a town with a calendar, a school with pupils in its CP, a family, a manager and a reader, and tells of it.
func desk(t *testing.T, pupils ...string) map[string]any {
	t.Helper()
	w := town.NewNow(t)
	w.KeepCalendar()
	today := calendar.DateOf(w.Env.Now, time.UTC)
	for i := range w.Activities {
		a := &w.Activities[i]
		a.Season = calendar.Period{From: today.AddDays(-30), To: today.AddDays(200)}
		if a.ID == "periscolaire" {
			a.Rules = `{"rules": [{"closes": {"at": "12:00"}}]}`
		}
		if err := w.Store.SaveActivity(t.Context(), *a); err != nil {
			t.Fatal(err)
		}
	}
	school := collectivity.School{ID: "verne", Name: "École Jules-Verne", Classes: []collectivity.Class{{ID: "cp", Name: "CP"}, {ID: "ce1", Name: "CE1"}}}
	if err := w.Store.SaveSchool(t.Context(), school); err != nil {
		t.Fatal(err)
	}
	w.Family("Léa", "Noé")
	if len(pupils) > 0 {
		w.Pupils(school.Name, "CP", pupils...)
	}
	return map[string]any{
		"slug":    w.Slug,
		"manager": appointed(t, w, collectivity.Agent{Role: collectivity.Manager}),
		"reader":  appointed(t, w, collectivity.Agent{Role: collectivity.Reader, Activities: []string{"cantine"}}),
	}
}

// agentsOfTests are the town's agents by what they are for: a code of an authenticator opens one session, so each file of tests
// has its own.
var agentsOfTests = map[string]collectivity.Agent{
	"official":   {Role: collectivity.Manager},
	"changes":    {Role: collectivity.Manager, Health: true},
	"requests":   {Role: collectivity.Reviewer},
	"attendance": {Role: collectivity.Reviewer, Health: true},
	"files":      {Role: collectivity.Manager, Health: true},
	"typed":      {Role: collectivity.Manager},
	"leaving":    {Role: collectivity.Manager, Health: true},
	"places":     {Role: collectivity.Reviewer},
	"reader":     {Role: collectivity.Reader, Activities: []string{"cantine"}},
}

// appointed makes an agent and gives what it takes to sign in.
func appointed(t *testing.T, w *town.Town, of collectivity.Agent) map[string]string {
	t.Helper()
	address := testkit.Address(t)
	a, secret, err := w.AddAgent(t.Context(), w.Store, address, town.Password, account.Person{FirstName: "Odile", LastName: "Test"}, of.Role)
	if err != nil {
		t.Fatal(err)
	}
	of.Account, of.Name = a.ID, "Odile Test"
	if err := w.Store.AppointAgent(t.Context(), of); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"id": a.ID, "email": address, "password": town.Password, "secret": secret}
}

// mondayBefore is a Monday that has come, of which a roll can be called.
func mondayBefore(today calendar.Date) calendar.Date {
	d := today.AddDays(-7)
	for d.Weekday() != "mon" {
		d = d.AddDays(1)
	}
	return d
}

// monday is the first Monday from the 5th to the 11th of a month to come: its whole week, and the one after it, are in the month.
func monday(today calendar.Date) calendar.Date {
	d := today.AddDays(35)
	d = calendar.Date(string(d)[:8] + "05")
	for d.Weekday() != "mon" {
		d = d.AddDays(1)
	}
	return d
}
