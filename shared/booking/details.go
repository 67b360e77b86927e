package booking

// details are the French sentences of the codes.
var details = map[string]string{
	"past":                "Cette journée est passée ou le service a commencé.",
	"closed":              "L’activité n’a pas lieu ce jour-là.",
	"cancelled":           "La collectivité a annulé cette journée.",
	"not_enrolled":        "L’enfant n’est pas inscrit à cette activité ce jour-là.",
	"age_out":             "L’enfant n’a pas l’âge prévu pour cette activité ce jour-là.",
	"not_booked":          "Aucune réservation à annuler ce jour-là.",
	"already_booked":      "Cette journée est déjà réservée.",
	"booked_elsewhere":    "Réservé par l’autre foyer.",
	"waiting_elsewhere":   "L’enfant est déjà sur liste d’attente ce jour-là, par l’autre foyer.",
	"requested_elsewhere": "L’autre foyer a déjà demandé cette journée : la demande attend une réponse.",
	"required_elsewhere":  "Une activité réservée ce jour-là par l’autre foyer dépend de celle-ci : qu’il l’annule d’abord, ou voyez avec la collectivité.",
	"already_requested":   "Une demande est déjà en attente pour cette journée.",
	"already_said":        "Cette journée a déjà été demandée ou annulée : elle reste comme elle est.",
	"already_waiting":     "L’enfant est déjà sur liste d’attente ce jour-là.",
	"already_absent":      "L’absence est déjà déclarée.",
	"too_late":            "Le délai pour cette demande est dépassé.",
	"not_open_yet":        "Les demandes pour cette journée ne sont pas encore ouvertes.",
	"whole_week_only":     "La semaine se réserve en entier.",
	"too_few_days":        "La semaine se réserve pour un nombre minimum de jours.",
	"excluded":            "L’enfant a déjà, ce jour-là, une activité qui ne va pas avec celle-ci.",
	"requires_other":      "Cette activité demande une réservation à une autre activité le même jour.",
	"required_by_other":   "Une autre activité réservée ce jour-là dépend de celle-ci : annulez-la d’abord.",
	"option_required":     "Choisissez une formule.",
	"option_unknown":      "Cette formule n’existe pas pour cette activité.",
	"slot_full":           "Il n’y a plus de place ce jour-là.",
	"no_place":            "Aucune place ne s’est libérée à temps.",
	"day_changed":         "Cette journée vient d’être modifiée. Vérifiez le planning.",
	"day_twice":           "Cette journée figure deux fois dans la demande.",
	"nothing_pending":     "Rien n’est en attente de décision.",
	"own_family":          "Un agent ne décide pas pour sa propre famille.",
	"request_not_found":   "Cette demande n’existe pas.",
	"activity_not_yours":  "Cette activité n’est pas de votre ressort.",
	"child_not_yours":     "Cet enfant n’est pas d’une école de votre ressort.",
	"try_again":           "Trop de demandes pour ces places en même temps. Réessayez dans quelques instants.",
	"reason_required":     "Un refus doit être motivé.",
}

// Detail is the French sentence of a day's code.
func Detail(code string) string { return details[code] }
