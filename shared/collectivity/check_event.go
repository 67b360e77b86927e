package collectivity

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"preau/shared/calendar"
	"preau/shared/refusal"
)

// MaxEvents is how many events a town may have that are to come or ended not long ago: its configuration is read whole.
const MaxEvents = 300

// CheckEvent refuses an event that makes no sense, alone or beside what the town has set, at the instant of its declaration.
// The refusal names the path of each mistake as the API has it.
func (c Configuration) CheckEvent(e Event) error {
	if len(c.Events) >= MaxEvents {
		return ErrTooManyEvents
	}
	var m mistakes
	if strings.TrimSpace(e.Name) == "" {
		m.add("name", "required", "Ce champ est obligatoire.")
	}
	if e.Kind == Closure && e.Effect == Reopens {
		m.add("effect", "not_allowed", "Une fermeture annule les journées.")
	}
	dated := e.checkPeriod(&m, calendar.DateOf(e.CreatedAt, c.Zone()))
	e.checkUntil(&m, dated, c.Zone())
	each(&m, "activities", e.Activities, func(id string) (string, string) {
		a, known := c.Activity(id)
		return unless(known && !a.Archived, "activity_unknown"), "Cette activité n’existe pas."
	})
	each(&m, "schools", e.Schools, c.schoolMistake(e))
	each(&m, "classes", e.Classes, c.classMistake(e))
	return m.err()
}

// CheckScope refuses an event at activities or schools that are not the agent's: one at all of them is for who has all.
func (a Agent) CheckScope(activities, schools []string) error {
	if len(a.Activities) > 0 && len(activities) == 0 || len(a.Schools) > 0 && len(schools) == 0 {
		return ErrScoped
	}
	var m mistakes
	for i, id := range schools {
		if !a.HasSchool(id) {
			m.add(fmt.Sprintf("schools[%d]", i), "school_not_yours", "Cette école n’est pas de votre ressort.")
		}
	}
	for i, id := range activities {
		if !a.Sees(id) {
			m.add(fmt.Sprintf("activities[%d]", i), "activity_not_yours", "Cette activité n’est pas de votre ressort.")
		}
	}
	return m.err()
}

// checkPeriod answers whether the period makes sense.
func (e Event) checkPeriod(m *mistakes, today calendar.Date) bool {
	before := len(*m)
	switch {
	case e.Period.From < today:
		m.add("from", "past", "La période commence avant aujourd’hui.")
	case !IsPlausible(e.Period.From):
		m.add("from", "out_of_range", "Indiquez une date de l’an 2000 à l’an 2199.")
	}
	switch n := e.Period.From.DaysUntil(e.Period.To); {
	case n < 0:
		m.add("to", "period_reversed", "La période finit avant de commencer.")
	case n >= 366:
		m.add("to", "period_too_long", "La période dépasse une année.")
	}
	return len(*m) == before
}

// checkUntil holds the hour against the effect: absences reopen until one that is still to come.
func (e Event) checkUntil(m *mistakes, dated bool, zone *time.Location) {
	switch {
	case e.Effect != Reopens && e.Until != "":
		m.add("until", "not_allowed", "Une heure limite ne se donne que si les absences sont rouvertes.")
	case e.Effect != Reopens && e.DayBefore:
		m.add("dayBefore", "not_allowed", "Une heure limite ne se donne que si les absences sont rouvertes.")
	case e.Effect != Reopens:
	case e.Until == "":
		m.add("until", "required", "Indiquez jusqu’à quelle heure une absence est acceptée.")
	case m.hour("until", e.Until) && dated:
		if last, err := e.Hour(e.Period.To, zone); err != nil || !e.CreatedAt.Before(last) {
			m.add("until", "past", "Cette heure est passée pour toute la période.")
		}
	}
}

// Hour is the instant until which the event takes absences of a day.
func (e Event) Hour(d calendar.Date, zone *time.Location) (time.Time, error) {
	if e.DayBefore {
		d = d.AddDays(-1)
	}
	return d.At(e.Until, zone)
}

// schoolMistake says what is wrong with a school that an event names. Where classes are named too, one of which none is
// would have none of its children touched.
func (c Configuration) schoolMistake(e Event) func(id string) (code, detail string) {
	return func(id string) (code, detail string) {
		s, known := c.School(id)
		switch {
		case !known:
			return "school_unknown", "Cette école n’existe pas."
		case len(e.Classes) > 0 && !slices.ContainsFunc(s.Classes, func(k Class) bool { return slices.Contains(e.Classes, k.ID) }):
			return "class_missing", "Indiquez aussi des classes de cette école, ou déclarez un autre événement pour l’école entière."
		}
		return "", ""
	}
}

// classMistake says what is wrong with a class that an event names: it is of one of the schools that it names.
func (c Configuration) classMistake(e Event) func(id string) (code, detail string) {
	return func(id string) (code, detail string) {
		code, detail = "class_unknown", "Cette classe n’existe pas."
		for _, s := range c.Schools {
			if _, has := s.Class(id); !has {
				continue
			}
			if slices.Contains(e.Schools, s.ID) {
				return "", ""
			}
			code, detail = "school_missing", "Indiquez aussi l’école de cette classe."
		}
		return code, detail
	}
}

// each adds what is wrong with the ids of a list, of which none may stand twice.
func each(m *mistakes, path string, ids []string, wrong func(id string) (code, detail string)) {
	for i, id := range ids {
		code, detail := wrong(id)
		if slices.Contains(ids[:i], id) {
			code, detail = "duplicate", "Cet identifiant figure deux fois."
		}
		if code != "" {
			m.add(fmt.Sprintf("%s[%d]", path, i), code, "%s", detail)
		}
	}
}

func unless(ok bool, code string) string {
	if ok {
		return ""
	}
	return code
}

// What is refused of events.
var (
	ErrEventUnknown  = refusal.New(refusal.NotFound, "event_not_found", "Cet événement n’existe pas.")
	ErrEventOver     = refusal.New(refusal.Conflict, "event_over", "Cet événement est passé.")
	ErrTooManyEvents = refusal.New(refusal.Conflict, "too_many_events", "Trop d’événements sont déjà déclarés.")
)
