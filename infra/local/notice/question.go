package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"preau/shared/calendar"
	"preau/shared/notice"
	"preau/shared/schooldays"
)

// question is what was asked on the command line.
type question struct {
	rules    string
	breaks   string
	townFile string
	at       string
	timezone string
	week     string
	town     schooldays.Settings
	activity notice.Activity
	request  notice.Request
}

// read makes a question of the arguments. The answer's kind is told by main from the error.
func read(args []string, help io.Writer) (question, error) {
	var q question
	var zone, region, weekdays, kind, day string
	var elsewhere bool
	f := flag.NewFlagSet("notice", flag.ContinueOnError)
	f.SetOutput(help)
	f.StringVar(&q.rules, "rules", "", "`file` of the settings document")
	f.StringVar(&kind, "kind", "booking", "what is asked: booking or absence")
	f.StringVar(&day, "day", "", "`day` asked for: 2026-11-23")
	f.StringVar(&q.at, "at", "", "local `instant` of asking: 2026-11-20T09:30 (default now)")
	f.StringVar(&q.request.Starts, "starts", "12:00", "`hour` at which the service starts")
	f.BoolVar(&elsewhere, "elsewhere", false, "the family does not live in the town")
	f.StringVar(&zone, "zone", "A", "school `zone`: A, B, C, corsica or one of -breaks")
	f.StringVar(&region, "region", "", "`region` with public holidays of its own: alsace-moselle, reunion …")
	f.StringVar(&weekdays, "school", "mon,tue,thu,fri", "`weekdays` of school")
	f.StringVar(&q.timezone, "timezone", "Europe/Paris", "the town's clocks")
	f.StringVar(&q.townFile, "town", "", "`file` of the town's days, in place of -zone, -region and -school: "+
		`{"zone": "A", "weekdays": ["mon", …], "exceptions": [{"from": "2026-11-20", "to": "2026-11-20", "open": false, "counts": "school"}]}`)
	f.StringVar(&q.breaks, "breaks", "", "`file` of school holidays in place of the published ones")
	f.BoolVar(&q.activity.PrimaryCanteen, "primary-canteen", false, "check the rules for the canteen of a primary school")
	f.StringVar(&q.week, "taken", "", "`days` that would be taken, 2026-11-23,2026-11-24 …: check the rules for weeks")
	if err := f.Parse(args); err != nil {
		return q, err
	}
	if q.rules == "" || day == "" || f.NArg() > 0 {
		return q, fmt.Errorf("-rules and -day are needed, and nothing but flags: -h lists them")
	}
	q.town = schooldays.Settings{Zone: zone, Region: schooldays.Region(region), Weekdays: list[calendar.Weekday](weekdays)}
	q.request.Kind, q.request.Resident, q.activity.Starts = notice.Kind(kind), !elsewhere, q.request.Starts
	return q, q.check(day)
}

func (q *question) check(day string) error {
	if q.request.Kind != notice.Booking && q.request.Kind != notice.Absence {
		return fmt.Errorf("-kind is booking or absence, not %q", q.request.Kind)
	}
	if _, err := time.Parse("15:04", q.request.Starts); err != nil {
		return fmt.Errorf("-starts: %q is no hour", q.request.Starts)
	}
	for _, d := range list[string](q.week) {
		if _, err := calendar.ParseDate(d); err != nil {
			return fmt.Errorf("-taken: %w", err)
		}
	}
	var err error
	if q.request.Day, err = calendar.ParseDate(day); err != nil {
		return fmt.Errorf("-day: %w", err)
	}
	return nil
}

func list[T ~string](text string) (items []T) {
	for item := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		items = append(items, T(item))
	}
	return items
}

// answer judges the question and writes the answer.
func (q question) answer(out io.Writer) error {
	zone, err := calendar.Zone(q.timezone)
	if err != nil {
		return err
	}
	at, err := q.instant(zone)
	if err != nil {
		return err
	}
	cal, err := q.calendar()
	if err != nil {
		return err
	}
	rules, err := q.parsed(cal, zone)
	if err != nil {
		return err
	}
	v := notice.Judge(rules, cal, q.request, at, zone)
	q.write(out, v, at.In(zone), zone)
	if !cal.Covers(q.request.Day) {
		fmt.Fprintln(out, "Beware: no school holidays of the zone are known around that day; give them with -breaks.")
	}
	for _, s := range rules.Weeks(cal, list[calendar.Date](q.week), cal.Working) {
		fmt.Fprintf(out, "Weeks:  %s (%s)\n", s.Text, s.Code)
	}
	return nil
}

func (q question) instant(zone *time.Location) (time.Time, error) {
	if q.at == "" {
		return calendar.Now(), nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if at, err := time.ParseInLocation(layout, q.at, zone); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("-at: %q is not an instant such as 2026-11-20T09:30", q.at)
}

func (q question) calendar() (schooldays.Calendar, error) {
	breaks := schooldays.Published()
	if q.breaks != "" {
		text, err := os.ReadFile(q.breaks)
		if err != nil {
			return schooldays.Calendar{}, err
		}
		if breaks, err = schooldays.ParseBreaks(text); err != nil {
			return schooldays.Calendar{}, err
		}
	}
	town, err := q.settings()
	if err != nil {
		return schooldays.Calendar{}, err
	}
	return schooldays.New(town, breaks)
}

func (q question) settings() (schooldays.Settings, error) {
	if q.townFile == "" {
		return q.town, nil
	}
	text, err := os.ReadFile(q.townFile)
	if err != nil {
		return schooldays.Settings{}, err
	}
	var town schooldays.Settings
	if err := json.Unmarshal(text, &town); err != nil {
		return schooldays.Settings{}, fmt.Errorf("-town: %w", err)
	}
	return town, nil
}

func (q question) parsed(cal schooldays.Calendar, zone *time.Location) (notice.Rules, error) {
	text, err := os.ReadFile(q.rules)
	if err != nil {
		return notice.Rules{}, err
	}
	rules, err := notice.Parse(text)
	if err != nil {
		return notice.Rules{}, err
	}
	return rules, rules.Check(q.activity, cal, schooldays.SchoolYear(q.request.Day), zone)
}

var words = map[notice.State]string{
	notice.NotOpenYet: "not open yet",
	notice.Open:       "open",
	notice.Late:       "late: taken with a surcharge",
	notice.Closed:     "closed",
}

func (q question) write(out io.Writer, v notice.Verdict, at time.Time, zone *time.Location) {
	fmt.Fprintf(out, "If asked on %s for a%s on %s (%s): %s.\n", at.Format("Monday 2 January 2006 at 15:04"),
		cmp.Or(map[notice.Kind]string{notice.Absence: "n absence"}[q.request.Kind], " booking"), day(q.request.Day, zone), q.service(), words[v.State])
	fmt.Fprintf(out, "Family: %s\n", v.Text)
	for _, limit := range []struct {
		name string
		at   time.Time
	}{{"Opens: ", v.Opens}, {"Closes:", v.Closes}, {"Late until:", v.LateUntil}} {
		if !limit.at.IsZero() {
			fmt.Fprintf(out, "%s %s\n", limit.name, limit.at.In(zone).Format("Mon 2006-01-02 15:04 MST"))
		}
	}
}

func (q question) service() string {
	if q.request.Resident {
		return "service at " + q.request.Starts + ", family of the town"
	}
	return "service at " + q.request.Starts + ", family from elsewhere"
}

func day(d calendar.Date, zone *time.Location) string {
	noon, _ := d.At("12:00", zone)
	return noon.Format("Monday 2 January 2006")
}
