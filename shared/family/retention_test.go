package family_test

import (
	"testing"

	"preau/shared/calendar"
	"preau/shared/family"
)

func TestHowLongEachClassIsKept(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says    string
		class   family.Class
		left    calendar.Date
		archive int
		last    calendar.Date // "": for good
	}{
		{"health, of who leaves in the school year", family.SchoolYear, "2026-11-23", 0, "2027-08-31"},
		{"health, of who leaves on the year's last day", family.SchoolYear, "2027-08-31", 0, "2027-08-31"},
		{"health, of who leaves on the year's first day", family.SchoolYear, "2027-09-01", 0, "2028-08-31"},
		{"health, whatever the archive agreement", family.SchoolYear, "2027-01-01", 30, "2027-08-31"},
		{"a paper", family.Paper, "2027-01-01", 0, "2027-08-31"},
		{"a tax reference", family.UntilQuotient, "2027-01-01", 0, "2027-08-31"},
		{"bank details: 14 months", family.Bank, "2026-11-23", 0, "2028-01-23"},
		{"bank details, from the end of a long month", family.Bank, "2026-12-31", 0, "2028-02-29"},
		{"what a price came from: ten years after that of leaving", family.Billing, "2026-01-01", 0, "2036-12-31"},
		{"what a price came from, on the year's last day", family.Billing, "2026-12-31", 0, "2036-12-31"},
		{"what a price came from, on a 29th of February", family.Billing, "2028-02-29", 0, "2038-12-31"},
		{"the file itself, without an archive agreement", family.Record, "2026-11-23", 0, ""},
		{"the file itself, with one", family.Record, "2026-11-23", 5, "2031-11-23"},
		{"the file itself, on a 29th of February", family.Record, "2028-02-29", 1, "2029-03-01"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			last, ok := c.class.KeptUntil(c.left, c.archive)
			if ok != (c.last != "") || ok && last != c.last {
				t.Errorf("until %s, %v; want %q", last, ok, c.last)
			}
		})
	}
}

// TestNothingSealedIsKeptAsLongAsTheFile: health least of all.
func TestNothingSealedIsKeptAsLongAsTheFile(t *testing.T) {
	t.Parallel()
	for _, s := range family.Sections {
		for _, f := range s.Fields {
			if f.Sealed && f.Class == family.Record {
				t.Errorf("%s.%s is sealed and has no class of its own", s.Key(), f.Name)
			}
			if s.Right == family.Health && (f.Class != family.SchoolYear || !f.Sealed) {
				t.Errorf("%s.%s is health data, kept by %q, sealed: %v", s.Key(), f.Name, f.Class, f.Sealed)
			}
		}
	}
}
