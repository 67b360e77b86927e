package views

import (
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/store"
)

// Event shows an event to agents.
func Event(e store.DeclaredEvent) api.Event {
	return api.Event{
		ID: e.ID, Kind: string(e.Kind), Effect: string(e.Effect), Name: e.Name, Text: e.Text, From: string(e.Period.From), To: string(e.Period.To),
		Activities: append([]string{}, e.Activities...), Schools: append([]string{}, e.Schools...), Classes: append([]string{}, e.Classes...),
		Until: e.Until, DayBefore: e.DayBefore, CreatedAt: Instant(e.CreatedAt), RevokedAt: Instant(e.RevokedAt),
		Progress: api.Progress{Done: e.Applied, Settled: e.Settled, Total: e.Total}, Affected: e.Touched,
	}
}

// EventOf reads what an agent declares.
func EventOf(in api.NewEvent) collectivity.Event {
	return collectivity.Event{
		Kind: collectivity.EventKind(in.Kind), Effect: collectivity.Effect(in.Effect), Name: in.Name, Text: in.Text,
		Period:     calendar.Period{From: calendar.Date(in.From), To: calendar.Date(in.To)},
		Activities: in.Activities, Schools: in.Schools, Classes: in.Classes, Until: in.Until, DayBefore: in.DayBefore,
	}
}
