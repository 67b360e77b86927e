package main

import (
	"slices"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle, httpapi.Created)
}

// shares is the sample: the first child of a family is put into another's file, where the second guardian is its father.
func shares(from, into town.Home, agent account.Account) httpapi.Request {
	return town.As(into.Event("share-child", map[string]string{"child": from.Children[0], "from": from.ID, "guardian": into.Guardians[1]}), agent)
}

// pair are two families of one town, a child in each.
func pair(t *testing.T) (from, into town.Home) {
	t.Helper()
	w := town.New(t)
	return w.NewHome("Léa"), w.NewHome("Tom")
}

func TestTheSampleIsAChildOfBothFiles(t *testing.T) {
	t.Parallel()
	from, into := pair(t)
	from.Edit(0, "identity", map[string]any{"birthName": "Durand"}) // the files are of different versions
	agent := from.Agent(collectivity.Reviewer)
	got := town.Read[api.SharedChild](t, newHandler(), shares(from, into, agent), 201)
	if want := (api.SharedChild{Family: into.ID, Child: from.Children[0], From: from.ID, Version: 3}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	home, there := from.Household(), into.Household()
	if home.Version != 3 || there.Version != 3 {
		t.Errorf("versions %d and %d", home.Version, there.Version)
	}
	for n, h := range []store.Household{home, there} {
		child, ok := h.Member(from.Children[0])
		if !ok || child.Text("identity", "firstName") != "Léa" || child.Other != []string{into.ID, from.ID}[n] || child.Elsewhere != (n == 1) {
			t.Errorf("file %d has %v %+v", n, ok, child)
		}
	}
	for n, want := range []string{"", "father"} {
		if g, _ := there.Member(into.Guardians[n]); g.Relation(from.Children[0]) != want || g.Versions["relations"] != []int{0, 3}[n] {
			t.Errorf("guardian %d is %q, version %d", n, g.Relation(from.Children[0]), g.Versions["relations"])
		}
	}
	if holders := there.Holders(from.Children[0]); len(holders) != 3 {
		t.Errorf("%d hold parental authority", len(holders))
	}
	right := store.AgentRight{Agent: collectivity.Agent{Role: collectivity.Reviewer}, Store: from.Town.Store}
	found, _, err := right.FamiliesNamed(t.Context(), []string{"lea"}, "", 10, town.Now)
	if err != nil || len(found) != 2 {
		t.Errorf("the name finds %+v, %v", found, err)
	}
	if audit := from.Audited(); !slices.Contains(audit, "share-child child "+from.Children[0]+" from family "+from.ID) {
		t.Errorf("audited %q", audit)
	}
}

func TestWhatIsSharedIsSharedBothWays(t *testing.T) {
	t.Parallel()
	from, into := pair(t)
	town.Read[api.SharedChild](t, newHandler(), shares(from, into, from.Agent(collectivity.Reviewer)), 201)
	child := from.Children[0]
	from.Give(child, "health", map[string]any{"doctor": "Dr Petit"})
	into.Give(child, "identity", map[string]any{"firstName": "Léanne", "lastName": "Martin", "birthDate": "2018-05-04"})
	into.Join("contact", map[string]any{"lastName": "Durand", "firstName": "Rose", "phone": "0612345678", "children": []any{child}})
	for n, h := range []store.Household{from.Household(), into.Household()} {
		c, _ := h.Member(child)
		if c.Text("health", "doctor") != "Dr Petit" || c.Text("identity", "firstName") != "Léanne" || len(h.Contacts) != 1 {
			t.Errorf("file %d: doctor %q, %q, %d contacts", n, c.Text("health", "doctor"), c.Text("identity", "firstName"), len(h.Contacts))
		}
	}
	if a, b := from.File().Version, into.File().Version; a != b {
		t.Errorf("versions %d and %d", a, b)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	from, into := pair(t)
	w := from.Town
	reviewer := w.Agent(collectivity.Reviewer)
	shared, second := w.TwoHomes("Zoé")
	elsewhere := town.NewHome(t, "Ana")
	cook := w.Scoped(collectivity.Reviewer, "piscine")
	ofFamily := func(h town.Home) account.Account { // an agent who is a parent of the family
		a := w.Subscriber(h.MadeFamily, 1)
		if err := w.Store.AppointAgent(t.Context(), collectivity.Agent{Account: a.ID, Role: collectivity.Manager}); err != nil {
			t.Fatal(err)
		}
		a.Agent = true
		return a
	}
	body := func(more map[string]any) map[string]any {
		b := map[string]any{"child": from.Children[0], "from": from.ID}
		for name, v := range more {
			b[name] = v
		}
		return b
	}
	for _, c := range []struct {
		says   string
		agent  account.Account
		family string
		body   map[string]any
		status int
		code   string
		fields []string
	}{
		{"nothing", reviewer, into.ID, map[string]any{}, 400, "invalid_input", []string{"child required", "from required"}},
		{"the same file", reviewer, from.ID, body(nil), 400, "invalid_input", []string{"from same_family"}},
		{"from a file that is not there", reviewer, into.ID, body(map[string]any{"from": "nobody"}), 400, "invalid_input", []string{"from family_unknown"}},
		{"from another town's file", reviewer, into.ID, body(map[string]any{"from": elsewhere.ID, "child": elsewhere.Children[0]}), 400, "invalid_input", []string{"from family_unknown"}},
		{"into a file that is not there", reviewer, "nobody", body(nil), 404, "family_not_found", nil},
		{"into another town's file", reviewer, elsewhere.ID, body(nil), 404, "family_not_found", nil},
		{"a child who is not in that file", reviewer, into.ID, body(map[string]any{"child": "nobody"}), 400, "invalid_input", []string{"child child_unknown"}},
		{"a guardian", reviewer, into.ID, body(map[string]any{"child": from.Guardians[0]}), 400, "invalid_input", []string{"child child_unknown"}},
		{"a child of both files", reviewer, second.ID, map[string]any{"child": shared.Children[0], "from": shared.ID}, 409, "already_shared", nil},
		{"the same, the other way round", reviewer, shared.ID, map[string]any{"child": shared.Children[0], "from": second.ID}, 409, "already_shared", nil},
		{"a child of two others", reviewer, into.ID, map[string]any{"child": shared.Children[0], "from": shared.ID}, 409, "two_files_at_most", nil},
		{"a child of two others, from its second file", reviewer, into.ID, map[string]any{"child": shared.Children[0], "from": second.ID}, 409, "two_files_at_most", nil},
		{"into the agent's own file", ofFamily(into), into.ID, body(nil), 403, "own_family", nil},
		{"from the agent's own file", ofFamily(from), into.ID, body(nil), 403, "own_family", nil},
		{"files beyond the agent's scope", cook, into.ID, body(nil), 404, "family_not_found", nil},
		{"a reader's", w.Agent(collectivity.Reader), into.ID, body(nil), 403, "role_missing", nil},
		{"a parent's", into.Account, into.ID, body(nil), 404, "collectivity_not_found", nil},
		{"another town's agent's", elsewhere.Agent(collectivity.Manager), into.ID, body(nil), 404, "collectivity_not_found", nil},
	} {
		t.Run(c.says, func(t *testing.T) {
			r := town.With(t, town.As(into.Event("share-child", nil), c.agent), c.body)
			r.PathParameters["family"] = c.family
			town.Refused(t, town.Send(t, newHandler(), r), c.status, c.code, c.fields...)
		})
	}
	if a, b := from.File().Version, into.File().Version; a != 1 || b != 1 {
		t.Errorf("what was refused moved a file: %d, %d", a, b)
	}
}

func TestRelationsThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	from, into := pair(t)
	agent := from.Agent(collectivity.Reviewer)
	for _, c := range []struct{ says, guardian, relation, code string }{
		{"of nobody", "nobody", "mother", "guardian_unknown"},
		{"of a child", into.Children[0], "father", "guardian_unknown"},
		{"of a guardian of the other file", from.Guardians[0], "mother", "guardian_unknown"},
		{"that is none", into.Guardians[0], "uncle", "unknown_value"},
		{"that says nothing", into.Guardians[0], "", "unknown_value"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			body := map[string]any{"child": from.Children[0], "from": from.ID, "relations": map[string]any{c.guardian: c.relation}}
			town.Refused(t, town.Send(t, newHandler(), town.With(t, shares(from, into, agent), body)), 400, "invalid_input", "relations."+c.guardian+" "+c.code)
		})
	}
}

