package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault())}.handle)
}

// list asks for one page with a query.
func list(h town.Home, query ...string) api.List[api.Change] {
	h.T.Helper()
	event := h.Event("list-changes", nil)
	event.RawQueryString = strings.Join(query, "&")
	return town.Read[api.List[api.Change]](h.T, newHandler(), event, 200)
}

// history has one change of each state, a minute apart: accepted, refused, partly, withdrawn, pending.
func history(h town.Home) {
	number, minute := 0, 0
	propose := func() family.Change {
		number += 2
		minute++
		values := map[string]any{"mobile": fmt.Sprintf("06123456%02d", number), "home": fmt.Sprintf("02990000%02d", number)}
		return h.ProposeAt(town.Now.Add(time.Duration(minute)*time.Minute), 0, "phones", values)
	}
	h.Decide(propose().ID, family.Verdict{Accept: true})
	h.Decide(propose().ID, family.Verdict{Reason: "Numéro inconnu."})
	partly := propose()
	h.Decide(partly.ID, family.Verdict{Accept: true, Fields: []string{"mobile"}})
	h.Decide(partly.ID, family.Verdict{Reason: "Illisible."})
	withdraw(h, propose())
	propose()
}

func withdraw(h town.Home, c family.Change) {
	h.T.Helper()
	after, err := c.Withdraw(town.Now)
	if err != nil {
		h.T.Fatal(err)
	}
	if err := h.MadeFamily.Store.WithdrawChange(h.T.Context(), h.Household(), after, h.Account.ID); err != nil {
		h.T.Fatal(err)
	}
}

func states(l api.List[api.Change]) string {
	var all []string
	for _, c := range l.Items {
		all = append(all, c.State)
	}
	return strings.Join(all, " ")
}

func TestTheSampleEventListsWhatWaits(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	history(h)
	if got := town.Read[api.List[api.Change]](t, newHandler(), h.Event("list-changes", nil), 200); states(got) != "pending" {
		t.Errorf("got %s", states(got))
	}
}

func TestChangesComeNewestFirstByState(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	history(h)
	cases := []struct{ says, query, want string }{
		{"all of them", "", "pending withdrawn partly refused accepted"},
		{"what waits", "state=pending", "pending"},
		{"what was accepted", "state=accepted", "accepted"},
		{"what was refused", "state=refused", "refused"},
		{"what was accepted in part", "state=partly", "partly"},
		{"what was withdrawn", "state=withdrawn", "withdrawn"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := list(h, c.query); states(got) != c.want || got.Cursor != "" {
				t.Errorf("got %s, cursor %q; want %s", states(got), got.Cursor, c.want)
			}
		})
	}
	refused := list(h, "state=refused").Items[0]
	if refused.Reason != "Numéro inconnu." || refused.Fields[0].Reason != "Numéro inconnu." || refused.DecidedAt == "" {
		t.Errorf("the refusal is %+v", refused)
	}
}

func TestLongListsComeInFullPages(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	const all = 120
	for n := range all {
		c := h.ProposeAt(town.Now.Add(time.Duration(n)*time.Minute), 0, "phones", map[string]any{"mobile": fmt.Sprintf("06123456%02d", n%100)})
		if n%3 == 0 {
			h.Decide(c.ID, family.Verdict{Reason: "Non."})
		} else {
			withdraw(h, c)
		}
	}
	cases := []struct {
		says, query string
		pages       []int
	}{
		{"everything", "", []int{50, 50, 20}},
		{"a state that two of three have", "state=withdrawn", []int{50, 30}},
		{"a state that one of three has", "state=refused", []int{40}},
		{"a state that none has", "state=accepted", []int{0}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			var pages []int
			var seen []string
			for cursor := "-"; cursor != ""; {
				query := []string{c.query}
				if cursor != "-" {
					query = append(query, "cursor="+cursor)
				}
				l := list(h, slices.DeleteFunc(query, func(q string) bool { return q == "" })...)
				pages = append(pages, len(l.Items))
				for _, change := range l.Items {
					seen = append(seen, change.CreatedAt)
				}
				cursor = l.Cursor
			}
			if fmt.Sprint(pages) != fmt.Sprint(c.pages) {
				t.Errorf("pages of %v, want %v", pages, c.pages)
			}
			if !slices.IsSortedFunc(seen, func(a, b string) int { return strings.Compare(b, a) }) || len(slices.Compact(seen)) != len(seen) {
				t.Errorf("not newest first, each once: %v", seen)
			}
		})
	}
}

func TestOfAnotherAdultsChangesOnlyTheHouseholdKnows(t *testing.T) {
	t.Parallel()
	for separated, want := range map[bool]string{false: "pending", true: ""} {
		t.Run(fmt.Sprint("separated ", separated), func(t *testing.T) {
			t.Parallel()
			w := town.New(t)
			f := w.Family("Léa")
			if separated {
				f = w.Separated("Léa")
			}
			h := town.Home{Town: w, MadeFamily: f}
			h.Account = w.Subscriber(f, 0)
			h.Propose(0, "phones", map[string]any{"mobile": "0612345678"})
			if got := list(h); states(got) != "pending" {
				t.Errorf("oneself: %s", states(got))
			}
			h.Account = w.Subscriber(f, 1)
			if got := list(h); states(got) != want {
				t.Errorf("the other parent: %q, want %q", states(got), want)
			}
		})
	}
}

func TestWhatCanNotBeListed(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	for range 60 {
		withdraw(h, h.Propose(0, "phones", map[string]any{"mobile": "0612345678"}))
	}
	foreign := list(h).Cursor
	cases := []struct {
		says, query string
		home        town.Home
		want        string
	}{
		{"a state that does not exist", "state=lost", h, "400 invalid_input"},
		{"a parameter that does not exist", "page=2", h, "400 invalid_input"},
		{"a cursor that is none", "cursor=abc", h, "400 invalid_input"},
		{"a cursor of another family", "cursor=" + foreign, elsewhere, "400 invalid_input"},
		{"a family of another collectivity", "", town.Home{Town: h.Town, MadeFamily: h.MadeFamily, Account: elsewhere.Account}, "404 family_not_found"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			event := c.home.Event("list-changes", nil)
			event.RawQueryString = c.query
			reply := town.Send(t, newHandler(), event)
			if got := fmt.Sprint(reply.StatusCode, " ", reply.Code()); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
