package booking_test

import (
	"testing"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/schooldays"
)

func TestAnActivityOpensOnItsDays(t *testing.T) {
	t.Parallel()
	during := func(d collectivity.During, weekdays ...calendar.Weekday) func(*scene) {
		return func(s *scene) {
			s.activity("canteen").During = d
			if len(weekdays) > 0 {
				s.activity("canteen").Weekdays = weekdays
			}
		}
	}
	closed := func(e schooldays.Exception) func(*scene) {
		return func(s *scene) { s.town.Calendar.Exceptions = append(s.town.Calendar.Exceptions, e) }
	}
	on := func(d calendar.Date, counts schooldays.Counts) schooldays.Exception {
		return schooldays.Exception{From: d, To: d, Counts: counts}
	}
	opened := func(d calendar.Date) func(*scene) {
		return func(s *scene) { s.activity("canteen").Opened = []calendar.Period{{From: d, To: d}} }
	}
	both := func(all ...func(*scene)) func(*scene) {
		return func(s *scene) {
			for _, change := range all {
				change(s)
			}
		}
	}
	everyday := calendar.Weekdays[:]
	for _, c := range []struct {
		says   string
		change func(*scene)
		day    calendar.Date
		school string
		want   bool
	}{
		{"a weekday of its own", during(""), "2026-11-24", "verne", true},
		{"a weekday that is not its own", during("", "mon", "tue"), "2026-11-26", "verne", false},
		{"the day before its season", during(""), "2026-08-31", "verne", false},
		{"the last day of its season", during(""), "2027-08-31", "verne", true},
		{"a day that it closes itself", func(s *scene) {
			s.activity("canteen").Closed = []calendar.Period{{From: "2026-11-23", To: "2026-11-24"}}
		}, "2026-11-24", "verne", false},
		{"a public holiday", during(""), "2026-11-11", "verne", false},
		{"a public holiday of the region", func(s *scene) { s.town.Calendar.Region = schooldays.AlsaceMoselle }, "2027-03-26", "verne", false},
		{"a public holiday of another region", during(""), "2027-03-26", "verne", true},
		{"a closure of the town", both(during(""), closed(on("2026-11-24", schooldays.Both))), "2026-11-24", "verne", false},
		{"a closure of the schools alone, at an activity of any day", both(during(""), closed(on("2026-11-24", schooldays.School))), "2026-11-24", "verne", true},
		{"a Saturday of its own", during("", everyday...), "2026-11-28", "verne", true},
		{"a Sunday of its own", during("", everyday...), "2026-11-29", "verne", true},
		{"a Sunday that is a public holiday", during("", everyday...), "2026-11-01", "verne", false},
		{"a Sunday on which the town is closed", both(during("", everyday...), closed(on("2026-11-29", schooldays.Working))), "2026-11-29", "verne", false},
		{"a public holiday on which the town is open", both(during(""), closed(schooldays.Exception{From: "2026-11-11", To: "2026-11-11", Open: true})), "2026-11-11", "verne", true},

		{"a day of school", during(collectivity.SchoolDays), "2026-11-24", "verne", true},
		{"a Wednesday, at a school of four days", during(collectivity.SchoolDays), "2026-11-25", "verne", false},
		{"a Wednesday, at a school of four and a half", during(collectivity.SchoolDays), "2026-11-25", "tilleuls", true},
		{"a Wednesday, at a school that the town does not know", during(collectivity.SchoolDays), "2026-11-25", "other", false},
		{"a day of school holidays, at an activity of school days", during(collectivity.SchoolDays), "2026-10-20", "verne", false},
		{"a closure of the schools alone, at an activity of school days", both(during(collectivity.SchoolDays), closed(on("2026-11-24", schooldays.School))), "2026-11-24", "verne", false},
		{"a closure of the town hall alone, at an activity of school days", both(during(collectivity.SchoolDays), closed(on("2026-11-24", schooldays.Working))), "2026-11-24", "verne", true},

		{"a Wednesday without school, outside the holidays", during(collectivity.TermDays), "2026-11-25", "verne", true},
		{"a Wednesday of the holidays, at an activity outside them", during(collectivity.TermDays), "2026-10-21", "verne", false},
		{"a public holiday outside the school holidays", during(collectivity.TermDays), "2026-11-11", "verne", false},
		{"a day outside the holidays on which the town is closed", both(during(collectivity.TermDays), closed(on("2026-11-25", schooldays.Both))), "2026-11-25", "verne", false},

		{"a weekday of the holidays", during(collectivity.HolidayDays), "2026-10-20", "verne", true},
		{"a day of school, at an activity of holidays", during(collectivity.HolidayDays), "2026-11-24", "verne", false},
		{"Christmas Day", during(collectivity.HolidayDays), "2026-12-25", "verne", false},
		{"a Sunday of the holidays", during(collectivity.HolidayDays, everyday...), "2026-10-25", "verne", false},
		{"a day of the holidays on which the town is closed", both(during(collectivity.HolidayDays), closed(on("2026-10-20", schooldays.Both))), "2026-10-20", "verne", false},

		{"an exceptional opening out of its season", both(during(""), opened("2027-09-04")), "2027-09-04", "verne", true},
		{"an exceptional opening on a public holiday", both(during(collectivity.SchoolDays), opened("2026-11-11")), "2026-11-11", "verne", true},
		{"an exceptional opening on a day that it closes itself", both(opened("2026-11-24"), func(s *scene) { s.activity("canteen").Closed = []calendar.Period{schoolYear} }), "2026-11-24", "verne", true},
		{"a day of holidays, where the town keeps no calendar", func(s *scene) { s.town.Calendar = schooldays.Settings{} }, "2026-10-20", "verne", true},
		{"a public holiday, where the town keeps no calendar", func(s *scene) { s.town.Calendar = schooldays.Settings{} }, "2026-11-11", "verne", true},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.change)
			town := s.ready().Town
			if got := town.Opens(*s.activity("canteen"), c.school, c.day); got != c.want {
				t.Errorf("opens on %s: %v", c.day, got)
			}
		})
	}
}

