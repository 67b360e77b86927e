package mail

import (
	"time"

	"preau/shared/collectivity"
)

// Invitation carries the link that makes its reader an agent. It greets nobody: the address has not shown whose it is.
func (e Envelope) Invitation(i collectivity.Invitation, token string) Letter {
	by := "La collectivité " + e.Town.Name
	if i.By != "" {
		by = i.By + " (" + e.Town.Name + ")"
	}
	return e.letter(
		"invitation", "Invitation à rejoindre le portail famille",
		say("%s vous invite à rejoindre les agents du portail famille %s : %s.", by, e.Town.Name, roles[i.Role]),
		say("Ouvrez ce lien, puis choisissez un mot de passe, ou saisissez celui de votre compte si vous en avez un à cette adresse. Préparez votre téléphone : une application d’authentification protégera votre accès."),
		e.button("Accepter l’invitation", "/invitation#"+token),
		say("Ce lien est valable jusqu’au %s et ne sert qu’une fois.", e.instant(i.Until())),
		say("Cette invitation ne vous est pas destinée ? Ignorez ce courriel : sans votre action, rien ne se passe."),
	)
}

// roles say what an agent will do.
var roles = map[collectivity.Role]string{
	collectivity.Reader:   "vous pourrez consulter les dossiers de votre ressort",
	collectivity.Reviewer: "vous pourrez consulter les dossiers de votre ressort et traiter les demandes",
	collectivity.Manager:  "vous pourrez traiter les demandes et régler le portail",
}

// Authenticator carries the link to enrol another authenticator, in place of one that was lost.
func (e Envelope) Authenticator(token string, until time.Time) Letter {
	return e.letter(
		"authenticator", "Enregistrez votre application d’authentification",
		say("Un gestionnaire a réinitialisé votre application d’authentification sur le portail famille %s. L’ancienne ne vaut plus et vos connexions ont été fermées.", e.Town.Name),
		say("Pour en enregistrer une autre, ouvrez ce lien et saisissez votre mot de passe."),
		e.button("Enregistrer une application", "/authentification#"+token),
		say("Ce lien est valable jusqu’au %s et ne sert qu’une fois.", e.instant(until)),
		say("Si vous n’avez rien demandé, prévenez votre service."),
	)
}
