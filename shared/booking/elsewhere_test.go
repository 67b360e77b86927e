package booking_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"preau/shared/booking"
	"preau/shared/collectivity"
)

// theirs is a day of the child's other household, which may come to everything too.
func theirs(says string, state booking.State) func(*scene) {
	return func(s *scene) {
		d := booking.Day{
			Place: s.place(says), Group: collectivity.AllAges, State: state, Option: "day", Request: "their request", Absence: "their absence", Reason: "their reason",
			Late: true, Due: true, Ranks: []int{3}, Presence: booking.Present, Rev: 7,
			Held: state == booking.Booked || state == booking.AbsenceRequested || state == booking.Cancelled,
		}
		if d.Activity == "centre" {
			d.Needs = []booking.Use{{Activity: "canteen", Group: collectivity.AllAges}}
		}
		if s.planning.Elsewhere.Days == nil {
			s.planning.Elsewhere.Days = map[booking.Place]booking.Day{}
		}
		if seen, ok := d.Theirs(); ok {
			s.planning.Elsewhere.Days[d.Place] = seen
		}
		s.child(d.Child).Other = "paul"
		for _, a := range s.town.Activities {
			s.planning.Elsewhere.Enrolments = append(s.planning.Elsewhere.Enrolments, booking.Enrolment{ID: "their " + a.ID, Child: d.Child, Activity: a.ID, Period: schoolYear})
		}
	}
}

func TestWhatOneHouseholdSeesOfTheOthersDay(t *testing.T) {
	t.Parallel()
	strike := func(s *scene) {
		s.event(collectivity.Cancels, collectivity.Event{Name: "Grève", Period: schoolYear, Activities: []string{"canteen"}})
	}
	for _, c := range []struct {
		says    string
		changes []func(*scene)
		want    string // state, what may be done or why not, charge, reason
	}{
		{"booked", []func(*scene){theirs("24 lea canteen", booking.Booked)}, "booked booked_elsewhere"},
		{"booked, and its absence asked for", []func(*scene){theirs("24 lea canteen", booking.AbsenceRequested)}, "booked booked_elsewhere"},
		{"cancelled by the town", []func(*scene){theirs("24 lea canteen", booking.Cancelled), strike}, "cancelled cancelled Grève"},
		{"booked, and just cancelled by the town", []func(*scene){theirs("24 lea canteen", booking.Booked), strike}, "cancelled cancelled Grève"},
		{"cancelled, and just given back", []func(*scene){theirs("24 lea canteen", booking.Cancelled)}, "cancelled cancelled their reason"},
		{"waiting for a place", []func(*scene){theirs("24 lea canteen", booking.Waitlisted)}, "enrolled waiting_elsewhere"},
		{"waiting for an agent", []func(*scene){theirs("24 lea canteen", booking.Requested)}, "enrolled requested_elsewhere"},
		{"left", []func(*scene){theirs("24 lea canteen", booking.Absent)}, "enrolled book"},
		{"refused", []func(*scene){theirs("24 lea canteen", booking.Refused)}, "enrolled book"},
		{"booked, where this one left it, late", []func(*scene){theirs("24 lea canteen", booking.Booked), func(s *scene) {
			s.written("24 lea canteen", booking.Absent, func(d *booking.Day) { d.Due = true })
		}}, "booked booked_elsewhere"},
		{"waiting, where this one left it, late", []func(*scene){theirs("24 lea canteen", booking.Waitlisted), func(s *scene) {
			s.written("24 lea canteen", booking.Absent, func(d *booking.Day) { d.Due = true })
		}}, "absent waiting_elsewhere due"},
		{"of its sister", []func(*scene){theirs("24 noe canteen", booking.Booked)}, "enrolled book"},
		{"where this one may not book", []func(*scene){theirs("24 lea canteen", booking.Booked), func(s *scene) { s.planning.Enrolments = nil }}, "booked booked_elsewhere"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.changes...)
			p := s.ready()
			day := p.Day(s.place("24 lea canteen"))
			may := p.Allowed(day, s.now)
			got := strings.Join(strings.Fields(fmt.Sprint(day.State, " ", strings.Trim(fmt.Sprint(may.Actions), "[]"), may.Code, " ", day.Charge(), " ", day.Reason)), " ")
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if day.State == booking.Booked && (day.Option+day.Request+day.Absence+string(day.Presence) != "" || day.Late || day.Due || day.Ranks != nil || booking.Detail(may.Code) != "Réservé par l’autre foyer.") {
				t.Errorf("it tells of the other household: %+v %q", day, booking.Detail(may.Code))
			}
		})
	}
}

