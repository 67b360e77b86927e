package mail

import (
	"slices"
	"strings"
	"time"

	"preau/shared/booking"
	"preau/shared/calendar"
)

// PlaceFound tells that a place came free for a day that waited, and until when it may still be given back.
func (e Envelope) PlaceFound(a Asked, day booking.Day, may booking.Allowance) Letter {
	l := booking.LineOf(day, booking.Booked)
	body := []Block{
		say("Une place s’est libérée pour une journée qui était sur liste d’attente depuis votre demande du %s. Cette journée est réservée : votre enfant est attendu.", e.instant(a.CreatedAt)),
		list(a.items([]booking.Line{l})...),
	}
	body = append(body, e.givenBack(may)...)
	return e.letter("request-promoted", "Une place s’est libérée : "+a.about(l), append(body, e.button("Voir mes demandes", "/demandes"))...)
}

// givenBack says what becomes of the place if the family does not need it any more.
func (e Envelope) givenBack(may booking.Allowance) []Block {
	head := heading("Si vous n’avez plus besoin de cette place")
	switch until := e.until(may.Until); {
	case !slices.Contains(may.Actions, booking.Miss):
		return nil
	case may.Due:
		return []Block{head, say("Le délai pour déclarer une absence est dépassé : vous pouvez encore la déclarer %s, mais la journée reste facturée.", until)}
	default:
		return []Block{head, say("Déclarez une absence %s : la place ira à une autre famille.", until)}
	}
}

// PlaceNotFound tells that no place came free in time for a day that waited: a refusal.
func (e Envelope) PlaceNotFound(a Asked, day booking.Day) Letter {
	l := booking.LineOf(day, booking.Refused)
	l.Reason = booking.Detail("no_place")
	body := []Block{
		say("Une journée était sur liste d’attente depuis votre demande du %s. Aucune place ne s’est libérée à temps : elle n’est pas réservée, et votre enfant n’est pas attendu.", e.instant(a.CreatedAt)),
		list(a.items([]booking.Line{l})...),
	}
	body = append(body, e.remedies("à compter de ce courriel")...)
	return e.letter("request-no-place", "Aucune place ne s’est libérée : "+a.about(l), append(body, e.button("Voir mes demandes", "/demandes"))...)
}

// about names a day in a subject: Léa, Cantine, mardi 24 novembre.
func (a Asked) about(l booking.Line) string {
	return a.name(l) + ", " + withoutYear(l.Date)
}

// withoutYear writes a day as subjects name it: mardi 24 novembre.
func withoutYear(d calendar.Date) string { return strings.TrimSuffix(d.French(), " "+string(d[:4])) }

// until writes a limit as people read it; midnight is the end of the day before.
func (e Envelope) until(t time.Time) string {
	zone := e.Town.Zone()
	if local := t.In(zone); local.Hour() == 0 && local.Minute() == 0 {
		return "jusqu’au " + calendar.DateOf(t, zone).AddDays(-1).French() + " inclus"
	}
	return "jusqu’au " + e.instant(t)
}
