package enrolment

import (
	"strings"
	"testing"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
)

func configuration() collectivity.Configuration {
	season := calendar.Period{From: "2026-09-01", To: "2027-07-03"}
	return collectivity.Configuration{
		Schools: []collectivity.School{{ID: "verne", Name: "École Jules-Verne"}, {ID: "tilleuls", Name: "École des Tilleuls"}},
		Activities: []collectivity.Activity{
			{ID: "cantine", Name: "Cantine", Weekdays: []calendar.Weekday{"mon", "tue", "thu", "fri"}, Season: season},
			{
				ID: "centre", Name: "Centre du mercredi", Weekdays: []calendar.Weekday{"wed"}, Season: season, Schools: []string{"verne"},
				Options: []collectivity.Option{{ID: "jour", Name: "Journée"}, {ID: "matin", Name: "Matin"}},
				Groups:  []collectivity.Group{{ID: "petits", From: 3, To: 5}, {ID: "grands", From: 7, To: 11}},
			},
			{ID: "fetes", Name: "Fêtes", Season: season, Opened: []calendar.Period{{From: "2026-12-19", To: "2026-12-19"}}},
			{ID: "ancien", Name: "Ancien centre", Weekdays: []calendar.Weekday{"wed"}, Season: season, Archived: true},
		},
	}
}

func lea(changes map[string]any) family.Member {
	values := map[string]map[string]any{"identity": {"birthDate": "2018-05-04"}, "school": {"school": "école jules-verne"}}
	for path, v := range changes {
		section, field, _ := strings.Cut(path, ".")
		values[section][field] = v
	}
	return family.Member{ID: "lea", Target: family.Child, Values: values}
}

func TestWhoMayNotBeEnrolledIsToldWhy(t *testing.T) {
	t.Parallel()
	year := calendar.Period{From: "2026-09-01", To: "2027-07-02"}
	canteen := booking.Enrolment{Child: "lea", Activity: "cantine", Period: year}
	centre := booking.Enrolment{Child: "lea", Activity: "centre", Period: year}
	with := func(e booking.Enrolment, change func(*booking.Enrolment)) booking.Enrolment { change(&e); return e }
	period := func(from, to calendar.Date) func(*booking.Enrolment) {
		return func(e *booking.Enrolment) { e.Period = calendar.Period{From: from, To: to} }
	}
	days := func(d ...calendar.Weekday) func(*booking.Enrolment) {
		return func(e *booking.Enrolment) { e.Weekdays = d }
	}
	cases := []struct {
		says  string
		child map[string]any
		asked booking.Enrolment
		want  string
	}{
		{"nothing stands in the way", nil, canteen, ""},
		{"an activity that is not there", nil, with(canteen, func(e *booking.Enrolment) { e.Activity = "poney" }), "activity_unknown"},
		{"an archived activity", nil, with(canteen, func(e *booking.Enrolment) { e.Activity = "ancien" }), "activity_unknown"},
		{"a period turned round", nil, with(canteen, period("2026-12-02", "2026-12-01")), "period_reversed"},
		{"one day", nil, with(canteen, period("2026-12-01", "2026-12-01")), ""},
		{"before the season", nil, with(canteen, period("2026-01-01", "2026-08-31")), "out_of_season"},
		{"after the season", nil, with(canteen, period("2027-07-04", "2027-08-31")), "out_of_season"},
		{"longer than the season", nil, with(canteen, period("2026-01-01", "2029-12-31")), ""},
		{"in another millennium", nil, with(canteen, period("2026-01-01", "9999-12-31")), "date_invalid"},
		{"weekdays on which it is closed", nil, with(canteen, days("wed", "sat")), "no_open_day"},
		{"one weekday on which it opens is enough", nil, with(canteen, days("wed", "thu")), ""},
		{"weekdays of an activity that opens on single days", nil, with(canteen, func(e *booking.Enrolment) { e.Activity = "fetes"; e.Weekdays = []calendar.Weekday{"sat"} }), ""},
		{"a weekday twice", nil, with(canteen, days("mon", "mon")), "weekday_twice"},
		{"a formule that is not standing", nil, with(centre, func(e *booking.Enrolment) { e.Option = "jour" }), "option_not_standing"},
		{"standing without a formule", nil, with(centre, func(e *booking.Enrolment) { e.Standing = true }), "option_required"},
		{"standing with an unknown formule", nil, with(centre, func(e *booking.Enrolment) { e.Standing, e.Option = true, "nuit" }), "option_unknown"},
		{"standing with a formule", nil, with(centre, func(e *booking.Enrolment) { e.Standing, e.Option = true, "matin" }), ""},
		{"standing where there is no formule", nil, with(canteen, func(e *booking.Enrolment) { e.Standing = true }), ""},
		{"a child of another school", map[string]any{"school.school": "École des Tilleuls"}, centre, "school_not_served"},
		{"a child of no school", map[string]any{"school.school": ""}, centre, "school_not_served"},
		{"a child of another school, where all may come", map[string]any{"school.school": "X"}, canteen, ""},
		{"a child too young", map[string]any{"identity.birthDate": "2025-01-01"}, centre, "age_out"},
		{"a child between two age groups on the first day", map[string]any{"identity.birthDate": "2020-09-01"}, centre, "age_out"},
		{"a child old enough from a later first day on", map[string]any{"identity.birthDate": "2019-10-01"}, with(centre, period("2026-10-01", "2027-07-01")), ""},
		{"the same child a day earlier", map[string]any{"identity.birthDate": "2019-10-01"}, with(centre, period("2026-09-30", "2027-07-01")), "age_out"},
		{"a child whose age nobody knows", map[string]any{"identity.birthDate": ""}, centre, ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			got := Refuses(configuration(), lea(c.child), nil, c.asked)
			if got != c.want || (got != "" && Detail(got) == "") {
				t.Errorf("got %q (%s), want %q", got, Detail(got), c.want)
			}
		})
	}
}

