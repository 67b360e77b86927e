package mail

import "time"

// Activation carries the link that turns a sign-up into an account. It greets nobody: whoever signed up has not yet shown
// that the address is theirs.
func (e Envelope) Activation(token string, until time.Time) Letter {
	return e.letter(
		"activation", "Activez votre compte",
		say("Vous avez demandé la création d’un compte sur le portail famille %s.", e.Town.Name),
		say("Pour l’activer, ouvrez ce lien puis saisissez le mot de passe que vous avez choisi à l’inscription."),
		e.button("Activer mon compte", "/activation#"+token),
		say("Ce lien est valable jusqu’au %s et ne sert qu’une fois.", e.instant(until)),
		say("Vous n’avez rien demandé ? Ignorez ce courriel : sans votre action, aucun compte ne sera ouvert."),
	)
}

// A WaitingSignUp is one of the sign-ups that wait at an address.
type WaitingSignUp struct {
	Token string
	Since time.Time // when somebody signed up
	Until time.Time // the link's end
}

// Activations carries the links of all sign-ups that wait at an address, newest first: when each was made tells its
// author which is the right one. It greets nobody, like Activation.
func (e Envelope) Activations(waiting []WaitingSignUp) Letter {
	body := []Block{
		say("Vous avez demandé un nouveau lien pour activer votre compte sur le portail famille %s.", e.Town.Name),
		say("Ouvrez le lien de votre inscription puis saisissez le mot de passe que vous aviez choisi."),
	}
	for _, w := range waiting {
		body = append(
			body, heading("Inscription du "+e.instant(w.Since)),
			e.button("Activer mon compte", "/activation#"+w.Token),
			say("Ce lien est valable jusqu’au %s et ne sert qu’une fois.", e.instant(w.Until)),
		)
	}
	body = append(body, say("Une inscription n’est pas de vous, ou vous n’avez rien demandé ? Laissez son lien : sans votre action, aucun compte ne sera ouvert."))
	return e.letter("activation", "Activez votre compte", body...)
}

// HasAccount tells the owner of an address that somebody asked for an account or a link with it.
func (e Envelope) HasAccount() Letter {
	return e.letter(
		"has-account", "Vous avez déjà un compte",
		say("Quelqu’un, sans doute vous, vient d’indiquer cette adresse sur le portail famille %s.", e.Town.Name),
		say("Un compte existe déjà pour cette adresse : rien n’a été créé ni modifié. Connectez-vous, ou demandez un nouveau mot de passe si vous l’avez oublié."),
		e.button("Ouvrir le portail famille", ""),
		say("Si ce n’est pas vous, vous n’avez rien à faire : votre compte est inchangé."),
	)
}

// Reset carries the link for a new password.
func (e Envelope) Reset(token string, until time.Time) Letter {
	return e.letter(
		"password-reset", "Choisissez un nouveau mot de passe",
		say("Vous avez demandé un nouveau mot de passe pour votre compte du portail famille."),
		e.button("Choisir un nouveau mot de passe", "/nouveau-mot-de-passe#"+token),
		say("Ce lien est valable jusqu’au %s et ne sert qu’une fois.", e.instant(until)),
		say("Vous n’avez rien demandé ? Ignorez ce courriel : votre mot de passe reste le même."),
	)
}

// PasswordChanged tells that the password is another one now.
func (e Envelope) PasswordChanged(at time.Time) Letter {
	return e.letter(
		"password-changed", "Votre mot de passe a changé",
		say("Le mot de passe de votre compte du portail famille a été changé le %s. Vos autres connexions ont été fermées.", e.instant(at)),
		say("Si ce n’est pas vous, demandez tout de suite un nouveau mot de passe depuis la page de connexion et prévenez le service."),
		e.button("Ouvrir le portail famille", ""),
	)
}

// NewEmail carries the link that confirms a new address. It greets nobody, like Activation.
func (e Envelope) NewEmail(token string, until time.Time) Letter {
	return e.letter(
		"new-email", "Confirmez votre nouvelle adresse",
		say("Un compte du portail famille %s demande à utiliser cette adresse e-mail.", e.Town.Name),
		say("Si c’est le vôtre, connectez-vous puis confirmez l’adresse en ouvrant ce lien."),
		e.button("Confirmer mon adresse", "/adresse#"+token),
		say("Ce lien est valable jusqu’au %s.", e.instant(until)),
		say("Vous n’avez rien demandé ? Ignorez ce courriel."),
	)
}

// EmailChanged tells the former address that it was replaced. It does not say by which.
func (e Envelope) EmailChanged(at time.Time) Letter {
	return e.letter(
		"email-changed", "Votre adresse e-mail a changé",
		say("L’adresse e-mail de votre compte du portail famille a été remplacée le %s. Nos courriels n’iront plus à celle-ci.", e.instant(at)),
		say("Si ce n’est pas vous, prévenez tout de suite le service."),
	)
}

// Subscribed tells that the account now opens a family file.
func (e Envelope) Subscribed(at time.Time) Letter {
	return e.letter(
		"subscribed", "Votre dossier famille est ouvert",
		say("Depuis le %s, votre compte donne accès à votre dossier famille %s : vous pouvez le consulter, le tenir à jour et faire vos demandes.", e.instant(at), e.Town.Name),
		e.button("Ouvrir mon dossier", "/dossier"),
		say("Si ce n’est pas vous, prévenez tout de suite le service."),
	)
}

// Unsubscribed tells that the account opens a family file no longer.
func (e Envelope) Unsubscribed(at time.Time) Letter {
	return e.letter(
		"unsubscribed", "Votre abonnement a pris fin",
		say("Depuis le %s, votre compte ne donne plus accès au dossier famille %s. Votre compte lui-même est conservé.", e.instant(at), e.Town.Name),
		say("Pour y accéder de nouveau, demandez un code abonné au service."),
		say("Si ce n’est pas vous, prévenez tout de suite le service."),
	)
}
