package seed

import (
	"context"

	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/schooldays"
	"preau/shared/store"
)

// The regulation of the demonstration town, in the language of package notice.
const (
	// The working day before at 10:00, then until lunch with a surcharge.
	canteenRules = `{"rules": [
		{"kind": "booking", "closes": {"at": "10:00", "steps": [{"days": -1, "of": ["working"]}]}, "late": {"surcharge": "1,50 €"}},
		{"kind": "absence", "closes": {"at": "10:00", "steps": [{"days": -1, "of": ["working"]}]}}]}`
	// The same day at noon.
	eveningRules = `{"rules": [{"closes": {"at": "12:00"}}]}`
	// Friday noon of the week before.
	wednesdayRules = `{"rules": [{"closes": {"from": "week", "at": "12:00", "steps": [{"weeks": -1}, {"weekday": "fri"}]}}]}`
	// From six weeks before the holidays to ten days before them; absences three working days before.
	holidayRules = `{"rules": [
		{"kind": "booking", "opens": {"from": "period", "at": "08:00", "steps": [{"weeks": -6}, {"weekday": "mon"}]}, "closes": {"from": "period", "steps": [{"days": -10}]}},
		{"kind": "absence", "closes": {"at": "10:00", "steps": [{"days": -3, "of": ["working"]}]}}]}`
)

// regulate gives the demonstration town its calendar, its schools, the notice rules of its activities and a holiday centre.
func (e Env) regulate(ctx context.Context, town store.Collectivity, activities []collectivity.Activity) ([]collectivity.Activity, error) {
	configuration, err := town.Configuration(ctx)
	if err != nil {
		return nil, err
	}
	configuration.Calendar = schooldays.Settings{Zone: "B", Weekdays: schooldays.FourDays}
	if err := town.SaveSettings(ctx, configuration.Settings); err != nil {
		return nil, err
	}
	for _, s := range demoSchools {
		if err := town.SaveSchool(ctx, s); err != nil {
			return nil, err
		}
	}
	activities = regulated(activities)
	for _, a := range activities {
		if err := town.SaveActivity(ctx, a); err != nil {
			return nil, err
		}
	}
	return activities, nil
}

var demoSchools = []collectivity.School{
	{ID: "jules-verne", Name: "École Jules-Verne", Classes: []collectivity.Class{
		{ID: "cp-a", Name: "CP A", Level: "CP"}, {ID: "ce1-a", Name: "CE1 A", Level: "CE1"}, {ID: "ce2-b", Name: "CE2 B", Level: "CE2"},
	}},
	{ID: "tilleuls", Name: "École des Tilleuls", Classes: []collectivity.Class{{ID: "ps", Name: "Petite section", Level: "PS"}}},
}

func regulated(activities []collectivity.Activity) []collectivity.Activity {
	for i := range activities {
		switch a := &activities[i]; a.ID {
		case "cantine":
			a.Kind, a.During, a.Ends, a.Rules = collectivity.Canteen, collectivity.SchoolDays, "13:30", canteenRules
		case "periscolaire":
			a.Kind, a.During, a.Ends, a.Rules = collectivity.Evening, collectivity.SchoolDays, "18:30", eveningRules
		case "mercredi":
			a.Kind, a.During, a.Ends, a.Rules = collectivity.Wednesday, collectivity.TermDays, "18:00", wednesdayRules
		}
	}
	season := activities[0].Season
	return append(activities, collectivity.Activity{
		ID: "vacances", Name: "Centre de loisirs des vacances", Kind: collectivity.Holidays, During: collectivity.HolidayDays, Excludes: []string{"mercredi"},
		Weekdays: []calendar.Weekday{"mon", "tue", "wed", "thu", "fri"}, Season: calendar.Period{From: season.From, To: season.From.AddYears(1).AddDays(-1)},
		Starts: "08:00", Ends: "18:30", Decision: collectivity.AtOnce, Rules: holidayRules,
		Groups: []collectivity.Group{{ID: "petits", Name: "3-5 ans", From: 3, To: 5, Capacity: 16}, {ID: "grands", Name: "6-11 ans", From: 6, To: 11, Capacity: 24}},
	})
}
