package mail

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
)

func late(l booking.Line) booking.Line {
	l.Late = true
	return l
}

func due(l booking.Line) booking.Line {
	l.Due = true
	return l
}

// byService is a request that an agent made for the family.
func byService(a Asked) Asked {
	a.Agent = "agent"
	return a
}

// standing is the request of a standing enrolment over a school year.
func standing(lines ...booking.Line) Asked {
	a := byService(asked(booking.Booking, lines...))
	a.Standing, a.Items = "e1", []booking.Item{{Child: "c1", Activity: "mercredi", Option: "jour"}}
	a.Period = calendar.Period{From: "2026-12-01", To: "2027-07-02"}
	return a
}

// weekly are lines on weekdays of a period.
func weekly(p calendar.Period, s booking.State, weekdays ...calendar.Weekday) (lines []booking.Line) {
	for _, d := range p.Days(weekdays, calendar.EveryWeek) {
		lines = append(lines, line("c1", "mercredi", d, s))
	}
	return lines
}

func TestALetterAboutARequestSaysWhatBecameOfEachDay(t *testing.T) {
	t.Parallel()
	tuesday := func(s booking.State) booking.Line { return line("c1", "cantine", "2026-11-24", s) }
	year := weekly(calendar.Period{From: "2026-12-01", To: "2027-07-02"}, booking.Booked, "mon", "tue", "thu", "fri")
	for _, c := range []struct {
		name     string
		letter   Letter
		subject  string
		has, not []string
	}{
		{
			"days that wait for a place have a heading of their own and its meaning, and no implied decision",
			envelope().RequestReceived(asked(booking.Booking, tuesday(booking.Waitlisted))), "Demande reçue, sur liste d’attente – Saint-Aubin",
			[]string{"Sur liste d’attente", "Léa, Cantine – mardi 24 novembre 2026", "n’est pas réservée", "dans l’ordre des demandes"},
			[]string{"En attente d’une décision", "Sans réponse", "L232-3", "tribunal"},
		},
		{
			"some days wait for a place and others are taken",
			envelope().RequestReceived(asked(booking.Booking, tuesday(booking.Booked), line("c2", "cantine", "2026-11-24", booking.Waitlisted))),
			"Demande reçue, en partie sur liste d’attente – Saint-Aubin",
			[]string{"Accepté", "Léa, Cantine – mardi 24 novembre 2026", "Sur liste d’attente", "Noé, Cantine – mardi 24 novembre 2026"},
			nil,
		},
		{
			"days that wait for an agent beside days that wait for a place",
			envelope().RequestReceived(asked(booking.Booking, tuesday(booking.Waitlisted), line("c1", "mercredi", "2026-11-25", booking.Requested))),
			"Demande reçue, en attente de décision – Saint-Aubin",
			[]string{"Sur liste d’attente", "En attente d’une décision", "considérée comme acceptée"},
			nil,
		},
		{
			"a day that the town cancelled is not accepted",
			envelope().RequestReceived(asked(booking.Booking, tuesday(booking.Cancelled))), "Demande reçue, non acceptée – Saint-Aubin",
			[]string{"Annulé par la collectivité", "Léa, Cantine – mardi 24 novembre 2026", "pas facturées"},
			[]string{"Accepté", "tribunal"},
		},
		{
			"a booking after the limit tells its surcharge",
			envelope().RequestReceived(asked(booking.Booking, late(tuesday(booking.Booked)), line("c1", "cantine", "2026-11-26", booking.Booked))), "Demande reçue et acceptée – Saint-Aubin",
			[]string{"Léa, Cantine – mardi 24 novembre 2026. Demandé après le délai : une majoration s’applique.", "Léa, Cantine – jeudi 26 novembre 2026"},
			nil,
		},
		{
			"an absence after the limit tells that the day is billed",
			envelope().RequestReceived(asked(booking.Absence, due(tuesday(booking.Absent)))), "Demande reçue et acceptée – Saint-Aubin",
			[]string{"mardi 24 novembre 2026. Déclaré après le délai : la journée reste facturée."},
			[]string{"majoration"},
		},
		{
			"a new booking of a day whose absence was billed costs what a booking costs",
			envelope().RequestReceived(asked(booking.Booking, due(tuesday(booking.Booked)))), "Demande reçue et acceptée – Saint-Aubin",
			[]string{"mardi 24 novembre 2026"},
			[]string{"facturée", "majoration"},
		},
		{
			"a refused day of a late request costs nothing",
			envelope().RequestReceived(asked(booking.Booking, late(because(tuesday(booking.Enrolled), "slot_full", "")))), "Demande reçue, non acceptée – Saint-Aubin",
			[]string{"Motif : Il n’y a plus de place ce jour-là."},
			[]string{"majoration"},
		},
		{
			"what an agent asked on the telephone is told as the service's doing",
			envelope().RequestReceived(byService(asked(booking.Absence, tuesday(booking.Absent)))), "Demande enregistrée pour vous et acceptée – Saint-Aubin",
			[]string{"Le service a enregistré pour vous une demande d’absence le lundi 23 novembre 2026 à 9 h 05", "Service enfance", "02 99 00 00 00"},
			[]string{"Nous avons reçu votre", "accusé de réception"},
		},
		{
			"a standing enrolment is told by weekdays and period, not by its days",
			envelope().RequestReceived(standing(year...)), "Inscription à l’année enregistrée – Saint-Aubin",
			[]string{
				"une inscription à l’année le lundi 23 novembre 2026 à 9 h 05 : Léa, Centre de loisirs (Journée avec repas), du mardi 1er décembre 2026 au vendredi 2 juillet 2027",
				fmt.Sprintf("Léa, Centre de loisirs – les lundis, mardis, jeudis et vendredis, du mardi 1er décembre 2026 au vendredi 2 juillet 2027 (%d jours)", len(year)),
			},
			[]string{"janvier 2027", "accusé de réception"},
		},
		{
			"the few days of a standing enrolment that found no place are told one by one",
			envelope().RequestReceived(standing(append(year, line("c1", "mercredi", "2026-12-02", booking.Waitlisted), line("c1", "mercredi", "2026-12-09", booking.Waitlisted))...)),
			"Inscription à l’année enregistrée, en partie sur liste d’attente – Saint-Aubin",
			[]string{"Léa, Centre de loisirs – décembre 2026 : mer. 2, mer. 9"},
			nil,
		},
		{
			"a standing enrolment without a day that is left says so",
			envelope().RequestReceived(standing()), "Inscription à l’année enregistrée, non acceptée – Saint-Aubin",
			[]string{"Aucune journée n’a pu être réservée."},
			[]string{"Accepté"},
		},
		{
			"many days are ranges of their weekdays by month",
			envelope().RequestDecided(asked(booking.Booking, append(
				weekly(calendar.Period{From: "2026-12-01", To: "2026-12-18"}, booking.Booked, "tue", "thu"),
				weekly(calendar.Period{From: "2027-01-05", To: "2027-02-12"}, booking.Booked, "tue", "thu")...,
			)...)), "Votre demande est acceptée – Saint-Aubin",
			[]string{"Léa, Centre de loisirs – 18 jours (les mardis et jeudis) – décembre 2026 : du mar. 1er au jeu. 17 ; janvier 2027 : du mar. 5 au jeu. 28 ; février 2027 : du mar. 2 au jeu. 11"},
			nil,
		},
		{
			"a place that came free, and until when it may be given back",
			envelope().PlaceFound(
				asked(booking.Booking), booking.Day{Place: tuesday("").Place, State: booking.Booked},
				booking.Allowance{Actions: []booking.Action{booking.Miss}, Until: time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)},
			),
			"Une place s’est libérée : Léa, Cantine, mardi 24 novembre – Saint-Aubin",
			[]string{"votre demande du lundi 23 novembre 2026 à 9 h 05", "Léa, Cantine – mardi 24 novembre 2026", "Déclarez une absence jusqu’au lundi 23 novembre 2026 à 18 h 00 : la place ira à une autre famille."},
			[]string{"facturée", "tribunal"},
		},
		{
			"a limit at midnight is the end of the day before",
			envelope().PlaceFound(
				asked(booking.Booking), booking.Day{Place: tuesday("").Place, State: booking.Booked, Late: true},
				booking.Allowance{Actions: []booking.Action{booking.Miss}, Until: time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC)},
			),
			"Une place s’est libérée : Léa, Cantine, mardi 24 novembre – Saint-Aubin",
			[]string{"jusqu’au dimanche 22 novembre 2026 inclus", "une majoration s’applique"},
			nil,
		},
		{
			"a place that comes free after the limit for absences is billed even if it is given back",
			envelope().PlaceFound(
				asked(booking.Booking), booking.Day{Place: tuesday("").Place, State: booking.Booked},
				booking.Allowance{Actions: []booking.Action{booking.Miss}, Due: true, Until: time.Date(2026, 11, 24, 10, 45, 0, 0, time.UTC)},
			),
			"Une place s’est libérée : Léa, Cantine, mardi 24 novembre – Saint-Aubin",
			[]string{"la déclarer jusqu’au mardi 24 novembre 2026 à 11 h 45, mais la journée reste facturée"},
			nil,
		},
		{
			"a place that nothing can be done with any more is told alone",
			envelope().PlaceFound(asked(booking.Booking), booking.Day{Place: tuesday("").Place, State: booking.Booked}, booking.Allowance{Code: "past"}),
			"Une place s’est libérée : Léa, Cantine, mardi 24 novembre – Saint-Aubin",
			[]string{"votre enfant est attendu"},
			[]string{"absence", "jusqu’au"},
		},
		{
			"no place came free: a refusal with its reason and remedies",
			envelope().PlaceNotFound(asked(booking.Booking), booking.Day{Place: line("c2", "mercredi", "2026-11-25", "").Place, Option: "jour", State: booking.Refused, Late: true}),
			"Aucune place ne s’est libérée : Noé, Centre de loisirs (Journée avec repas), mercredi 25 novembre – Saint-Aubin",
			[]string{
				"Noé, Centre de loisirs (Journée avec repas) – mercredi 25 novembre 2026. Motif : Aucune place ne s’est libérée à temps.", "votre enfant n’est pas attendu",
				"deux mois à compter de ce courriel", "recours gracieux", "tribunal administratif", "Défenseur des droits",
			},
			[]string{"majoration"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			reads(t, c.letter, c.subject, c.has, c.not)
		})
	}
}