func TestAChildHasItsTimeOnceWhicheverHouseholdAsks(t *testing.T) {
	t.Parallel()
	const (
		whole   = `{"rules": [{"closes": {"from": "service"}}], "weeks": [{"whole": true}]}`
		minimum = `{"rules": [{"closes": {"from": "service"}}], "weeks": [{"minimumDays": 2}]}`
	)
	rules := func(text string) func(*scene) { return func(s *scene) { s.activity("canteen").Rules = text } }
	standing := func(r *booking.Request) { r.Standing, r.Agent = "enrolment", "odile" }
	byAgent := func(r *booking.Request) { r.Agent, r.Overbook = "odile", true }
	for _, c := range []struct {
		says    string
		changes []func(*scene)
		kind    booking.Kind
		days    string // from or from–to
		items   []string
		change  func(*booking.Request)
		want    string
	}{
		{"what the other has booked", []func(*scene){theirs("24 lea canteen", booking.Booked)}, booking.Booking, "24", []string{"lea canteen"}, nil, "24 lea canteen booked booked_elsewhere"},
		{"what the other has, its absence asked for", []func(*scene){theirs("24 lea canteen", booking.AbsenceRequested)}, booking.Booking, "24", []string{"lea canteen"}, nil, "24 lea canteen booked booked_elsewhere"},
		{"what the other waits for", []func(*scene){theirs("24 lea canteen", booking.Waitlisted)}, booking.Booking, "24", []string{"lea canteen"}, nil, "24 lea canteen enrolled waiting_elsewhere"},
		{"what the other asked an agent for", []func(*scene){theirs("24 lea centre", booking.Requested)}, booking.Booking, "24", []string{"lea centre morning"}, nil, "24 lea centre enrolled requested_elsewhere"},
		{"what the other left", []func(*scene){theirs("24 lea canteen", booking.Absent)}, booking.Booking, "24", []string{"lea canteen"}, nil, "24 lea canteen asked"},
		{"what the other has for a sister", []func(*scene){theirs("24 noe canteen", booking.Booked)}, booking.Booking, "24", []string{"lea canteen"}, nil, "24 lea canteen asked"},
		{"what the other has the day after", []func(*scene){theirs("25 lea canteen", booking.Booked)}, booking.Booking, "24", []string{"lea canteen"}, nil, "24 lea canteen asked"},
		{"by an agent, for the family, although there is no place", []func(*scene){theirs("24 lea canteen", booking.Booked)}, booking.Booking, "24", []string{"lea canteen"}, byAgent, "24 lea canteen booked booked_elsewhere"},
		{"ahead, by the town", []func(*scene){theirs("24 lea canteen", booking.Booked)}, booking.Booking, "23–26", []string{"lea canteen"}, standing, "23 lea canteen asked, 24 lea canteen booked booked_elsewhere, 25 lea canteen asked, 26 lea canteen asked"},
		{"an absence of what the other has booked", []func(*scene){theirs("24 lea canteen", booking.Booked)}, booking.Absence, "24", []string{"lea canteen"}, nil, "24 lea canteen booked booked_elsewhere"},
		{"an absence of what the other waits for", []func(*scene){theirs("24 lea canteen", booking.Waitlisted)}, booking.Absence, "24", []string{"lea canteen"}, nil, "24 lea canteen enrolled not_booked"},
		{"an absence of its own day", []func(*scene){theirs("25 lea canteen", booking.Booked), already("24 lea canteen", booking.Booked)}, booking.Absence, "24–25", []string{"lea canteen"}, nil, "24 lea canteen asked, 25 lea canteen booked booked_elsewhere"},

		{"what does not go with what the other has booked", []func(*scene){excludes("canteen", "evening"), theirs("24 lea evening", booking.Booked)}, booking.Booking, "24", []string{"lea canteen"}, nil, "24 lea canteen enrolled excluded"},
		{"what does not go with what the other waits for", []func(*scene){excludes("canteen", "evening"), theirs("24 lea evening", booking.Waitlisted)}, booking.Booking, "24", []string{"lea canteen"}, nil, "24 lea canteen enrolled excluded"},
		{"what does not go with what the other left", []func(*scene){excludes("canteen", "evening"), theirs("24 lea evening", booking.Absent)}, booking.Booking, "24", []string{"lea canteen"}, nil, "24 lea canteen asked"},
		{"a meal that comes with the other's day", []func(*scene){theirs("24 lea centre", booking.Booked)}, booking.Booking, "24", []string{"lea canteen"}, nil, "24 lea canteen enrolled excluded"},
		{"a day with its meal beside the other's meal", []func(*scene){theirs("24 lea canteen", booking.Booked)}, booking.Booking, "24", []string{"lea centre day"}, nil, "24 lea centre enrolled excluded"},
		{"a day without a meal beside the other's meal", []func(*scene){theirs("24 lea canteen", booking.Booked)}, booking.Booking, "24", []string{"lea centre morning"}, nil, "24 lea centre asked"},
		{"a meal that comes with both households' days", []func(*scene){yoga, theirs("24 lea centre", booking.Booked)}, booking.Booking, "24", []string{"lea yoga lunch"}, nil, "24 lea yoga enrolled excluded"},
		{"what requires what the other has booked", []func(*scene){requires("evening", "canteen"), theirs("24 lea canteen", booking.Booked)}, booking.Booking, "24", []string{"lea evening"}, nil, "24 lea evening asked"},
		{"what requires what the other is about to leave", []func(*scene){requires("evening", "canteen"), theirs("24 lea canteen", booking.AbsenceRequested)}, booking.Booking, "24", []string{"lea evening"}, nil, "24 lea evening enrolled requires_other"},
		{"leaving what the other's day requires", []func(*scene){requires("evening", "canteen"), theirs("24 lea evening", booking.Booked), already("24 lea canteen", booking.Booked)}, booking.Absence, "24", []string{"lea canteen"}, nil, "24 lea canteen booked required_elsewhere"},
		{"leaving one of two that the other's day requires", []func(*scene){requires("evening", "canteen", "centre"), theirs("24 lea evening", booking.Booked), already("24 lea canteen", booking.Booked), already("24 lea centre", booking.Booked)}, booking.Absence, "24", []string{"lea canteen"}, nil, "24 lea canteen asked"},
		{"leaving what an own day requires, beside another that the other household has", []func(*scene){requires("evening", "canteen", "centre"), theirs("24 lea centre", booking.Booked), already("24 lea canteen", booking.Booked), already("24 lea evening", booking.Booked)}, booking.Absence, "24", []string{"lea canteen"}, nil, "24 lea canteen asked"},

		{"the rest of a whole week", []func(*scene){rules(whole), theirs("24 lea canteen", booking.Booked)}, booking.Booking, "23–27", []string{"lea canteen"}, nil, "23 lea canteen asked, 24 lea canteen booked booked_elsewhere, 25 lea canteen asked, 26 lea canteen asked, 27 lea canteen asked"},
		{"a part of the rest of a whole week", []func(*scene){rules(whole), theirs("24 lea canteen", booking.Booked)}, booking.Booking, "23–25", []string{"lea canteen"}, nil, "23 lea canteen enrolled whole_week_only, 24 lea canteen booked booked_elsewhere, 25 lea canteen enrolled whole_week_only"},
		{"one day beside the other's, of two at least", []func(*scene){rules(minimum), theirs("24 lea canteen", booking.Booked)}, booking.Booking, "26", []string{"lea canteen"}, nil, "26 lea canteen asked"},
		{"one day alone, of two at least", []func(*scene){rules(minimum), theirs("24 lea canteen", booking.Absent)}, booking.Booking, "26", []string{"lea canteen"}, nil, "26 lea canteen enrolled too_few_days"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.changes...)
			from, to, period := strings.Cut(c.days, "–")
			if !period {
				to = from
			}
			r := s.request(c.kind, from, to, c.items...)
			if c.change != nil {
				c.change(&r)
			}
			if got := s.outcome(r); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestWhatALineMustFindInBothHouseholds: what was judged is looked at again where it is written, in either file.
func TestWhatALineMustFindInBothHouseholds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says    string
		changes []func(*scene)
		kind    booking.Kind
		item    string
		want    string // the other family, apart, twice, beside, there
	}{
		{"of one household alone", []func(*scene){excludes("canteen", "evening")}, booking.Booking, "lea canteen", " [evening] [centre] [] []"},
		{"apart from what only the other may come to", []func(*scene){theirs("20 lea canteen", booking.Booked), excludes("canteen", "evening"), func(s *scene) {
			s.planning.Enrolments = slices.DeleteFunc(s.planning.Enrolments, func(e booking.Enrolment) bool { return e.Activity != "canteen" })
		}}, booking.Booking, "lea canteen", "paul [evening] [centre] [] []"},
		{"beside what the other has", []func(*scene){theirs("24 lea canteen", booking.Booked), requires("evening", "canteen")}, booking.Booking, "lea evening", "paul [] [] [] [canteen]"},
		{"beside what it has itself", []func(*scene){theirs("20 lea canteen", booking.Booked), already("24 lea canteen", booking.Booked), requires("evening", "canteen")}, booking.Booking, "lea evening", "paul [] [] [canteen] []"},
		{"leaving, while two others are kept by one", []func(*scene){
			yoga, requires("evening", "canteen", "centre"), requires("yoga", "canteen", "centre"), theirs("24 lea centre", booking.Booked),
			already("24 lea canteen", booking.Booked), already("24 lea evening", booking.Booked), already("24 lea yoga", booking.Booked),
		}, booking.Absence, "lea canteen", "paul [] [] [] [centre]"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.changes...)
			lines, err := s.ready().Judge(s.request(c.kind, "24", "24", c.item))
			if err != nil || len(lines) != 1 || lines[0].Code != "" {
				t.Fatal(outcomes(lines), err)
			}
			l := lines[0]
			var twice []string
			for _, t := range l.Twice {
				twice = append(twice, t.Activity)
			}
			if got := fmt.Sprint(l.Other, " ", l.Apart, " ", twice, " ", l.Beside, " ", l.There); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestNobodyIsRemindedOfADayThatTheOtherHouseholdHas(t *testing.T) {
	t.Parallel()
	const eve = `{"rules": [{"kind": "booking", "closes": {"at": "10:00", "steps": [{"days": -1}]}}]}`
	for state, want := range map[booking.State]string{
		booking.Booked: "", booking.Waitlisted: "", booking.Requested: "", booking.Absent: "24 canteen by 11-23 10:00",
	} {
		s := newScene(t, theirs("24 lea canteen", state))
		s.activity("canteen").Rules = eve
		s.activity("evening").Archived, s.activity("centre").Archived = true, true
		if got := closing(s.ready().Closing(schoolYear, local(t, "11-22 18:00"), local(t, "11-24 00:00"))); got != want {
			t.Errorf("%s elsewhere: reminded of %q, want %q", state, got, want)
		}
	}
}

func TestTheDaysThatAreKnownHaveThoseThatTheOtherHouseholdBooked(t *testing.T) {
	t.Parallel()
	s := newScene(
		t, already("23 lea canteen", booking.Booked), already("24 lea canteen", booking.Absent), theirs("24 lea canteen", booking.Booked),
		theirs("25 lea canteen", booking.Booked), theirs("26 lea canteen", booking.Requested), theirs("27 lea canteen", booking.Absent),
	)
	got := map[string]string{}
	for _, d := range s.ready().Known() {
		got[string(d.Date[8:])] = strings.TrimSpace(string(d.State) + " " + d.Elsewhere)
	}
	if want := map[string]string{"23": "booked", "24": "booked booked_elsewhere", "25": "booked booked_elsewhere"}; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