func TestOfTwoEnrolmentsThatShareADayTheSecondIsRefused(t *testing.T) {
	t.Parallel()
	there := booking.Enrolment{ID: "there", Child: "lea", Activity: "cantine", Period: calendar.Period{From: "2026-09-01", To: "2026-12-18"}, Weekdays: []calendar.Weekday{"mon", "tue"}}
	cases := []struct {
		says   string
		change func(*booking.Enrolment)
		want   bool
	}{
		{"the same again", func(*booking.Enrolment) {}, true},
		{"from its last day on", func(e *booking.Enrolment) { e.Period = calendar.Period{From: "2026-12-18", To: "2027-07-01"} }, true},
		{"from the day after", func(e *booking.Enrolment) { e.Period = calendar.Period{From: "2026-12-19", To: "2027-07-01"} }, false},
		{"around it", func(e *booking.Enrolment) { e.Period = calendar.Period{From: "2026-01-01", To: "2027-07-01"} }, true},
		{"before it", func(e *booking.Enrolment) { e.Period = calendar.Period{From: "2026-01-01", To: "2026-08-31"} }, false},
		{"on other weekdays", func(e *booking.Enrolment) { e.Weekdays = []calendar.Weekday{"thu"} }, false},
		{"on a weekday of both", func(e *booking.Enrolment) { e.Weekdays = []calendar.Weekday{"thu", "tue"} }, true},
		{"on every day", func(e *booking.Enrolment) { e.Weekdays = nil }, true},
		{"another child", func(e *booking.Enrolment) { e.Child = "noe" }, false},
		{"another activity", func(e *booking.Enrolment) { e.Activity = "centre" }, false},
		{"itself, edited", func(e *booking.Enrolment) { e.ID = "there" }, false},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			e := there
			e.ID = "new"
			c.change(&e)
			if _, got := Overlaps([]booking.Enrolment{there}, e); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
