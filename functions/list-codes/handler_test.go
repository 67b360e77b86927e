package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle)
}

func event(w *town.Town, agent account.Account, query string) httpapi.Request {
	return town.Query(town.As(town.Event(w.T, "list-codes", map[string]string{"slug": w.Slug}), agent), query)
}

func list(w *town.Town, agent account.Account, query string) api.Codes {
	w.T.Helper()
	return town.Read[api.Codes](w.T, newHandler(), event(w, agent, query), 200)
}

// issue gives a guardian of a family a code of a job at an instant, valid until another.
func issue(h town.Home, job string, n int, at, until time.Time) {
	h.T.Helper()
	guardian := h.Guardian(n)
	given, err := h.MadeFamily.Store.Give(h.T.Context(), h.Household(), store.NewCode{Issue: job, Guardian: guardian, Until: until, By: "agent", Hash: func(byte) string { return job + guardian.ID }}, at)
	if err != nil || !given {
		h.T.Fatalf("given %v, %v", given, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestACodeIsListedWithWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa") // the first guardian has used theirs
	manager := h.Agent(collectivity.Manager)
	issue(h, "job1", 1, town.Now.Add(-time.Hour), town.Now.Add(-time.Minute))
	issue(h, "job2", 1, town.Now, town.Now.AddDate(1, 0, 0))
	printed, err := h.Town.Store.IssuedCode(t.Context(), h.ID+"-"+h.Guardians[1]+"-job2")
	must(t, err)
	must(t, h.Town.Store.Printed(t.Context(), printed, true, town.Now))
	got := list(h.Town, manager, "")
	byState := map[string]api.IssuedCode{}
	for _, c := range got.Items {
		if c.Family != h.ID || c.FamilyLabel != "Famille Martin" || c.ID == "" || c.Job == "" {
			t.Errorf("listed %+v", c)
		}
		byState[c.State] = c
	}
	want := map[string]api.IssuedCode{
		"used":     {Guardian: h.Guardians[0], GuardianName: "Anne Martin", IssuedAt: "2026-11-23T08:30:00Z", UsedAt: "2026-11-23T08:30:00Z"},
		"open":     {Guardian: h.Guardians[1], GuardianName: "Paul Martin", IssuedAt: "2026-11-23T08:30:00Z", PrintedAt: "2026-11-23T08:30:00Z", ByHand: true, Job: "job2"},
		"expired":  {Guardian: h.Guardians[1], GuardianName: "Paul Martin", IssuedAt: "2026-11-23T07:30:00Z", Job: "job1"},
		"replaced": {Guardian: h.Guardians[1], GuardianName: "Paul Martin", IssuedAt: "2026-11-23T08:30:00Z"},
	}
	if len(got.Items) != 4 || len(byState) != 4 {
		t.Errorf("listed %d codes in states %v", len(got.Items), byState)
	}
	for state, w := range want {
		c := byState[state]
		if c.Guardian != w.Guardian || c.GuardianName != w.GuardianName || c.IssuedAt != w.IssuedAt || c.UsedAt != w.UsedAt || c.PrintedAt != w.PrintedAt || c.ByHand != w.ByHand || w.Job != "" && c.Job != w.Job {
			t.Errorf("%s: %+v", state, c)
		}
	}
}

func TestCodesAreCountedWithTheFirstPageOfTheTown(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	second, third := h.NewHome("Tom"), h.Family("Zoé")
	manager := h.Agent(collectivity.Manager)
	h.Revoke(third, third.Codes[0])
	issue(second, "job", 1, town.Now.Add(-time.Hour), town.Now.Add(-time.Minute))
	for _, c := range h.Issued(second.MadeFamily) {
		if c.Issue == "job" {
			must(t, h.Town.Store.Printed(t.Context(), c, false, town.Now))
		}
	}
	want := api.CodeCounts{Issued: 7, Letters: 1, Open: 2, Used: 2, Expired: 1, Revoked: 2, Families: 3, FamiliesWithoutSubscriber: 1}
	got := list(h.Town, manager, "")
	if got.Counts == nil || *got.Counts != want {
		t.Errorf("got %+v, want %+v", got.Counts, want)
	}
	for _, query := range []string{"family=" + h.ID, "cursor=" + cursorOf(t, h.Town, manager)} {
		if got := list(h.Town, manager, query); got.Counts != nil {
			t.Errorf("%s: counted %+v", query, got.Counts)
		}
	}
	empty := town.New(t)
	if got := list(empty, empty.Agent(collectivity.Manager), ""); got.Counts == nil || *got.Counts != (api.CodeCounts{}) || got.Items == nil {
		t.Errorf("an empty town: %+v", got)
	}
}

// cursorOf is a cursor of the town's list: enough codes for a page are issued.
func cursorOf(t *testing.T, w *town.Town, agent account.Account) string {
	t.Helper()
	many := w.Family("Ana")
	for n := range page {
		must(t, many.Store.IssueCode(t.Context(), fmt.Sprint("many", many.ID, n), many.Guardians[0], town.Now, town.Now.AddDate(1, 0, 0)))
	}
	got := list(w, agent, "")
	if len(got.Items) != page || got.Cursor == "" {
		t.Fatalf("%d codes, cursor %q", len(got.Items), got.Cursor)
	}
	return got.Cursor
}

func TestCodesAreListedPageByPageAndFiltered(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	manager := h.Agent(collectivity.Manager)
	issue(h, "job", 1, town.Now, town.Now.AddDate(1, 0, 0))
	second := cursorOf(t, h.Town, manager)
	seen := map[string]bool{}
	for query, more := "", true; more; {
		got := list(h.Town, manager, query)
		for _, c := range got.Items {
			if seen[c.ID] {
				t.Errorf("%s is listed twice", c.ID)
			}
			seen[c.ID] = true
		}
		query, more = "cursor="+got.Cursor, got.Cursor != ""
	}
	if len(seen) != page+5 {
		t.Errorf("%d codes are listed", len(seen))
	}
	if got := list(h.Town, manager, "cursor="+second); len(got.Items) != 5 {
		t.Errorf("the second page has %d", len(got.Items))
	}
	for query, want := range map[string]int{"state=used": 1, "state=replaced": 1, "state=expired": 0, "job=job": 1, "job=job&state=used": 0, "family=" + h.ID: 3, "family=" + h.ID + "&state=used": 1} {
		if got := list(h.Town, manager, query); len(got.Items) != want || got.Items == nil {
			t.Errorf("%s: %d codes, want %d", query, len(got.Items), want)
		}
	}
	town.Refused(t, town.Send(t, newHandler(), event(h.Town, manager, "cursor=x")), 400, "invalid_input", "cursor cursor_invalid")
	town.Refused(t, town.Send(t, newHandler(), event(h.Town, manager, "family=unknown")), 404, "family_not_found")
}

func TestACodeOfAFamilyThatWasMergedIsListedWithTheOther(t *testing.T) {
	t.Parallel()
	from := town.NewHome(t, "Léa")
	into := from.NewHome("Tom")
	manager := from.Agent(collectivity.Manager)
	right := from.Right(manager)
	plan, err := right.PlanMerge(t.Context(), from.ID, into.ID, town.Now)
	must(t, err)
	must(t, right.MergeFamilies(t.Context(), plan, town.Now))
	for query, want := range map[string]int{"": 4, "family=" + into.ID: 4} {
		got := list(into.Town, manager, query)
		if len(got.Items) != want {
			t.Errorf("%q: %d codes, want %d", query, len(got.Items), want)
		}
		for _, c := range got.Items {
			if c.Family != into.ID || c.GuardianName == "" {
				t.Errorf("%q: listed %+v", query, c)
			}
		}
	}
}

func TestWhoIsGoneIsListedWithoutAName(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	must(t, h.MadeFamily.Store.IssueCode(t.Context(), "gone"+h.ID, "gone", town.Now, town.Now.AddDate(1, 0, 0)))
	h.Decide(h.Removal(h.Guardians[1]).ID, family.Verdict{Accept: true})
	names := map[string]string{}
	for _, c := range list(h.Town, h.Agent(collectivity.Manager), "").Items {
		names[c.Guardian] = c.GuardianName
	}
	if d := cmp.Diff(map[string]string{"gone": "", h.Guardians[0]: "Anne Martin", h.Guardians[1]: "Paul Martin"}, names); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestOnlyManagersOfTheWholeTownSeeCodes(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Reviewer), "")), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Scoped(collectivity.Manager, "cantine"), "")), 403, "scope_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager), "")), 404, "collectivity_not_found")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	h := town.NewHome(t, "Léa")
	manager := h.Agent(collectivity.Manager)
	whole, one := event(h.Town, manager, ""), event(h.Town, manager, "family="+h.ID)
	town.Rights(t, "list-codes")
	town.Read[api.Codes](t, handler(t.Context()), whole, 200)
	town.Read[api.Codes](t, handler(t.Context()), one, 200)
}
