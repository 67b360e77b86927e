package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

// noted has an agent write a note at an instant, which is audited.
func noted(h town.Home, id, by, at string) {
	h.T.Helper()
	instant, err := time.Parse(time.RFC3339, at)
	check(h.T, err)
	check(h.T, h.MadeFamily.Store.WriteNote(h.T.Context(), family.Note{ID: id, By: by, Author: "Odile", At: instant, Text: "Bonjour."}))
}

func ask(h town.Home, agent account.Account, query string) httpapi.Request {
	return town.Query(town.As(h.Event("list-audit", nil), agent), query)
}

// list reads a list to its end: "n1 n2".
func list(h town.Home, agent account.Account, query string) string {
	h.T.Helper()
	var all []string
	for cursor := ""; ; {
		page := town.Read[api.AuditList](h.T, newHandler(), ask(h, agent, query+"&cursor="+cursor), 200)
		for _, r := range page.Items {
			all = append(all, strings.TrimPrefix(r.About, "note "))
		}
		if cursor = page.Cursor; cursor == "" {
			return strings.Join(all, " ")
		}
	}
}

func TestActsAreListedNewestFirstByMonthDayAndWhatTheyAreOf(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h, other := w.NewHome("Léa"), w.NewHome("Tom")
	manager, odile := w.Agent(collectivity.Manager), w.Agent(collectivity.Reviewer)
	noted(h, "october", odile.ID, "2026-10-31T22:59:00Z")
	noted(h, "first", odile.ID, "2026-10-31T23:00:00Z") // November in Paris
	noted(h, "tenth", manager.ID, "2026-11-10T22:30:00Z")
	noted(other, "eleventh", odile.ID, "2026-11-10T23:30:00Z")
	noted(h, "december", odile.ID, "2026-11-30T23:00:00Z")
	check(t, h.MadeFamily.Store.RemoveNote(t.Context(), "tenth", odile.ID, town.Now))
	for query, want := range map[string]string{
		"":                                       "tenth eleventh tenth first",
		"month=2026-11":                          "tenth eleventh tenth first",
		"month=2026-10":                          "october",
		"month=2026-12":                          "december",
		"month=2025-01":                          "",
		"day=2026-11-10":                         "tenth",
		"day=2026-11-11":                         "eleventh",
		"family=" + h.ID:                         "tenth tenth first",
		"agent=" + odile.ID:                      "tenth eleventh first",
		"action=remove-note":                     "tenth",
		"action=write-note&agent=" + manager.ID:  "tenth",
		"family=" + other.ID + "&day=2026-11-10": "",
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			if got := list(h, manager, query); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestTheSampleTellsWhoDidWhatAndNoValue(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	manager := h.Agent(collectivity.Manager)
	change := h.Propose(0, "phones", map[string]any{"mobile": "0612345678"})
	household := h.Household()
	guardian, _ := household.Member(h.Guardians[0])
	after, decided, err := change.Decide(guardian, family.Verdict{Accept: true}, town.Now)
	check(t, err)
	check(t, h.MadeFamily.Store.DecideChange(t.Context(), household, after, decided, h.Account.ID, manager.ID, town.Now))
	page := town.Read[api.AuditList](t, newHandler(), town.As(h.Event("list-audit", nil), manager), 200)
	if len(page.Items) != 1 {
		t.Fatalf("got %+v", page)
	}
	r := page.Items[0]
	if r.At != "2026-11-23T08:30:00Z" || r.Account != manager.ID || r.Name == "" || r.Label != "Modification traitée" || r.Family != h.ID || r.FamilyLabel != h.Label || r.Member != h.Guardians[0] || r.Section != "phones" {
		t.Errorf("got %+v", r)
	}
	if len(r.Fields) != 1 || r.Fields[0].Field != "mobile" || r.Fields[0].State != "accepted" || r.Fields[0].Before != "" || r.Fields[0].After == "" || strings.Contains(fmt.Sprint(page), "612345678") {
		t.Errorf("its fields: %+v", r.Fields)
	}
}

func TestTheListTellsSinceWhenSomethingIsKept(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	h := w.NewHome("Léa")
	since := func(query string) string {
		return town.Read[api.AuditList](t, newHandler(), ask(h, manager, query), 200).Since
	}
	if got := since(""); got > "2026-11" {
		t.Errorf("a new town has an audit since %q", got)
	}
	noted(h, "september", manager.ID, "2026-09-10T08:00:00Z")
	noted(h, "ancient", manager.ID, "2025-10-10T08:00:00Z") // of more than 12 months ago: about to be erased
	for _, query := range []string{"", "month=2026-11", "family=" + h.ID} {
		if got := since(query); got != "2026-09" {
			t.Errorf("%q: since %q", query, got)
		}
	}
}

func TestALongListComesByPages(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	manager := h.Agent(collectivity.Manager)
	var want []string
	for n := range 2*limit + 1 {
		noted(h, fmt.Sprint(n), manager.ID, town.Now.Add(time.Duration(n)*time.Second).Format(time.RFC3339))
		want = append(want, fmt.Sprint(n))
	}
	slices.Reverse(want)
	if got := list(h, manager, ""); got != strings.Join(want, " ") {
		t.Errorf("got %q", got)
	}
}

func TestWhoReadsTheAudit(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	manager := h.Agent(collectivity.Manager)
	noted(h, "n1", manager.ID, "2026-11-10T08:00:00Z")
	for _, c := range []struct {
		says   string
		agent  account.Account
		query  string
		status int
		code   string
		fields []string
	}{
		{"a reviewer does not", h.Agent(collectivity.Reviewer), "", 403, "role_missing", nil},
		{"nor a manager of some activities", h.Scoped(collectivity.Manager, "cantine"), "", 403, collectivity.ErrScoped.Code, nil},
		{"nor a parent", h.Account, "", 404, "collectivity_not_found", nil},
		{"nor another town's manager", elsewhere.Agent(collectivity.Manager), "", 404, "collectivity_not_found", nil},
		{"a month that is none", manager, "month=2026-13", 400, "invalid_input", []string{"month month_invalid"}},
		{"a month and a day", manager, "month=2026-11&day=2026-11-10", 400, "invalid_input", []string{"month one_period"}},
		{"a cursor that is none", manager, "cursor=%21", 400, "invalid_input", []string{"cursor cursor_invalid"}},
		{"a cursor of another time", manager, "month=2026-11&cursor=MjAyNi0wMX4", 400, "invalid_input", []string{"cursor cursor_invalid"}},
		{"a cursor of no time", manager, "month=2026-11&cursor=MjAyNi0xMXh4eHg", 400, "invalid_input", []string{"cursor cursor_invalid"}},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			town.Refused(t, town.Send(t, newHandler(), ask(h, c.agent, c.query)), c.status, c.code, c.fields...)
		})
	}
}

func TestItNeedsNoMoreRightsThanItHas(t *testing.T) { // not parallel: the rights are the process's
	h := town.NewHome(t, "Léa")
	manager := h.Agent(collectivity.Manager)
	noted(h, "n1", manager.ID, "2026-11-10T08:00:00Z")
	r := ask(h, manager, "")
	town.Rights(t, "list-audit")
	if page := town.Read[api.AuditList](t, newHandler(), r, 200); len(page.Items) != 1 {
		t.Errorf("got %+v", page)
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
