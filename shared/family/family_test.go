package family_test

import (
	"testing"

	"preau/shared/family"
)

func guardian(id, household string) family.Member {
	return family.Member{ID: id, Target: family.Guardian, Household: household}
}

func section(t *testing.T, name string) family.Section {
	t.Helper()
	s, ok := family.SectionOf(family.Guardian, name)
	if !ok {
		t.Fatalf("no section %s", name)
	}
	return s
}

func TestWhoSeesAndEditsAnAdultsSection(t *testing.T) {
	t.Parallel()
	anne, child := guardian("anne", "h"), family.Member{ID: "lea", Target: family.Child}
	cases := []struct {
		says          string
		viewer, of    family.Member
		section       string
		sees, changes bool
	}{
		{"one's own address", anne, anne, "address", true, true},
		{"the address of an adult of the same household", anne, guardian("paul", "h"), "address", true, true},
		{"the address of an adult of another household", anne, guardian("paul", "other"), "address", false, false},
		{"the phones of an adult of another household", anne, guardian("paul", "other"), "phones", false, false},
		{"the name of an adult of another household", anne, guardian("paul", "other"), "identity", true, false},
		{"no household is nobody's household", guardian("anne", ""), guardian("paul", ""), "phones", false, false},
		{"no household is nobody's household, for the name either", guardian("anne", ""), guardian("paul", ""), "identity", true, false},
		{"one's own phones without a household", guardian("anne", ""), guardian("anne", ""), "phones", true, true},
		{"a child of the file", anne, child, "identity", true, true},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := section(t, c.section)
			if got := family.Sees(c.viewer, c.of, s); got != c.sees {
				t.Errorf("sees: %v", got)
			}
			if got := family.Edits(c.viewer, c.of, s); got != c.changes {
				t.Errorf("edits: %v", got)
			}
		})
	}
}

func TestAMaskedLabelKeepsFirstLettersOnly(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]string{
		"Famille Martin":        "Famille M•••••",
		"Famille Le Goff":       "Famille L••••• G•••••",
		"famille Élie-Dubois":   "famille É•••••",
		"Martin":                "M•••••",
		"Famille":               "Famille",
		"Famille Famille Morel": "Famille F••••• M•••••",
		"  ":                    "",
	} {
		if got := family.MaskedLabel(label); got != want {
			t.Errorf("%q is masked as %q, want %q", label, got, want)
		}
	}
}

func TestAMemberIsFoundByItsID(t *testing.T) {
	t.Parallel()
	f := family.File{Guardians: []family.Member{guardian("anne", "h")}, Children: []family.Member{{ID: "lea", Target: family.Child}}}
	for id, want := range map[string]bool{"anne": true, "lea": true, "": false, "paul": false} {
		if _, ok := f.Member(id); ok != want {
			t.Errorf("%q: found %v", id, ok)
		}
	}
}
