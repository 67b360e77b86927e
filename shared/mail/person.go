package mail

import (
	"time"

	"preau/shared/calendar"
)

// AccountClosed tells that the account is no more, and what that does not touch.
func (e Envelope) AccountClosed(at time.Time) Letter {
	return e.letter(
		"account-closed", "Votre compte est fermé",
		say("Votre compte du portail famille a été fermé le %s. Vos connexions et vos abonnements ont pris fin, avec leurs rappels et leurs liens d’agenda. Nous effaçons vos coordonnées de ce compte.", e.instant(at)),
		say("Le dossier famille, lui, reste à la collectivité : les enfants y sont inscrits comme avant, et vos demandes en cours y suivent leur chemin. Pour toute question, adressez-vous au service."),
		say("Cette adresse e-mail peut servir à ouvrir un autre compte ; il vous faudra alors un nouveau code abonné."),
		say("Si ce n’est pas vous, prévenez tout de suite le service."),
	)
}

// ExportReady tells that what its reader asked for can be fetched from the portal; the letter itself opens nothing.
func (e Envelope) ExportReady(until time.Time) Letter {
	return e.letter(
		"export-ready", "Vos données sont prêtes",
		say("Vous avez demandé une copie de vos données. Elle vous attend sur le portail famille jusqu’au %s.", e.instant(until)),
		e.button("Télécharger mes données", "/compte"),
		say("Le fichier contient tout ce que vous pouvez voir de votre dossier : gardez-le en lieu sûr."),
		say("Si vous n’avez rien demandé, changez votre mot de passe et prévenez le service."),
	)
}

// DocumentEnding reminds of a document that ends soon. kind is its type, or "" where its type is nobody's business; of is the first
// name of the child whom it is about, or "".
func (e Envelope) DocumentEnding(kind, of string, until calendar.Date) Letter {
	what, subject := "Un document de votre dossier famille", "Un document arrive à échéance"
	if named, ok := openly[kind]; ok {
		what, subject = "Le document « "+named+" »", named+" : fin de validité"
	}
	if of != "" {
		what += " (" + of + ")"
	}
	return e.letter(
		"document-ending", subject,
		say("%s est valable jusqu’au %s.", what, until.French()),
		say("S’il vous est encore demandé, envoyez le nouveau depuis votre dossier, sur le portail."),
		e.button("Ouvrir mon dossier", "/dossier"),
	)
}

// openly are the types of document that a letter names. All others may tell of health, of money or of a court, and by naming
// some of them a letter would tell which the rest are.
var openly = map[string]string{"insurance": "Attestation d’assurance", "address_proof": "Justificatif de domicile"}
