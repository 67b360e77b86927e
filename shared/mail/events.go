package mail

import (
	"fmt"
	"strings"

	"preau/shared/booking"
	"preau/shared/collectivity"
)

// News is what an event of the town does to a family's days.
type News struct {
	Asked     // children and activities by name
	Event     collectivity.Event
	Cancelled []booking.Line // booked before
	Waived    []booking.Line // absences that are not billed
	Reopened  []booking.Line // booked, whose absence may be declared
	Dropped   []booking.Line // that only waited
	Released  []booking.Line // booked again
}

// Empty says whether a declaration has nothing to tell.
func (n News) Empty() bool {
	return len(n.Cancelled)+len(n.Waived)+len(n.Reopened)+len(n.Dropped) == 0
}

// EventDeclared tells a family which of its days an event cancels, or until when it may declare absences.
func (e Envelope) EventDeclared(n News) Letter {
	body := []Block{say("%s : %s, %s.", kinds[n.Event.Kind], n.Event.Name, between(n.Event.Period))}
	if n.Event.Text != "" {
		body = append(body, say("%s", n.Event.Text))
	}
	subject := "Journées annulées : "
	if n.Event.Effect == collectivity.Reopens {
		subject = "Absences acceptées plus tard : "
		body = append(body, n.part("Journées réservées", n.Reopened, n.limit())...)
	}
	body = append(body, n.part("Journées annulées", n.Cancelled, "Ces journées n’ont pas lieu pour votre enfant et ne sont pas facturées. Vous n’avez aucune démarche à faire.")...)
	body = append(body, n.part("Demandes annulées", n.Dropped, "Ces journées attendaient une décision ou une place. Elles n’ont pas lieu : il n’y a plus rien à attendre.")...)
	body = append(body, n.part("Absences non facturées", n.Waived, "Déclarées après le délai, ces absences ne sont finalement pas facturées.")...)
	return e.letter("event-declared", subject+n.Event.Name, append(body, e.questions()...)...)
}

var kinds = map[collectivity.EventKind]string{
	collectivity.Closure: "Fermeture", collectivity.Strike: "Grève", collectivity.Outing: "Sortie",
}

// EventRevoked tells a family that an event does not take place, and what becomes of the days that it had taken.
func (e Envelope) EventRevoked(n News) Letter {
	body := []Block{say("L’annonce « %s » (%s, %s) est retirée.", n.Event.Name, strings.ToLower(kinds[n.Event.Kind]), between(n.Event.Period))}
	body = append(body, n.part("Journées de nouveau réservées", n.Released, "Votre enfant est attendu ces jours-là, comme avant l’annonce. S’il ne vient pas, déclarez son absence sur le portail ou prévenez le service.")...)
	body = append(body, n.part("Demandes à refaire", n.Dropped, "Ces journées attendaient une décision ou une place et ne sont pas rétablies. Si vous en avez encore besoin, demandez-les de nouveau.")...)
	body = append(body, n.part("Journées qui restent annulées", n.Cancelled, "Ces journées ne sont pas facturées.")...)
	if n.Event.Effect == collectivity.Reopens {
		body = append(body, say("Le service est assuré. Ce qui vous a été annoncé pour les absences reste valable."), say("%s", n.limit()))
	}
	return e.letter("event-revoked", "Annonce retirée : "+n.Event.Name, append(body, e.questions()...)...)
}

// part lists days under a heading and says what it means for them; nothing where there are none.
func (n News) part(title string, lines []booking.Line, means string) []Block {
	if len(lines) == 0 {
		return nil
	}
	return []Block{heading(title), list(n.items(lines)...), say("%s", means)}
}

// limit is until when absences are taken. The usual limit holds where it is later.
func (n News) limit() string {
	when := "le jour même jusqu’à "
	if n.Event.DayBefore {
		when = "la veille jusqu’à "
	}
	return "Si votre enfant ne vient pas, vous pouvez déclarer son absence sur le portail " + when + hour(n.Event.Until) +
		" sans que la journée soit facturée, même si le délai habituel est passé. Sans déclaration, la journée reste réservée et facturée."
}

// hour writes 09:05 as people read it: 9 h 05.
func hour(clock string) string {
	h, m, _ := strings.Cut(clock, ":")
	return fmt.Sprintf("%s h %s", strings.TrimPrefix(h, "0"), m)
}

// questions say whom to ask, and lead to the planning.
func (e Envelope) questions() []Block {
	return []Block{
		heading("Une question ?"),
		say("Adressez-vous au service :"),
		list(e.Contact()...),
		e.button("Voir le planning", "/planning"),
	}
}
