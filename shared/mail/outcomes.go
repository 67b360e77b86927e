package mail

import (
	"fmt"
	"slices"

	"preau/shared/booking"
	"preau/shared/calendar"
)

// outcome is a heading under which days of a request stand.
type outcome string

const (
	granted   outcome = "Accepté"
	queued    outcome = "Sur liste d’attente"
	waiting   outcome = "En attente d’une décision"
	declined  outcome = "Refusé"
	held      outcome = "Déjà enregistré"
	cancelled outcome = "Annulé par la collectivité"
	withdrawn outcome = "Retiré par vous"
)

// meanings say what an outcome means where its heading does not.
var meanings = map[outcome]string{
	queued: "Une journée sur liste d’attente n’est pas réservée : votre enfant n’est pas attendu ce jour-là. Les places qui se libèrent vont à ceux qui attendent, " +
		"dans l’ordre des demandes. Nous vous écrirons si une place vous revient, ou si aucune ne s’est libérée à temps. Vous pouvez quitter la liste à tout moment.",
	cancelled: "Ces journées n’ont pas lieu pour votre enfant et ne sont pas facturées.",
}

// already are the codes of days that were as asked before: nothing is refused of them.
var already = []string{"already_booked", "already_requested", "already_waiting", "already_absent", "already_said", "day_twice"}

func outcomeOf(l booking.Line) outcome {
	switch {
	case slices.Contains(already, l.Code):
		return held
	case l.Code != "" || l.State == booking.Refused:
		return declined
	case l.Undecided():
		return waiting
	case l.State == booking.Waitlisted:
		return queued
	case l.State == booking.Cancelled:
		return cancelled
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

// outcomes lists what was asked: by outcome, then by child, activity, charge and reason, with the days together.
func (a Asked) outcomes() []Block {
	if len(a.Lines) == 0 {
		return []Block{say("Aucune journée n’a pu être réservée.")}
	}
	var blocks []Block
	for _, o := range []outcome{granted, queued, waiting, declined, held, cancelled, withdrawn} {
		lines := a.in(o)
		if len(lines) == 0 {
			continue
		}
		blocks = append(blocks, heading(string(o)), list(a.items(lines)...))
		if meaning := meanings[o]; meaning != "" {
			blocks = append(blocks, say("%s", meaning))
		}
	}
	return blocks
}

// group is what the days of one item have in common.
type group struct{ name, note string }

// longest is how many items a list has: the largest requests are told whole on the portal.
const longest = 30

// items groups days. Where rules word the refusal of each day in their own way and that makes too long a list, the reason is
// told in general.
func (a Asked) items(lines []booking.Line) []string {
	groups, dates := a.grouped(lines, booking.Line.Why)
	if len(groups) > longest {
		groups, dates = a.grouped(lines, inGeneral)
	}
	var items []string
	for i, g := range groups {
		if i == longest {
			return append(items, others(groups[i:], dates))
		}
		item := g.name + " – " + a.days(dates[g])
		if g.note != "" {
			item += ". " + g.note
		}
		items = append(items, item)
	}
	return items
}

func inGeneral(l booking.Line) string {
	if l.Code == "" {
		return l.Reason // the agent's
	}
	return booking.Detail(l.Code)
}

func others(groups []group, dates map[group][]calendar.Date) string {
	n := 0
	for _, g := range groups {
		n += len(dates[g])
	}
	return fmt.Sprintf("et %d autres journées, à voir sur le portail", n)
}

func (a Asked) grouped(lines []booking.Line, why func(booking.Line) string) (groups []group, dates map[group][]calendar.Date) {
	dates = map[group][]calendar.Date{}
	for _, l := range lines {
		g := group{a.name(l), a.note(l, why)}
		if _, known := dates[g]; !known {
			groups = append(groups, g)
		}
		dates[g] = append(dates[g], l.Date)
	}
	return groups, dates
}

// days writes the days of an item: those of a standing enrolment by weekday and period, for the planning shows each.
func (a Asked) days(dates []calendar.Date) string {
	if a.Standing != "" && len(dates) > few {
		return summary(dates)
	}
	return days(dates)
}

// note is what has to be said of a day: why it was refused, or what it costs more than usual.
func (a Asked) note(l booking.Line, why func(booking.Line) string) string {
	switch outcomeOf(l) {
	case declined:
		if reason := why(l); reason != "" {
			return "Motif : " + reason
		}
	case granted, queued, waiting:
		return a.charge(l)
	}
	return ""
}

// charge says what a day costs because it was asked for after the limit.
func (a Asked) charge(l booking.Line) string {
	switch {
	case a.Kind == booking.Booking && l.Late:
		return "Demandé après le délai : une majoration s’applique."
	case a.Kind == booking.Absence && l.Due:
		return "Déclaré après le délai : la journée reste facturée."
	}
	return ""
}
