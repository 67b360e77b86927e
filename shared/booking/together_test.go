package booking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// excludes has one activity exclude others.
func excludes(activity string, others ...string) func(*scene) {
	return func(s *scene) { s.activity(activity).Excludes = others }
}

// requires has one activity require one of others.
func requires(activity string, others ...string) func(*scene) {
	return func(s *scene) { s.activity(activity).Requires = others }
}

// yoga is one more activity, at once, with a meal as an option.
func yoga(s *scene) {
	s.town.Activities = append(s.town.Activities, collectivity.Activity{
		ID: "yoga", Weekdays: allWeek, Season: schoolYear, Starts: "14:00", Decision: collectivity.AtOnce,
		Options: []collectivity.Option{{ID: "alone"}, {ID: "lunch", Needs: []string{"canteen"}}},
	})
	for _, c := range s.planning.Children {
		s.enrol(booking.Enrolment{ID: c.ID + "yoga", Child: c.ID, Activity: "yoga", Period: schoolYear})
	}
}

// already is a day that is written, with the meal of the whole day at the centre.
func already(says string, state booking.State) func(*scene) {
	return func(s *scene) {
		s.written(says, state, func(d *booking.Day) {
			if d.Activity == "centre" {
				d.Option, d.Needs = "day", []booking.Use{{Activity: "canteen", Group: collectivity.AllAges}}
			}
		})
	}
}

