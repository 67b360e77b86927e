package main

import (
	"slices"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

// shared are two families of one town: the first's child is in the second's file too, where it is the first and enrolled nowhere.
func shared(t *testing.T, activities ...string) (home, there town.Home) {
	t.Helper()
	home = town.NewHome(t, "Léa")
	return home, home.Share(home.NewHome("Tom"), activities...)
}

func unshares(there town.Home, agent account.Account) httpapi.Request {
	return town.As(there.Event("unshare-child", map[string]string{"child": there.Children[0]}), agent)
}

func TestTheSampleIsAChildOfOneFileAgain(t *testing.T) {
	t.Parallel()
	home, there := shared(t)
	child := home.Children[0]
	there.Give(there.Guardians[1], "relations", map[string]any{child: "father"})
	contact := func(children ...any) string {
		return there.Join(family.Contact, map[string]any{"lastName": "Durand", "firstName": "Rose", "phone": "0612345678", "children": children})
	}
	alone, both := contact(child), contact(child, there.Children[1])
	agent := home.Agent(collectivity.Reviewer)
	got := town.Read[api.UnsharedChild](t, newHandler(), unshares(there, agent), 200)
	a, b := home.Household(), there.Household()
	if got.Home != home.ID || got.Version != a.Version || a.Version != b.Version {
		t.Errorf("got %+v, versions %d and %d", got, a.Version, b.Version)
	}
	if c, ok := a.Member(child); !ok || c.Other != "" || len(a.Others) > 0 || c.Text("identity", "firstName") != "Léa" {
		t.Errorf("at home: %v %+v", ok, c)
	}
	if _, ok := b.Member(child); ok || len(b.Others) > 0 || len(b.Children) != 1 {
		t.Errorf("there: %+v", b.Children)
	}
	if g, _ := b.Member(there.Guardians[1]); g.Relation(child) != "" {
		t.Errorf("the father is still %q", g.Relation(child))
	}
	if _, ok := b.Gone.Member(alone); !ok {
		t.Error("a contact of this child alone stays")
	}
	if _, ok := b.Member(both); !ok {
		t.Error("a contact of another child left too")
	}
	right := store.AgentRight{Agent: collectivity.Agent{Role: collectivity.Reviewer}, Store: home.Town.Store}
	found, _, err := right.FamiliesNamed(t.Context(), []string{"lea"}, "", 10, town.Now)
	if err != nil || len(found) != 1 || found[0].Family != home.ID {
		t.Errorf("the name finds %+v, %v", found, err)
	}
	did, err := home.Town.Store.Audit(t.Context(), "2026-11")
	if err != nil || !slices.ContainsFunc(did, func(d store.Audit) bool {
		return d.Action == "unshare-child" && d.By == agent.ID && d.About == "child "+child && d.What == "of family "+home.ID && d.Family == there.ID
	}) {
		t.Errorf("audited %+v, %v", did, err)
	}
	town.Refused(t, town.Send(t, newHandler(), unshares(there, agent)), 404, "member_not_found")
	home.Share(there) // and it can be shared again
	if c, ok := there.Household().Member(child); !ok || c.Other != home.ID {
		t.Errorf("shared again: %v %+v", ok, c)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	home, there := shared(t)
	reviewer := home.Agent(collectivity.Reviewer)
	elsewhere := town.NewHome(t, "Ana")
	ofFamily := func(h town.Home) account.Account {
		a := home.Subscriber(h.MadeFamily, 1)
		if err := home.Town.Store.AppointAgent(t.Context(), collectivity.Agent{Account: a.ID, Role: collectivity.Manager}); err != nil {
			t.Fatal(err)
		}
		a.Agent = true
		return a
	}
	for _, c := range []struct {
		says          string
		agent         account.Account
		family, child string
		status        int
		code          string
	}{
		{"from the file where its data lies", reviewer, home.ID, home.Children[0], 409, "not_shared"},
		{"a child of one file", reviewer, there.ID, there.Children[1], 409, "not_shared"},
		{"nobody", reviewer, there.ID, "nobody", 404, "member_not_found"},
		{"a guardian", reviewer, there.ID, there.Guardians[0], 404, "member_not_found"},
		{"of another town", reviewer, elsewhere.ID, elsewhere.Children[0], 404, "family_not_found"},
		{"from the agent's own file", ofFamily(there), there.ID, home.Children[0], 403, "own_family"},
		{"of a child of the agent's own", ofFamily(home), there.ID, home.Children[0], 403, "own_family"},
		{"beyond the agent's scope", home.Scoped(collectivity.Reviewer, "piscine"), there.ID, home.Children[0], 404, "family_not_found"},
		{"a reader's", home.Agent(collectivity.Reader), there.ID, home.Children[0], 403, "role_missing"},
		{"a parent's", there.Account, there.ID, home.Children[0], 404, "collectivity_not_found"},
	} {
		t.Run(c.says, func(t *testing.T) {
			r := unshares(there, c.agent)
			r.PathParameters["family"], r.PathParameters["child"] = c.family, c.child
			town.Refused(t, town.Send(t, newHandler(), r), c.status, c.code)
		})
	}
	if c, _ := home.Household().Member(home.Children[0]); c.Other != there.ID {
		t.Error("what was refused took the child out")
	}
}

func TestAChildOfWhomSomethingIsToComeStays(t *testing.T) {
	t.Parallel()
	t.Run("enrolled", func(t *testing.T) {
		t.Parallel()
		home, there := shared(t, "cantine")
		town.Refused(t, town.Send(t, newHandler(), unshares(there, home.Agent(collectivity.Reviewer))), 409, "child_enrolled")
	})
	t.Run("booked, though its enrolment was ended", func(t *testing.T) {
		t.Parallel()
		home, there := shared(t)
		there.WriteDay(there.ID, booking.Day{Place: booking.Place{Date: "2026-12-01", Child: home.Children[0], Activity: "cantine"}, State: booking.Booked, Held: true})
		town.Refused(t, town.Send(t, newHandler(), unshares(there, home.Agent(collectivity.Reviewer))), 409, "child_booked")
	})
	t.Run("a change that the household proposed waits", func(t *testing.T) {
		t.Parallel()
		home, there := shared(t)
		there.ProposeOf(town.Now, home.Children[0], "health", map[string]any{"doctor": "Dr Petit"})
		town.Refused(t, town.Send(t, newHandler(), unshares(there, home.Agent(collectivity.Reviewer))), 409, "change_pending")
	})
}

func TestItNeedsNoMoreRightsThanItHas(t *testing.T) { // not parallel: the rights are the process's
	home, there := shared(t)
	r := unshares(there, home.Agent(collectivity.Reviewer))
	town.Rights(t, "unshare-child")
	town.Read[api.UnsharedChild](t, newHandler(), r, 200)
}
