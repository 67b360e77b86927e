package booking_test

import (
	"slices"
	"strings"
	"testing"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

func TestEachDayOfARequestHasItsOutcome(t *testing.T) {
	t.Parallel()
	const eve = `{"rules": [
		{"kind": "booking", "closes": {"at": "10:00", "steps": [{"days": -1}]}},
		{"kind": "absence", "closes": {"at": "10:00", "steps": [{"days": -1}]}}
	]}`
	rules := func(text string) func(*scene) {
		return func(s *scene) { s.activity("canteen").Rules = text }
	}
	now := func(clock string) func(*scene) {
		return func(s *scene) { s.now = local(s.t, clock) }
	}
	written := func(state booking.State, changes ...func(*booking.Day)) func(*scene) {
		return func(s *scene) { s.written("24 lea canteen", state, changes...) }
	}
	due := func(d *booking.Day) { d.Due = true }
	cancelled := func(s *scene) { s.event(collectivity.Cancels, collectivity.Event{Period: schoolYear}) }
	closed := func(s *scene) { s.activity("canteen").Closed = []calendar.Period{schoolYear} }
	for _, c := range []struct {
		says    string
		changes []func(*scene)
		kind    booking.Kind
		item    string
		want    string // of 24 November
	}{
		{"a day is asked for", nil, booking.Booking, "lea canteen", "24 lea canteen asked"},
		{"a closed day", []func(*scene){closed}, booking.Booking, "lea canteen", "24 lea canteen closed closed"},
		{"a cancelled day", []func(*scene){cancelled}, booking.Booking, "lea canteen", "24 lea canteen cancelled cancelled"},
		{"without an enrolment", []func(*scene){func(s *scene) { s.planning.Enrolments = nil }}, booking.Booking, "lea canteen", "24 lea canteen enrolled not_enrolled"},
		{"once the service has started", []func(*scene){now("11-24 11:45")}, booking.Booking, "lea canteen", "24 lea canteen enrolled past"},
		{"after the limit", []func(*scene){rules(eve), now("11-23 10:00")}, booking.Booking, "lea canteen", "24 lea canteen enrolled too_late"},
		{"before booking opens", []func(*scene){rules(`{"rules": [{"opens": {"steps": [{"days": -2}]}, "closes": {"from": "service"}}]}`)}, booking.Booking, "lea canteen", "24 lea canteen enrolled not_open_yet"},
		{"late", []func(*scene){rules(`{"rules": [{"closes": {"steps": [{"days": -20}]}, "late": {}}]}`)}, booking.Booking, "lea canteen", "24 lea canteen asked late"},
		{"a day that is booked", []func(*scene){written(booking.Booked)}, booking.Booking, "lea canteen", "24 lea canteen booked already_booked"},
		{"a day that is booked, after the limit", []func(*scene){written(booking.Booked), rules(eve), now("11-23 10:00")}, booking.Booking, "lea canteen", "24 lea canteen booked already_booked"},
		{
			"a day that is booked, before absences open",
			[]func(*scene){written(booking.Booked), rules(`{"rules": [{"kind": "absence", "opens": {"steps": [{"days": -2}]}, "closes": {"from": "service"}}]}`)},
			booking.Booking, "lea canteen", "24 lea canteen booked already_booked",
		},
		{"a day that an agent has yet to decide", []func(*scene){written(booking.Requested)}, booking.Booking, "lea canteen", "24 lea canteen requested already_requested"},
		{"a day that waits for a place", []func(*scene){written(booking.Waitlisted)}, booking.Booking, "lea canteen", "24 lea canteen waitlisted already_waiting"},
		{"a day whose absence an agent has yet to decide", []func(*scene){written(booking.AbsenceRequested)}, booking.Booking, "lea canteen", "24 lea canteen absence_requested already_requested"},
		{"an absent day is asked for again", []func(*scene){written(booking.Absent)}, booking.Booking, "lea canteen", "24 lea canteen asked"},
		{"an absent day that is billed is asked for again", []func(*scene){written(booking.Absent, due)}, booking.Booking, "lea canteen", "24 lea canteen asked due"},
		{"an absent day that would be billed, had the town not accepted its reason", []func(*scene){written(booking.Absent, due, func(d *booking.Day) { d.Justified = true })}, booking.Booking, "lea canteen", "24 lea canteen asked"},
		{"a refused day after an absence that is billed", []func(*scene){written(booking.Refused, due)}, booking.Booking, "lea canteen", "24 lea canteen asked due"},
		{"a refused day is asked for again", []func(*scene){written(booking.Refused)}, booking.Booking, "lea canteen", "24 lea canteen asked"},
		{"an absent day that has been closed", []func(*scene){written(booking.Absent), closed}, booking.Booking, "lea canteen", "24 lea canteen absent closed"},
		{"an absent day that has been cancelled", []func(*scene){written(booking.Absent), cancelled}, booking.Booking, "lea canteen", "24 lea canteen absent cancelled"},
		{"a booked day that has been cancelled", []func(*scene){written(booking.Booked), cancelled}, booking.Booking, "lea canteen", "24 lea canteen cancelled cancelled"},

		{"an option is asked for", nil, booking.Booking, "lea centre morning", "24 lea centre asked"},
		{"no option, of several", nil, booking.Booking, "lea centre", "24 lea centre enrolled option_required"},
		{"an option that is none", nil, booking.Booking, "lea centre night", "24 lea centre enrolled option_unknown"},
		{"an option where there is none", nil, booking.Booking, "lea canteen day", "24 lea canteen enrolled option_unknown"},
		{"an option with a meal, where the canteen is closed", []func(*scene){closed}, booking.Booking, "lea centre day", "24 lea centre enrolled closed"},
		{"the same without a meal", []func(*scene){closed}, booking.Booking, "lea centre morning", "24 lea centre asked"},
		{
			"an option with a meal, where the town has cancelled the canteen",
			[]func(*scene){func(s *scene) {
				s.event(collectivity.Cancels, collectivity.Event{Period: schoolYear, Activities: []string{"canteen"}})
			}},
			booking.Booking, "lea centre day", "24 lea centre enrolled cancelled",
		},
		{"an option with a meal, where the child was absent from a canteen closed since", []func(*scene){written(booking.Absent), closed}, booking.Booking, "lea centre day", "24 lea centre enrolled closed"},
		{"a child too young for the meal", []func(*scene){func(s *scene) {
			s.activity("canteen").Groups = []collectivity.Group{{ID: "big", From: 12, To: 17}}
		}}, booking.Booking, "lea centre day", "24 lea centre enrolled closed"},
		{"a child of no age group", []func(*scene){func(s *scene) {
			s.activity("canteen").Groups = []collectivity.Group{{ID: "big", From: 12, To: 17}}
		}}, booking.Booking, "lea canteen", "24 lea canteen enrolled age_out"},

		{"an absence from a booked day", []func(*scene){written(booking.Booked)}, booking.Absence, "lea canteen", "24 lea canteen asked"},
		{"an absence after the limit", []func(*scene){written(booking.Booked), rules(eve), now("11-23 10:00")}, booking.Absence, "lea canteen", "24 lea canteen asked due"},
		{"an absence once the service has started", []func(*scene){written(booking.Booked), now("11-24 11:45")}, booking.Absence, "lea canteen", "24 lea canteen booked past"},
		{"an absence from a day that nobody booked", nil, booking.Absence, "lea canteen", "24 lea canteen enrolled not_booked"},
		{"an absence from a day that nobody booked, once the service has started", []func(*scene){now("11-24 11:45")}, booking.Absence, "lea canteen", "24 lea canteen enrolled not_booked"},
		{"an absence from a refused day", []func(*scene){written(booking.Refused)}, booking.Absence, "lea canteen", "24 lea canteen refused not_booked"},
		{"an absence from an absent day", []func(*scene){written(booking.Absent)}, booking.Absence, "lea canteen", "24 lea canteen absent already_absent"},
		{"an absence that was asked for", []func(*scene){written(booking.AbsenceRequested)}, booking.Absence, "lea canteen", "24 lea canteen absence_requested already_requested"},
		{"an absence from a day that waits", []func(*scene){written(booking.Waitlisted)}, booking.Absence, "lea canteen", "24 lea canteen waitlisted already_waiting"},
		{"an absence from a closed day", []func(*scene){closed}, booking.Absence, "lea canteen", "24 lea canteen closed closed"},
		{"an absence from a cancelled day", []func(*scene){written(booking.Booked), cancelled}, booking.Absence, "lea canteen", "24 lea canteen cancelled cancelled"},
		{"an absence from a booked day, without an enrolment any more", []func(*scene){written(booking.Booked), func(s *scene) { s.planning.Enrolments = nil }}, booking.Absence, "lea canteen", "24 lea canteen asked"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.changes...)
			if got := s.outcome(s.request(c.kind, "24", "24", c.item)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestWhatAnAskedDayTakes(t *testing.T) {
	t.Parallel()
	groups := func(s *scene) {
		s.activity("canteen").Groups = []collectivity.Group{{ID: "small", From: 3, To: 5}, {ID: "big", From: 6, To: 11}}
		s.child(noe).Born = "2022-01-08"
	}
	for _, c := range []struct {
		says   string
		change func(*scene)
		item   string
		want   string
	}{
		{"a place", func(*scene) {}, "lea canteen", "canteen all"},
		{"a place of the child's age group", groups, "lea canteen", "canteen big"},
		{"a place of another child's age group", groups, "noe canteen", "canteen small"},
		{"a place and a meal", func(*scene) {}, "lea centre day", "centre all, canteen all"},
		{"a place and a meal of the child's age group", groups, "noe centre day", "centre all, canteen small"},
		{"a place without a meal", func(*scene) {}, "lea centre morning", "centre all"},
		{"a child of unknown age takes a place of the first group", func(s *scene) { groups(s); s.child(lea).Born = "" }, "lea canteen", "canteen small"},
		{"the only option, which needs no naming", func(s *scene) {
			s.activity("centre").Options = s.activity("centre").Options[:1]
		}, "lea centre", "centre all, canteen all"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.change)
			lines, err := s.ready().Ask(s.request(booking.Booking, "24", "24", c.item))
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, u := range lines[0].Uses() {
				all = append(all, u.Activity+" "+u.Group)
			}
			if got := strings.Join(all, ", "); got != c.want {
				t.Errorf("it takes %s, want %s", got, c.want)
			}
		})
	}
}

func TestAnAbsenceGivesBackWhatTheDayTook(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.written("24 lea centre", booking.Booked, func(d *booking.Day) {
		d.Option, d.Group, d.Needs, d.Rev = "day", "small", []booking.Use{{Activity: "canteen", Group: "big"}}, 4
	})
	lines, err := s.ready().Ask(s.request(booking.Absence, "24", "24", "lea centre"))
	if err != nil {
		t.Fatal(err)
	}
	l := lines[0]
	want := []booking.Use{{Activity: "centre", Group: "small"}, {Activity: "canteen", Group: "big"}}
	if l.Option != "day" || l.Rev != 4 || !slices.Equal(l.Uses(), want) {
		t.Errorf("got %+v", l)
	}
}

func TestTheDaysOfARequest(t *testing.T) {
	t.Parallel()
	asking := func(from, to string, change func(*booking.Asking), items ...string) func(*scene) booking.Request {
		return func(s *scene) booking.Request {
			r := s.request(booking.Booking, from, to, items...)
			if change != nil {
				change(&r.Asking)
			}
			return r
		}
	}
	tuesdays := func(a *booking.Asking) { a.Weekdays = []calendar.Weekday{"tue"} }
	weeks := func(w calendar.Weeks) func(*booking.Asking) {
		return func(a *booking.Asking) { a.Weeks, a.Weekdays = w, []calendar.Weekday{"tue"} }
	}
	fewWeekdays := func(s *scene) {
		s.planning.Enrolments[0].Weekdays = []calendar.Weekday{"mon", "tue"}
		s.activity("canteen").Weekdays = []calendar.Weekday{"tue", "wed"}
	}
	for _, c := range []struct {
		says   string
		change func(*scene)
		asks   func(*scene) booking.Request
		want   string
	}{
		{"one day", nil, asking("24", "24", nil, "lea canteen"), "24 lea canteen asked"},
		{"a period, of children one after the other each day", nil, asking("24", "25", nil, "lea canteen", "noe canteen"), "24 lea canteen asked, 24 noe canteen asked, 25 lea canteen asked, 25 noe canteen asked"},
		{"some weekdays of a period", nil, asking("23", "12-04", tuesdays, "lea canteen"), "24 lea canteen asked, 12-01 lea canteen asked"},
		{"even weeks", nil, asking("23", "12-12", weeks(calendar.EvenWeeks), "lea canteen"), "24 lea canteen asked, 12-08 lea canteen asked"},
		{"odd weeks", nil, asking("23", "12-12", weeks(calendar.OddWeeks), "lea canteen"), "12-01 lea canteen asked"},
		{"days on which the child can not come are not meant", fewWeekdays, asking("23", "27", nil, "lea canteen"), "24 lea canteen asked"},
		{"but a single day answers why", fewWeekdays, asking("25", "25", nil, "lea canteen"), "25 lea canteen enrolled not_enrolled"},
		{"a day means something for one of two children", fewWeekdays, asking("23", "25", nil, "lea canteen", "noe canteen"), "24 lea canteen asked, 24 noe canteen asked, 25 lea canteen enrolled not_enrolled, 25 noe canteen asked"},
		{"a child who can never come answers why, once", func(s *scene) { s.planning.Enrolments = s.planning.Enrolments[1:] }, asking("24", "25", nil, "lea canteen", "noe canteen"), "24 lea canteen enrolled not_enrolled, 24 noe canteen asked, 25 noe canteen asked"},
		{"a day that is written means something", func(s *scene) {
			fewWeekdays(s)
			s.written("26 lea canteen", booking.Booked)
		}, asking("24", "27", nil, "lea canteen"), "24 lea canteen asked, 26 lea canteen booked already_booked"},
		{"the same day twice", nil, asking("24", "24", nil, "lea canteen", "lea canteen"), "24 lea canteen asked, 24 lea canteen enrolled day_twice"},
		{"the same day twice, once with an option that is none", nil, asking("24", "24", nil, "lea centre", "lea centre morning"), "24 lea centre enrolled option_required, 24 lea centre asked"},

		{"no day of the period is on those weekdays", nil, asking("25", "27", tuesdays, "lea canteen"), "invalid_input weekdays no_such_day"},
		{"no day of the period is in those weeks", nil, asking("23", "27", weeks(calendar.OddWeeks), "lea canteen"), "invalid_input weekdays no_such_day"},
		{"no day of the period is one of an enrolment", func(s *scene) { s.planning.Enrolments = nil }, asking("23", "27", nil, "lea canteen"), "invalid_input from not_enrolled"},
		{"a child of another family", nil, asking("24", "24", nil, "lea canteen", "tom canteen"), "invalid_input items[1].child child_unknown"},
		{"an activity that the town does not have", nil, asking("24", "24", nil, "lea yoga"), "invalid_input items[0].activity activity_unknown"},
		{"an activity that is no longer offered", func(s *scene) { s.activity("canteen").Archived = true }, asking("24", "24", nil, "lea canteen"), "invalid_input items[0].activity activity_unknown"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			if c.change != nil {
				c.change(s)
			}
			if got := s.outcome(c.asks(s)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestARequestOfTooManyDaysIsRefused(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for _, a := range []string{"canteen", "evening", "centre"} {
		s.activity(a).Weekdays = calendar.Weekdays[:]
	}
	var items []string
	for len(items) < 11 {
		items = append(items, "lea canteen", "lea evening")
	}
	year := s.request(booking.Booking, "16", "11-16", items...)
	year.Period.To = "2027-08-31" // 289 days without public holidays: more than 3,000 with 12 items
	if got := s.outcome(year); got != "invalid_input to too_many_days" {
		t.Errorf("got %.100s", got)
	}
	year.Items = year.Items[:8]
	if lines, err := s.ready().Judge(year); err != nil || len(lines) < 2000 || len(lines) > booking.MaxLines {
		t.Errorf("%d lines, %v", len(lines), err)
	}
}

func TestAPeriodMakesSense(t *testing.T) {
	t.Parallel()
	for says, c := range map[string]struct {
		period calendar.Period
		want   string
	}{
		"one day":                {calendar.Period{From: "2026-11-24", To: "2026-11-24"}, ""},
		"a year":                 {calendar.Period{From: "2026-11-24", To: "2027-11-24"}, ""},
		"a year and a day":       {calendar.Period{From: "2026-11-24", To: "2027-11-25"}, "invalid_input to period_too_long"},
		"one that ends before":   {calendar.Period{From: "2026-11-24", To: "2026-11-23"}, "invalid_input to period_reversed"},
		"one of centuries":       {calendar.Period{From: "0001-01-01", To: "9999-12-31"}, "invalid_input to period_too_long"},
		"one of centuries, back": {calendar.Period{From: "9999-12-31", To: "0001-01-01"}, "invalid_input to period_reversed"},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := booking.CheckPeriod(c.period); err != nil {
				got = refused(t, err)
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestARequestOfWhichNothingCanBeTakenSaysWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says   string
		change func(*scene)
		from   string
		to     string
		want   string
	}{
		{"of one day, by its code", func(s *scene) { s.written("24 lea canteen", booking.Booked) }, "24", "24", "already_booked days[0] already_booked"},
		{"of several days, each by its own", func(s *scene) {
			s.written("24 lea canteen", booking.Booked)
			s.written("25 lea canteen", booking.Waitlisted)
		}, "24", "25", "nothing_to_take days[0] already_booked days[1] already_waiting"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.change)
			lines, err := s.ready().Ask(s.request(booking.Booking, c.from, c.to, "lea canteen"))
			if err == nil {
				t.Fatalf("it is taken: %s", outcomes(lines))
			}
			if got := refused(t, err); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestEveryCodeHasItsSentence(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"past", "closed", "cancelled", "not_enrolled", "age_out", "not_booked", "already_booked", "already_requested", "already_waiting", "already_said", "already_absent", "too_late", "not_open_yet",
		"whole_week_only", "too_few_days", "excluded", "requires_other", "required_by_other", "option_required", "option_unknown", "slot_full", "no_place",
		"day_changed", "day_twice",
	} {
		if (booking.Line{Code: code}).Why() == "" {
			t.Errorf("%s says nothing", code)
		}
	}
	if got := (booking.Line{Code: "too_late", Reason: "Réservable jusqu’à hier."}).Why(); got != "Réservable jusqu’à hier." {
		t.Errorf("the rule's own words come first, not %q", got)
	}
}

func TestAnAgentAsksForAFamily(t *testing.T) {
	t.Parallel()
	rules := func(text string) func(*scene) {
		return func(s *scene) { s.activity("canteen").Rules = text }
	}
	const (
		tooLate    = `{"rules": [{"kind": "booking", "closes": {"steps": [{"days": -30}]}}, {"kind": "absence", "closes": {"steps": [{"days": -30}]}}]}`
		lateWindow = `{"rules": [{"kind": "booking", "closes": {"steps": [{"days": -30}]}, "late": {}}]}`
		notYet     = `{"rules": [{"opens": {"steps": [{"days": -2}]}, "closes": {"from": "service"}}]}`
		wholeWeek  = `{"rules": [{"closes": {"from": "service"}}], "weeks": [{"whole": true}]}`
	)
	for _, c := range []struct {
		says     string
		change   func(*scene)
		kind     booking.Kind
		standing bool
		want     string
	}{
		{"a booking after the limit is taken, and costs no more where the rule has no late", rules(tooLate), booking.Booking, false, "24 lea canteen asked"},
		{"a booking in the late window too", rules(lateWindow), booking.Booking, false, "24 lea canteen asked late"},
		{"a booking before it opens is taken", rules(notYet), booking.Booking, false, "24 lea canteen asked"},
		{"a day of a whole week is taken", rules(wholeWeek), booking.Booking, false, "24 lea canteen asked"},
		{"the family is still not enrolled", func(s *scene) { s.planning.Enrolments = nil }, booking.Booking, false, "24 lea canteen enrolled not_enrolled"},
		{"a closed day is still closed", func(s *scene) { s.activity("canteen").Closed = []calendar.Period{schoolYear} }, booking.Booking, false, "24 lea canteen closed closed"},
		{"a past day is still past", func(s *scene) { s.now = local(s.t, "11-25 09:30") }, booking.Booking, false, "24 lea canteen enrolled past"},
		{"a child is still too old", func(s *scene) {
			s.activity("canteen").Groups = []collectivity.Group{{ID: "small", From: 3, To: 5}}
		}, booking.Booking, false, "24 lea canteen enrolled age_out"},
		{"an absence after the limit is billed", func(s *scene) {
			rules(tooLate)(s)
			s.written("24 lea canteen", booking.Booked)
		}, booking.Absence, false, "24 lea canteen asked due"},
		{"an absence before it opens is taken", func(s *scene) {
			rules(notYet)(s)
			s.written("24 lea canteen", booking.Booked)
		}, booking.Absence, false, "24 lea canteen asked"},

		{"a standing enrolment's days after the limit are not late", rules(tooLate), booking.Booking, true, "24 lea canteen asked"},
		{"nor are those in the late window", rules(lateWindow), booking.Booking, true, "24 lea canteen asked"},
		{"a standing enrolment's days that do not open yet are booked", rules(notYet), booking.Booking, true, "24 lea canteen asked"},
		{"a standing enrolment leaves a day that is booked alone", func(s *scene) { s.written("24 lea canteen", booking.Booked) }, booking.Booking, true, "24 lea canteen booked already_booked"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.change)
			r := s.request(c.kind, "24", "24", "lea canteen")
			if r.Agent = "odile"; c.standing {
				r.Standing = "enrolment"
			}
			if got := s.outcome(r); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestARequestThatWasWrittenKeepsWhatItMade(t *testing.T) {
	t.Parallel()
	of := func(request string) func(*booking.Day) {
		return func(d *booking.Day) { d.Request = request }
	}
	absence := func(request, absence string) func(*booking.Day) {
		return func(d *booking.Day) { d.Request, d.Absence = request, absence }
	}
	for _, c := range []struct {
		says  string
		kind  booking.Kind
		state booking.State
		day   func(*booking.Day)
		want  string
	}{
		{"a day that it booked", booking.Booking, booking.Booked, of("now"), "24 lea canteen booked"},
		{"a day that it asked an agent for", booking.Booking, booking.Requested, of("now"), "24 lea canteen requested"},
		{"a day that waits for a place", booking.Booking, booking.Waitlisted, of("now"), "24 lea canteen waitlisted"},
		{"a day that was taken back, and of which carers may note who came", booking.Booking, booking.Enrolled, of("now"), "24 lea canteen asked"},
		{"a day that waited too long", booking.Booking, booking.Refused, of("now"), "24 lea canteen refused"},
		{"a day that it booked, absent since", booking.Booking, booking.Absent, absence("now", "other"), "24 lea canteen booked"},
		{"a day that it booked, whose absence is asked for since", booking.Booking, booking.AbsenceRequested, absence("now", "other"), "24 lea canteen booked"},
		{"a day that another request booked", booking.Booking, booking.Booked, of("other"), "24 lea canteen booked already_booked"},
		{"a day that it left", booking.Absence, booking.Absent, absence("other", "now"), "24 lea canteen absent"},
		{"a day that it asked an agent to leave", booking.Absence, booking.AbsenceRequested, absence("other", "now"), "24 lea canteen absence_requested"},
		{"a day that it wanted to leave and that was taken back", booking.Absence, booking.Booked, absence("other", "now"), "24 lea canteen asked"},
		{"a day that it left, asked for again since", booking.Absence, booking.Requested, of("later"), "24 lea canteen requested already_requested"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.written("24 lea canteen", c.state, c.day)
			if got := s.outcome(s.request(c.kind, "24", "24", "lea canteen")); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
