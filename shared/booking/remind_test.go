package booking_test

import (
	"strings"
	"testing"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

func TestAReminderComesEachEveningOfTheTownsClocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ says, now, want string }{
		{"in the morning, the same evening", "11-23 08:00", "11-23 18:00"},
		{"at the hour itself, the next evening", "11-23 18:00", "11-24 18:00"},
		{"later, the next evening", "11-23 23:59", "11-24 18:00"},
		{"over the change to winter", "10-24 19:00", "10-25 18:00"},
		{"over the change to summer", "03-28 19:00", "03-29 18:00"},
	} {
		if got := booking.NextReminder(local(t, c.now), paris); !got.Equal(local(t, c.want)) {
			t.Errorf("%s: got %s, want %s", c.says, got.In(paris), c.want)
		}
	}
}

func TestDaysAheadEndAtMidnight(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]string{1: "11-25 00:00", 7: "12-01 00:00"} {
		for _, now := range []string{"11-23 18:00", "11-23 23:30"} {
			if got := booking.RemindUntil(local(t, now), days, paris); !got.Equal(local(t, want)) {
				t.Errorf("%d days from %s: got %s, want %s", days, now, got.In(paris), want)
			}
		}
	}
}

// closing tells days and their limits, those of Léa: "24 canteen by 11-23 10:00".
func closing(all []booking.Closing) string {
	var says []string
	for _, c := range all {
		if c.Child == lea {
			says = append(says, strings.TrimPrefix(string(c.Date), "2026-11-")+" "+c.Activity+" by "+c.At.In(paris).Format("01-02 15:04"))
		}
	}
	return strings.Join(says, ", ")
}

