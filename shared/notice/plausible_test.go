package notice

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"preau/shared/calendar"
	"preau/shared/schooldays"
)

// asked is one line of a table: kind (default booking), day, local instant, and the answer.
type asked struct {
	day    calendar.Date
	at     string
	expect State
	by     string // "absence", "other" (lives elsewhere), or nothing: a resident's booking
}

// plausible are regulations in the style of towns, of forms that the published ones do not have.
var plausible = []struct {
	id, zone string
	settings schooldays.Settings
	cases    []asked
}{
	{id: "two-working-days", cases: []asked{
		{"2026-11-23", "2026-11-19T09:59", Open, ""},
		{"2026-11-23", "2026-11-19T10:00", Closed, ""},
		{"2026-11-13", "2026-11-10T09:59", Open, ""}, // the 11th does not count
		{"2026-11-13", "2026-11-10T10:00", Closed, ""},
	}},
	{id: "two-working-days", settings: schooldays.Settings{Region: schooldays.AlsaceMoselle}, cases: []asked{
		{"2027-03-30", "2027-03-24T09:59", Open, ""}, // neither Good Friday nor Easter Monday counts
		{"2027-03-30", "2027-03-24T10:00", Closed, ""},
	}},
	{id: "two-working-days", settings: schooldays.Settings{Exceptions: []schooldays.Exception{{From: "2027-05-07", To: "2027-05-07", Counts: schooldays.Working}}}, cases: []asked{
		{"2027-05-10", "2027-05-04T09:59", Open, ""}, // Ascension Day and the town hall's bridge do not count
		{"2027-05-10", "2027-05-04T10:00", Closed, ""},
	}},
	{id: "two-workable-days", cases: []asked{
		{"2026-11-23", "2026-11-20T11:59", Open, ""}, // Saturday counts
		{"2026-11-23", "2026-11-20T12:00", Closed, ""},
	}},
	{id: "forty-eight-hours", cases: []asked{
		{"2026-10-26", "2026-10-24T11:59", Open, ""}, // the clocks go back on the 25th
		{"2026-10-26", "2026-10-24T12:00", Closed, ""},
		{"2027-03-29", "2027-03-27T11:59", Open, ""}, // and forward on the 28th
		{"2027-03-29", "2027-03-27T12:00", Closed, "absence"},
	}},
	{id: "forty-eight-working-hours", cases: []asked{
		{"2026-11-24", "2026-11-20T11:59", Open, ""},
		{"2026-11-24", "2026-11-20T12:00", Closed, ""},
	}},
	{id: "six-weeks-ahead", cases: []asked{
		{"2026-11-26", "2026-10-12T07:59", NotOpenYet, ""},
		{"2026-11-26", "2026-10-12T08:00", Open, ""},
		{"2026-11-26", "2026-11-18T23:59", Open, ""},
		{"2026-11-26", "2026-11-19T00:00", Closed, ""},
	}},
	{id: "two-weeks-thursday", cases: []asked{
		{"2026-11-27", "2026-11-12T11:59", Open, ""},
		{"2026-11-27", "2026-11-12T12:00", Closed, ""},
		{"2027-01-04", "2026-12-24T11:59", Open, ""}, // across the year's end, week 53
	}},
	{id: "residents-first", cases: []asked{
		{"2027-02-17", "2026-12-28T08:59", NotOpenYet, ""}, // zone A: 13 February
		{"2027-02-17", "2026-12-28T09:00", Open, ""},
		{"2027-02-17", "2027-01-11T08:59", NotOpenYet, "other"},
		{"2027-02-17", "2027-01-11T09:00", Open, "other"},
		{"2027-02-26", "2027-01-29T17:59", Open, "other"},
		{"2027-02-26", "2027-01-29T18:00", Closed, ""},
		{"2027-03-03", "2027-01-11T09:00", Closed, ""},      // a Wednesday of term: no rule
		{"2027-02-17", "2027-02-17T11:59", Open, "absence"}, // no rule for absences: until the service starts
		{"2027-02-17", "2027-02-17T12:00", Closed, "absence"},
	}},
	{id: "last-school-day", zone: "C", cases: []asked{
		{"2027-02-09", "2027-02-05T11:59", Open, ""},
		{"2027-02-19", "2027-02-05T12:00", Closed, ""},
		{"2026-10-20", "2026-10-16T12:00", Closed, "absence"},
		{"2027-02-22", "2027-02-21T16:59", Open, ""},
	}},
	{id: "same-morning", cases: []asked{
		{"2026-11-23", "2026-11-23T08:29", Open, "absence"},
		{"2026-11-23", "2026-11-23T08:30", Closed, "absence"},
		{"2026-11-23", "2026-11-22T15:59", Open, ""},
		{"2026-11-23", "2026-11-22T16:00", Late, ""},
		{"2026-11-23", "2026-11-23T08:59", Late, ""},
		{"2026-11-23", "2026-11-23T09:00", Closed, ""},
	}},
	{id: "friday-or-the-day-before", cases: []asked{
		{"2026-11-30", "2026-11-27T11:59", Open, ""},
		{"2026-12-28", "2026-12-24T11:59", Open, ""}, // Friday is Christmas
		{"2026-12-28", "2026-12-24T12:00", Closed, ""},
	}},
	{id: "twentieth-rolled", cases: []asked{
		{"2027-01-06", "2026-12-21T16:59", Open, ""}, // the 20th is a Sunday
		{"2027-01-06", "2026-12-21T17:00", Closed, ""},
		{"2026-12-09", "2026-11-20T17:00", Closed, ""},
	}},
	{id: "second-tuesday", cases: []asked{
		{"2026-12-01", "2026-11-10T07:29", NotOpenYet, ""},
		{"2026-12-01", "2026-11-10T07:30", Open, ""},
		{"2026-12-01", "2026-11-30T23:59", Open, ""},
		{"2026-11-03", "2026-10-16T23:59", Open, ""}, // October's last school day is before the holidays
		{"2026-11-03", "2026-10-17T00:00", Closed, ""},
	}},
	{id: "earlier-of-two", cases: []asked{
		{"2026-11-23", "2026-11-20T11:59", Open, ""},
		{"2026-11-23", "2026-11-20T12:00", Closed, ""},
		{"2026-11-24", "2026-11-20T12:00", Closed, ""},
		{"2026-11-26", "2026-11-24T11:59", Open, ""},
	}},
	{id: "later-of-two", cases: []asked{
		{"2026-12-08", "2026-12-05T23:59", Open, ""},
		{"2026-12-08", "2026-12-06T00:00", Closed, ""},
		{"2026-12-18", "2026-12-08T23:59", Open, ""},
		{"2026-12-18", "2026-12-09T00:00", Closed, ""},
	}},
	{id: "three-seasons", zone: "B", cases: []asked{
		{"2026-11-25", "2026-11-18T23:59", Open, ""},
		{"2026-11-25", "2026-11-19T00:00", Closed, "absence"},
		{"2027-02-24", "2027-01-30T23:59", Open, ""},
		{"2027-02-24", "2027-01-31T00:00", Closed, ""},
		{"2027-02-24", "2027-01-01T00:00", Closed, "absence"},
		{"2027-07-12", "2027-04-20T08:59", NotOpenYet, ""},
		{"2027-07-12", "2027-05-15T23:59", Open, ""},
		{"2027-08-20", "2027-05-16T00:00", Closed, ""},
	}},
	{id: "by-the-year", cases: []asked{
		{"2026-11-23", "2026-05-02T07:59", NotOpenYet, ""},
		{"2027-06-30", "2026-05-02T08:00", Open, ""},
		{"2026-09-01", "2026-06-15T23:59", Open, ""},
		{"2027-08-31", "2026-06-16T00:00", Closed, ""},
	}},
	{id: "before-the-last-holidays", zone: "C", cases: []asked{
		{"2026-12-10", "2026-10-16T16:29", Open, ""},
		{"2026-12-10", "2026-10-16T16:30", Closed, ""},
		{"2027-02-25", "2027-02-05T16:29", Open, ""},
		{"2027-02-10", "2027-02-05T16:30", Closed, ""},
	}},
	{id: "after-a-public-holiday", cases: []asked{
		{"2026-11-12", "2026-11-09T09:29", Open, ""},
		{"2026-11-12", "2026-11-09T09:30", Closed, ""},
		{"2026-11-13", "2026-11-12T09:29", Open, ""},
	}},
	{id: "half-an-hour", cases: []asked{
		{"2026-11-23", "2026-11-23T11:29", Open, ""},
		{"2026-11-23", "2026-11-23T11:30", Closed, ""},
	}},
	{id: "monthly-then-late", cases: []asked{
		{"2027-03-30", "2027-01-31T23:59", NotOpenYet, ""},
		{"2027-03-30", "2027-02-01T00:00", Open, ""},
		{"2027-03-30", "2027-02-25T17:00", Late, ""},
		{"2027-03-30", "2027-03-28T09:59", Late, ""}, // the day on which the clocks go forward
		{"2027-03-30", "2027-03-28T10:00", Closed, ""},
	}},
	{id: "certificate-afterwards", cases: []asked{
		{"2026-11-10", "2026-11-13T23:59", Open, "absence"}, // the 11th does not count
		{"2026-11-10", "2026-11-14T00:00", Closed, "absence"},
	}},
	{id: "return-from-holidays", cases: []asked{
		{"2026-11-05", "2026-10-15T13:59", Open, ""},
		{"2026-11-05", "2026-10-15T14:00", Closed, ""},
		{"2026-11-12", "2026-11-05T13:59", Open, ""},
		{"2027-03-04", "2027-02-11T14:00", Closed, ""},
	}},
	{id: "office-days", cases: []asked{
		{"2026-11-05", "2026-11-02T11:44", Open, ""},
		{"2026-11-05", "2026-11-02T11:45", Closed, ""},
		{"2026-11-03", "2026-10-16T11:44", Open, ""},
		{"2026-11-03", "2026-10-16T11:45", Closed, ""},
	}},
	{id: "alternate-weeks", cases: []asked{
		{"2026-11-23", "2026-11-20T23:59", Open, ""}, // week 48
		{"2026-11-30", "2026-11-23T23:59", Open, ""}, // week 49
		{"2026-11-30", "2026-11-24T00:00", Closed, ""},
	}},
	{id: "by-quarter", cases: []asked{
		{"2026-11-25", "2026-08-20T23:59", Open, ""},
		{"2026-11-25", "2026-08-21T00:00", Closed, ""},
		{"2027-02-03", "2026-12-01T00:00", Open, ""},
		{"2027-03-31", "2026-12-21T00:00", Closed, ""},
		{"2027-06-30", "2027-02-28T23:59", NotOpenYet, ""},
		{"2027-06-30", "2027-03-20T23:59", Open, ""},
	}},
	{id: "../rontalon-canteen", settings: schooldays.Settings{Weekdays: schooldays.FourAndAHalf}, cases: []asked{
		{"2026-11-26", "2026-11-25T10:59", Open, ""}, // school on Wednesday
		{"2026-11-26", "2026-11-25T11:00", Closed, ""},
	}},
	{id: "../rontalon-canteen", settings: schooldays.Settings{Exceptions: []schooldays.Exception{
		{From: "2026-11-20", To: "2026-11-20", Counts: schooldays.School},
		{From: "2026-11-25", To: "2026-11-25", Counts: schooldays.School, Open: true},
	}}, cases: []asked{
		{"2026-11-23", "2026-11-19T11:00", Closed, ""}, // no school on Friday
		{"2026-11-26", "2026-11-25T10:59", Open, ""},   // but for once on Wednesday
	}},
}