func TestADayIsInAState(t *testing.T) {
	t.Parallel()
	cancel := func(e collectivity.Event) func(*scene) {
		return func(s *scene) {
			if e.Period.From == "" {
				e.Period = calendar.Period{From: "2026-11-24", To: "2026-11-24"}
			}
			s.event(collectivity.Cancels, e)
		}
	}
	written := func(state booking.State) func(*scene) {
		return func(s *scene) { s.written("24 lea canteen", state) }
	}
	both := func(a, b func(*scene)) func(*scene) {
		return func(s *scene) { a(s); b(s) }
	}
	for _, c := range []struct {
		says   string
		change func(*scene)
		want   booking.State
	}{
		{"nothing is written: the child may come", func(*scene) {}, booking.Enrolled},
		{"the activity does not open", func(s *scene) { s.activity("canteen").Weekdays = []calendar.Weekday{"mon"} }, booking.Closed},
		{"the activity is no longer offered", func(s *scene) { s.activity("canteen").Archived = true }, booking.Closed},
		{"there is no such activity", func(s *scene) { s.activity("canteen").ID = "other" }, booking.Closed},
		{"what is written counts", written(booking.Booked), booking.Booked},
		{"a booked day stays so where the activity closes later", both(written(booking.Booked), func(s *scene) { s.activity("canteen").Archived = true }), booking.Booked},
		{"a day of which carers noted something may be booked", written(booking.Enrolled), booking.Enrolled},
		{"but not where the activity closes later", both(written(booking.Enrolled), func(s *scene) { s.activity("canteen").Archived = true }), booking.Closed},
		{"the town cancels it", cancel(collectivity.Event{}), booking.Cancelled},
		{"the town cancels a booked day", both(written(booking.Booked), cancel(collectivity.Event{})), booking.Cancelled},
		{"the town cancels a day that waits", both(written(booking.Waitlisted), cancel(collectivity.Event{})), booking.Cancelled},
		{"an absent child stays so when the town cancels", both(written(booking.Absent), cancel(collectivity.Event{})), booking.Absent},
		{"what does not open can not be cancelled", both(cancel(collectivity.Event{}), func(s *scene) { s.activity("canteen").Weekdays = []calendar.Weekday{"mon"} }), booking.Closed},
		{"the town cancels another activity", cancel(collectivity.Event{Activities: []string{"evening"}}), booking.Enrolled},
		{"the town cancels this activity among others", cancel(collectivity.Event{Activities: []string{"evening", "canteen"}}), booking.Cancelled},
		{"the town cancels for another school", cancel(collectivity.Event{Schools: []string{"tilleuls"}}), booking.Enrolled},
		{"the town cancels for the child's class", cancel(collectivity.Event{Schools: []string{"verne"}, Classes: []string{"ce2"}}), booking.Cancelled},
		{"the town cancels for another class", cancel(collectivity.Event{Schools: []string{"verne"}, Classes: []string{"cp"}}), booking.Enrolled},
		{"the town cancels the day after", cancel(collectivity.Event{Period: calendar.Period{From: "2026-11-25", To: "2026-11-27"}}), booking.Enrolled},
		{"the town lets families declare absences", func(s *scene) {
			s.event(collectivity.Reopens, collectivity.Event{Period: schoolYear, Until: "09:00"})
		}, booking.Enrolled},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.change)
			if got := s.ready().Day(s.place("24 lea canteen")).State; got != c.want {
				t.Errorf("it is %s, want %s", got, c.want)
			}
		})
	}
}

