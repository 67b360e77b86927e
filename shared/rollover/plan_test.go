package rollover

import (
	"fmt"
	"slices"
	"testing"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/refusal"
	"preau/shared/schooldays"
)

// saintAubin has a nursery school, a primary school with two CE1 and a class of two levels, and a small school of two classes.
func saintAubin() collectivity.Configuration {
	class := func(id, name, level string) collectivity.Class {
		return collectivity.Class{ID: id, Name: name, Level: level}
	}
	return collectivity.Configuration{
		Settings: collectivity.Settings{Calendar: schooldays.Settings{Zone: "B", Weekdays: schooldays.FourDays}},
		Schools: []collectivity.School{
			{ID: "mat", Name: "Maternelle", Classes: []collectivity.Class{class("ps", "Petits", "PS"), class("msgs", "Moyens-grands", "MS-GS")}},
			{ID: "verne", Name: "École Jules-Verne", Former: []string{"École du Centre"}, Classes: []collectivity.Class{
				class("cp", "CP", ""), class("ce1a", "CE1 A", ""), class("ce1b", "CE1 B", ""), class("ce2cm1", "CE2-CM1", ""), class("cm2", "CM2", "CM2"), class("ulis", "ULIS", ""),
			}},
		},
		Activities: []collectivity.Activity{
			{ID: "cantine", Name: "Cantine", Season: calendar.Period{From: "2026-09-01", To: "2028-07-07"}, Weekdays: schooldays.FourDays},
			{ID: "etude", Name: "Étude", Season: calendar.Period{From: "2026-09-01", To: "2028-07-07"}, Weekdays: schooldays.FourDays, Schools: []string{"verne"}},
			{ID: "eveil", Name: "Éveil", Season: calendar.Period{From: "2026-09-01", To: "2028-07-07"}, Weekdays: schooldays.FourDays, Groups: []collectivity.Group{{ID: "petits", From: 3, To: 8}}},
			{ID: "vieux", Name: "Vieux", Season: calendar.Period{From: "2026-09-01", To: "2027-07-02"}, Weekdays: schooldays.FourDays},
			{ID: "clos", Name: "Clos", Archived: true},
		},
	}
}

func child(born, school, class, level string) family.Member {
	return family.Member{ID: "lea", Target: family.Child, Values: map[string]map[string]any{
		"identity": {"birthDate": born}, "school": {"school": school, "class": class, "level": level},
	}}
}

// told says in short what becomes of a child.
func told(m Move) string {
	if m.Code != "" {
		return fmt.Sprint(m.Becomes, " ", m.Code)
	}
	return fmt.Sprintf("%s %s/%s/%s", m.Becomes, m.To.School.ID, m.To.Class.ID, m.To.Level)
}

