package family

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// merged tells of a merge: "anne = a: phones.home / lea moved / …", then what forbids it.
func merged(m Merge) string {
	var all []string
	said := func(list []Said) string {
		var names []string
		for _, s := range list {
			names = append(names, s.Section+"."+s.Field)
		}
		slices.Sort(names)
		return strings.Join(names, ",")
	}
	for _, member := range m.Members {
		line := member.ID + " moved"
		if member.Same {
			line = fmt.Sprintf("%s = %s takes %s drops %s", member.ID, member.Into.ID, said(member.Takes), said(member.Drops))
		}
		all = append(all, strings.TrimSpace(line))
	}
	for _, no := range m.Forbids {
		all = append(all, no.Code)
	}
	return strings.Join(all, " / ")
}

type fields = map[string]any

func person(target Target, id, first, last, born string, sections map[string]fields) Member {
	m := Member{ID: id, Target: target, Values: map[string]map[string]any{First(target).Name: {"firstName": first, "lastName": last}}}
	if born != "" {
		m.Values["identity"]["birthDate"] = born
	}
	for section, values := range sections {
		if m.Values[section] == nil {
			m.Values[section] = map[string]any{}
		}
		for field, v := range values {
			m.Values[section][field] = v
		}
	}
	return m
}

func fileOf(id string, members ...Member) File {
	f := File{ID: id, Version: 1}
	for _, m := range members {
		f.Add(m)
	}
	return f
}

func fold(s string) string { return strings.ToLower(s) }

