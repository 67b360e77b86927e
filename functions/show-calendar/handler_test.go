package main

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/schooldays"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open()}.handle) }

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "show-calendar", map[string]string{"slug": w.Slug}), agent)
}

// withCalendar is a town of zone B in Alsace-Moselle with a school of 4.5 days.
func withCalendar(t *testing.T) (*town.Town, account.Account) {
	t.Helper()
	w := town.New(t)
	w.Settings(func(s *collectivity.Settings) {
		s.Calendar = schooldays.Settings{Zone: "B", Region: schooldays.AlsaceMoselle, Weekdays: schooldays.FourDays, Exceptions: []schooldays.Exception{
			{From: "2026-11-20", To: "2026-11-23", Name: "Travaux"},
			{From: "2026-11-21", To: "2026-11-21", Open: true, Counts: schooldays.Working},
		}}
	})
	if err := w.Store.SaveSchool(t.Context(), collectivity.School{ID: "tilleuls", Name: "École des Tilleuls", Weekdays: schooldays.FourAndAHalf}); err != nil {
		t.Fatal(err)
	}
	return w, w.Agent(collectivity.Reader)
}

func TestTheSampleEventTellsTheDaysOfNovember(t *testing.T) {
	t.Parallel()
	w, reader := withCalendar(t)
	got := town.Read[api.TownCalendar](t, newHandler(), event(w, reader), 200)
	if len(got.Days) != 30 || got.Days[0].Date != "2026-11-01" || got.Zone != "B" || got.Region != "alsace-moselle" || got.Version == 0 || !slices.Contains(got.Zones, "corsica") {
		t.Fatalf("got %+v", got)
	}
	want := map[string]api.CalendarDay{
		"2026-11-01": {PublicHoliday: "La Toussaint", Holidays: "Vacances de la Toussaint", Known: true},
		"2026-11-03": {School: true, Working: true, Known: true},
		"2026-11-04": {Working: true, Known: true},
		"2026-11-11": {PublicHoliday: "Armistice", Known: true},
		"2026-11-20": {Closure: "Travaux", Known: true},
		"2026-11-21": {Opening: "Ouverture exceptionnelle", Working: true, Known: true},
		"2026-11-22": {Closure: "Travaux", Known: true},
		"2026-11-24": {School: true, Working: true, Known: true},
	}
	for _, d := range got.Days {
		if w, asked := want[d.Date]; asked {
			w.Date = d.Date
			w.PublicHoliday = orAny(w.PublicHoliday, d.PublicHoliday)
			if diff := cmp.Diff(w, d); diff != "" {
				t.Errorf("%s (-want +got)\n%s", d.Date, diff)
			}
		}
	}
}

// orAny stands for whatever name a public holiday has in the library: that it has one is what counts.
func orAny(want, got string) string {
	if want != "" && got != "" {
		return got
	}
	return want
}

func TestTheDaysFollowTheQuestion(t *testing.T) {
	t.Parallel()
	w, reader := withCalendar(t)
	cases := []struct {
		says, query string
		want        api.CalendarDay
	}{
		{"a school's own week", "from=2026-11-25&to=2026-11-25&school=tilleuls", api.CalendarDay{Date: "2026-11-25", School: true, Working: true, Known: true}},
		{"the town's", "from=2026-11-25&to=2026-11-25", api.CalendarDay{Date: "2026-11-25", Working: true, Known: true}},
		{"a public holiday of the region", "from=2026-12-26&to=2026-12-26", api.CalendarDay{Date: "2026-12-26", PublicHoliday: "Saint-Étienne", Holidays: "Vacances de Noël", Known: true}},
		{"a day of which nothing is published", "from=2035-03-05&to=2035-03-05", api.CalendarDay{Date: "2035-03-05", School: true, Working: true}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			got := town.Read[api.TownCalendar](t, newHandler(), town.Query(event(w, reader), c.query), 200)
			if d := cmp.Diff([]api.CalendarDay{c.want}, got.Days); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

func TestWithoutAPeriodTheSettingsAloneAreShown(t *testing.T) {
	t.Parallel()
	w, reader := withCalendar(t)
	got := town.Read[api.TownCalendar](t, newHandler(), town.Query(event(w, reader), ""), 200)
	want := []api.CalendarException{{From: "2026-11-20", To: "2026-11-23", Name: "Travaux"}, {From: "2026-11-21", To: "2026-11-21", Open: true, Counts: "working"}}
	if d := cmp.Diff(want, got.Exceptions); d != "" || len(got.Days) > 0 {
		t.Errorf("%d days; (-want +got)\n%s", len(got.Days), d)
	}
}

func TestATownWithoutACalendarKnowsPublicHolidaysOnly(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	got := town.Read[api.TownCalendar](t, newHandler(), town.Query(event(w, w.Agent(collectivity.Reader)), "from=2026-11-10&to=2026-11-11"), 200)
	if got.Zone != "" || got.Weekdays == nil || got.Days[0].School || got.Days[0].Known || !got.Days[0].Working || got.Days[1].PublicHoliday == "" {
		t.Errorf("got %+v", got)
	}
}

func TestAPeriodThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	w, reader := withCalendar(t)
	for query, want := range map[string]string{
		"from=2026-11-02":                              "from date_invalid",
		"to=2026-11-02":                                "from date_invalid",
		"from=2026-11-02&to=2026-11-01":                "to period_reversed",
		"from=2026-01-01&to=2027-01-02":                "to period_too_long",
		"from=2199-12-30&to=2200-01-01":                "from date_invalid",
		"from=2026-11-31&to=2026-12-01":                "from date_invalid",
		"from=2026-11-01&to=2026-11-02&school=unknown": "school school_unknown",
	} {
		town.Refused(t, town.Send(t, newHandler(), town.Query(event(w, reader), query)), 400, "invalid_input", want)
	}
	town.Refused(t, town.Send(t, newHandler(), event(w, town.New(t).Agent(collectivity.Manager))), 404, "collectivity_not_found")
}