func TestWhatBecomesOfAChild(t *testing.T) {
	t.Parallel()
	marked := func(m family.Member, leaving calendar.Date) family.Member {
		m.Placed, m.Leaving = 2027, leaving
		return m
	}
	shared := func(m family.Member) family.Member { m.Other = "g"; return m }
	way := func(w Way) Choices { return Choices{Classes: []Way{w}} }
	says := func(e Exception) Choices { e.Family, e.Child = "f", "lea"; return Choices{Children: []Exception{e}} }
	next := []booking.Enrolment{{Child: "lea", Activity: "cantine", Period: calendar.Period{From: "2027-09-01", To: "2028-07-07"}}}
	jv := "École Jules-Verne"
	for _, c := range []struct {
		says       string
		child      family.Member
		choices    Choices
		enrolments []booking.Enrolment
		want       string
	}{
		{"from a class to the only one of the next level", child("2023-05-04", "Maternelle", "Petits", "PS"), Choices{}, nil, "up mat/msgs/MS"},
		{"within a class of two levels", child("2022-05-04", "Maternelle", "Moyens-grands", "MS"), Choices{}, nil, "up mat/msgs/GS"},
		{"to the only school that has the next level", child("2021-05-04", "Maternelle", "Moyens-grands", "GS"), Choices{}, nil, "up verne/cp/CP"},
		{"to a class yet to be said where there are two", child("2020-05-04", jv, "CP", "CP"), Choices{}, nil, "up verne//CE1"},
		{"to the one that was said", child("2020-05-04", jv, "CP", "CP"), way(Way{School: "verne", Class: "cp", ToClass: "ce1b"}), nil, "up verne/ce1b/CE1"},
		{"what was said of its level comes first", child("2018-05-04", jv, "CE2-CM1", "CE2"), Choices{Classes: []Way{{School: "verne", Class: "ce2cm1", Level: "CE2", ToClass: "ce2cm1"}, {School: "verne", Class: "ce2cm1", Leave: true}}}, nil, "up verne/ce2cm1/CM1"},
		{"and not before what was said of another level", child("2017-05-04", jv, "CE2-CM1", "CM1"), Choices{Classes: []Way{{School: "verne", Class: "ce2cm1", Level: "CE2", Leave: true}}}, nil, "up verne/cm2/CM2"},
		{"a school and class by names that they had, a level spelled out", child("2020-05-04", "école du centre", "cp", "Cours préparatoire"), Choices{}, nil, "up verne//CE1"},
		{"without a level, by that of its class", child("2020-05-04", jv, "CP", ""), Choices{}, nil, "up verne//CE1"},
		{"without a class, by its level", child("2018-05-04", jv, "", "CE2"), Choices{}, nil, "up verne/ce2cm1/CM1"},
		{"without a level, in a class of two", child("2018-05-04", jv, "CE2-CM1", ""), Choices{}, nil, "left level_unknown"},
		{"of a class without a level", child("2018-05-04", jv, "ULIS", "ULIS"), Choices{}, nil, "left level_unknown"},
		{"of a school that is not the town's", child("2018-05-04", "Sainte-Marie", "", "CE2"), Choices{}, nil, "left school_unknown"},
		{"not of school age", child("2025-05-04", "", "", ""), Choices{}, nil, "apart //"},
		{"of school age without a school", child("2024-05-04", "", "", ""), Choices{}, nil, "left level_unknown"},
		{"of nobody knows what age without a school", child("", "", "", ""), Choices{}, nil, "left level_unknown"},
		{"who has the level of the next year already", child("2021-05-04", jv, "CP", "CP"), Choices{}, nil, "left already_there"},
		{"who has it, where the manager says so", child("2021-05-04", jv, "CP", "CP"), says(Exception{Move: Up}), nil, "up verne//CE1"},
		{"who was kept down before", child("2019-05-04", jv, "CP", "CP"), Choices{}, nil, "up verne//CE1"},
		{"who is kept down", child("2020-05-04", jv, "CP", "CP"), says(Exception{Move: Stays}), nil, "stays verne/cp/CP"},
		{"who is kept down in another class", child("2019-05-04", jv, "CE1 A", "CE1"), says(Exception{Move: Stays, School: "verne", Class: "ce1b"}), nil, "stays verne/ce1b/CE1"},
		{"in a class that has not the level", child("2019-05-04", jv, "CE1 A", "CE1"), says(Exception{Move: Stays, School: "verne", Class: "cp"}), nil, "left level_mismatch"},
		{"whose class goes where its level is not", child("2019-05-04", jv, "ULIS", "CE1"), way(Way{School: "verne", Class: "ulis", ToClass: "cp"}), nil, "left level_mismatch"},
		{"after CM2", child("2016-05-04", jv, "CM2", "CM2"), Choices{}, nil, "leaves //"},
		{"kept down in CM2", child("2016-05-04", jv, "CM2", "CM2"), says(Exception{Move: Stays}), nil, "stays verne/cm2/CM2"},
		{"beyond CM2", child("2016-05-04", jv, "CM2", "CM2"), says(Exception{Move: Up}), nil, "left level_mismatch"},
		{"whose class leaves", child("2020-05-04", jv, "CP", "CP"), way(Way{School: "verne", Class: "cp", Leave: true}), nil, "leaves //"},
		{"who leaves alone, level or not", child("2020-05-04", "", "", ""), says(Exception{Move: Leaves}), nil, "leaves //"},
		{"who leaves but is enrolled next year", child("2016-05-04", jv, "CM2", "CM2"), Choices{}, next, "left enrolled_ahead"},
		{"who leaves but is of two files", shared(child("2016-05-04", jv, "CM2", "CM2")), Choices{}, nil, "left child_shared"},
		{"of two files who moves up", shared(child("2020-05-04", jv, "CP", "CP")), Choices{}, nil, "up verne//CE1"},
		{"who is set aside", child("2020-05-04", jv, "CP", "CP"), says(Exception{Move: Left}), nil, "left set_aside"},
		{"who was moved already", marked(child("2020-05-04", jv, "", "CE1"), ""), says(Exception{Move: Up}), nil, "moved verne//CE1"},
		{"who is leaving already", marked(child("2016-05-04", jv, "", "CM2"), "2027-08-31"), Choices{}, nil, "moved already_leaving"},
		{"of whom nobody asked, once the town has moved", child("2020-05-04", jv, "CP", "CP"), Choices{Only: true}, nil, "apart verne/cp/CP"},
		{"who was asked for, once the town has moved", child("2020-05-04", jv, "CP", "CP"), func() Choices { c := says(Exception{Move: Up}); c.Only = true; return c }(), nil, "up verne//CE1"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			c.choices.Year = 2027
			got := New(saintAubin(), c.choices, nil).Child("f", c.child, c.enrolments)
			if told(got) != c.want {
				t.Errorf("got %s, want %s", told(got), c.want)
			}
			if got.Code != "" && got.Detail() == "" {
				t.Errorf("%s is said without a word", got.Code)
			}
		})
	}
}

