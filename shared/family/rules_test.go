package family_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/shared/collectivity"
	"preau/shared/family"
)

func TestAMemberIsProposedWithAllThatItTakes(t *testing.T) {
	t.Parallel()
	child, contact := family.First(family.Child), family.First(family.Contact)
	full := household()
	for n := range 53 {
		full.Add(family.Member{ID: fmt.Sprint("c", n), Target: family.Contact})
	}
	waiting := full
	waiting.Contacts, waiting.Adding = full.Contacts[:50], map[string]family.Target{"1": family.Contact, "2": family.Contact, "3": family.Contact, "4": family.Contact}
	noe := object{"lastName": "Martin", "firstName": "Noé", "birthDate": "2020-02-29"}
	cases := []struct {
		says     string
		settings collectivity.Settings
		file     family.File
		section  family.Section
		values   object
		want     string
	}{
		{"what is given, in the section's order", requiring(), household(), child, noe, "lastName <nil>→Martin, firstName <nil>→Noé, birthDate <nil>→2020-02-29"},
		{"nothing given", requiring(), household(), child, nil, "values.birthDate required, values.firstName required, values.lastName required"},
		{"what the town requires besides", requiring("child.identity.sex"), household(), child, noe, "values.sex required"},
		{"what the town does not ask for", requiring("child.identity.birthPlace=hidden"), household(), child, object{"lastName": "M", "firstName": "N", "birthDate": "2020-02-29", "birthPlace": "Rennes"}, "values.birthPlace field_hidden"},
		{"an empty value is none", requiring(), household(), child, object{"lastName": "M", "firstName": "N", "birthDate": "2020-02-29", "sex": "", "birthPlace": nil}, "lastName <nil>→M, firstName <nil>→N, birthDate <nil>→2020-02-29"},
		{"a contact of children of the file", requiring(), household(), contact, object{"lastName": "G", "firstName": "J", "phone": "0612345678", "children": list{"tom", "lea"}}, "lastName <nil>→G, firstName <nil>→J, phone <nil>→+33612345678, children <nil>→[lea tom]"},
		{"a contact of somebody who is no child", requiring(), household(), contact, object{"lastName": "G", "firstName": "J", "phone": "0612345678", "children": list{"petit"}}, "values.children[0] member_unknown"},
		{"a file of sixty", requiring(), full, child, noe, "file_full"},
		{"a file of sixty with those who wait", requiring(), waiting, child, noe, "file_full"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			fields, err := family.ProposeMember(c.settings, c.file, c.section, c.values, formatsOf(c.file, "anne"))
			if got := told(fields, err); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWhoMayBeProposedToLeave(t *testing.T) {
	t.Parallel()
	file := household()
	alone := file
	alone.Guardians = file.Guardians[:1]
	leaving := file.Children[0]
	leaving.Pending = map[string]map[string]string{"member": {"removed": "f-1"}}
	cases := []struct {
		says string
		file family.File
		m    family.Member
		by   string
		want string
	}{
		{"a child", file, file.Children[0], "anne", "removed false→true"},
		{"a contact", file, file.Contacts[0], "anne", "removed false→true"},
		{"a paper", file, file.Documents[0], "anne", "removed false→true"},
		{"another guardian", file, file.Guardians[1], "anne", "removed false→true"},
		{"oneself", file, file.Guardians[0], "anne", "remove_yourself, target remove_yourself"},
		{"oneself, alone", alone, alone.Guardians[0], "anne", "remove_yourself, target remove_yourself"},
		{"the only guardian, by the town", alone, alone.Guardians[0], "", "last_guardian, target last_guardian"},
		{"who is about to leave already", file, leaving, "anne", "field_pending, values.removed field_pending"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			fields, err := family.ProposeRemoval(c.file, c.m, c.by)
			if got := told(fields, err); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestADocumentEndsAfterItBegins(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, until string // that it has
		values      object
		want        string
	}{
		{"2026-09-01", "2027-08-31", object{"validUntil": "2026-08-31"}, "values.validUntil period_reversed"},
		{"2026-09-01", "2027-08-31", object{"validFrom": "2027-09-01"}, "values.validUntil period_reversed"},
		{"2026-09-01", "2027-08-31", object{"validUntil": "2026-09-01"}, "validUntil 2027-08-31→2026-09-01"},
		{"2026-09-01", "2027-08-31", object{"validUntil": nil}, "validUntil 2027-08-31→<nil>"},
		{"2026-09-01", "", object{"validFrom": "2099-01-01"}, "validFrom 2026-09-01→2099-01-01"},
		{"2026-09-01", "2027-08-31", object{"validFrom": nil, "validUntil": "2020-01-01"}, "validFrom 2026-09-01→<nil>, validUntil 2027-08-31→2020-01-01"},
	} {
		fields, err := family.Propose(collectivity.Settings{}, paper("insurance", "lea", c.from, c.until), family.First(family.Document), 5, c.values, formatsOf(household(), "anne"))
		if got := told(fields, err); got != c.want {
			t.Errorf("%v: got %s, want %s", c.values, got, c.want)
		}
	}
}

// TestAContactKeepsChildrenWhomAFileDoesNotKnow: it lies in the file of the child's other household.
func TestAContactKeepsChildrenWhomAFileDoesNotKnow(t *testing.T) {
	t.Parallel()
	file := household()
	section := family.First(family.Contact)
	cases := []struct {
		says     string
		old, new list
		want     string
	}{
		{"another child of this file is added", list{"zoe", "lea"}, list{"lea", "tom"}, "children [zoe lea]→[lea tom zoe]"},
		{"a child of this file is taken out", list{"lea", "zoe", "tom"}, list{"tom"}, "children [lea zoe tom]→[tom zoe]"},
		{"the same of this file is no change", list{"zoe", "lea"}, list{"lea"}, "values nothing_changes"},
		{"the same in another order is no change", list{"tom", "lea"}, list{"lea", "tom"}, "values nothing_changes"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			m := family.Member{ID: "mamie", Target: family.Contact, Values: map[string]map[string]any{"contact": {"children": c.old}}}
			fields, err := family.Propose(collectivity.Settings{}, m, section, 5, object{"children": c.new}, formatsOf(file, "anne"))
			if got := told(fields, err); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestWhomACourtSheltersIsFoundByNobodyElse(t *testing.T) {
	t.Parallel()
	sheltered := guardian("anne", "h")
	sheltered.Sheltered = true
	for _, s := range family.SectionsOf(family.Guardian) {
		for says, viewer := range map[string]family.Member{"oneself": sheltered, "an adult of the household": guardian("paul", "h"), "an adult of another": guardian("petit", "other")} {
			sees := says == "oneself" || !s.Private
			edits := says == "oneself" || !s.Private && says == "an adult of the household"
			if got := family.Sees(viewer, sheltered, s); got != sees {
				t.Errorf("%s sees %s: %v", says, s.Name, got)
			}
			if got := family.Edits(viewer, sheltered, s); got != edits {
				t.Errorf("%s edits %s: %v", says, s.Name, got)
			}
		}
	}
}

func TestWhoIsNear(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b family.Member
		want bool
	}{
		{guardian("anne", "h"), guardian("paul", "h"), true},
		{guardian("anne", "h"), guardian("paul", "other"), false},
		{guardian("anne", ""), guardian("paul", ""), false},
		{guardian("anne", ""), guardian("anne", ""), true},
		{family.Member{}, guardian("paul", ""), false},
	} {
		if got := family.Near(c.a, c.b); got != c.want {
			t.Errorf("%s (%s) and %s (%s): %v", c.a.ID, c.a.Household, c.b.ID, c.b.Household, got)
		}
	}
}

func TestWhatIsMasked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind  family.Kind
		value any
		want  any
	}{
		{family.IBAN, "FR1420041010050500013M02606", "FR•• •••• 2606"},
		{family.IBAN, "NO9386011117947", "NO•• •••• 7947"},
		{family.IBAN, "FR14", "••••"},
		{family.IBAN, "", ""},
		{family.IBAN, nil, nil},
		{family.IBAN, []byte{1}, nil},
		{family.BIC, "PSSTFRPPREN", "PS•••••••••"},
		{family.BIC, "P", "P"},
		{family.TaxReference, "2675A12345678", "26•••••••••••"},
		{family.Consent, object{"given": false, "at": "2026"}, false},
		{family.Consent, nil, nil},
		{family.Text, "Ventoline", "Ventoline"},
		{family.Text, []byte{1}, nil},
		{family.List, list{object{"allergen": "lait"}}, list{object{"allergen": "lait"}}},
		{family.YesNo, true, true},
	} {
		if d := cmp.Diff(c.want, family.Field{Kind: c.kind}.Masked(c.value)); d != "" {
			t.Errorf("%s %v (-want +got)\n%s", c.kind, c.value, d)
		}
	}
}

func TestWhatIsTheSame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b any
		want bool
	}{
		{nil, nil, true},
		{nil, "", false},
		{"a", "a", true},
		{812.5, 812.5, true},
		{true, false, false},
		{list{"a", "b"}, list{"a", "b"}, true},
		{list{"a", "b"}, list{"b", "a"}, false},
		{list{object{"name": "DTP"}}, list{object{"name": "DTP"}}, true},
		{list{object{"name": "DTP"}}, list{object{"name": "DTP", "date": "2019-06-01"}}, false},
		{object{"given": true, "at": "1"}, object{"given": true, "at": "2"}, true},
		{object{"given": true, "at": "1"}, object{"given": false, "at": "1"}, false},
		{object{"given": true}, nil, false},
	} {
		if got := family.Same(c.a, c.b); got != c.want {
			t.Errorf("%v and %v: %v", c.a, c.b, got)
		}
	}
}

func TestWhatAnAcceptedQuotientBrings(t *testing.T) {
	t.Parallel()
	with := func(values object, kept ...string) family.Member {
		m := family.Member{ID: "anne", Target: family.Guardian, Values: map[string]map[string]any{"fiscal": values}}
		for _, name := range kept {
			m.Kept = map[string]map[string][]byte{"fiscal": {name: {1}}}
		}
		return m
	}
	quotient := func(old, is any) family.FieldChange {
		return family.FieldChange{Field: "quotient", Old: old, New: is, State: family.Accepted}
	}
	before := list{object{"quotient": 700.0, "date": "2025-01-01"}}
	cases := []struct {
		says     string
		m        family.Member
		section  string
		accepted []family.FieldChange
		want     string
	}{
		{"the first one brings nothing", with(nil), "fiscal", []family.FieldChange{quotient(nil, 812.0)}, ""},
		{"the one before joins the history with its date", with(object{"quotient": 812.0, "quotientDate": "2026-01-15"}), "fiscal", []family.FieldChange{quotient(812.0, 500.0)}, "quotients <nil>→[map[date:2026-01-15 quotient:812]]"},
		{"behind those before", with(object{"quotient": 812.0, "quotients": before}), "fiscal", []family.FieldChange{quotient(812.0, 500.0)}, "quotients [map[date:2025-01-01 quotient:700]]→[map[date:2025-01-01 quotient:700] map[quotient:812]]"},
		{"the proof is erased", with(object{"taxReference": "T"}, "taxReference"), "fiscal", []family.FieldChange{quotient(nil, 812.0)}, "taxReference T→<nil>"},
		{"a proof that came with it is erased", with(nil), "fiscal", []family.FieldChange{quotient(nil, 812.0), {Field: "taxReference", New: "T", State: family.Accepted}}, "taxReference <nil>→<nil>"},
		{"a quotient that is cleared joins the history", with(object{"quotient": 812.0}), "fiscal", []family.FieldChange{quotient(812.0, nil)}, "quotients <nil>→[map[quotient:812]]"},
		{"a proof alone stays", with(nil), "fiscal", []family.FieldChange{{Field: "taxReference", New: "T"}}, ""},
		{"a field of that name elsewhere", with(object{"quotient": 812.0}), "bank", []family.FieldChange{quotient(812.0, 500.0)}, ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			given := slices.Clone(c.accepted)
			if got := told(family.Follows(c.m, c.section, c.accepted), nil); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if d := cmp.Diff(given, c.accepted); d != "" {
				t.Errorf("what was accepted became\n%s", d)
			}
		})
	}
	if len(before) != 1 {
		t.Errorf("the history that was read became %v", before)
	}
}
