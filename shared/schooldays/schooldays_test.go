package schooldays

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"preau/shared/calendar"
	"preau/shared/refusal"
)

func made(t rapid.TB, s Settings, b Breaks) Calendar {
	t.Helper()
	c, err := New(s, b)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPublicHolidaysOfTheRegions(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says   string
		region Region
		days   map[calendar.Date]bool
	}{
		{"Easter Monday moves with Easter", National, map[calendar.Date]bool{
			"2024-04-01": true, "2025-04-21": true, "2026-04-06": true, "2027-03-29": true, "2038-04-26": true, "2026-03-30": false,
		}},
		{"Ascension and Whit Monday too", National, map[calendar.Date]bool{
			"2026-05-14": true, "2026-05-25": true, "2027-05-06": true, "2027-05-17": true, "2027-05-07": false,
		}},
		{"the fixed ones", National, map[calendar.Date]bool{
			"2026-01-01": true, "2026-05-01": true, "2026-05-08": true, "2026-07-14": true, "2026-08-15": true,
			"2026-11-01": true, "2026-11-11": true, "2026-12-25": true,
		}},
		{"not those of Alsace-Moselle elsewhere", National, map[calendar.Date]bool{"2027-03-26": false, "2026-12-26": false}},
		{"Good Friday and Saint Stephen’s in Alsace-Moselle", AlsaceMoselle, map[calendar.Date]bool{
			"2027-03-26": true, "2026-04-03": true, "2026-12-26": true, "2026-12-25": true, "2027-03-25": false,
		}},
		{"the abolition on each island’s own day", Reunion, map[calendar.Date]bool{"2026-12-20": true, "2026-05-22": false}},
		{"the abolition in Martinique", Martinique, map[calendar.Date]bool{"2026-12-20": false, "2026-05-22": true}},
		{"a day that is two holidays is one", National, map[calendar.Date]bool{"2008-05-01": true}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			for d, want := range c.days {
				if got := PublicHoliday(d, c.region) != ""; got != want {
					t.Errorf("%s: %v, want %v", d, got, want)
				}
			}
		})
	}
}

func TestWhatDaysAreForASchoolAndItsTown(t *testing.T) {
	t.Parallel()
	town := Settings{Zone: "C", Weekdays: FourDays, Exceptions: []Exception{
		{From: "2026-11-26", To: "2026-11-27", Name: "chauffage en panne", Counts: School},
		{From: "2026-11-27", To: "2026-11-27", Name: "réparé", Open: true, Counts: School},
		{From: "2027-05-19", To: "2027-05-19", Name: "rattrapage du pont", Open: true, Counts: School},
		{From: "2027-05-07", To: "2027-05-07", Name: "mairie fermée", Counts: Working},
		{From: "2026-12-05", To: "2026-12-05", Name: "samedi ouvert", Open: true},
	}}
	cases := []struct {
		says                      string
		day                       calendar.Date
		school, working, workable bool
	}{
		{"a Monday of term", "2026-11-23", true, true, true},
		{"a Wednesday at a school of four days", "2026-11-25", false, true, true},
		{"a Saturday", "2026-11-28", false, false, true},
		{"a Sunday", "2026-11-29", false, false, false},
		{"a public holiday", "2026-11-11", false, false, false},
		{"a day of holidays", "2026-10-19", false, true, true},
		{"a Monday of the zone’s own holidays", "2027-02-08", false, true, true},
		{"a Monday of another zone’s holidays", "2027-02-22", true, true, true},
		{"a bridge at a town hall that closes", "2027-05-07", false, false, false},
		{"a school that closes for once", "2026-11-26", false, true, true},
		{"a closure that was lifted", "2026-11-27", true, true, true},
		{"a Wednesday on which school is made up for", "2027-05-19", true, true, true},
		{"a Saturday on which all is open", "2026-12-05", true, true, true},
		{"the first day of the school year", "2026-09-01", true, true, true},
		{"the last day before summer", "2027-07-02", true, true, true},
		{"a Monday of which no holidays are known", "2031-07-28", true, true, true},
	}
	c := made(t, town, Published())
	for _, k := range cases {
		t.Run(k.says, func(t *testing.T) {
			if s, w, o := c.School(k.day), c.Working(k.day), c.Workable(k.day); s != k.school || w != k.working || o != k.workable {
				t.Errorf("%s: school %v, working %v, workable %v", k.day, s, w, o)
			}
		})
	}
	if half := made(t, Settings{Zone: "A", Weekdays: FourAndAHalf}, Published()); !half.School("2026-11-25") {
		t.Error("a school of 4.5 days has none on Wednesday")
	}
}

