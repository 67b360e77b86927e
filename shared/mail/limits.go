package mail

import (
	"strings"

	"preau/shared/booking"
	"preau/shared/calendar"
)

// LimitsClosing reminds of days that nothing is booked for and whose booking limit comes soon, limit by limit. They are
// sorted by it.
func (e Envelope) LimitsClosing(a Asked, all []booking.Closing) Letter {
	body := []Block{say("Vous avez demandé à être prévenu avant la fin des délais de réservation. Rien n’est réservé ni demandé pour ces journées :")}
	limits := split(all, func(a, b booking.Closing) bool { return a.At.Equal(b.At) })
	for i, closing := range limits {
		if i == longest {
			body = append(body, say("D’autres délais se terminent bientôt : voyez le planning sur le portail."))
			break
		}
		until := e.until(closing[0].At)
		body = append(body, heading("J"+strings.TrimPrefix(until, "j")), list(a.items(open(closing))...))
	}
	body = append(
		body,
		say("Si votre enfant ne vient pas, vous n’avez rien à faire."),
		e.button("Réserver", "/planning"),
		say("Vous recevez ce rappel parce que vous l’avez demandé. Vous pouvez l’arrêter à tout moment sur le portail."),
	)
	return e.letter("limits-closing", "Délai de réservation : "+withoutYear(e.lastDay(all[0])), body...)
}

// open are days as a request would ask for them.
func open(all []booking.Closing) (lines []booking.Line) {
	for _, c := range all {
		lines = append(lines, booking.Line{Place: c.Place, State: booking.Asked})
	}
	return lines
}

// lastDay is the last day on which something can still be done: a limit at midnight is the end of the day before.
func (e Envelope) lastDay(c booking.Closing) calendar.Date {
	return calendar.DateOf(c.At.Add(-1), e.Town.Zone())
}