func TestActivitiesThatDoNotGoTogether(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says    string
		changes []func(*scene)
		items   []string
		want    string
	}{
		{"one that excludes another that is booked", []func(*scene){excludes("canteen", "evening"), already("24 lea evening", booking.Booked)}, []string{"lea canteen"}, "24 lea canteen enrolled excluded"},
		{"one that another, booked, excludes", []func(*scene){excludes("evening", "canteen"), already("24 lea evening", booking.Booked)}, []string{"lea canteen"}, "24 lea canteen enrolled excluded"},
		{"one beside another that waits", []func(*scene){excludes("canteen", "evening"), already("24 lea evening", booking.Waitlisted)}, []string{"lea canteen"}, "24 lea canteen enrolled excluded"},
		{"one beside another that was left", []func(*scene){excludes("canteen", "evening"), already("24 lea evening", booking.Absent)}, []string{"lea canteen"}, "24 lea canteen asked"},
		{"one beside another that was refused", []func(*scene){excludes("canteen", "evening"), already("24 lea evening", booking.Refused)}, []string{"lea canteen"}, "24 lea canteen asked"},
		{"one beside another child's", []func(*scene){excludes("canteen", "evening"), already("24 noe evening", booking.Booked)}, []string{"lea canteen"}, "24 lea canteen asked"},
		{"one beside another day's", []func(*scene){excludes("canteen", "evening"), already("25 lea evening", booking.Booked)}, []string{"lea canteen"}, "24 lea canteen asked"},
		{"two of the same request: who is named first comes", []func(*scene){excludes("canteen", "evening")}, []string{"lea evening", "lea canteen"}, "24 lea evening asked, 24 lea canteen enrolled excluded"},
		{"two of the same request, of which the first can not be", []func(*scene){excludes("canteen", "centre")}, []string{"lea centre night", "lea canteen"}, "24 lea centre enrolled option_unknown, 24 lea canteen asked"},
		{"two of the same request, for two children", []func(*scene){excludes("canteen", "evening")}, []string{"lea evening", "noe canteen"}, "24 lea evening asked, 24 noe canteen asked"},
		{"a cancelled one is not in the way", []func(*scene){excludes("canteen", "evening"), already("24 lea evening", booking.Booked), func(s *scene) {
			s.event(collectivity.Cancels, collectivity.Event{Period: schoolYear, Activities: []string{"evening"}})
		}}, []string{"lea canteen"}, "24 lea canteen asked"},

		{"a day with its meal beside the canteen", []func(*scene){already("24 lea canteen", booking.Booked)}, []string{"lea centre day"}, "24 lea centre enrolled excluded"},
		{"a day without a meal beside the canteen", []func(*scene){already("24 lea canteen", booking.Booked)}, []string{"lea centre morning"}, "24 lea centre asked"},
		{"the canteen beside a day with its meal", []func(*scene){already("24 lea centre", booking.Booked)}, []string{"lea canteen"}, "24 lea canteen enrolled excluded"},
		{"the canteen beside a day with its meal that waits", []func(*scene){already("24 lea centre", booking.Requested)}, []string{"lea canteen"}, "24 lea canteen enrolled excluded"},
		{"the canteen beside a day with its meal that was left", []func(*scene){already("24 lea centre", booking.Absent)}, []string{"lea canteen"}, "24 lea canteen asked"},
		{"the canteen beside a brother's meal", []func(*scene){already("24 noe centre", booking.Booked)}, []string{"lea canteen"}, "24 lea canteen asked"},
		{"a meal twice in one request", nil, []string{"lea centre day", "lea canteen"}, "24 lea centre asked, 24 lea canteen enrolled excluded"},
		{"the same the other way round", nil, []string{"lea canteen", "lea centre day"}, "24 lea canteen asked, 24 lea centre enrolled excluded"},
		{"a meal that comes with two activities", []func(*scene){yoga, already("24 lea centre", booking.Booked)}, []string{"lea yoga lunch"}, "24 lea yoga enrolled excluded"},
		{"the same in one request", []func(*scene){yoga}, []string{"lea centre day", "lea yoga lunch"}, "24 lea centre asked, 24 lea yoga enrolled excluded"},
		{"two activities with one meal", []func(*scene){yoga, already("24 lea centre", booking.Booked)}, []string{"lea yoga alone"}, "24 lea yoga asked"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.changes...)
			if got := s.outcome(s.request(booking.Booking, "24", "24", c.items...)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestActivitiesThatRequireOthers(t *testing.T) {
	t.Parallel()
	chain := func(s *scene) { // yoga requires the evening, which requires the canteen
		yoga(s)
		requires("yoga", "evening")(s)
		requires("evening", "canteen")(s)
	}
	noCanteen := func(s *scene) { s.planning.Enrolments = slices.Delete(s.planning.Enrolments, 0, 1) }
	for _, c := range []struct {
		says    string
		changes []func(*scene)
		items   []string
		want    string
	}{
		{"one without the other", []func(*scene){requires("evening", "canteen")}, []string{"lea evening"}, "24 lea evening enrolled requires_other"},
		{"one beside the other", []func(*scene){requires("evening", "canteen"), already("24 lea canteen", booking.Booked)}, []string{"lea evening"}, "24 lea evening asked"},
		{"one beside the other that waits", []func(*scene){requires("evening", "canteen"), already("24 lea canteen", booking.Waitlisted)}, []string{"lea evening"}, "24 lea evening asked"},
		{"one beside the other that was left", []func(*scene){requires("evening", "canteen"), already("24 lea canteen", booking.Absent)}, []string{"lea evening"}, "24 lea evening enrolled requires_other"},
		{"one beside the other whose absence is asked for", []func(*scene){requires("evening", "canteen"), already("24 lea canteen", booking.AbsenceRequested)}, []string{"lea evening"}, "24 lea evening enrolled requires_other"},
		{"one beside a brother's", []func(*scene){requires("evening", "canteen"), already("24 noe canteen", booking.Booked)}, []string{"lea evening"}, "24 lea evening enrolled requires_other"},
		{"one of several that would do", []func(*scene){requires("evening", "canteen", "centre"), already("24 lea centre", booking.Booked)}, []string{"lea evening"}, "24 lea evening asked"},
		{"both in one request", []func(*scene){requires("evening", "canteen")}, []string{"lea canteen", "lea evening"}, "24 lea canteen asked, 24 lea evening asked"},
		{"both in one request, whatever the order", []func(*scene){requires("evening", "canteen")}, []string{"lea evening", "lea canteen"}, "24 lea evening asked, 24 lea canteen asked"},
		{"both in one request, of which the other can not be", []func(*scene){requires("evening", "canteen"), noCanteen}, []string{"lea evening", "lea canteen"}, "24 lea evening enrolled requires_other, 24 lea canteen enrolled not_enrolled"},
		{"a chain", []func(*scene){chain}, []string{"lea yoga alone", "lea evening", "lea canteen"}, "24 lea yoga asked, 24 lea evening asked, 24 lea canteen asked"},
		{"a chain whose end can not be falls whole", []func(*scene){chain, noCanteen}, []string{"lea yoga alone", "lea evening", "lea canteen"}, "24 lea yoga enrolled requires_other, 24 lea evening enrolled requires_other, 24 lea canteen enrolled not_enrolled"},
		{"a meal that comes with a day is no booking of the canteen", []func(*scene){requires("evening", "canteen"), already("24 lea centre", booking.Booked)}, []string{"lea evening"}, "24 lea evening enrolled requires_other"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.changes...)
			if got := s.outcome(s.request(booking.Booking, "24", "24", c.items...)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestWhatAnotherActivityRequiresIsNotLeft(t *testing.T) {
	t.Parallel()
	both := func(activities ...string) func(*scene) {
		return func(s *scene) {
			for _, a := range activities {
				already("24 lea "+a, booking.Booked)(s)
			}
		}
	}
	chain := func(s *scene) {
		yoga(s)
		requires("yoga", "evening")(s)
		requires("evening", "canteen")(s)
		both("yoga", "evening", "canteen")(s)
	}
	for _, c := range []struct {
		says    string
		changes []func(*scene)
		items   []string
		want    string
	}{
		{"one alone", []func(*scene){requires("evening", "canteen"), both("canteen", "evening")}, []string{"lea canteen"}, "24 lea canteen booked required_by_other"},
		{"the other alone", []func(*scene){requires("evening", "canteen"), both("canteen", "evening")}, []string{"lea evening"}, "24 lea evening asked"},
		{"both", []func(*scene){requires("evening", "canteen"), both("canteen", "evening")}, []string{"lea canteen", "lea evening"}, "24 lea canteen asked, 24 lea evening asked"},
		{"one whose other waits", []func(*scene){requires("evening", "canteen"), both("canteen"), already("24 lea evening", booking.Waitlisted)}, []string{"lea canteen"}, "24 lea canteen booked required_by_other"},
		{"one whose other was left", []func(*scene){requires("evening", "canteen"), both("canteen"), already("24 lea evening", booking.Absent)}, []string{"lea canteen"}, "24 lea canteen asked"},
		{"one whose other's absence is asked for", []func(*scene){requires("evening", "canteen"), both("canteen"), already("24 lea evening", booking.AbsenceRequested)}, []string{"lea canteen"}, "24 lea canteen asked"},
		{"one of two that would do", []func(*scene){requires("evening", "canteen", "centre"), both("canteen", "centre", "evening")}, []string{"lea canteen"}, "24 lea canteen asked"},
		{"both of two that would do: one stays", []func(*scene){requires("evening", "canteen", "centre"), both("canteen", "centre", "evening")}, []string{"lea canteen", "lea centre"}, "24 lea canteen booked required_by_other, 24 lea centre asked"},
		{"a chain, whole", []func(*scene){chain}, []string{"lea canteen", "lea evening", "lea yoga"}, "24 lea canteen asked, 24 lea evening asked, 24 lea yoga asked"},
		{"a chain, without its head, stays whole", []func(*scene){chain}, []string{"lea canteen", "lea evening"}, "24 lea canteen booked required_by_other, 24 lea evening booked required_by_other"},
		{"the same whatever the order", []func(*scene){chain}, []string{"lea evening", "lea canteen"}, "24 lea evening booked required_by_other, 24 lea canteen booked required_by_other"},
		{"one whose other stays because its week is whole", []func(*scene){requires("evening", "canteen"), func(s *scene) {
			s.activity("evening").Rules = `{"rules": [{"closes": {"from": "service"}}], "weeks": [{"minimumDays": 2}]}`
			for _, day := range []string{"24", "25"} {
				already(day+" lea canteen", booking.Booked)(s)
				already(day+" lea evening", booking.Booked)(s)
			}
		}}, []string{"lea canteen", "lea evening"}, "24 lea canteen booked required_by_other, 24 lea evening booked too_few_days"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.changes...)
			if got := s.outcome(s.request(booking.Absence, "24", "24", c.items...)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestWeeksAreTakenWholeOrForSomeDays(t *testing.T) {
	t.Parallel()
	weeks := func(rule string) func(*scene) {
		return func(s *scene) {
			s.activity("canteen").Rules = `{"rules": [{"kind": "booking", "closes": {"from": "service"}}, {"kind": "absence", "closes": {"at": "10:00", "steps": [{"days": -1}]}}], "weeks": [` + rule + `]}`
		}
	}
	whole, three := weeks(`{"whole": true}`), weeks(`{"minimumDays": 3}`)
	booked := func(days ...string) func(*scene) {
		return func(s *scene) {
			for _, d := range days {
				s.written(d+" lea canteen", booking.Booked)
			}
		}
	}
	days := func(code string, days ...string) string {
		var all []string
		for _, d := range days {
			all = append(all, fmt.Sprintf("%s lea canteen %s", d, code))
		}
		return strings.Join(all, ", ")
	}
	weekdays := func(w ...calendar.Weekday) func(*booking.Request) {
		return func(r *booking.Request) { r.Weekdays = w }
	}
	for _, c := range []struct {
		says     string
		changes  []func(*scene)
		kind     booking.Kind
		from, to string
		of       func(*booking.Request)
		want     string
	}{
		{"a whole week", []func(*scene){whole}, booking.Booking, "23", "27", nil, days("asked", "23", "24", "25", "26", "27")},
		{"a part of a whole week", []func(*scene){whole}, booking.Booking, "23", "26", nil, days("enrolled whole_week_only", "23", "24", "25", "26")},
		{"the rest of a whole week", []func(*scene){whole, booked("23", "24", "25")}, booking.Booking, "26", "27", nil, days("asked", "26", "27")},
		{"a whole week and a part of the next", []func(*scene){whole}, booking.Booking, "23", "12-01", nil, days("asked", "23", "24", "25", "26", "27") + ", " + days("enrolled whole_week_only", "30", "12-01")},
		{"a whole week that a public holiday shortens", []func(*scene){whole, func(s *scene) { s.now = local(s.t, "11-02 09:00") }}, booking.Booking, "09", "13", nil, days("asked", "09", "10", "12", "13")},
		{"a whole week of which the town has cancelled a day", []func(*scene){whole, func(s *scene) {
			s.event(collectivity.Cancels, collectivity.Event{Period: calendar.Period{From: "2026-11-24", To: "2026-11-24"}})
		}}, booking.Booking, "23", "27", nil, "23 lea canteen asked, 24 lea canteen cancelled cancelled, " + days("asked", "25", "26", "27")},
		{"a whole week of the enrolment's weekdays", []func(*scene){whole, func(s *scene) { s.planning.Enrolments[0].Weekdays = []calendar.Weekday{"mon", "tue"} }}, booking.Booking, "23", "27", nil, days("asked", "23", "24")},
		{"a whole week in which the child grows too old", []func(*scene){whole, func(s *scene) {
			s.activity("canteen").Groups = []collectivity.Group{{ID: "small", From: 3, To: 7}}
			s.child(lea).Born = "2018-11-26"
		}}, booking.Booking, "23", "27", nil, days("asked", "23", "24", "25") + ", " + days("enrolled age_out", "26", "27")},
		{"three days", []func(*scene){three}, booking.Booking, "23", "25", nil, days("asked", "23", "24", "25")},
		{"two of three days", []func(*scene){three}, booking.Booking, "23", "24", nil, days("enrolled too_few_days", "23", "24")},
		{"a third day", []func(*scene){three, booked("23", "24")}, booking.Booking, "27", "27", nil, days("asked", "27")},
		{"three days of a week that has but two", []func(*scene){three, func(s *scene) { s.activity("canteen").Weekdays = []calendar.Weekday{"mon", "tue"} }}, booking.Booking, "23", "27", nil, days("asked", "23", "24")},
		{"weekdays of several weeks, each for itself", []func(*scene){three, booked("23", "24")}, booking.Booking, "23", "12-04", weekdays("wed"), "25 lea canteen asked, 12-02 lea canteen enrolled too_few_days"},
		{"a rule of some weeks only", []func(*scene){weeks(`{"whole": true, "if": [{"is": ["holidays"]}]}`)}, booking.Booking, "24", "24", nil, days("asked", "24")},

		{"an absence of a part of a whole week", []func(*scene){whole, booked("23", "24", "25", "26", "27")}, booking.Absence, "23", "24", nil, days("booked whole_week_only", "23", "24")},
		{"an absence of a whole week", []func(*scene){whole, booked("23", "24", "25", "26", "27")}, booking.Absence, "23", "27", nil, days("asked", "23", "24", "25", "26", "27")},
		{"an absence of what is left of a whole week", []func(*scene){whole, booked("25", "26", "27")}, booking.Absence, "25", "27", nil, days("asked", "25", "26", "27")},
		{"an absence that leaves three days", []func(*scene){three, booked("23", "24", "25", "26")}, booking.Absence, "23", "23", nil, days("asked", "23")},
		{"an absence that leaves two of three days", []func(*scene){three, booked("23", "24", "25")}, booking.Absence, "23", "23", nil, days("booked too_few_days", "23")},
		{"an absence that an agent has yet to decide still counts as taken", []func(*scene){three, booked("23", "24", "25"), func(s *scene) { s.written("26 lea canteen", booking.AbsenceRequested) }}, booking.Absence, "23", "23", nil, days("asked", "23")},
		{"an absence that is billed breaks no week", []func(*scene){whole, booked("23", "24", "25", "26", "27"), func(s *scene) { s.now = local(s.t, "11-24 08:00") }}, booking.Absence, "24", "24", nil, days("asked due", "24")},
		{"nor does it shorten one for those that follow", []func(*scene){three, booked("24", "25", "26"), func(s *scene) {
			s.written("23 lea canteen", booking.Absent, func(d *booking.Day) { d.Due = true })
		}}, booking.Absence, "26", "26", nil, days("asked", "26")},
		{"an absence that the town accepted shortens it", []func(*scene){three, booked("24", "25", "26"), func(s *scene) {
			s.written("23 lea canteen", booking.Absent, func(d *booking.Day) { d.Due, d.Justified = true, true })
		}}, booking.Absence, "26", "26", nil, days("booked too_few_days", "26")},

		{"two children, each for itself", []func(*scene){three, booked("23", "24")}, booking.Booking, "25", "25", func(r *booking.Request) {
			r.Items = append(r.Items, booking.Item{Child: noe, Activity: "canteen"})
		}, "25 lea canteen asked, 25 noe canteen enrolled too_few_days"},
		{"what requires a week that falls, falls too", []func(*scene){three, requires("evening", "canteen")}, booking.Booking, "23", "23", func(r *booking.Request) {
			r.Items = append(r.Items, booking.Item{Child: lea, Activity: "evening"})
		}, "23 lea canteen enrolled too_few_days, 23 lea evening enrolled requires_other"},
		{"a week falls where what it requires falls", []func(*scene){requires("canteen", "evening"), three, booked("23", "24"), func(s *scene) {
			s.activity("evening").Closed = []calendar.Period{{From: "2026-11-25", To: "2026-11-25"}}
			s.planning.Days = map[booking.Place]booking.Day{}
		}}, booking.Booking, "23", "25", func(r *booking.Request) {
			r.Items = append(r.Items, booking.Item{Child: lea, Activity: "evening"})
		}, "23 lea canteen enrolled too_few_days, 23 lea evening asked, 24 lea canteen enrolled too_few_days, 24 lea evening asked, 25 lea canteen enrolled requires_other"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.changes...)
			r := s.request(c.kind, c.from, c.to, "lea canteen")
			if c.of != nil {
				c.of(&r)
			}
			if got := s.outcome(r); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestWeeklyRulesLookAtWholeWeeks(t *testing.T) {
	t.Parallel()
	for period, want := range map[calendar.Period]calendar.Period{
		{From: "2026-11-24", To: "2026-11-24"}: {From: "2026-11-23", To: "2026-11-29"},
		{From: "2026-11-23", To: "2026-11-29"}: {From: "2026-11-23", To: "2026-11-29"},
		{From: "2026-11-29", To: "2026-11-30"}: {From: "2026-11-23", To: "2026-12-06"},
		{From: "2027-01-01", To: "2027-01-01"}: {From: "2026-12-28", To: "2027-01-03"},
	} {
		if got := booking.WeeksOf(period); got != want {
			t.Errorf("of %v: %v, want %v", period, got, want)
		}
	}
}
