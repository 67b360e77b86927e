package booking_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/refusal"
	"preau/shared/schooldays"
)

var paris = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return zone
}()

// local is a local instant: "11-23 09:30" of 2026.
func local(t testing.TB, clock string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", "2026-"+clock, paris)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A scene is a family in a town, which a case changes. Léa and Noé are enrolled at everything for the school year; the week
// from Monday 23 November 2026 is one of school, and nothing is near.
type scene struct {
	t        testing.TB
	town     collectivity.Configuration
	planning booking.Planning
	now      time.Time
}

const (
	lea = "lea"
	noe = "noe"
)

var (
	schoolYear = calendar.Period{From: "2026-09-01", To: "2027-08-31"}
	allWeek    = []calendar.Weekday{"mon", "tue", "wed", "thu", "fri"}
)

// newScene has a canteen with an evening after it, both at once, and a centre, decided by agents, whose whole day comes with
// a meal of the canteen.
func newScene(t testing.TB, changes ...func(*scene)) *scene {
	t.Helper()
	s := &scene{t: t, now: local(t, "11-16 09:30")}
	s.town.Settings = collectivity.Settings{Timezone: "Europe/Paris", Calendar: schooldays.Settings{Zone: "B", Weekdays: schooldays.FourDays}}
	s.town.Schools = []collectivity.School{{ID: "verne"}, {ID: "tilleuls", Weekdays: schooldays.FourAndAHalf}}
	s.town.Activities = []collectivity.Activity{
		{ID: "canteen", Weekdays: allWeek, Season: schoolYear, Starts: "11:45", Capacity: 60, Decision: collectivity.AtOnce},
		{ID: "evening", Weekdays: allWeek, Season: schoolYear, Starts: "16:30", Capacity: 40, Decision: collectivity.AtOnce},
		{
			ID: "centre", Weekdays: allWeek, Season: schoolYear, Starts: "08:30", Capacity: 24, Decision: collectivity.ByAgent,
			Options: []collectivity.Option{{ID: "day", Needs: []string{"canteen"}}, {ID: "morning"}},
		},
	}
	s.planning = booking.Planning{Resident: true, Days: map[booking.Place]booking.Day{}}
	for _, id := range []string{lea, noe} {
		s.planning.Children = append(s.planning.Children, booking.Child{ID: id, Born: "2018-05-04", School: "verne", Class: "ce2"})
		for _, a := range []string{"canteen", "evening", "centre"} {
			s.enrol(booking.Enrolment{ID: id + a, Child: id, Activity: a, Period: schoolYear})
		}
	}
	for _, change := range changes {
		change(s)
	}
	return s
}

func (s *scene) enrol(e booking.Enrolment) { s.planning.Enrolments = append(s.planning.Enrolments, e) }

func (s *scene) activity(id string) *collectivity.Activity {
	i := slices.IndexFunc(s.town.Activities, func(a collectivity.Activity) bool { return a.ID == id })
	return &s.town.Activities[i]
}

func (s *scene) child(id string) *booking.Child {
	i := slices.IndexFunc(s.planning.Children, func(c booking.Child) bool { return c.ID == id })
	return &s.planning.Children[i]
}

func (s *scene) event(effect collectivity.Effect, e collectivity.Event) {
	e.ID, e.Effect = fmt.Sprint("event", len(s.town.Events)), effect
	s.town.Events = append(s.town.Events, e)
}

// place of a child in November 2026: "24 lea canteen".
func (s *scene) place(says string) booking.Place {
	s.t.Helper()
	words := strings.Fields(says)
	if len(words) != 3 {
		s.t.Fatalf("%q is no place", says)
	}
	return booking.Place{Date: date(words[0]), Child: words[1], Activity: words[2]}
}

// date of 2026: "24" is in November.
func date(says string) calendar.Date {
	if !strings.Contains(says, "-") {
		says = "11-" + says
	}
	return calendar.Date("2026-" + says)
}

// written puts a day into the table.
func (s *scene) written(says string, state booking.State, changes ...func(*booking.Day)) {
	s.t.Helper()
	d := booking.Day{Place: s.place(says), Group: collectivity.AllAges, State: state, Request: "before", Rev: 1}
	d.Held = state == booking.Booked || state == booking.AbsenceRequested
	for _, change := range changes {
		change(&d)
	}
	s.planning.Days[d.Place] = d
}

// ready makes the town.
func (s *scene) ready() booking.Planning {
	s.t.Helper()
	town, err := booking.NewTown(s.town)
	if err != nil {
		s.t.Fatal(err)
	}
	s.planning.Town = town
	return s.planning
}

// request asks from a day to another, of 2026, for items "lea canteen" or "lea centre day".
func (s *scene) request(kind booking.Kind, from, to string, items ...string) booking.Request {
	s.t.Helper()
	r := booking.Request{ID: "now", Account: "anne", CreatedAt: s.now, Asking: booking.Asking{Kind: kind, Period: calendar.Period{From: date(from), To: date(to)}}}
	for _, says := range items {
		words := append(strings.Fields(says), "")
		r.Items = append(r.Items, booking.Item{Child: words[0], Activity: words[1], Option: words[2]})
	}
	return r
}

// outcome of a request, each line "24 lea canteen asked" or "24 lea canteen enrolled too_late", or what it is refused for.
func (s *scene) outcome(r booking.Request) string {
	s.t.Helper()
	lines, err := s.ready().Judge(r)
	if err != nil {
		return refused(s.t, err)
	}
	return outcomes(lines)
}

func outcomes(lines []booking.Line) string {
	var all []string
	for _, l := range lines {
		says := fmt.Sprintf("%s %s %s %s %s", strings.TrimPrefix(strings.TrimPrefix(string(l.Date), "2026-"), "11-"), l.Child, l.Activity, l.State, l.Code)
		if l.Late {
			says += " late"
		}
		if l.Due {
			says += " due"
		}
		all = append(all, strings.Join(strings.Fields(says), " "))
	}
	return strings.Join(all, ", ")
}

// refused tells a refusal: its code and the fields that it names.
func refused(t testing.TB, err error) string {
	t.Helper()
	says := refusalOf(err)
	if says == "" {
		t.Fatal(err)
	}
	return says
}

func refusalOf(err error) (says string) {
	var no *refusal.Refusal
	if !errors.As(err, &no) {
		return ""
	}
	says = no.Code
	for _, f := range no.Fields {
		says += " " + f.Field + " " + f.Code
	}
	return says
}
