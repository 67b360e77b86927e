package booking_test

import (
	"strings"
	"testing"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// may tells an allowance: "book late until 11-24 09:00", or why there is none.
func may(a booking.Allowance) string {
	if len(a.Actions) == 0 {
		return a.Code
	}
	says := string(a.Actions[0])
	if a.Late {
		says += " late"
	}
	if a.Due {
		says += " due"
	}
	if !a.Until.IsZero() {
		says += " until " + a.Until.In(paris).Format("01-02 15:04")
	}
	return strings.TrimSpace(says + " " + a.Code)
}

func TestWhatAParentMayDoWithADay(t *testing.T) {
	t.Parallel()
	rules := func(text string) func(*scene) {
		return func(s *scene) { s.activity("canteen").Rules = `{"rules": [` + text + `]}` }
	}
	const (
		eve    = `{"kind": "booking", "closes": {"at": "10:00", "steps": [{"days": -1}]}}`
		window = `{"kind": "booking", "opens": {"at": "08:00", "steps": [{"days": -14}]}, "closes": {"at": "10:00", "steps": [{"days": -1}]}}`
		late   = `{"kind": "booking", "closes": {"at": "10:00", "steps": [{"days": -2}]}, "late": {"until": {"at": "09:00"}, "surcharge": "50 %"}}`
		absent = `{"kind": "absence", "closes": {"at": "10:00", "steps": [{"days": -1}]}}`
	)
	written := func(state booking.State) func(*scene) {
		return func(s *scene) { s.written("24 lea canteen", state) }
	}
	reopen := func(until string, before bool) func(*scene) {
		return func(s *scene) {
			s.event(collectivity.Reopens, collectivity.Event{Period: calendar.Period{From: "2026-11-24", To: "2026-11-24"}, Until: until, DayBefore: before})
		}
	}
	groups := func(s *scene) {
		s.activity("canteen").Groups = []collectivity.Group{{ID: "small", From: 3, To: 5}, {ID: "big", From: 6, To: 11}}
	}
	born := func(d calendar.Date) func(*scene) {
		return func(s *scene) { s.child(lea).Born = d }
	}
	for _, c := range []struct {
		says    string
		changes []func(*scene)
		now     string
		want    string
	}{
		{"a day is booked until the service starts, without a rule", nil, "11-16 09:30", "book until 11-24 11:45"},
		{"until its very last moment", nil, "11-24 11:44", "book until 11-24 11:45"},
		{"a service that has started is past", nil, "11-24 11:45", "past"},
		{"a service without an hour starts with the day", []func(*scene){func(s *scene) { s.activity("canteen").Starts = "" }}, "11-24 00:00", "past"},
		{"so does one whose hour is none", []func(*scene){func(s *scene) { s.activity("canteen").Starts = "noon" }}, "11-23 23:59", "book until 11-24 00:00"},
		{"a child who is not enrolled may not", []func(*scene){func(s *scene) { s.planning.Enrolments = nil }}, "11-16 09:30", "not_enrolled"},
		{"a day of another weekday may not", []func(*scene){func(s *scene) { s.planning.Enrolments[0].Weekdays = []calendar.Weekday{"mon"} }}, "11-16 09:30", "not_enrolled"},
		{"a closed day may not", []func(*scene){func(s *scene) { s.activity("canteen").Weekdays = []calendar.Weekday{"mon"} }}, "11-16 09:30", "closed"},
		{"a cancelled day may not", []func(*scene){func(s *scene) { s.event(collectivity.Cancels, collectivity.Event{Period: schoolYear}) }}, "11-16 09:30", "cancelled"},

		{"booking closes by a rule", []func(*scene){rules(eve)}, "11-23 09:59", "book until 11-23 10:00"},
		{"and is too late then", []func(*scene){rules(eve)}, "11-23 10:00", "too_late"},
		{"booking is not open yet", []func(*scene){rules(window)}, "11-10 07:59", "not_open_yet"},
		{"and opens", []func(*scene){rules(window)}, "11-10 08:00", "book until 11-23 10:00"},
		{"booking is late", []func(*scene){rules(late)}, "11-22 10:00", "book late until 11-24 09:00"},
		{"before that it is not", []func(*scene){rules(late)}, "11-22 09:59", "book until 11-22 10:00"},
		{"after that it is too late", []func(*scene){rules(late)}, "11-24 09:00", "too_late"},
		{"late booking without an end of its own ends with the start of the service", []func(*scene){rules(`{"kind": "booking", "closes": {"at": "10:00", "steps": [{"days": -2}]}, "late": {}}`)}, "11-24 11:44", "book late until 11-24 11:45"},
		{"a rule that never closes ends with the start of the service", []func(*scene){rules(`{"kind": "booking", "closes": {"at": "24:00"}}`)}, "11-24 08:00", "book until 11-24 11:45"},
		{"nothing is ever booked", []func(*scene){rules(`{"kind": "booking", "never": true}`)}, "11-16 09:30", "too_late"},
		{"residents come first", []func(*scene){rules(`{"residents": false, "kind": "booking", "opens": {"steps": [{"days": -2}]}}`), func(s *scene) { s.planning.Resident = false }}, "11-16 09:30", "not_open_yet"},
		{"and are not held back", []func(*scene){rules(`{"residents": false, "kind": "booking", "opens": {"steps": [{"days": -2}]}}, {"kind": "booking", "closes": {"from": "service"}}`)}, "11-16 09:30", "book until 11-24 11:45"},

		{"a child of an age", []func(*scene){groups}, "11-16 09:30", "book until 11-24 11:45"},
		{"a child who is too young", []func(*scene){groups, born("2023-11-25")}, "11-16 09:30", "age_out"},
		{"a child who is old enough on that very day", []func(*scene){groups, born("2023-11-24")}, "11-16 09:30", "book until 11-24 11:45"},
		{"a child who is too old", []func(*scene){groups, born("2014-11-24")}, "11-16 09:30", "age_out"},
		{"a child whose age nobody knows", []func(*scene){groups, born("")}, "11-16 09:30", "book until 11-24 11:45"},

		{"an absent day is booked again", []func(*scene){written(booking.Absent)}, "11-16 09:30", "book until 11-24 11:45"},
		{"a refused day too", []func(*scene){written(booking.Refused)}, "11-16 09:30", "book until 11-24 11:45"},
		{"an absent day within the limit only", []func(*scene){written(booking.Absent), rules(eve)}, "11-23 10:00", "too_late"},
		{"an absent day not where the activity closes since", []func(*scene){written(booking.Absent), func(s *scene) { s.activity("canteen").Closed = []calendar.Period{schoolYear} }}, "11-16 09:30", "closed"},
		{"an absent day not where the town has cancelled since", []func(*scene){written(booking.Absent), func(s *scene) { s.event(collectivity.Cancels, collectivity.Event{Period: schoolYear}) }}, "11-16 09:30", "cancelled"},
		{"a refused day not where the activity closes since", []func(*scene){written(booking.Refused), func(s *scene) { s.activity("canteen").Archived = true }}, "11-16 09:30", "closed"},
		{"an absent day not without an enrolment", []func(*scene){written(booking.Absent), func(s *scene) { s.planning.Enrolments = nil }}, "11-16 09:30", "not_enrolled"},

		{"what waits for an agent is withdrawn", []func(*scene){written(booking.Requested)}, "11-16 09:30", "cancel"},
		{"what waits for a place is withdrawn", []func(*scene){written(booking.Waitlisted)}, "11-16 09:30", "cancel"},
		{"what waits is withdrawn at any time", []func(*scene){written(booking.Requested), rules(eve)}, "11-25 09:30", "cancel"},
		{"an absence that waits is withdrawn", []func(*scene){written(booking.AbsenceRequested)}, "11-16 09:30", "cancel"},
		{"what waits is withdrawn without an enrolment", []func(*scene){written(booking.Requested), func(s *scene) { s.planning.Enrolments = nil }}, "11-16 09:30", "cancel"},

		{"a booked day is left", []func(*scene){written(booking.Booked)}, "11-16 09:30", "absent until 11-24 11:45"},
		{"a booked day is left without an enrolment", []func(*scene){written(booking.Booked), func(s *scene) { s.planning.Enrolments = nil }}, "11-16 09:30", "absent until 11-24 11:45"},
		{"a booked day is left before its limit", []func(*scene){written(booking.Booked), rules(absent)}, "11-23 09:59", "absent until 11-23 10:00"},
		{"after it, it is billed", []func(*scene){written(booking.Booked), rules(absent)}, "11-23 10:00", "absent due until 11-24 11:45"},
		{"until the service starts", []func(*scene){written(booking.Booked), rules(absent)}, "11-24 11:45", "past"},
		{"a late absence is billed", []func(*scene){written(booking.Booked), rules(`{"kind": "absence", "closes": {"at": "10:00", "steps": [{"days": -1}]}, "late": {"until": {"at": "09:00"}}}`)}, "11-24 08:00", "absent due until 11-24 11:45"},
		{"an absence that is never taken is billed", []func(*scene){written(booking.Booked), rules(`{"kind": "absence", "never": true}`)}, "11-16 09:30", "absent due until 11-24 11:45"},
		{"absences are not open yet", []func(*scene){written(booking.Booked), rules(`{"kind": "absence", "opens": {"steps": [{"days": -2}]}}`)}, "11-16 09:30", "not_open_yet"},
		{"a limit of absences after the start ends with it", []func(*scene){written(booking.Booked), rules(`{"kind": "absence", "closes": {"at": "18:00"}}`)}, "11-24 08:00", "absent until 11-24 11:45"},
		{"the rule for bookings is none for absences", []func(*scene){written(booking.Booked), rules(eve)}, "11-23 10:00", "absent until 11-24 11:45"},

		{"an event lets families declare absences", []func(*scene){written(booking.Booked), rules(absent), reopen("09:00", false)}, "11-24 08:59", "absent until 11-24 09:00"},
		{"until its hour", []func(*scene){written(booking.Booked), rules(absent), reopen("09:00", false)}, "11-24 09:00", "absent due until 11-24 11:45"},
		{"an hour of the day before", []func(*scene){written(booking.Booked), rules(absent), reopen("18:00", true)}, "11-23 17:59", "absent until 11-23 18:00"},
		{"an event's hour after the start ends with it", []func(*scene){written(booking.Booked), rules(absent), reopen("18:00", false)}, "11-24 11:44", "absent until 11-24 11:45"},
		{"an event never brings a limit forward", []func(*scene){written(booking.Booked), reopen("18:00", true)}, "11-24 08:00", "absent until 11-24 11:45"},
		{"nor does it before its hour", []func(*scene){written(booking.Booked), reopen("18:00", true)}, "11-23 08:00", "absent until 11-24 11:45"},
		{"the later of two events counts", []func(*scene){written(booking.Booked), rules(absent), reopen("09:00", false), reopen("18:00", true)}, "11-24 08:00", "absent until 11-24 09:00"},
		{"an event opens absences that are not open yet", []func(*scene){written(booking.Booked), rules(`{"kind": "absence", "opens": {"steps": [{"days": -2}]}, "closes": {"at": "09:00"}}`), reopen("10:00", false)}, "11-16 09:30", "absent until 11-24 10:00"},
		{"an event of absences opens no booking", []func(*scene){rules(eve), reopen("09:00", false)}, "11-24 08:00", "too_late"},
		{"a booked day that the town has cancelled stays so", []func(*scene){written(booking.Booked), func(s *scene) { s.event(collectivity.Cancels, collectivity.Event{Period: schoolYear}) }}, "11-16 09:30", "cancelled"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, c.changes...)
			p := s.ready()
			if got := may(p.Allowed(p.Day(s.place("24 lea canteen")), local(t, c.now))); got != c.want {
				t.Errorf("may %s, want %s", got, c.want)
			}
		})
	}
}

