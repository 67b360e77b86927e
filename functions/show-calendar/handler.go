package main

import (
	"cmp"
	"context"
	"slices"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/schooldays"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

// handle shows the town's calendar and, when asked, what each day of a period is: GET /v1/collectivities/{slug}/calendar.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.TownCalendarQuery) (api.TownCalendar, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return api.TownCalendar{}, err
	}
	configuration, err := right.Store.Configuration(ctx)
	if err != nil {
		return api.TownCalendar{}, err
	}
	if err := check(in, configuration); err != nil {
		return api.TownCalendar{}, err
	}
	out := views.TownCalendar(configuration)
	if in.From != "" {
		days, _ := configuration.Days(in.School) // where there is none, weekdays and public holidays are all that is known
		period := calendar.Period{From: calendar.Date(in.From), To: calendar.Date(in.To)}
		for _, d := range period.Days(nil, calendar.EveryWeek) {
			out.Days = append(out.Days, day(configuration.Calendar, days, d))
		}
	}
	return out, nil
}

// longest is how many days are told at once.
const longest = 366

func check(in api.TownCalendarQuery, c store.Configuration) error {
	if _, known := c.School(in.School); in.School != "" && !known {
		return refusal.OfField("school", "school_unknown", "Cette école n’existe pas.")
	}
	if in.From == "" && in.To == "" {
		return nil
	}
	from, to := calendar.Date(in.From), calendar.Date(in.To)
	if !collectivity.IsPlausible(from) || !collectivity.IsPlausible(to) {
		return refusal.OfField("from", "date_invalid", "Indiquez une période de l’an 2000 à l’an 2199, de son premier jour (from) à son dernier (to).")
	}
	switch n := from.DaysUntil(to); {
	case n < 0:
		return refusal.OfField("to", "period_reversed", "La période finit avant de commencer.")
	case n >= longest:
		return refusal.OfField("to", "period_too_long", "La période dépasse une année.")
	}
	return nil
}

func day(town schooldays.Settings, days schooldays.Calendar, d calendar.Date) api.CalendarDay {
	out := api.CalendarDay{
		Date: string(d), School: days.School(d), Working: days.Working(d), Known: days.Covers(d),
		PublicHoliday: schooldays.PublicHoliday(d, town.Region), Holidays: holidays[days.Period(d).Kind],
	}
	for _, e := range slices.Backward(town.Exceptions) {
		if d < e.From || e.To < d {
			continue
		}
		if e.Open {
			out.Opening = cmp.Or(e.Name, "Ouverture exceptionnelle")
		} else {
			out.Closure = cmp.Or(e.Name, "Fermeture exceptionnelle")
		}
		break
	}
	return out
}

// holidays are the names of the school holidays; term has none.
var holidays = map[schooldays.Kind]string{
	schooldays.Autumn:    "Vacances de la Toussaint",
	schooldays.Christmas: "Vacances de Noël",
	schooldays.Winter:    "Vacances d’hiver",
	schooldays.Spring:    "Vacances de printemps",
	schooldays.Summer:    "Vacances d’été",
	schooldays.Other:     "Vacances scolaires",
}
