package enrolment

import (
	"slices"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
)

// Asked is a child to be enrolled.
type Asked struct {
	Family string
	booking.Enrolment
}

// Refuses is the code of why a child can not be enrolled at one of the town's activities, or "".
func Refuses(c collectivity.Configuration, child family.Member, others []booking.Enrolment, e booking.Enrolment) string {
	a, known := c.Activity(e.Activity)
	if !known || a.Archived {
		return "activity_unknown"
	}
	for _, code := range []string{misdated(a, e), offSchool(c, a, child), offOption(a, e)} {
		if code != "" {
			return code
		}
	}
	if _, fits := a.Group(born(child), e.Period.From); !fits {
		return "age_out"
	}
	if _, taken := Overlaps(others, e); taken {
		return "already_enrolled"
	}
	return ""
}

// misdated is what is wrong with the days of an enrolment.
func misdated(a collectivity.Activity, e booking.Enrolment) string {
	switch {
	case !collectivity.IsPlausible(e.Period.From) || !collectivity.IsPlausible(e.Period.To):
		return "date_invalid"
	case e.Period.To < e.Period.From:
		return "period_reversed"
	case e.Period.To < a.Season.From || a.Season.To < e.Period.From:
		return "out_of_season"
	}
	return CheckWeekdays(a, e.Weekdays)
}

// CheckWeekdays is what is wrong with the weekdays of an enrolment at an activity, as a code, or "".
func CheckWeekdays(a collectivity.Activity, days []calendar.Weekday) string {
	opens := func(d calendar.Weekday) bool { return slices.Contains(a.Weekdays, d) }
	for i, d := range days {
		if slices.Contains(days[:i], d) {
			return "weekday_twice"
		}
	}
	if len(days) > 0 && len(a.Opened) == 0 && !slices.ContainsFunc(days, opens) {
		return "no_open_day"
	}
	return ""
}

// Overlaps finds another enrolment of the child at the activity that shares a day with one.
func Overlaps(others []booking.Enrolment, e booking.Enrolment) (other booking.Enrolment, found bool) {
	i := slices.IndexFunc(others, func(o booking.Enrolment) bool { return o.ID != e.ID && o.Shares(e) })
	if i < 0 {
		return other, false
	}
	return others[i], true
}

// offSchool says whether the activity is for children of other schools only.
func offSchool(c collectivity.Configuration, a collectivity.Activity, child family.Member) string {
	if len(a.Schools) == 0 {
		return ""
	}
	if s, known := c.SchoolOf(child.Text("school", "school")); !known || !slices.Contains(a.Schools, s.ID) {
		return "school_not_served"
	}
	return ""
}

// offOption is what is wrong with the formule: a standing enrolment books one, others none.
func offOption(a collectivity.Activity, e booking.Enrolment) string {
	switch {
	case e.Standing && e.Option == "" && len(a.Options) > 0:
		return "option_required"
	case !e.Standing && e.Option != "":
		return "option_not_standing"
	case e.Option != "" && !a.HasOption(e.Option):
		return "option_unknown"
	}
	return ""
}

// born is a child's birth date, "" where the town does not know it.
func born(child family.Member) calendar.Date {
	d, err := calendar.ParseDate(child.Text("identity", "birthDate"))
	if err != nil {
		return ""
	}
	return d
}

// details are the French sentences of the codes.
var details = map[string]string{
	"activity_unknown":    "Cette activité n’existe pas ou n’est plus proposée.",
	"activity_not_yours":  "Cette activité n’est pas de votre ressort.",
	"child_not_yours":     "Cet enfant n’est pas d’une école de votre ressort.",
	"family_unknown":      "Ce dossier famille n’existe pas.",
	"child_unknown":       "Cet enfant ne fait pas partie du dossier.",
	"own_family":          "Un agent ne décide pas pour sa propre famille.",
	"date_invalid":        "Indiquez des dates de l’an 2000 à l’an 2199 (formes attendues : 2026-11-23, 23/11/2026).",
	"period_reversed":     "La période finit avant de commencer.",
	"out_of_season":       "L’activité n’a pas lieu pendant cette période.",
	"weekday_invalid":     "Indiquez des jours de la semaine : lun mar mer jeu ven sam dim.",
	"weekday_twice":       "Un jour de la semaine figure deux fois.",
	"no_open_day":         "L’activité n’ouvre aucun de ces jours.",
	"school_not_served":   "L’activité n’est pas ouverte aux enfants de cette école.",
	"option_required":     "Choisissez la formule à réserver d’avance.",
	"option_unknown":      "Cette formule n’existe pas pour cette activité.",
	"option_not_standing": "Une formule se choisit à la réservation, sauf pour une inscription permanente.",
	"age_out":             "L’enfant n’a pas l’âge de l’activité au premier jour.",
	"already_enrolled":    "L’enfant est déjà inscrit à cette activité à ces dates.",
	"standing_invalid":    "Réservée d’avance : indiquez oui ou non.",
	"cell_missing":        "L’activité et les deux dates sont nécessaires.",
	"moved":               "Ce dossier vient de changer. Réessayez.",
	"try_again":           "Le service est très demandé. Réessayez dans quelques instants.",
}

// Detail is the French sentence of a code.
func Detail(code string) string { return details[code] }
