package mail

import (
	"slices"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
)

// Asked is a request with what its ids stand for.
type Asked struct {
	booking.Request
	Children   []family.Member
	Activities []collectivity.Activity
}

// RequestReceived acknowledges a request: what was asked, what is decided already, and what happens to the rest.
func (e Envelope) RequestReceived(a Asked) Letter {
	body := e.receipt(a.what(), a.CreatedAt)
	body = append(body, a.outcomes()...)
	pending, refused := len(a.in(waiting)) > 0, len(a.in(declined)) > 0
	if pending {
		body = append(body, e.implied(a.CreatedAt)...)
		if a.soonerThan(e.Town.ImpliedOn(a.CreatedAt)) {
			body = append(body, say("Pour un jour antérieur à cette date, une place n’est réservée que si le service vous l’a confirmé : sans réponse de sa part, votre enfant n’est pas attendu."))
		}
	}
	if refused && !(pending && e.Town.Implied.Refusal) { // said already
		body = append(body, e.remedies("à compter de ce courriel")...)
	}
	return e.letter("request-received", received[a.State()], append(body, e.button("Voir mes demandes", ""))...)
}

var received = map[string]string{
	"pending":   "Demande reçue, en attente de décision",
	"accepted":  "Demande reçue et acceptée",
	"partly":    "Demande reçue et acceptée en partie",
	"refused":   "Demande reçue, non acceptée",
	"withdrawn": "Demande reçue, puis retirée",
}

// RequestDecided tells what was decided of a request, day by day.
func (e Envelope) RequestDecided(a Asked) Letter {
	body := []Block{say("Une décision a été prise sur votre %s du %s.", a.what(), e.instant(a.CreatedAt))}
	body = append(body, a.outcomes()...)
	if len(a.in(declined)) > 0 {
		body = append(body, e.remedies("à compter de ce courriel")...)
	}
	return e.letter("request-decided", decided[a.State()], append(body, e.button("Voir mes demandes", ""))...)
}

var decided = map[string]string{
	"pending":   "Votre demande a reçu une première décision",
	"accepted":  "Votre demande est acceptée",
	"partly":    "Votre demande est acceptée en partie",
	"refused":   "Votre demande est refusée",
	"withdrawn": "Votre demande a été retirée",
}

func (a Asked) what() string {
	if a.Kind == booking.Absence {
		return "demande d’absence"
	}
	return "demande de réservation"
}

// soonerThan says whether a day that waits for a decision comes before a date.
func (a Asked) soonerThan(date calendar.Date) bool {
	return a.Kind == booking.Booking && slices.ContainsFunc(a.in(waiting), func(l booking.Line) bool { return l.Date < date })
}

// outcome is a heading under which days of a request stand.
type outcome string

const (
	granted   outcome = "Accepté"
	waiting   outcome = "En attente d’une décision"
	declined  outcome = "Refusé"
	withdrawn outcome = "Retiré par vous"
)

func outcomeOf(l booking.Line) outcome {
	switch {
	case l.Code != "" || l.State == booking.Refused:
		return declined
	case l.Pending():
		return waiting
	case l.State == booking.Withdrawn:
		return withdrawn
	}
	return granted
}

func (a Asked) in(o outcome) (lines []booking.Line) {
	for _, l := range a.Lines {
		if outcomeOf(l) == o {
			lines = append(lines, l)
		}
	}
	return lines
}

// outcomes lists what was asked: by outcome, then by child, activity and reason, with the days together.
func (a Asked) outcomes() []Block {
	var blocks []Block
	for _, o := range []outcome{granted, waiting, declined, withdrawn} {
		if items := a.items(a.in(o)); len(items) > 0 {
			blocks = append(blocks, heading(string(o)), list(items...))
		}
	}
	return blocks
}

// group is what the days of one item have in common.
type group struct{ name, reason string }

func (a Asked) items(lines []booking.Line) []string {
	var groups []group
	dates := map[group][]calendar.Date{}
	for _, l := range lines {
		g := group{a.name(l), reason(l)}
		if _, known := dates[g]; !known {
			groups = append(groups, g)
		}
		dates[g] = append(dates[g], l.Date)
	}
	var items []string
	for _, g := range groups {
		item := g.name + " – " + days(dates[g])
		if g.reason != "" {
			item += ". Motif : " + g.reason
		}
		items = append(items, item)
	}
	return items
}

// name says whose day it is and where: Léa, Centre de loisirs (Journée avec repas).
func (a Asked) name(l booking.Line) string {
	child, activity := "Enfant", "Activité"
	for _, c := range a.Children {
		if first := c.Text("identity", "firstName"); c.ID == l.Child && first != "" {
			child = first
		}
	}
	i := slices.IndexFunc(a.Activities, func(x collectivity.Activity) bool { return x.ID == l.Activity })
	if i < 0 {
		return child + ", " + activity
	}
	activity = a.Activities[i].Name
	for _, o := range a.Activities[i].Options {
		if o.ID == l.Option {
			activity += " (" + o.Name + ")"
		}
	}
	return child + ", " + activity
}

// reason of a day that was not taken: the agent's, or the rule's.
func reason(l booking.Line) string {
	if l.Code != "" || l.State == booking.Refused {
		return l.Why()
	}
	return ""
}