func TestAChildOfTheManagersOwnFamilyIsLeftToAnother(t *testing.T) {
	t.Parallel()
	lea := child("2020-05-04", "École Jules-Verne", "CP", "CP")
	if got := told(New(saintAubin(), Choices{Year: 2027}, map[string]bool{"f": true}).Child("f", lea, nil)); got != "left own_family" {
		t.Errorf("got %s", got)
	}
}

func TestAGroupWithoutAWayIsLeftToTheManager(t *testing.T) {
	t.Parallel()
	c := saintAubin()
	c.Schools = append(c.Schools, collectivity.School{ID: "hugo", Name: "École Victor-Hugo", Classes: []collectivity.Class{{ID: "cpce1", Name: "CP-CE1"}}})
	lea := child("2021-05-04", "Maternelle", "Moyens-grands", "GS")
	if got := told(New(c, Choices{Year: 2027}, nil).Child("f", lea, nil)); got != "left school_open" {
		t.Errorf("two schools: %s", got)
	}
	said := Choices{Year: 2027, Classes: []Way{{School: "mat", Class: "msgs", Level: "GS", ToSchool: "hugo"}}}
	if got := told(New(c, said, nil).Child("f", lea, nil)); got != "up hugo/cpce1/CP" {
		t.Errorf("once said: %s", got)
	}
	c.Schools = c.Schools[:1]
	if got := told(New(c, Choices{Year: 2027}, nil).Child("f", lea, nil)); got != "left school_open" {
		t.Errorf("no school: %s", got)
	}
}