func TestOneOutcomeOfManyDaysIsOneItem(t *testing.T) {
	t.Parallel()
	var lines []booking.Line
	for d := calendar.Date("2026-11-24"); len(lines) < booking.MaxLines; d = d.AddDays(1) {
		lines = append(lines, line("c1", "cantine", d, booking.Requested))
	}
	blocks := asked(booking.Booking, lines...).outcomes()
	if len(blocks) != 2 || len(blocks[1].Items) != 1 {
		t.Fatalf("got %d blocks: %.200v", len(blocks), blocks)
	}
	if item := blocks[1].Items[0]; strings.Count(item, "novembre 2026") != 1 || len(item) > 12*booking.MaxLines {
		t.Errorf("each month is named once; got %d bytes", len(item))
	}
}

// TestTheLargestRequestIsALetterThatCanBeRead: however its days fell out, it keeps to some pages.
func TestTheLargestRequestIsALetterThatCanBeRead(t *testing.T) {
	t.Parallel()
	const pages = 64 << 10 // bytes of plain text
	for name, outcome := range map[string]func(n int, l booking.Line) booking.Line{
		"all of one outcome": func(_ int, l booking.Line) booking.Line { return l },
		"days in turn booked and full": func(n int, l booking.Line) booking.Line {
			if n%2 == 0 {
				return because(l, "slot_full", "")
			}
			return l
		},
		"each day refused in the rule's own words": func(_ int, l booking.Line) booking.Line {
			return because(l, "too_late", "Réservable jusqu’au "+l.Date.French()+" à 12 h : délai dépassé.")
		},
		"each day refused in an agent's own words": func(_ int, l booking.Line) booking.Line {
			l.State, l.Reason = booking.Refused, strings.Repeat("Pas le "+l.Date.French()+" ! ", 16)
			return l
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := asked(booking.Booking)
			for c := range 3 {
				id := fmt.Sprint("child", c)
				a.Children = append(a.Children, family.Member{ID: id, Values: map[string]map[string]any{"identity": {"firstName": "Prénom" + id}}})
			}
			for k := range 4 {
				id := fmt.Sprint("activity", k)
				a.Activities = append(a.Activities, collectivity.Activity{ID: id, Name: "Accueil " + id})
			}
			for d := calendar.Date("2026-11-24"); len(a.Lines) < booking.MaxLines; d = d.AddDays(1) {
				for c := range 3 {
					for k := range 4 {
						l := line(fmt.Sprint("child", c), fmt.Sprint("activity", k), d, booking.Booked)
						a.Lines = append(a.Lines, outcome(len(a.Lines)/12, l))
					}
				}
			}
			text := both(t, envelope().RequestReceived(a))["plain text"]
			if len(text) > pages {
				t.Errorf("the letter has %d bytes", len(text))
			}
			if n := strings.Count(text, "\n- "); n > 2*(longest+1)+10 {
				t.Errorf("the letter has %d items", n)
			}
		})
	}
}

func TestWhatIsLeftOutOfALongListIsCounted(t *testing.T) {
	t.Parallel()
	var lines []booking.Line
	for d := calendar.Date("2026-11-24"); len(lines) < longest+5; d = d.AddDays(1) {
		l := line("c1", "cantine", d, booking.Refused)
		l.Reason = "Motif du " + string(d)
		lines = append(lines, l)
	}
	items := asked(booking.Booking, lines...).items(lines)
	if len(items) != longest+1 || items[longest] != "et 5 autres journées, à voir sur le portail" {
		t.Errorf("got %d items, the last %q", len(items), items[len(items)-1])
	}
}