func TestRegulationsInTheStyleOfTownsAnswerTheirCases(t *testing.T) {
	t.Parallel()
	for _, p := range plausible {
		rules := rulesOf(t, filepath.Join("testdata/plausible", p.id+".json"))
		s := p.settings
		s.Zone = p.zone
		if s.Zone == "" {
			s.Zone = "A"
		}
		if s.Weekdays == nil {
			s.Weekdays = schooldays.FourDays
		}
		cal := must(schooldays.New(s, schooldays.Published()))
		if err := rules.Check(Activity{Starts: "12:00"}, cal, "2026-09-01", paris); err != nil {
			t.Errorf("%s: %v", p.id, err)
		}
		for _, c := range p.cases {
			t.Run(p.id+" "+c.by+" for "+string(c.day)+" at "+c.at, func(t *testing.T) {
				q := Request{Kind: Booking, Day: c.day, Starts: "12:00", Resident: c.by != "other"}
				if c.by == "absence" {
					q.Kind = Absence
				}
				if v := Judge(rules, cal, q, local(t, c.at, paris), paris); v.State != c.expect {
					t.Errorf("got %s, want %s: %s", v.State, c.expect, v.Text)
				}
			})
		}
	}
}

func TestEveryDocumentOfTestdataHasCases(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{"regulations": true}
	for _, r := range published(t).Regulations {
		tried[r.ID] = true
	}
	for _, p := range plausible {
		tried[p.id] = true
	}
	for _, file := range documents(t) {
		if id := strings.TrimSuffix(filepath.Base(file), ".json"); !tried[id] {
			t.Errorf("%s has no cases", file)
		}
	}
}

// documents are the settings documents of testdata.
func documents(t testing.TB) (files []string) {
	t.Helper()
	for _, pattern := range []string{"testdata/*.json", "testdata/plausible/*.json"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			if filepath.Base(file) != "regulations.json" {
				files = append(files, file)
			}
		}
	}
	if _, err := os.Stat(files[0]); err != nil {
		t.Fatal(err)
	}
	return files
}