func TestAChildWhoHasLeftGoesNowhere(t *testing.T) {
	t.Parallel()
	from, into := pair(t)
	w := from.Town
	gone := w.Separated("Ida") // enrolled nowhere
	h := town.Home{Town: w, MadeFamily: gone, Account: w.Subscriber(gone, 0)}
	h.Decide(h.Removal(gone.Children[0]).ID, family.Verdict{Accept: true})
	r := town.With(t, shares(from, into, w.Agent(collectivity.Reviewer)), map[string]any{"child": gone.Children[0], "from": gone.ID})
	town.Refused(t, town.Send(t, newHandler(), r), 400, "invalid_input", "child child_unknown")
}

func TestOfTwoAgentsAtOnceOneIsTold(t *testing.T) {
	t.Parallel()
	from, into := pair(t)
	third := from.NewHome("Eva")
	agent := from.Agent(collectivity.Reviewer)
	for round, targets := range [][]town.Home{{into, into}, {into, third}} {
		child := from.Children[0]
		if round == 1 {
			from = from.NewHome("Noé")
			child = from.Children[0]
		}
		codes := town.InParallel(2, func(n int) string {
			r := town.With(t, shares(from, targets[n], agent), map[string]any{"child": child, "from": from.ID})
			return town.Send(t, newHandler(), r).Code()
		})
		slices.Sort(codes)
		if want := []string{"already_shared", "two_files_at_most"}[round]; codes[0] != "" || codes[1] != want {
			t.Errorf("round %d: told %q", round, codes)
		}
	}
}

func TestItNeedsNoMoreRightsThanItHas(t *testing.T) { // not parallel: the rights are the process's
	from, into := pair(t)
	r := shares(from, into, from.Agent(collectivity.Reviewer))
	town.Rights(t, "share-child")
	town.Read[api.SharedChild](t, newHandler(), r, 201)
}
