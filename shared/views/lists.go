package views

import "preau/shared/booking"

var presenceLabels = map[booking.Presence]string{
	booking.Present: "Présent", booking.Missing: "Absent", booking.Unbooked: "Venu sans réservation",
}

// PresenceLabel says in French what carers noted of a day.
func PresenceLabel(p booking.Presence) string { return presenceLabels[p] }

var chargeLabels = map[booking.Charge]string{
	booking.Normal: "Normale", booking.Surtax: "Majorée", booking.NoneDue: "Aucune", booking.Billed: "Absence facturée", booking.Waived: "Non facturée",
}

// ChargeLabel says in French what of a day is billed; "" where nothing is expected yet.
func ChargeLabel(c booking.Charge) string { return chargeLabels[c] }
