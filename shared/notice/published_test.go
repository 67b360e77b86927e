package notice

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"preau/shared/calendar"
	"preau/shared/schooldays"
)

var paris = must(calendar.Zone("Europe/Paris"))

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// school is a school of four days in a zone, as the ministry has published its holidays.
func school(zone string) schooldays.Calendar {
	return must(schooldays.New(schooldays.Settings{Zone: zone, Weekdays: schooldays.FourDays}, schooldays.Published()))
}

func rulesOf(t testing.TB, file string) Rules {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rules, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return rules
}

func local(t testing.TB, text string, zone *time.Location) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02T15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// regulations are what towns publish, with cases.
type regulations struct {
	Regulations []struct {
		ID, Rule, Zone, Starts string
		Cases                  []struct {
			Kind   Kind
			Day    calendar.Date
			At     string
			Expect State
		}
	}
}

func published(t testing.TB) (r regulations) {
	t.Helper()
	text, err := os.ReadFile("testdata/regulations.json")
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEveryPublishedRegulationAnswersItsCases(t *testing.T) {
	t.Parallel()
	cases := 0
	for _, r := range published(t).Regulations {
		rules := rulesOf(t, filepath.Join("testdata", r.ID+".json"))
		for _, c := range r.Cases {
			cases++
			t.Run(r.ID+" "+string(c.Kind)+" for "+string(c.Day)+" at "+c.At, func(t *testing.T) {
				q := Request{Kind: c.Kind, Day: c.Day, Starts: r.Starts}
				if q.Starts == "" {
					q.Starts = "12:00"
				}
				if v := Judge(rules, school(r.Zone), q, local(t, c.At, paris), paris); v.State != c.Expect {
					t.Errorf("got %s (%s), want %s: %s", v.State, v.Text, c.Expect, r.Rule)
				}
			})
		}
	}
	if cases != 58 {
		t.Errorf("%d cases were run, 58 are published", cases)
	}
}

func TestTheRegulationsCalendarIsThePublishedOne(t *testing.T) {
	t.Parallel()
	var given struct {
		Calendar struct {
			Holidays map[string][][2]calendar.Date `json:"holidays_by_zone"`
			NoSchool []calendar.Date               `json:"no_school"`
			Public   []calendar.Date               `json:"public_holidays"`
			First    calendar.Date                 `json:"first_school_day"`
			Summer   calendar.Date                 `json:"summer_holidays_start"`
		}
	}
	if err := json.Unmarshal(must(os.ReadFile("testdata/regulations.json")), &given); err != nil {
		t.Fatal(err)
	}
	for zone, breaks := range given.Calendar.Holidays {
		cal := school(zone)
		public := map[calendar.Date]bool{}
		for _, d := range given.Calendar.Public {
			public[d] = true
		}
		for d := given.Calendar.First; d < "2027-09-01"; d = d.AddDays(1) {
			holiday := d >= given.Calendar.Summer
			for _, b := range breaks {
				holiday = holiday || b[0] <= d && d <= b[1]
			}
			if cal.Period(d).Holidays() != holiday {
				t.Errorf("%s in zone %s: holidays = %v, want %v", d, zone, !holiday, holiday)
			}
			if cal.Public(d) != public[d] {
				t.Errorf("%s: public holiday = %v, want %v", d, !public[d], public[d])
			}
		}
		for _, d := range given.Calendar.NoSchool {
			if cal.School(d) {
				t.Errorf("%s in zone %s is a school day", d, zone)
			}
		}
	}
}