func TestThePeriodOfADay(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says     string
		day      calendar.Date
		from, to calendar.Date
		kind     Kind
	}{
		{"holidays from their Saturday on", "2027-02-09", "2027-02-06", "2027-02-21", Winter},
		{"the Saturday itself", "2027-02-06", "2027-02-06", "2027-02-21", Winter},
		{"the eve of them is term", "2027-02-05", "2027-01-04", "2027-02-05", Term},
		{"a bridge is a day of term", "2027-05-07", "2027-04-19", "2027-07-02", Term},
		{"the first term begins after summer", "2026-09-15", "2026-09-01", "2026-10-16", Term},
		{"after the last summer known, until the school year ends", "2028-01-10", "2027-09-01", "2028-08-31", Term},
		{"far from all that is known, the school year", "2031-01-10", "2030-09-01", "2031-08-31", Term},
		{"long before it", "2019-10-01", "2019-09-01", "2020-08-31", Term},
	}
	c := made(t, Settings{Zone: "C", Weekdays: FourDays}, Published())
	for _, k := range cases {
		t.Run(k.says, func(t *testing.T) {
			got := c.Period(k.day)
			if want := (Period{calendar.Period{From: k.from, To: k.to}, k.kind}); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
	if c.Covers("2031-01-10") || !c.Covers("2026-11-23") {
		t.Error("what the data covers is told wrong")
	}
	if corsica := made(t, Settings{Zone: "corsica", Weekdays: FourDays}, Published()); corsica.Covers("2026-11-23") {
		t.Error("Corsica’s year 2026-2027 is not in the data")
	}
}

// TestPeriodsFollowOneAnother proves that every day is in its own period and that periods leave no gap.
func TestPeriodsFollowOneAnother(t *testing.T) {
	t.Parallel()
	c := made(t, Settings{Zone: "B", Weekdays: FourDays}, Published())
	rapid.Check(t, func(t *rapid.T) {
		d := calendar.Date("2022-01-01").AddDays(rapid.IntRange(0, 3000).Draw(t, "day"))
		p := c.Period(d)
		if !p.Has(d) {
			t.Fatalf("%s is not in its period %v", d, p)
		}
		if c.Period(p.From) != p || c.Period(p.To) != p {
			t.Fatalf("the ends of %v lie in %v and %v", p, c.Period(p.From), c.Period(p.To))
		}
		if c.Period(p.To.AddDays(1)).From != p.To.AddDays(1) {
			t.Fatalf("%v follows %v", c.Period(p.To.AddDays(1)), p)
		}
	})
}

// TestSchoolDaysAreThoseOfANaiveYear paints a year day by day, in the order of what wins, and compares.
func TestSchoolDaysAreThoseOfANaiveYear(t *testing.T) {
	t.Parallel()
	first := calendar.Date("2026-09-01")
	rapid.Check(t, func(t *rapid.T) {
		within := func(label string) calendar.Period {
			from := first.AddDays(rapid.IntRange(0, 330).Draw(t, label))
			return calendar.Period{From: from, To: from.AddDays(rapid.IntRange(0, 20).Draw(t, label+" long"))}
		}
		s := Settings{Zone: "x", Weekdays: rapid.SliceOfNDistinct(rapid.SampledFrom(calendar.Weekdays[:6]), 1, 6, rapid.ID[calendar.Weekday]).Draw(t, "weekdays")}
		zone := Zone{From: first, To: "2027-08-31"}
		off := within("break")
		zone.Breaks = []Break{{Kind: Other, From: off.From, To: off.To}}
		for i := range rapid.IntRange(0, 4).Draw(t, "exceptions") {
			e := within("exception" + string(rune('0'+i)))
			s.Exceptions = append(s.Exceptions, Exception{
				From: e.From, To: e.To, Open: rapid.Bool().Draw(t, "open"),
				Counts: rapid.SampledFrom([]Counts{Both, School, Working}).Draw(t, "counts"),
			})
		}
		c := made(t, s, Breaks{Zones: map[string]Zone{"x": zone}})
		school, working := map[calendar.Date]bool{}, map[calendar.Date]bool{}
		for d := first; d < "2027-09-01"; d = d.AddDays(1) {
			public := PublicHoliday(d, National) != ""
			school[d] = slices.Contains(s.Weekdays, d.Weekday()) && !public
			working[d] = !slices.Contains([]calendar.Weekday{"sat", "sun"}, d.Weekday()) && !public
		}
		for d := zone.Breaks[0].From; d <= zone.Breaks[0].To; d = d.AddDays(1) {
			school[d] = false
		}
		for _, e := range s.Exceptions {
			for d := e.From; d <= e.To; d = d.AddDays(1) {
				if e.Counts != Working {
					school[d] = e.Open
				}
				if e.Counts != School {
					working[d] = e.Open
				}
			}
		}
		for d := first; d < "2027-09-01"; d = d.AddDays(1) {
			if c.School(d) != school[d] || c.Working(d) != working[d] {
				t.Fatalf("%s: school %v, want %v; working %v, want %v", d, c.School(d), school[d], c.Working(d), working[d])
			}
		}
	})
}

func TestSettingsThatMakeNoSenseAreRefusedWithTheirPath(t *testing.T) {
	t.Parallel()
	good := Settings{Zone: "A", Weekdays: FourDays}
	cases := []struct {
		says   string
		change func(*Settings)
		path   string
	}{
		{"a zone that no data has", func(s *Settings) { s.Zone = "D" }, "zone"},
		{"a region of no known holidays", func(s *Settings) { s.Region = "bretagne" }, "region"},
		{"a week without school", func(s *Settings) { s.Weekdays = nil }, "weekdays"},
		{"school on Sunday", func(s *Settings) { s.Weekdays = []calendar.Weekday{"mon", "sun"} }, "weekdays[1]"},
		{"a weekday twice", func(s *Settings) { s.Weekdays = []calendar.Weekday{"mon", "tue", "mon"} }, "weekdays[2]"},
		{"an exception on no day", func(s *Settings) { s.Exceptions = []Exception{{From: "2026-02-30", To: "2026-03-01"}} }, "exceptions[0].from"},
		{"an exception turned round", func(s *Settings) {
			s.Exceptions = []Exception{{From: "2026-03-01", To: "2026-03-01"}, {From: "2026-03-02", To: "2026-03-01"}}
		}, "exceptions[1].to"},
		{"an exception about nothing", func(s *Settings) {
			s.Exceptions = []Exception{{From: "2026-03-01", To: "2026-03-01", Counts: "sport"}}
		}, "exceptions[0].counts"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			s := good
			c.change(&s)
			_, err := New(s, Published())
			refusedAt(t, err, c.path)
		})
	}
}

func TestBreaksThatMakeNoSenseAreRefusedWithTheirPath(t *testing.T) {
	t.Parallel()
	cases := []struct{ says, text, path string }{
		{"what is no JSON", `{`, "zones"},
		{"no zone at all", `{"zones": {}}`, "zones"},
		{"a zone without an end", `{"zones": {"A": {"from": "2026-09-01"}}}`, "zones.A.to"},
		{"a holiday of no kind", `{"zones": {"A": {"from": "2026-09-01", "to": "2027-08-31", "breaks": [{"kind": "ski", "from": "2027-02-06", "to": "2027-02-21"}]}}}`, "zones.A.breaks[0].kind"},
		{"a holiday turned round", `{"zones": {"A": {"from": "2026-09-01", "to": "2027-08-31", "breaks": [{"kind": "winter", "from": "2027-02-21", "to": "2027-02-06"}]}}}`, "zones.A.breaks[0].to"},
		{"a holiday outside of the zone’s dates", `{"zones": {"A": {"from": "2026-09-01", "to": "2027-08-31", "breaks": [{"kind": "winter", "from": "2028-02-06", "to": "2028-02-21"}]}}}`, "zones.A.breaks[0]"},
		{"holidays at once", `{"zones": {"A": {"from": "2026-09-01", "to": "2027-08-31", "breaks": [{"kind": "winter", "from": "2027-02-06", "to": "2027-02-21"}, {"kind": "spring", "from": "2027-02-21", "to": "2027-03-01"}]}}}`, "zones.A.breaks[1]"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			_, err := ParseBreaks([]byte(c.text))
			refusedAt(t, err, c.path)
		})
	}
}

func refusedAt(t *testing.T, err error, path string) {
	t.Helper()
	var no *refusal.Refusal
	if !errors.As(err, &no) || !slices.ContainsFunc(no.Fields, func(f refusal.Field) bool { return f.Field == path }) {
		t.Errorf("got %v, want a refusal of %s", err, path)
	}
}
