package views

import (
	"maps"
	"slices"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/schooldays"
)

// School shows a school to agents.
func School(s collectivity.School) api.School {
	out := api.School{ID: s.ID, Version: s.Version, SchoolSettings: api.SchoolSettings{Name: s.Name, Weekdays: texts(s.Weekdays)}}
	for _, c := range s.Classes {
		out.Classes = append(out.Classes, api.SchoolClass{ID: c.ID, Name: c.Name, Level: c.Level})
	}
	return out
}

// SchoolOf reads what an agent has set.
func SchoolOf(in api.SchoolSettings) collectivity.School {
	s := collectivity.School{Name: in.Name, Weekdays: ofTexts[calendar.Weekday](in.Weekdays)}
	for _, c := range in.Classes {
		s.Classes = append(s.Classes, collectivity.Class{ID: c.ID, Name: c.Name, Level: c.Level})
	}
	return s
}

// TownCalendar shows the town's calendar to agents.
func TownCalendar(c collectivity.Configuration) api.TownCalendar {
	s := c.Calendar
	out := api.TownCalendar{
		Version: c.Version, Zones: slices.Sorted(maps.Keys(schooldays.Published().Zones)),
		CalendarSettings: api.CalendarSettings{Zone: s.Zone, Region: string(s.Region), Weekdays: append([]string{}, texts(s.Weekdays)...)},
	}
	for _, e := range s.Exceptions {
		out.Exceptions = append(out.Exceptions, api.CalendarException{From: string(e.From), To: string(e.To), Name: e.Name, Open: e.Open, Counts: string(e.Counts)})
	}
	return out
}

// TownCalendarOf reads what an agent has set.
func TownCalendarOf(in api.CalendarSettings) schooldays.Settings {
	s := schooldays.Settings{Zone: in.Zone, Region: schooldays.Region(in.Region), Weekdays: ofTexts[calendar.Weekday](in.Weekdays)}
	for _, e := range in.Exceptions {
		s.Exceptions = append(s.Exceptions, schooldays.Exception{
			From: calendar.Date(e.From), To: calendar.Date(e.To), Name: e.Name, Open: e.Open, Counts: schooldays.Counts(e.Counts),
		})
	}
	return s
}
