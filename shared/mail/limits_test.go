package mail

import (
	"strings"
	"testing"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
)

func closing(child, activity string, d calendar.Date, at time.Time) booking.Closing {
	return booking.Closing{Place: booking.Place{Date: d, Child: child, Activity: activity}, At: at}
}

func TestAReminderTellsEachLimitWithItsDays(t *testing.T) {
	t.Parallel()
	noon, midnight := time.Date(2026, 11, 26, 11, 0, 0, 0, time.UTC), time.Date(2026, 11, 27, 23, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		closing []booking.Closing
		subject string
		has     []string
		not     []string
	}{
		{
			"several days and children of one limit",
			[]booking.Closing{closing("c1", "cantine", "2026-11-30", noon), closing("c2", "cantine", "2026-11-30", noon), closing("c1", "cantine", "2026-12-01", noon)},
			"Délai de réservation : jeudi 26 novembre – Saint-Aubin",
			[]string{"Jusqu’au jeudi 26 novembre 2026 à 12 h 00", "Léa, Cantine – novembre 2026 : lun. 30 ; décembre 2026 : mar. 1er", "Noé, Cantine – lundi 30 novembre 2026", "vous l’avez demandé", "https://portail.example/saint-aubin"},
			[]string{"Durand", "tribunal", "Motif"},
		},
		{
			"a limit at midnight is the day before's",
			[]booking.Closing{closing("c1", "mercredi", "2026-12-02", midnight)},
			"Délai de réservation : vendredi 27 novembre – Saint-Aubin",
			[]string{"Jusqu’au vendredi 27 novembre 2026 inclus", "Léa, Centre de loisirs – mercredi 2 décembre 2026"},
			nil,
		},
		{
			"limits one after the other",
			[]booking.Closing{closing("c1", "cantine", "2026-11-30", noon), closing("c1", "mercredi", "2026-12-02", midnight)},
			"Délai de réservation : jeudi 26 novembre – Saint-Aubin",
			[]string{"Jusqu’au jeudi 26 novembre 2026 à 12 h 00", "Jusqu’au vendredi 27 novembre 2026 inclus"},
			nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := asked("")
			reads(t, envelope().LimitsClosing(Asked{Children: a.Children, Activities: a.Activities}, c.closing), c.subject, c.has, c.not)
		})
	}
}

func TestAReminderOfVeryManyLimitsStaysReadable(t *testing.T) {
	t.Parallel()
	var all []booking.Closing
	for n := range 500 {
		at := time.Date(2026, 11, 24, 8, n, 0, 0, time.UTC)
		all = append(all, closing("c1", "cantine", "2026-11-30", at))
	}
	text := both(t, envelope().LimitsClosing(asked(""), all))["plain text"]
	if n := strings.Count(text, "Jusqu’au"); n != longest || !strings.Contains(text, "D’autres délais se terminent bientôt") {
		t.Errorf("tells %d limits", n)
	}
}