func TestWhatALimitComesNearOf(t *testing.T) {
	t.Parallel()
	const (
		eve   = `{"rules": [{"kind": "booking", "closes": {"at": "10:00", "steps": [{"days": -1}]}}]}`
		week  = `{"rules": [{"kind": "booking", "closes": {"from": "week", "at": "12:00", "steps": [{"weeks": -1}, {"weekday": "thu"}]}}]}`
		later = `{"rules": [{"kind": "booking", "opens": {"at": "08:00", "steps": [{"days": -1}]}}]}`
		late  = `{"rules": [{"kind": "booking", "closes": {"at": "10:00", "steps": [{"days": -2}]}, "late": {"until": {"at": "10:00", "steps": [{"days": -1}]}}}]}`
	)
	canteen := func(rules string) func(*scene) {
		return func(s *scene) { s.activity("canteen").Rules = rules }
	}
	only := func(activity string) func(*scene) {
		return func(s *scene) {
			s.planning.Enrolments = []booking.Enrolment{{ID: "e", Child: lea, Activity: activity, Period: schoolYear}}
		}
	}
	written := func(says string, state booking.State, changes ...func(*booking.Day)) func(*scene) {
		return func(s *scene) { s.written(says, state, changes...) }
	}
	for _, c := range []struct {
		says    string
		changes []func(*scene)
		until   string
		want    string
	}{
		{"the days whose limit comes before an instant", []func(*scene){only("canteen"), canteen(eve)}, "11-19 00:00", "18 canteen by 11-17 10:00, 19 canteen by 11-18 10:00"},
		{"an instant at the limit itself", []func(*scene){only("canteen"), canteen(eve)}, "11-17 10:00", "18 canteen by 11-17 10:00"},
		{"a limit that is over", []func(*scene){only("canteen"), canteen(eve)}, "11-17 09:59", ""},
		{"the days of a week whose one limit comes near", []func(*scene){only("canteen"), canteen(week)}, "11-20 00:00", "23 canteen by 11-19 12:00, 24 canteen by 11-19 12:00, 25 canteen by 11-19 12:00, 26 canteen by 11-19 12:00, 27 canteen by 11-19 12:00"},
		{"none of them while it is far", []func(*scene){only("canteen"), canteen(week)}, "11-19 00:00", ""},
		{"without rules the service's start", []func(*scene){only("evening")}, "11-18 00:00", "17 evening by 11-17 16:30"},
		{"what is not open yet", []func(*scene){only("canteen"), canteen(later)}, "11-19 00:00", "17 canteen by 11-17 11:45"},
		{"what would be taken late by now", []func(*scene){only("canteen"), canteen(late)}, "11-17 23:00", "19 canteen by 11-17 10:00"},
		{"each activity by its own limit", []func(*scene){canteen(eve)}, "11-17 10:00", "17 centre by 11-17 08:30, 18 canteen by 11-17 10:00"},
		{"a day that is booked", []func(*scene){only("canteen"), canteen(eve), written("18 lea canteen", booking.Booked)}, "11-18 00:00", ""},
		{"a day that is asked for", []func(*scene){only("canteen"), canteen(eve), written("18 lea canteen", booking.Requested)}, "11-18 00:00", ""},
		{"a day that waits for a place", []func(*scene){only("canteen"), canteen(eve), written("18 lea canteen", booking.Waitlisted)}, "11-18 00:00", ""},
		{"a day whose absence was declared", []func(*scene){only("canteen"), canteen(eve), written("18 lea canteen", booking.Absent)}, "11-18 00:00", ""},
		{"a day that was refused", []func(*scene){only("canteen"), canteen(eve), written("18 lea canteen", booking.Refused)}, "11-18 00:00", ""},
		{"a day that the child is not enrolled on", []func(*scene){func(s *scene) {
			s.planning.Enrolments = []booking.Enrolment{{ID: "e", Child: lea, Activity: "canteen", Period: schoolYear, Weekdays: []calendar.Weekday{"thu"}}}
		}, canteen(eve)}, "11-19 00:00", "19 canteen by 11-18 10:00"},
		{"a day of two enrolments, once", []func(*scene){only("canteen"), func(s *scene) { s.enrol(s.planning.Enrolments[0]) }, canteen(eve)}, "11-18 00:00", "18 canteen by 11-17 10:00"},
		{"a day that the town cancelled", []func(*scene){only("canteen"), canteen(eve), func(s *scene) {
			s.event(collectivity.Cancels, collectivity.Event{Period: calendar.Period{From: "2026-11-18", To: "2026-11-18"}})
		}}, "11-18 00:00", ""},
		{
			"a meal that another activity of the day comes with",
			[]func(*scene){canteen(eve), written("18 lea centre", booking.Booked, func(d *booking.Day) {
				d.Option, d.Needs = "day", []booking.Use{{Activity: "canteen", Group: collectivity.AllAges}}
			}), func(s *scene) {
				s.planning.Enrolments = []booking.Enrolment{{ID: "e", Child: lea, Activity: "canteen", Period: schoolYear}, {ID: "f", Child: lea, Activity: "centre", Period: calendar.Period{From: "2026-11-18", To: "2026-11-18"}}}
			}},
			"11-18 00:00", "",
		},
		{"a child who has left the family", []func(*scene){func(s *scene) {
			s.planning.Enrolments = []booking.Enrolment{{ID: "e", Child: "gone", Activity: "canteen", Period: schoolYear}}
		}}, "11-18 00:00", ""},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.changes...)
			s.now = local(t, "11-16 18:00")
			all := s.ready().Closing(calendar.Period{From: "2026-11-16", To: "2027-11-16"}, s.now, local(t, c.until))
			if got := closing(all); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			for i, c := range all[:max(len(all)-1, 0)] {
				if all[i+1].At.Before(c.At) {
					t.Errorf("%s comes after %s", all[i+1].At, c.At)
				}
			}
		})
	}
}

func BenchmarkClosing(b *testing.B) {
	s := newScene(b, func(s *scene) {
		for i := range s.town.Activities {
			s.town.Activities[i].Rules = `{"rules": [{"closes": {"at": "10:00", "steps": [{"days": -2, "of": ["working"]}]}}]}`
		}
	})
	p := s.ready()
	for b.Loop() {
		p.Closing(calendar.Period{From: "2026-11-16", To: "2027-11-16"}, s.now, s.now.Add(48*time.Hour))
	}
}