func TestAChildIsEnrolledOnTheDaysOfAnEnrolment(t *testing.T) {
	t.Parallel()
	december := calendar.Period{From: "2026-12-01", To: "2026-12-31"}
	for _, c := range []struct {
		says       string
		enrolments []booking.Enrolment
		want       string // of Friday 27 November, Tuesday 1 and Wednesday 2 December
	}{
		{"none", nil, "no no no"},
		{"of a period", []booking.Enrolment{{Child: lea, Activity: "canteen", Period: december}}, "no yes yes"},
		{"of some weekdays", []booking.Enrolment{{Child: lea, Activity: "canteen", Period: schoolYear, Weekdays: []calendar.Weekday{"tue", "fri"}}}, "yes yes no"},
		{"two that follow one another", []booking.Enrolment{
			{Child: lea, Activity: "canteen", Period: calendar.Period{From: "2026-09-01", To: "2026-11-30"}, Weekdays: []calendar.Weekday{"fri"}},
			{Child: lea, Activity: "canteen", Period: december, Weekdays: []calendar.Weekday{"wed"}},
		}, "yes no yes"},
		{"another child's, and at another activity", []booking.Enrolment{{Child: noe, Activity: "canteen", Period: schoolYear}, {Child: lea, Activity: "evening", Period: schoolYear}}, "no no no"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			p := booking.Planning{Enrolments: c.enrolments}
			got := ""
			for _, d := range []string{"27", "12-01", "12-02"} {
				got += map[bool]string{true: " yes", false: " no"}[p.Enrolled(booking.Place{Date: date(d), Child: lea, Activity: "canteen"})]
			}
			if got[1:] != c.want {
				t.Errorf("enrolled: %s, want %s", got[1:], c.want)
			}
		})
	}
}

