package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// day is any day of this century.
func day(t *rapid.T, label string) Date {
	return Date("2000-01-01").AddDays(rapid.IntRange(0, 36500).Draw(t, label))
}

func TestADayIsReadOnlyIfItExists(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says, text string
		is         bool
	}{
		{"a day", "2026-11-23", true},
		{"29 February of a leap year", "2028-02-29", true},
		{"29 February of another year", "2026-02-29", false},
		{"30 February", "2026-02-30", false},
		{"month thirteen", "2026-13-01", false},
		{"day nought", "2026-11-00", false},
		{"without leading noughts", "2026-1-2", false},
		{"as the French write it", "23/11/2026", false},
		{"with an hour", "2026-11-23T08:00:00Z", false},
		{"with a space", " 2026-11-23", false},
		{"with other digits", "２０２６-11-23", false},
		{"of five digits' year", "12026-11-23", false},
		{"nothing", "", false},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			d, err := ParseDate(c.text)
			if (err == nil) != c.is || c.is && string(d) != c.text {
				t.Errorf("%q was read as %q (%v)", c.text, d, err)
			}
		})
	}
}

func TestDaysAndHoursAreReadAndWrittenAsGoDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[0-9]{4}-[01][0-9]-[0-3][0-9]`).Draw(t, "day")
		want, no := time.Parse("2006-01-02", text)
		if d, err := ParseDate(text); (err == nil) != (no == nil) || err == nil && (!d.time().Equal(want) || DateOf(want, time.UTC) != d) {
			t.Fatalf("%s was read as %s (%v)", text, d, err)
		}
		clock := rapid.StringMatching(`[0-2]?[0-9]:[0-6][0-9]?`).Draw(t, "hour")
		hour, no := time.Parse("15:04", clock)
		at, err := Date("2026-11-23").At(clock, time.UTC)
		if (err == nil) != (no == nil) || err == nil && at.Format("15:04") != hour.Format("15:04") {
			t.Fatalf("%s was read as %s (%v)", clock, at, err)
		}
	})
}

func TestDaysAreCountedForthAndBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, n := day(t, "day"), rapid.IntRange(-4000, 4000).Draw(t, "days")
		e := d.AddDays(n)
		if e.AddDays(-n) != d || d.DaysUntil(e) != n || e.DaysUntil(d) != -n {
			t.Fatalf("%s and %d days is %s, %d days away", d, n, e, d.DaysUntil(e))
		}
		if (n > 0) != (e > d) {
			t.Fatalf("%s and %s do not compare as they follow", d, e)
		}
	})
}

func TestWeekdaysFollowOneAnother(t *testing.T) {
	t.Parallel()
	if w := Date("2026-11-23").Weekday(); w != "mon" {
		t.Fatalf("23 November 2026 is a %s", w)
	}
	rapid.Check(t, func(t *rapid.T) {
		d, n := day(t, "day"), rapid.IntRange(0, 400).Draw(t, "days")
		if (indexOf(d.Weekday())+n)%7 != indexOf(d.AddDays(n).Weekday()) {
			t.Fatalf("%s is a %s, %d days later a %s", d, d.Weekday(), n, d.AddDays(n).Weekday())
		}
	})
}

func indexOf(w Weekday) int {
	for i, v := range Weekdays {
		if v == w {
			return i
		}
	}
	return -1
}

func TestWeeksAreThoseOfISO8601(t *testing.T) {
	t.Parallel()
	for d, even := range map[Date]bool{
		"2026-11-23": true,  // week 48
		"2026-11-22": false, // the Sunday before belongs to week 47
		"2026-12-31": false, // week 53
		"2027-01-03": false, // still week 53 of 2026: two odd weeks in a row
		"2027-01-04": false, // week 1
		"2027-01-11": true,  // week 2
	} {
		if d.EvenWeek() != even {
			t.Errorf("%s: even = %v, want %v", d, d.EvenWeek(), even)
		}
	}
}

func TestAnHourOfADayIsAnInstantAcrossTheChangesOfTheClocks(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says  string
		day   Date
		clock string
		zone  string
		utc   string
	}{
		{"in winter", "2026-11-23", "11:45", "Europe/Paris", "2026-11-23T10:45:00Z"},
		{"in summer", "2026-07-01", "11:45", "Europe/Paris", "2026-07-01T09:45:00Z"},
		{"on the day of the spring change, before it", "2026-03-29", "01:59", "Europe/Paris", "2026-03-29T00:59:00Z"},
		{"in the hour that the clocks skip: the same time after the change", "2026-03-29", "02:30", "Europe/Paris", "2026-03-29T01:30:00Z"},
		{"on the day of the spring change, after it", "2026-03-29", "03:00", "Europe/Paris", "2026-03-29T01:00:00Z"},
		{"on the day of the autumn change, after it", "2026-10-25", "03:00", "Europe/Paris", "2026-10-25T02:00:00Z"},
		{"where the clocks never change", "2026-07-01", "07:30", "Indian/Reunion", "2026-07-01T03:30:00Z"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			got, err := c.day.At(c.clock, zone(t, c.zone))
			if err != nil || got.UTC().Format(time.RFC3339) != c.utc {
				t.Errorf("got %s (%v), want %s", got.UTC().Format(time.RFC3339), err, c.utc)
			}
		})
	}
	for _, clock := range []string{"", "24:00", "8", "08:60", "08:00:00", "huit heures"} {
		if at, err := Date("2026-11-23").At(clock, time.UTC); err == nil {
			t.Errorf("%q was read as %s", clock, at)
		}
	}
}

func TestTheDayOfAnInstantIsThatOfThePlace(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	for name, want := range map[string]Date{"Europe/Paris": "2026-11-23", "America/Martinique": "2026-11-22", "Pacific/Wallis": "2026-11-23"} {
		if got := DateOf(at, zone(t, name)); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestAnHourOfADayLiesOnThatDay(t *testing.T) {
	t.Parallel()
	paris := zone(t, "Europe/Paris")
	rapid.Check(t, func(t *rapid.T) {
		d := day(t, "day")
		at, err := d.At(rapid.StringMatching(`([01][0-9]|2[0-3]):[0-5][0-9]`).Draw(t, "clock"), paris)
		if err != nil || DateOf(at, paris) != d {
			t.Fatalf("%s became %s (%v)", d, at, err)
		}
	})
}

func TestAPeriodListsTheDaysThatWereChosen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := day(t, "from")
		p := Period{from, from.AddDays(rapid.IntRange(-3, 60).Draw(t, "long"))}
		weekdays := rapid.SliceOfNDistinct(rapid.SampledFrom(Weekdays[:]), 0, 7, rapid.ID[Weekday]).Draw(t, "weekdays")
		weeks := rapid.SampledFrom([]Weeks{"", EveryWeek, OddWeeks, EvenWeeks}).Draw(t, "weeks")
		listed := map[Date]bool{}
		last := Date("")
		for _, d := range p.Days(weekdays, weeks) {
			if d <= last || !p.Has(d) {
				t.Fatalf("%s after %s in %v", d, last, p)
			}
			listed[d], last = true, d
		}
		for d := p.From.AddDays(-2); d <= p.To.AddDays(2); d = d.AddDays(1) {
			want := p.From <= d && d <= p.To && chosen(d, weekdays) && (weeks != OddWeeks || !d.EvenWeek()) && (weeks != EvenWeeks || d.EvenWeek())
			if listed[d] != want {
				t.Fatalf("%s: listed = %v, want %v", d, listed[d], want)
			}
		}
	})
}

func chosen(d Date, weekdays []Weekday) bool {
	for _, w := range weekdays {
		if w == d.Weekday() {
			return true
		}
	}
	return len(weekdays) == 0
}

func TestADayIsWrittenAsPeopleReadIt(t *testing.T) {
	t.Parallel()
	for d, want := range map[Date]string{
		"2026-11-23": "lundi 23 novembre 2026",
		"2026-08-01": "samedi 1er août 2026",
		"2027-02-28": "dimanche 28 février 2027",
	} {
		if got := d.French(); got != want {
			t.Errorf("%s is written %q, want %q", d, got, want)
		}
	}
}

func TestAYearAfter29FebruaryIs1March(t *testing.T) {
	t.Parallel()
	if got := Date("2028-02-29").AddYears(1); got != "2029-03-01" {
		t.Errorf("got %s", got)
	}
}

func TestTheClockIsWhatTheTableKeeps(t *testing.T) {
	t.Parallel()
	if now := Now(); now.Location() != time.UTC || now.Nanosecond()%1e6 != 0 {
		t.Errorf("got %s", now)
	}
}