func TestWhichEnrolmentsGoOn(t *testing.T) {
	t.Parallel()
	days := []calendar.Weekday{"mon", "thu"}
	e := func(id, activity string, from, to calendar.Date) booking.Enrolment {
		return booking.Enrolment{ID: id, Child: "lea", Activity: activity, Period: calendar.Period{From: from, To: to}, Weekdays: days, Standing: true}
	}
	renew := func(activities ...string) (c Choices) {
		for _, a := range activities {
			c.Activities = append(c.Activities, Renewal{Activity: a})
		}
		return c
	}
	year := e("a", "cantine", "2026-09-01", "2027-07-02")
	for _, c := range []struct {
		says       string
		choices    Choices
		enrolments []booking.Enrolment
		born       string
		want       []string
	}{
		{"those of an activity that was chosen", renew("cantine"), []booking.Enrolment{year, e("b", "eveil", "2026-09-01", "2027-07-02")}, "2020-05-04", []string{"cantine 2027-09-01/2028-07-07"}},
		{"none where none was chosen", renew(), []booking.Enrolment{year}, "2020-05-04", nil},
		{"over the period that was chosen", Choices{Activities: []Renewal{{"cantine", calendar.Period{From: "2027-09-06", To: "2027-12-17"}}}}, []booking.Enrolment{year}, "2020-05-04", []string{"cantine 2027-09-06/2027-12-17"}},
		{"not one that was given up in winter", renew("cantine"), []booking.Enrolment{e("a", "cantine", "2026-09-01", "2027-02-12")}, "2020-05-04", nil},
		{"not one of a child who is enrolled already", renew("cantine"), []booking.Enrolment{year, e("b", "cantine", "2027-09-06", "2028-07-07")}, "2020-05-04", nil},
		{"not one that goes on by itself", renew("cantine"), []booking.Enrolment{e("a", "cantine", "2026-09-01", "2028-07-07")}, "2020-05-04", nil},
		{"the last of two, one after the other", renew("cantine"), []booking.Enrolment{e("a", "cantine", "2026-09-01", "2027-06-10"), e("b", "cantine", "2027-06-11", "2027-07-02")}, "2020-05-04", []string{"cantine 2027-09-01/2028-07-07"}},
		{"where the new school is served", renew("etude"), []booking.Enrolment{e("a", "etude", "2026-09-01", "2027-07-02")}, "2020-05-04", []string{"etude 2027-09-01/2028-07-07"}},
		{"not of who is too old by then", renew("eveil"), []booking.Enrolment{e("a", "eveil", "2026-09-01", "2027-07-02")}, "2018-05-04", []string{"eveil age_out"}},
		{"not of another child", renew("cantine"), []booking.Enrolment{{ID: "a", Child: "tom", Activity: "cantine", Period: year.Period}}, "2020-05-04", nil},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			c.choices.Year = 2027
			p := New(saintAubin(), c.choices, nil)
			lea := child(c.born, "École Jules-Verne", "CP", "CP")
			m := p.Child("f", lea, nil)
			if c.born == "2018-05-04" {
				m.Becomes = Up
			}
			var got []string
			for _, r := range p.Renewed(m, lea, c.enrolments) {
				if r.Code != "" {
					got = append(got, r.New.Activity+" "+r.Code)
					continue
				}
				if r.New.ID == r.Old.ID || !r.New.Standing || !slices.Equal(r.New.Weekdays, days) {
					t.Errorf("%+v goes on as %+v", r.Old, r.New)
				}
				got = append(got, fmt.Sprintf("%s %s/%s", r.New.Activity, r.New.Period.From, r.New.Period.To))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestWhoChangesSchoolGoesOnWhereTheNewOneIsServed(t *testing.T) {
	t.Parallel()
	c := saintAubin()
	c.Activities[0].Schools = []string{"mat"}
	p := New(c, Choices{Year: 2027, Activities: []Renewal{{Activity: "cantine"}}}, nil)
	lea := child("2021-05-04", "Maternelle", "Moyens-grands", "GS")
	old := booking.Enrolment{ID: "a", Child: "lea", Activity: "cantine", Period: calendar.Period{From: "2026-09-01", To: "2027-07-02"}}
	if got := p.Renewed(p.Child("f", lea, nil), lea, []booking.Enrolment{old}); len(got) != 1 || got[0].Code != "school_not_served" {
		t.Errorf("got %+v", got)
	}
}

func TestTheEnrolmentsOfWhoLeavesEndWithTheYear(t *testing.T) {
	t.Parallel()
	p := New(saintAubin(), Choices{Year: 2027}, nil)
	e := func(id, child string, to calendar.Date) booking.Enrolment {
		return booking.Enrolment{ID: id, Child: child, Period: calendar.Period{From: "2026-09-01", To: to}}
	}
	got := p.Ends("lea", []booking.Enrolment{e("a", "lea", "2027-07-02"), e("b", "lea", "2028-07-07"), e("c", "tom", "2028-07-07")})
	if len(got) != 1 || got[0].ID != "b" || got[0].Period.To != "2027-08-31" {
		t.Errorf("got %+v", got)
	}
}

func TestChoicesThatMakeNoSenseAreRefusedByTheirPath(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says    string
		choices Choices
		want    []string
	}{
		{"nothing chosen", Choices{}, nil},
		{"an activity, a class and a child", Choices{
			Activities: []Renewal{{Activity: "cantine"}},
			Classes:    []Way{{School: "mat", Class: "msgs", Level: "GS", ToSchool: "verne", ToClass: "cp"}, {School: "verne", Class: "cp", ToClass: "ce1a"}},
			Children:   []Exception{{Family: "f", Child: "lea", Move: Stays, School: "verne", Class: "cp"}},
		}, nil},
		{"an unknown activity", Choices{Activities: []Renewal{{Activity: "x"}}}, []string{"activities[0].activity activity_unknown"}},
		{"an archived one", Choices{Activities: []Renewal{{Activity: "clos"}}}, []string{"activities[0].activity activity_unknown"}},
		{"one twice", Choices{Activities: []Renewal{{Activity: "cantine"}, {Activity: "cantine"}}}, []string{"activities[1].activity duplicate"}},
		{"one whose dates are of the old year", Choices{Activities: []Renewal{{Activity: "vieux"}}}, []string{"activities[0].activity out_of_season"}},
		{"a first day in the old year", Choices{Activities: []Renewal{{"cantine", calendar.Period{From: "2027-06-01"}}}}, []string{"activities[0].from out_of_year"}},
		{"a last day beyond the year", Choices{Activities: []Renewal{{"cantine", calendar.Period{To: "2028-09-01"}}}}, []string{"activities[0].to out_of_year"}},
		{"a reversed period", Choices{Activities: []Renewal{{"cantine", calendar.Period{From: "2027-10-01", To: "2027-09-30"}}}}, []string{"activities[0].to period_reversed"}},
		{"an unknown school", Choices{Classes: []Way{{School: "x", Class: "cp", ToClass: "ce1a"}}}, []string{"classes[0].school school_unknown"}},
		{"an unknown class", Choices{Classes: []Way{{School: "verne", Class: "x", ToClass: "ce1a"}}}, []string{"classes[0].class class_unknown"}},
		{"a class of another school", Choices{Classes: []Way{{School: "mat", Class: "cp", ToClass: "ps"}}}, []string{"classes[0].class class_of_other_school"}},
		{"to an unknown school", Choices{Classes: []Way{{School: "verne", Class: "cp", ToSchool: "x"}}}, []string{"classes[0].toSchool school_unknown"}},
		{"to an unknown class", Choices{Classes: []Way{{School: "verne", Class: "cp", ToClass: "x"}}}, []string{"classes[0].toClass class_unknown"}},
		{"to a class of another school", Choices{Classes: []Way{{School: "mat", Class: "ps", ToClass: "cp"}}}, []string{"classes[0].toClass class_of_other_school"}},
		{"to nowhere", Choices{Classes: []Way{{School: "verne", Class: "cp"}}}, []string{"classes[0].toClass required"}},
		{"away and to a class", Choices{Classes: []Way{{School: "verne", Class: "cp", ToClass: "ce1a", Leave: true}}}, []string{"classes[0].leave leaves_or_goes"}},
		{"the same class twice", Choices{Classes: []Way{{School: "verne", Class: "cp", ToClass: "ce1a"}, {School: "verne", Class: "cp", ToClass: "ce1b"}}}, []string{"classes[1].class duplicate"}},
		{"a level that the class has not", Choices{Classes: []Way{{School: "verne", Class: "cp", Level: "CE1", ToClass: "ce2cm1"}}}, []string{"classes[0].level level_not_of_class"}},
		{"to a class without the next level", Choices{Classes: []Way{{School: "verne", Class: "cp", ToClass: "cm2"}}}, []string{"classes[0].toClass level_mismatch"}},
		{"both levels of a class to one that has the next of one", Choices{Classes: []Way{{School: "verne", Class: "ce2cm1", ToClass: "cm2"}}}, []string{"classes[0].toClass level_mismatch"}},
		{"a class after which children leave, to another", Choices{Classes: []Way{{School: "verne", Class: "cm2", ToClass: "ulis"}}}, []string{"classes[0].toClass last_level"}},
		{"a class without levels anywhere", Choices{Classes: []Way{{School: "verne", Class: "ulis", ToClass: "cm2"}}}, nil},
		{"a child twice", Choices{Children: []Exception{{Child: "lea", Move: Up}, {Child: "lea", Move: Stays}}}, []string{"children[1].child duplicate"}},
		{"a child who leaves, to a class", Choices{Children: []Exception{{Child: "lea", Move: Leaves, School: "verne", Class: "cp"}}}, []string{"children[0].move leaves_or_goes"}},
		{"a class without its school", Choices{Children: []Exception{{Child: "lea", Move: Up, Class: "cp"}}}, []string{"children[0].school required"}},
		{"a child to a class of another school", Choices{Children: []Exception{{Child: "lea", Move: Up, School: "mat", Class: "cp"}}}, []string{"children[0].class class_of_other_school"}},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			c.choices.Year = 2027
			if got := fields(t, c.choices.Check(saintAubin())); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	unknown := Choices{Children: []Exception{{Family: "f", Child: "lea"}, {Family: "g", Child: "lea"}}}
	got := fields(t, unknown.CheckChildren(func(family, _ string) bool { return family == "f" }))
	if !slices.Equal(got, []string{"children[1].child child_unknown"}) {
		t.Errorf("a child of another family: %q", got)
	}
}

func fields(t *testing.T, err error) (all []string) {
	t.Helper()
	if err == nil {
		return nil
	}
	no, ok := err.(*refusal.Refusal)
	if !ok {
		t.Fatal(err)
	}
	for _, f := range no.Fields {
		if f.Detail == "" {
			t.Errorf("%s is refused without a word", f.Field)
		}
		all = append(all, f.Field+" "+f.Code)
	}
	return all
}

func TestWhichYearATownMovesToAndWhen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says  string
		today calendar.Date
		zone  string
		year  Year
		want  string
	}{
		{"in the summer before", "2027-07-03", "B", 2027, ""},
		{"on the last day of school", "2027-07-02", "B", 2027, "year_not_over"},
		{"in spring, when it may be looked at", "2027-03-01", "B", 2027, "year_not_over"},
		{"where nobody knows the holidays", "2027-07-01", "", 2027, ""},
		{"the day before, there", "2027-06-30", "", 2027, "year_not_over"},
		{"beyond the holidays that are published", "2029-07-01", "B", 2029, ""},
		{"late, in winter", "2028-02-29", "B", 2027, ""},
		{"too late", "2028-03-01", "B", 2027, "year_wrong"},
		{"too early", "2027-02-28", "B", 2027, "year_wrong"},
		{"the year after", "2027-07-03", "B", 2028, "year_wrong"},
		{"no year", "2027-07-03", "B", 0, "year_wrong"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			town := collectivity.Configuration{Settings: collectivity.Settings{Calendar: schooldays.Settings{Zone: c.zone, Weekdays: schooldays.FourDays}}}
			err := c.year.CheckYear(c.today)
			if err == nil {
				err = c.year.CheckOpen(town, c.today)
			}
			got := ""
			if f := fields(t, err); len(f) > 0 {
				got = f[0]
			}
			if c.want != "" {
				c.want = "year " + c.want
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestLevelsAreReadAsTownsWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"CE1": "[CE1]", "ce 1": "[CE1]", "CE1-CE2": "[CE1 CE2]", "CE1/CE2 B": "[CE1 CE2]", "Petite section": "[PS]", "TPS - PS": "[TPS PS]", "CP, Mme Petit": "[CP]",
		"ULIS": "[]", "": "[]", "CM1 CM2 CM1": "[CM1 CM2]", "6e": "[]",
	} {
		if got := fmt.Sprint(LevelsOf(collectivity.Class{Name: text})); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
	if got := LevelsOf(collectivity.Class{Name: "CP", Level: "CE1"}); len(got) != 1 || got[0] != "CE1" {
		t.Errorf("what was set comes before the name: %v", got)
	}
}
