package views

import (
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/family"
)

// CourtOrders shows what courts decided about a family, newest first.
func CourtOrders(orders []family.Order, today calendar.Date) []api.CourtOrder {
	out := []api.CourtOrder{}
	for i := len(orders) - 1; i >= 0; i-- {
		out = append(out, CourtOrder(orders[i], today))
	}
	return out
}

// CourtOrder shows a court's decision.
func CourtOrder(o family.Order, today calendar.Date) api.CourtOrder {
	return api.CourtOrder{
		ID: o.ID, Kind: string(o.Kind), Label: orderLabels[o.Kind], Guardian: o.Guardian, Person: o.Person, Child: o.Child,
		From: string(o.From), Until: string(o.Until), Reference: o.Reference, InForce: o.InForce(today),
		RecordedAt: Instant(o.RecordedAt), RecordedBy: o.Recorder, LiftedAt: Instant(o.LiftedAt),
	}
}

var orderLabels = map[family.OrderKind]string{
	family.NoAccess: "N’a plus accès au dossier", family.AddressHidden: "Adresse et coordonnées tenues secrètes",
	family.NoAuthority: "N’exerce plus l’autorité parentale", family.MustNotCollect: "Ne doit pas venir chercher l’enfant",
}

// Notes shows the notes of a family, newest first.
func Notes(notes []family.Note) []api.Note {
	out := []api.Note{}
	for i := len(notes) - 1; i >= 0; i-- {
		out = append(out, Note(notes[i]))
	}
	return out
}

// Note shows a note.
func Note(n family.Note) api.Note {
	return api.Note{ID: n.ID, Author: n.Author, At: Instant(n.At), Text: n.Text}
}
