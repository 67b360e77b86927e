package schooldays

import (
	"cmp"
	"fmt"
	"slices"

	"preau/shared/calendar"
	"preau/shared/refusal"
)

// New makes the calendar of a school. A refusal names the path of each mistake in the settings.
func New(s Settings, breaks Breaks) (Calendar, error) {
	var wrong mistakes
	zone, known := breaks.Zones[s.Zone]
	if !known {
		wrong.add("zone", "not_allowed", "Cette zone n’a pas de calendrier scolaire.")
	}
	if _, known := regions[s.Region]; !known {
		wrong.add("region", "not_allowed", "Cette région n’a pas de jours fériés connus.")
	}
	if len(s.Weekdays) == 0 {
		wrong.add("weekdays", "missing", "Indiquez les jours d’école de la semaine.")
	}
	for i, w := range s.Weekdays {
		if !slices.Contains(calendar.Weekdays[:6], w) || slices.Contains(s.Weekdays[:i], w) {
			wrong.add(fmt.Sprintf("weekdays[%d]", i), "not_allowed", "Un jour d’école va de lundi (mon) à samedi (sat), une seule fois.")
		}
	}
	for i, e := range s.Exceptions {
		e.check(fmt.Sprintf("exceptions[%d]", i), &wrong)
	}
	return Calendar{s.Region, s.Weekdays, s.Exceptions, zone}, wrong.err()
}

func (e Exception) check(path string, wrong *mistakes) {
	wrong.period(path, e.From, e.To)
	if e.Counts != Both && e.Counts != School && e.Counts != Working {
		wrong.add(path+".counts", "not_allowed", "Une exception porte sur l’école (school), sur la mairie (working) ou sur les deux.")
	}
}

// mistakes are what is wrong with a document, by path.
type mistakes []refusal.Field

func (m *mistakes) add(path, code, detail string) {
	*m = append(*m, refusal.Field{Field: path, Code: code, Detail: detail})
}

func (m *mistakes) period(path string, from, to calendar.Date) {
	before := len(*m)
	for name, d := range map[string]calendar.Date{"from": from, "to": to} {
		if _, err := calendar.ParseDate(string(d)); err != nil {
			m.add(path+"."+name, "not_a_day", "Une date s’écrit 2026-11-23.")
		}
	}
	if len(*m) == before && to < from {
		m.add(path+".to", "period_reversed", "La période finit avant de commencer.")
	}
}

func (m *mistakes) err() error {
	if len(*m) == 0 {
		return nil
	}
	slices.SortFunc(*m, func(a, b refusal.Field) int { return cmp.Compare(a.Field, b.Field) })
	return refusal.OfFields(*m)
}
