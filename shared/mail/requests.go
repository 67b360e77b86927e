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

// RequestReceived acknowledges a request, whoever made it: what was asked, what is decided already, and what happens to the
// rest.
func (e Envelope) RequestReceived(a Asked) Letter {
	body := append(e.opening(a), a.outcomes()...)
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
	return e.letter("request-received", a.received(), append(body, e.button("Voir mes demandes", "/demandes"))...)
}

// opening says who asked for what and when, and which service is in charge.
func (e Envelope) opening(a Asked) []Block {
	at := e.instant(a.CreatedAt)
	switch {
	case a.Standing != "":
		return append([]Block{
			say("Le service a enregistré pour vous une inscription à l’année le %s : %s, %s.", at, a.wanted(), between(a.Period)),
			say("Ses journées sont réservées à l’avance, sauf les jours de fermeture. Si votre enfant ne vient pas, déclarez son absence sur le portail ; le planning y montre chaque journée."),
		}, e.service()...)
	case a.Agent != "":
		return append([]Block{
			say("Le service a enregistré pour vous une %s le %s. Si elle ne correspond pas à ce que vous avez demandé, dites-le-lui.", a.what(), at),
		}, e.service()...)
	}
	return e.receipt(a.what(), a.CreatedAt)
}

// wanted is what a standing enrolment books: one child at one activity.
func (a Asked) wanted() string {
	i := a.Items[0]
	return a.name(booking.Line{Place: booking.Place{Child: i.Child, Activity: i.Activity}, Option: i.Option})
}

// received is the subject of the acknowledgement: who asked, and what became of it.
func (a Asked) received() string {
	said := "Demande reçue"
	switch {
	case a.Standing != "" && a.so() == "accepted":
		return "Inscription à l’année enregistrée"
	case a.Standing != "":
		said = "Inscription à l’année enregistrée"
	case a.Agent != "":
		said = "Demande enregistrée pour vous"
	}
	return said + soFar[a.so()]
}

// so is the state of the request, with those that only wait for a place told apart.
func (a Asked) so() string {
	t := booking.TallyOf(a.Lines)
	switch {
	case t.Undecided > 0 || t.Waiting == 0:
		return a.State()
	case t.Accepted > 0:
		return "partly queued"
	}
	return "queued"
}

var soFar = map[string]string{
	"pending":       ", en attente de décision",
	"queued":        ", sur liste d’attente",
	"partly queued": ", en partie sur liste d’attente",
	"accepted":      " et acceptée",
	"partly":        " et acceptée en partie",
	"refused":       ", non acceptée",
	"withdrawn":     ", puis retirée",
}

// RequestDecided tells what was decided of a request, day by day. What could not be taken when it was asked has been told in
// its acknowledgement.
func (e Envelope) RequestDecided(a Asked) Letter {
	a.Lines = slices.DeleteFunc(slices.Clone(a.Lines), func(l booking.Line) bool { return l.Code != "" })
	body := []Block{say("Une décision a été prise sur votre %s du %s.", a.what(), e.instant(a.CreatedAt))}
	body = append(body, a.outcomes()...)
	if len(a.in(declined)) > 0 {
		body = append(body, e.remedies("à compter de ce courriel")...)
	}
	return e.letter("request-decided", decided[a.State()], append(body, e.button("Voir mes demandes", "/demandes"))...)
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