func TestMembersOfOneNameAndBirthDateAreTheSame(t *testing.T) {
	t.Parallel()
	phones := func(numbers fields) map[string]fields { return map[string]fields{"phones": numbers} }
	for _, c := range []struct {
		says       string
		from, into []Member
		want       string
	}{
		{"a child in both", []Member{person(Child, "l2", "LÉA", "martin", "2018-05-04", nil)}, []Member{person(Child, "l1", "Léa", "Martin", "2018-05-04", nil)}, "l2 = l1 takes  drops identity.firstName,identity.lastName"},
		{"a child born on another day", []Member{person(Child, "l2", "Léa", "Martin", "2018-05-05", nil)}, []Member{person(Child, "l1", "Léa", "Martin", "2018-05-04", nil)}, "l2 moved"},
		{"guardians of no birth date", []Member{person(Guardian, "a2", "Anne", "Martin", "", nil)}, []Member{person(Guardian, "a1", "Anne", "Martin", "", nil)}, "a2 moved"},
		{"a child and a guardian", []Member{person(Child, "l2", "Léa", "Martin", "2018-05-04", nil)}, []Member{person(Guardian, "l1", "Léa", "Martin", "2018-05-04", nil)}, "l2 moved"},
		{"twins of one name, one by one", []Member{person(Child, "l3", "Léa", "Martin", "2018-05-04", nil), person(Child, "l4", "Léa", "Martin", "2018-05-04", nil)}, []Member{person(Child, "l1", "Léa", "Martin", "2018-05-04", nil)}, "l3 = l1 takes  drops / l4 moved"},
		{
			"a guardian takes over what the other lacks",
			[]Member{person(Guardian, "a2", "Anne", "Martin", "1985-01-01", phones(fields{"mobile": "+33612345678", "home": "+33102030405"}))},
			[]Member{person(Guardian, "a1", "Anne", "Martin", "1985-01-01", phones(fields{"mobile": "+33698765432"}))},
			"a2 = a1 takes phones.home drops phones.mobile",
		},
		{
			"of bank details nothing is mixed",
			[]Member{person(Guardian, "a2", "Anne", "Martin", "1985-01-01", map[string]fields{"bank": {"iban": "FR1", "bic": "B1"}})},
			[]Member{person(Guardian, "a1", "Anne", "Martin", "1985-01-01", map[string]fields{"bank": {"iban": "FR2"}})},
			"a2 = a1 takes  drops bank.bic,bank.iban",
		},
		{
			"nor of an address",
			[]Member{person(Guardian, "a2", "Anne", "Martin", "1985-01-01", map[string]fields{"address": {"street": "1 rue", "complement": "B", "city": "Paris"}})},
			[]Member{person(Guardian, "a1", "Anne", "Martin", "1985-01-01", map[string]fields{"address": {"street": "1 rue", "city": "Paris"}})},
			"a2 = a1 takes  drops address.complement",
		},
		{
			"a section that the other lacks comes whole",
			[]Member{person(Guardian, "a2", "Anne", "Martin", "1985-01-01", map[string]fields{"bank": {"iban": "FR1", "bic": "B1"}})},
			[]Member{person(Guardian, "a1", "Anne", "Martin", "1985-01-01", nil)},
			"a2 = a1 takes bank.bic,bank.iban drops",
		},
		{
			"contacts of one phone",
			[]Member{person(Contact, "c2", "Zoé", "Roux", "", map[string]fields{"contact": {"phone": "+331"}})},
			[]Member{person(Contact, "c1", "Zoé", "Roux", "", map[string]fields{"contact": {"phone": "+331"}})},
			"c2 = c1 takes  drops",
		},
		{
			"contacts of another",
			[]Member{person(Contact, "c2", "Zoé", "Roux", "", map[string]fields{"contact": {"phone": "+332"}})},
			[]Member{person(Contact, "c1", "Zoé", "Roux", "", map[string]fields{"contact": {"phone": "+331"}})},
			"c2 moved",
		},
		{"documents, never", []Member{{ID: "d2", Target: Document}}, []Member{{ID: "d1", Target: Document}}, "d2 moved"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := merged(PlanMerge(fileOf("from", c.from...), File{}, fileOf("into", c.into...), fold)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestGuardiansOfOneAccountAreTheSameAndOfTwoForbidAMerge(t *testing.T) {
	t.Parallel()
	of := func(id, account, born string) Member {
		m := person(Guardian, id, "Anne", "Martin", born, nil)
		m.Account = account
		return m
	}
	for _, c := range []struct {
		says       string
		from, into []Member
		want       string
	}{
		{"one account, whatever the names", []Member{func() Member { m := of("a2", "x", ""); m.Values["identity"]["firstName"] = "Annie"; return m }()}, []Member{of("a1", "x", "")}, "a2 = a1 takes  drops identity.firstName"},
		{"only the one subscribed", []Member{of("a2", "x", "1985-01-01")}, []Member{of("a1", "", "1985-01-01")}, "a2 = a1 takes  drops"},
		{"two accounts", []Member{of("a2", "x", "1985-01-01")}, []Member{of("a1", "y", "1985-01-01")}, "a2 = a1 takes  drops / merge_accounts"},
		{"one account for two persons", []Member{of("a2", "x", "1985-01-01"), of("b2", "z", "1986-01-01")}, []Member{of("a1", "", "1985-01-01"), of("b1", "x", "1990-01-01")}, "a2 = a1 takes  drops / b2 moved / merge_account_twice"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := merged(PlanMerge(fileOf("from", c.from...), File{}, fileOf("into", c.into...), fold)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWhatSafetyIsAboutIsNeverLost(t *testing.T) {
	t.Parallel()
	consent := func(given bool, at string) fields { return fields{"given": given, "at": at} }
	child := func(id string, section string, values fields) Member {
		return person(Child, id, "Léa", "Martin", "2018-05-04", map[string]fields{section: values})
	}
	contact := func(id string, collect bool, children ...any) Member {
		return person(Contact, id, "Zoé", "Roux", "", map[string]fields{"contact": {"phone": "+331", "collect": collect, "children": children}})
	}
	for _, c := range []struct {
		says       string
		from, into Member
		section    string
		field      string
		want       any
		forbids    string
	}{
		{"an allergy that the other file lacks", child("l2", "health", fields{"allergies": []any{"lait"}}), child("l1", "health", nil), "health", "allergies", []any{"lait"}, ""},
		{"allergies of which each file has one", child("l2", "health", fields{"allergies": []any{"lait"}}), child("l1", "health", fields{"allergies": []any{"noix"}}), "health", "allergies", []any{"noix"}, "merge_health_differs"},
		{"the same allergies", child("l2", "health", fields{"allergies": []any{"noix"}}), child("l1", "health", fields{"allergies": []any{"noix"}}), "health", "allergies", []any{"noix"}, ""},
		{"a doctor of whom each says another", child("l2", "health", fields{"doctor": "A"}), child("l1", "health", fields{"doctor": "B"}), "health", "doctor", "B", ""},
		{"a consent taken back later", child("l2", "authorisations", fields{"image@a": consent(false, "2026-10-02")}), child("l1", "authorisations", fields{"image@a": consent(true, "2026-10-01")}), "authorisations", "image@a", consent(false, "2026-10-02"), ""},
		{"a consent given again since", child("l2", "authorisations", fields{"image@a": consent(false, "2026-10-01")}), child("l1", "authorisations", fields{"image@a": consent(true, "2026-10-02")}), "authorisations", "image@a", consent(true, "2026-10-02"), ""},
		{"who may collect in one file only", contact("c2", true), contact("c1", false), "contact", "collect", false, ""},
		{"the other way round", contact("c2", false), contact("c1", true), "contact", "collect", false, ""},
		{"the children of both", contact("c2", true, "x", "y"), contact("c1", true, "y", "z"), "contact", "children", []any{"y", "z", "x"}, ""},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			m := PlanMerge(fileOf("from", c.from), File{}, fileOf("into", c.into), fold)
			if got := m.Members[0].Into.Value(c.section, c.field); !m.Members[0].Same || fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("it is %v, want %v", got, c.want)
			}
			var codes []string
			for _, no := range m.Forbids {
				codes = append(codes, no.Code)
			}
			if strings.Join(codes, " ") != c.forbids {
				t.Errorf("forbidden by %q, want %q", codes, c.forbids)
			}
		})
	}
}

func TestWhoMovesNamesTheOthersAsTheyAreCalledThere(t *testing.T) {
	t.Parallel()
	anne := person(Guardian, "a2", "Anne", "Martin", "1985-01-01", map[string]fields{"relations": {"l2": "mother", "n2": "mother"}})
	paul := person(Guardian, "p2", "Paul", "Petit", "1984-01-01", map[string]fields{"relations": {"l2": "father"}, "address": {"sameAs": "a2"}})
	anne.Household, paul.Household = "h", "h"
	lea := person(Child, "l2", "Léa", "Martin", "2018-05-04", nil)
	noe := person(Child, "n2", "Noé", "Martin", "2020-05-04", map[string]fields{"authorisations": {"image@a2": true, "outings@p2": true}})
	zoe := person(Contact, "c2", "Zoé", "Roux", "", map[string]fields{"contact": {"phone": "+331", "children": []any{"l2", "n2"}}})
	paper := Member{ID: "d2", Target: Document, Values: map[string]map[string]any{"document": {"about": "l2"}}}
	gone := person(Guardian, "g2", "Guy", "Petit", "1960-01-01", map[string]fields{"relations": {"l2": "grandparent"}})
	gone.Left = "2026-01-01"
	there := person(Guardian, "a1", "Anne", "Martin", "1985-01-01", nil)
	there.Household = "h"
	m := PlanMerge(fileOf("from", anne, paul, lea, noe, zoe, paper), fileOf("", gone), fileOf("into", there, person(Child, "l1", "Léa", "Martin", "2018-05-04", nil)), fold)
	is := map[string]Member{}
	for _, member := range m.Members {
		is[member.ID] = member.Into
	}
	for _, c := range []struct {
		says      string
		got, want any
	}{
		{"Anne's relations", is["a2"].Values["relations"], fields{"l1": "mother", "n2": "mother"}},
		{"Anne's household", is["a2"].Household, "h"},
		{"Paul's relations", is["p2"].Values["relations"], fields{"l1": "father"}},
		{"Paul's address", is["p2"].Text("address", "sameAs"), "a1"},
		{"Paul's household, which is not that of the others", is["p2"].Household, "from-h"},
		{"Noé's consents", is["n2"].Values["authorisations"], fields{"image@a1": true, "outings@p2": true}},
		{"Zoé's children", is["c2"].Value("contact", "children"), []any{"l1", "n2"}},
		{"the paper", is["d2"].Text("document", "about"), "l1"},
		{"of him who left", m.Gone[0].Values["relations"], fields{"l1": "grandparent"}},
		{"when he left", m.Gone[0].Left, "2026-01-01"},
		{"Léa", m.As("l2"), "l1"},
		{"Noé", m.As("n2"), "n2"},
		{"as she was", lea.ID + fmt.Sprint(anne.Values["relations"]), "l2map[l2:mother n2:mother]"},
	} {
		if fmt.Sprint(c.got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", c.says, c.got, c.want)
		}
	}
}

func TestWhatWaitsOrIsSharedForbidsAMerge(t *testing.T) {
	t.Parallel()
	lea := func(change func(*Member)) Member {
		m := person(Child, "l2", "Léa", "Martin", "2018-05-04", nil)
		change(&m)
		return m
	}
	into := fileOf("into", person(Child, "n1", "Noé", "Martin", "2020-05-04", nil))
	for _, c := range []struct {
		says string
		from File
		into File
		want string
	}{
		{"nothing", fileOf("from", lea(func(*Member) {})), into, ""},
		{"a field that waits", fileOf("from", lea(func(m *Member) { m.Pending = map[string]map[string]string{"health": {"doctor": "c"}} })), into, "merge_pending_changes"},
		{"a field that waited", fileOf("from", lea(func(m *Member) { m.Pending = map[string]map[string]string{"health": {}} })), into, ""},
		{"somebody who is proposed", File{ID: "from", Adding: map[string]Target{"c": Child}}, into, "merge_pending_changes"},
		{"a child of two files", fileOf("from", lea(func(m *Member) { m.Other = "third" })), into, "merge_shared_child"},
		{"a child of both", fileOf("from", lea(func(m *Member) { m.Other = "into" })), into, "merge_shared_child"},
		{"the same child, which is of two files", fileOf("from", lea(func(*Member) {})), fileOf("into", lea(func(m *Member) { m.ID, m.Other = "l1", "third" })), "merge_shared_child"},
		{"another child of two files, which stays", fileOf("from", lea(func(*Member) {})), fileOf("into", person(Child, "n1", "Noé", "Martin", "2020-05-04", nil)), ""},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			var codes []string
			for _, no := range PlanMerge(c.from, File{}, c.into, fold).Forbids {
				codes = append(codes, no.Code)
			}
			if got := strings.Join(codes, " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
