package family_test

import (
	"slices"
	"strings"
	"testing"

	"preau/shared/collectivity"
	"preau/shared/family"
)

// agents are all roles, without the right to health and with it.
func agents() map[string]collectivity.Agent {
	all := map[string]collectivity.Agent{}
	for _, role := range []collectivity.Role{collectivity.Reader, collectivity.Reviewer, collectivity.Manager} {
		all[string(role)] = collectivity.Agent{Role: role}
		all[string(role)+"+health"] = collectivity.Agent{Role: role, Health: true}
	}
	return all
}

// seenBy lists the agents for whom something is so.
func seenBy(is func(collectivity.Agent) bool) string {
	var who []string
	for name, a := range agents() {
		if is(a) {
			who = append(who, name)
		}
	}
	slices.Sort(who)
	return strings.Join(who, " ")
}

const (
	everyAgent = "manager manager+health reader reader+health reviewer reviewer+health"
	office     = "manager manager+health reviewer reviewer+health"
	carers     = "manager+health reader+health reviewer+health"
	careOffice = "manager+health reviewer+health"
)

func TestWhatAnAgentSeesOfEachSection(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"guardian.work": office, "guardian.fiscal": office, "guardian.bank": office, "child.health": carers,
	}
	for _, s := range family.Sections {
		if s.Target == family.Document {
			continue
		}
		sees, decides := everyAgent, office
		if w, ok := want[s.Key()]; ok {
			sees = w
		}
		if sees == carers {
			decides = careOffice
		}
		m := family.Member{Target: s.Target}
		if got := seenBy(func(a collectivity.Agent) bool { return family.AgentSees(a, m, s) }); got != sees {
			t.Errorf("%s is seen by %s, want %s", s.Key(), got, sees)
		}
		if got := seenBy(func(a collectivity.Agent) bool { return family.AgentDecides(a, m, s) }); got != decides {
			t.Errorf("%s is decided by %s, want %s", s.Key(), got, decides)
		}
	}
}

// TestWhatIsSealedNoReaderSeesWithoutARight: a new sealed field must lie in a section with a right.
func TestWhatIsSealedNoReaderSeesWithoutARight(t *testing.T) {
	t.Parallel()
	for _, s := range family.Sections {
		sealed := slices.ContainsFunc(s.Fields, func(f family.Field) bool { return f.Sealed })
		if sealed && family.AgentSees(collectivity.Agent{Role: collectivity.Reader}, family.Member{Target: s.Target}, s) {
			t.Errorf("%s holds something sealed, and any reader sees it", s.Key())
		}
	}
}

func TestWhatAnAgentSeesOfDocumentsByTheirType(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"insurance": everyAgent, "address_proof": everyAgent, "vaccination": carers, "pai": carers, "absence_certificate": carers,
		"tax_notice": office, "judgment": office, "other": office,
		"": careOffice, // sealed still: it may be any of them
	}
	for _, kind := range append([]string{""}, family.DocumentTypes...) {
		m := family.Member{Target: family.Document, Values: map[string]map[string]any{"document": {}}}
		if kind != "" {
			m.Values["document"]["type"] = kind
		}
		if got := seenBy(func(a collectivity.Agent) bool { return family.AgentSees(a, m, family.First(family.Document)) }); got != want[kind] {
			t.Errorf("a document of type %q is seen by %s, want %s", kind, got, want[kind])
		}
	}
}
