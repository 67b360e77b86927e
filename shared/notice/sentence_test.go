package notice

import (
	"testing"

	"preau/shared/calendar"
)

func TestTheSentenceSaysTheLimit(t *testing.T) {
	t.Parallel()
	zone := must(calendar.Zone("Indian/Reunion"))
	cases := []struct {
		says, document string
		kind           Kind
		day            calendar.Date
		at, text       string
	}{
		{
			"an hour", `{"rules": [{"closes": {"from": "week", "at": "09:00", "steps": [{"weeks": -1}, {"weekday": "fri"}]}}]}`,
			Booking, "2026-11-23", "2026-11-20T08:00", "Réservable jusqu’au vendredi 20 novembre à 9 h.",
		},
		{
			"an hour with minutes", `{"rules": [{"closes": {"at": "08:05"}}]}`,
			Absence, "2026-11-23", "2026-11-20T08:00", "Absence à déclarer jusqu’au lundi 23 novembre à 8 h 05.",
		},
		{
			"the end of a day", `{"rules": [{"closes": {"steps": [{"days": -1}]}}]}`,
			Booking, "2026-12-02", "2026-11-20T08:00", "Réservable jusqu’au mardi 1er décembre inclus.",
		},
		{
			"midnight is the end of the day before", `{"rules": [{"closes": {"at": "00:00"}}]}`,
			Booking, "2026-11-24", "2026-11-20T08:00", "Réservable jusqu’au lundi 23 novembre inclus.",
		},
		{
			"another year", `{"rules": [{"closes": {"at": "11:00", "steps": [{"weeks": -2}]}}]}`,
			Booking, "2027-01-06", "2026-11-20T08:00", "Réservable jusqu’au mercredi 23 décembre 2026 à 11 h.",
		},
		{
			"a limit that has passed", `{"rules": [{"closes": {"at": "11:00", "steps": [{"days": -3}]}}]}`,
			Absence, "2026-11-23", "2026-11-20T11:00", "Absence à déclarer jusqu’au vendredi 20 novembre à 11 h : délai dépassé.",
		},
		{
			"a window to come", `{"rules": [{"opens": {"from": "2026-09-06", "at": "20:00"}, "closes": {"from": "2026-09-27"}}]}`,
			Booking, "2026-10-21", "2026-09-01T08:00", "Réservable à partir du dimanche 6 septembre à 20 h et jusqu’au dimanche 27 septembre inclus.",
		},
		{
			"a window that opens with its day", `{"rules": [{"opens": {"from": "2026-09-01"}, "closes": {"from": "2026-09-27"}}]}`,
			Booking, "2026-10-21", "2026-08-01T08:00", "Réservable à partir du mardi 1er septembre et jusqu’au dimanche 27 septembre inclus.",
		},
		{
			"late that may still come", `{"rules": [{"closes": {"at": "09:00", "steps": [{"days": -3}]}, "late": {"surcharge": "50 %"}}]}`,
			Booking, "2026-11-23", "2026-11-20T08:00", "Réservable jusqu’au vendredi 20 novembre à 9 h, puis avec majoration (50 %) jusqu’au lundi 23 novembre à 11 h 45.",
		},
		{
			"late", `{"rules": [{"closes": {"at": "09:00", "steps": [{"days": -3}]}, "late": {"until": {"at": "10:00", "steps": [{"days": -1}]}}}]}`,
			Booking, "2026-11-23", "2026-11-20T09:00", "Réservable jusqu’au vendredi 20 novembre à 9 h : délai dépassé, possible avec majoration jusqu’au dimanche 22 novembre à 10 h.",
		},
		{
			"even late has passed", `{"rules": [{"closes": {"at": "09:00", "steps": [{"days": -3}]}, "late": {"until": {"at": "10:00", "steps": [{"days": -1}]}}}]}`,
			Booking, "2026-11-23", "2026-11-22T10:00", "Réservable jusqu’au vendredi 20 novembre à 9 h, puis avec majoration jusqu’au dimanche 22 novembre à 10 h : délai dépassé.",
		},
		{
			"nothing is taken", `{"rules": [{"never": true}]}`,
			Booking, "2026-11-23", "2026-11-20T08:00", "Aucune réservation n’est prise pour ce jour.",
		},
		{
			"no absence is taken", `{"rules": [{"if": [{"is": ["sun"]}], "closes": {"at": "09:00"}}]}`,
			Absence, "2026-11-23", "2026-11-20T08:00", "Aucune absence ne peut être déclarée pour ce jour.",
		},
		{
			"no rule of the kind", `{"rules": [{"kind": "absence", "never": true}]}`,
			Booking, "2026-11-23", "2026-11-20T08:00", "Réservable jusqu’au lundi 23 novembre à 11 h 45.",
		},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			rules, err := Parse([]byte(c.document))
			if err != nil {
				t.Fatal(err)
			}
			v := Judge(rules, school("A"), Request{Kind: c.kind, Day: c.day, Starts: "11:45"}, local(t, c.at, zone), zone)
			if v.Text != c.text {
				t.Errorf("got  %s\nwant %s", v.Text, c.text)
			}
		})
	}
}