func TestWhatOfADayIsBilled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says string
		day  booking.Day
		want booking.Charge
	}{
		{"a booked day", booking.Day{State: booking.Booked}, booking.Normal},
		{"a booked day to which the child came", booking.Day{State: booking.Booked, Presence: booking.Present}, booking.Normal},
		{"a day booked late", booking.Day{State: booking.Booked, Late: true}, booking.Surtax},
		{"a booked day whose absence an agent has to decide", booking.Day{State: booking.AbsenceRequested}, booking.Normal},
		{"the same, booked late", booking.Day{State: booking.AbsenceRequested, Late: true}, booking.Surtax},
		{"a booked day to which the child did not come", booking.Day{State: booking.Booked, Presence: booking.Missing}, booking.Billed},
		{"the same, for a reason that the town accepted", booking.Day{State: booking.Booked, Presence: booking.Missing, Justified: true}, booking.Waived},
		{"a booked day after an absence that was billed", booking.Day{State: booking.Booked, Due: true}, booking.Normal},
		{"an absence within the limit", booking.Day{State: booking.Absent}, booking.NoneDue},
		{"an absence after the limit", booking.Day{State: booking.Absent, Due: true}, booking.Billed},
		{"an absence after the limit from a day booked late", booking.Day{State: booking.Absent, Due: true, Late: true}, booking.Billed},
		{"an absence within the limit from a day booked late", booking.Day{State: booking.Absent, Late: true}, booking.NoneDue},
		{"an absence for a reason that the town accepted", booking.Day{State: booking.Absent, Due: true, Justified: true}, booking.Waived},
		{"a day that the town cancelled", booking.Day{State: booking.Cancelled, Held: true}, booking.Waived},
		{"a day that only waited when the town cancelled", booking.Day{State: booking.Cancelled}, ""},
		{"a child who came without a booking", booking.Day{State: booking.Enrolled, Presence: booking.Unbooked}, booking.Surtax},
		{"a child who came although absent", booking.Day{State: booking.Absent, Presence: booking.Unbooked}, booking.Surtax},
		{"a day that may be booked", booking.Day{State: booking.Enrolled}, ""},
		{"a day that waits for an agent", booking.Day{State: booking.Requested, Late: true}, ""},
		{"a day that waits for a place", booking.Day{State: booking.Waitlisted}, ""},
		{"a refused day", booking.Day{State: booking.Refused, Late: true}, ""},
		{"a refused day after an absence that was billed", booking.Day{State: booking.Refused, Due: true}, booking.Billed},
		{"a day without the activity", booking.Day{State: booking.Closed}, ""},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := c.day.Charge(); got != c.want {
				t.Errorf("it is %q, want %q", got, c.want)
			}
		})
	}
}

func TestADayStopsWaiting(t *testing.T) {
	t.Parallel()
	rules := func(text string) func(*scene) {
		return func(s *scene) { s.activity("canteen").Rules = `{"rules": [` + text + `]}` }
	}
	for _, c := range []struct {
		says   string
		change func(*scene)
		want   string
	}{
		{"when the service starts, without a rule", func(*scene) {}, "11-24 11:45"},
		{"when booking closes", rules(`{"kind": "booking", "closes": {"at": "10:00", "steps": [{"days": -2}]}}`), "11-22 10:00"},
		{"when late booking closes", rules(`{"kind": "booking", "closes": {"at": "10:00", "steps": [{"days": -2}]}, "late": {"until": {"at": "09:00"}}}`), "11-24 09:00"},
		{"when the service starts, if booking closes later", rules(`{"kind": "booking", "closes": {"at": "18:00"}}`), "11-24 11:45"},
		{"when the service starts, if nothing is ever booked", rules(`{"kind": "booking", "never": true}`), "11-24 11:45"},
		{"whatever closes absences", rules(`{"kind": "absence", "closes": {"at": "10:00", "steps": [{"days": -2}]}}`), "11-24 11:45"},
		{"at the hour of the day before that the activity sets", func(s *scene) { s.activity("canteen").Promote = "18:00" }, "11-23 18:00"},
		{"when booking closes, if that is earlier than the hour", func(s *scene) {
			rules(`{"kind": "booking", "closes": {"at": "10:00", "steps": [{"days": -2}]}}`)(s)
			s.activity("canteen").Promote = "18:00"
		}, "11-22 10:00"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.change)
			if got := s.ready().WaitUntil(s.place("24 lea canteen")); !got.Equal(local(t, c.want)) {
				t.Errorf("until %s, want %s", got.In(paris).Format(time.DateTime), c.want)
			}
		})
	}
}

func TestATownThatCanNotBeReadIsAFault(t *testing.T) {
	t.Parallel()
	for says, change := range map[string]func(*scene){
		"rules that are none":        func(s *scene) { s.activity("canteen").Rules = `{"rules": 1}` },
		"a zone that nobody knows":   func(s *scene) { s.town.Calendar.Zone = "D" },
		"a school's week of nothing": func(s *scene) { s.town.Schools[0].Weekdays = []calendar.Weekday{"sun"} },
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, change)
			if _, err := booking.NewTown(s.town); err == nil {
				t.Error("it is taken")
			}
		})
	}
}
