package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/family"
	"preau/shared/refusal"
	"preau/shared/store"
)

// TestInParallelNothingIsLost: parents and agents at the same time, each reading and writing anew while it moves. Every
// accepted field is a link of one chain that ends in the file's value, and what waits is marked at its field.
func TestInParallelNothingIsLost(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := town.Home{Town: w, MadeFamily: w.Family()}
	const people, turns = 6, 8
	town.InParallel(people, func(n int) any {
		for turn := range turns {
			if err := store.Again(t.Context(), func() error { return takeTurn(h, n, turn) }); err != nil && refusal.Code(err) == "" {
				t.Errorf("person %d, turn %d: %v", n, turn, err)
			}
		}
		return nil
	})
	changes, _, err := h.MadeFamily.Store.Changes(t.Context(), "", 1000)
	check(t, err)
	file, accepted := h.File(), 0
	for _, m := range file.Guardians {
		for _, field := range []string{"street", "complement"} {
			links := map[any]any{}
			for _, c := range changes {
				for _, f := range c.Fields {
					if c.Target == m.ID && f.Field == field && f.State == family.Accepted {
						links[f.Old] = f.New
					}
				}
			}
			accepted += len(links)
			var last any
			for next, ok := links[last]; ok; next, ok = links[last] {
				delete(links, last)
				last = next
			}
			if len(links) > 0 || m.Value("address", field) != last {
				t.Errorf("%s has %v; the chain ends at %v and leaves %v", field, m.Value("address", field), last, links)
			}
			waits := slices.IndexFunc(changes, func(c family.Change) bool {
				return c.Target == m.ID && slices.ContainsFunc(c.Fields, func(f family.FieldChange) bool { return f.Field == field && f.State == family.Pending })
			})
			if mark := m.Pending["address"][field]; (waits < 0) != (mark == "") || waits >= 0 && changes[waits].ID != mark {
				t.Errorf("%s is marked %q; waits: %d of %d", field, mark, waits, len(changes))
			}
		}
	}
	if accepted == 0 || file.Version < 2 {
		t.Errorf("%d fields accepted, version %d: nothing was tried", accepted, file.Version)
	}
}

// takeTurn proposes a new value on even turns, and decides the oldest pending change on odd ones.
func takeTurn(h town.Home, n, turn int) error {
	household := h.Household()
	m := household.Guardians[n%2]
	f := h.MadeFamily.Store
	if turn%2 == 0 {
		field := []string{"street", "complement"}[turn/2%2]
		if m.Pending["address"][field] != "" {
			return nil
		}
		c := family.Change{ID: f.ChangeID(fmt.Sprintf("%d%d", n, turn)), Target: m.ID, Of: family.Guardian, Section: "address", CreatedAt: town.Now}
		c.Fields = []family.FieldChange{{Field: field, Old: m.Value("address", field), New: fmt.Sprintf("rue %d-%d", n, turn), State: family.Pending}}
		return f.AddChange(h.T.Context(), household, c, "account")
	}
	for _, field := range []string{"street", "complement"} {
		waiting := m.Pending["address"][field]
		if waiting == "" {
			continue
		}
		c, by, err := f.Change(h.T.Context(), waiting)
		if err != nil {
			return err
		}
		after, decided, err := c.Decide(m, family.Verdict{Accept: (n+turn)%3 > 0, Reason: "Non."}, town.Now)
		if err != nil {
			return err
		}
		return f.DecideChange(h.T.Context(), household, after, decided, by, "agent", town.Now)
	}
	return nil
}

func TestAFamilyIsReachedByItsSubscriptionOnly(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t), town.NewHome(t)
	replaced := account.CallerOf(h.Account.ID+".replaced", false)
	cases := []struct {
		says   string
		caller account.Caller
		family string
		want   string
	}{
		{"its subscriber", account.CallerOf(h.Account.User, false), h.ID, ""},
		{"its subscriber with replaced credentials", replaced, h.ID, "session_ended"},
		{"its subscriber with replaced credentials, for another family", replaced, elsewhere.ID, "session_ended"},
		{"the subscriber of another", account.CallerOf(elsewhere.Account.User, false), h.ID, "family_not_found"},
		{"no account", account.CallerOf("nobody.x", false), h.ID, "session_ended"},
		{"an empty name", account.CallerOf("", false), h.ID, "session_ended"},
		{"no family", account.CallerOf(h.Account.User, false), "", "family_not_found"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			right, err := h.Env.Store.FamilyOf(t.Context(), c.caller, c.family)
			if refusal.Code(err) != c.want || err != nil && c.want == "" {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if err == nil && (right.Slug != h.Slug || right.Store.ID() != h.ID || right.Guardian != h.Guardians[0]) {
				t.Errorf("got %+v", right)
			}
		})
	}
}

func TestTheOtherHomeOfAChildIsToldNothingOfAdults(t *testing.T) {
	t.Parallel()
	first, second := town.New(t).TwoHomes("Léa")
	for _, kind := range []string{"insurance", "address_proof", "tax_notice", "judgment"} {
		first.Join(family.Document, map[string]any{"type": kind, "about": first.Children[0]})
	}
	for of, want := range map[*town.Home]string{&first: "address_proof insurance judgment tax_notice", &second: "insurance"} {
		var kinds []string
		for _, d := range of.Household().Documents {
			kinds = append(kinds, d.Text("document", "type"))
		}
		slices.Sort(kinds)
		if got := strings.Join(kinds, " "); got != want {
			t.Errorf("%s: got %s, want %s", of.Label, got, want)
		}
	}
}
