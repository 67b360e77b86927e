package views

import (
	"cmp"

	"preau/shared/api"
	"preau/shared/booking"
)

// AttendanceOutcome shows a family's day as it is after an agent's line on it, or the code of why the line was not taken.
func AttendanceOutcome(family string, place booking.Place, day booking.Day, code string) api.AttendanceOutcome {
	return api.AttendanceOutcome{
		Family: family, Child: place.Child, Date: string(place.Date), State: string(day.State), Presence: string(day.Presence),
		Justified: day.Justified, Version: day.Rev, Code: code, Detail: cmp.Or(attendanceDetails[code], booking.Detail(code)),
	}
}

// attendanceDetails are the sentences of the codes that only attendance has.
var attendanceDetails = map[string]string{
	"not_yet":         "Cette journée n’est pas encore venue.",
	"absence_pending": "Une absence demandée attend une décision pour cette journée : décidez-en d’abord.",
	"not_absent":      "L’enfant n’est pas noté absent ce jour-là.",
	"justify_closed":  "Le délai pour justifier cette absence est dépassé.",
	"not_booked":      "Aucune réservation ce jour-là.",
	"reason_required": "Indiquez le motif.",

	booking.BookedElsewhere: "Cet enfant vient ce jour-là pour son autre foyer : notez sa présence sur la ligne de celui-ci.",
}
