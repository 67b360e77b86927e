package mail

import "time"

// receipt is what an acknowledgement says besides what was asked: instant and service in charge
// (Code des relations entre le public et l’administration, L112-11 and R112-11-1).
func (e Envelope) receipt(of string, at time.Time) []Block {
	return append([]Block{say("Nous avons reçu votre %s le %s. Ce courriel en est l’accusé de réception.", of, e.instant(at))}, e.service()...)
}

// service says who is in charge, and how to reach them.
func (e Envelope) service() []Block {
	return []Block{heading("Service chargé du dossier"), list(e.Contact()...)}
}

// implied is what silence will mean, and from when on; with a refusal come its remedies, with an acceptance its attestation.
func (e Envelope) implied(since time.Time) []Block {
	day := e.Town.ImpliedOn(since).French()
	out := []Block{heading("Sans réponse de notre part")}
	if !e.Town.Implied.Refusal {
		return append(
			out,
			say("Si nous ne vous avons pas répondu le %s, votre demande, pourvu qu’elle soit complète, sera considérée comme acceptée.", day),
			say("Vous pourrez alors demander au service une attestation de cette acceptation (article L232-3 du Code des relations entre le public et l’administration)."),
		)
	}
	out = append(out, say("Si nous ne vous avons pas répondu le %s, votre demande, pourvu qu’elle soit complète, sera considérée comme refusée.", day))
	return append(out, e.remedies("à compter de cette date")...)
}

// remedies are the ways to contest a refusal. from says what the two months run from.
func (e Envelope) remedies(from string) []Block {
	return []Block{
		heading("Contester un refus"),
		say("Vous pouvez contester un refus dans les deux mois %s :", from),
		list(
			"par un recours gracieux adressé à la collectivité, aux coordonnées du service ; ce recours interrompt le délai, et vous aurez de nouveau deux mois à compter de la réponse, ou du refus que vaut un silence de deux mois ;",
			"par un recours devant le tribunal administratif, notamment sur www.telerecours.fr.",
		),
		say("Vous pouvez aussi saisir gratuitement le Défenseur des droits (www.defenseurdesdroits.fr) ; cela ne suspend pas ces délais."),
	}
}