func TestLimitsAreOfTheTownsClockWhateverTheSeason(t *testing.T) {
	t.Parallel()
	s := newScene(t, func(s *scene) {
		s.activity("canteen").Rules = `{"rules": [{"kind": "booking", "closes": {"from": "service", "steps": [{"hours": -48}]}}]}`
	})
	p := s.ready()
	// The clocks go back on Sunday 25 October: 48 hours on the wall clock are 49.
	day := p.Day(booking.Place{Date: "2026-10-26", Child: lea, Activity: "canteen"})
	closes := time.Date(2026, 10, 24, 9, 45, 0, 0, time.UTC)
	if a := p.Allowed(day, closes.Add(-time.Second)); may(a) != "book until 10-24 11:45" {
		t.Errorf("just before: %s", may(a))
	}
	if a := p.Allowed(day, closes); may(a) != "too_late" {
		t.Errorf("then: %s", may(a))
	}
}

func TestARuleSaysItselfToTheFamily(t *testing.T) {
	t.Parallel()
	s := newScene(t, func(s *scene) {
		s.activity("canteen").Rules = `{"rules": [{"kind": "booking", "closes": {"at": "10:00", "steps": [{"days": -1}]}}]}`
	})
	p := s.ready()
	for clock, want := range map[string]string{
		"11-16 09:30": "Réservable jusqu’au lundi 23 novembre à 10 h.",
		"11-23 10:00": "Réservable jusqu’au lundi 23 novembre à 10 h : délai dépassé.",
	} {
		if got := p.Allowed(p.Day(s.place("24 lea canteen")), local(t, clock)).Text; got != want {
			t.Errorf("on %s: %q, want %q", clock, got, want)
		}
	}
}
