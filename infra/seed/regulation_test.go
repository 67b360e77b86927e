package seed

import (
	"testing"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/schooldays"
)

// TestTheDemonstrationTownsRegulationMakesSense checks it as the settings' use case would.
func TestTheDemonstrationTownsRegulationMakesSense(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC)
	settings := DefaultSettings("saint-aubin", "Saint-Aubin")
	settings.Calendar = schooldays.Settings{Zone: "B", Weekdays: schooldays.FourDays}
	c := collectivity.Configuration{Settings: settings, Activities: regulated(townActivities(schoolYear(now))), Schools: demoSchools}
	town, err := booking.NewTown(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		activity, day string
		open          bool
	}{
		{"cantine", "2026-11-24", true},
		{"cantine", "2026-11-25", false}, // a Wednesday
		{"cantine", "2026-12-22", false}, // holidays
		{"mercredi", "2026-11-25", true},
		{"mercredi", "2026-11-11", false}, // Armistice
		{"vacances", "2026-12-22", true},
		{"vacances", "2026-12-25", false},
		{"vacances", "2026-11-24", false},
	} {
		a, _ := c.Activity(want.activity)
		if got := town.Opens(a, "jules-verne", calendar.Date(want.day)); got != want.open {
			t.Errorf("%s on %s: open %v", want.activity, want.day, got)
		}
	}
}
