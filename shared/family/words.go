package family

// words say in French what fields with choices are kept as.
var words = map[string]string{
	"mme": "Madame", "m": "Monsieur",
	"single": "Célibataire", "married": "Marié(e)", "civil_union": "Pacsé(e)", "cohabiting": "En concubinage", "separated": "Séparé(e)", "divorced": "Divorcé(e)", "widowed": "Veuf ou veuve",
	"mother": "Mère", "father": "Père", "legal_guardian": "Tuteur légal", "step_parent": "Beau-parent", "grandparent": "Grand-parent", "foster_family": "Famille d’accueil", "other": "Autre",
	"caf": "CAF", "msa": "MSA",
	"recurrent": "Récurrent", "one_off": "Ponctuel",
	"no_pork": "Sans porc", "no_meat": "Sans viande", "no_fish": "Sans poisson", "vegetarian": "Végétarien", "no_gluten": "Sans gluten", "no_lactose": "Sans lactose", "packed_lunch": "Panier-repas",
	"insurance": "Attestation d’assurance", "vaccination": "Page des vaccins", "pai": "Document du PAI", "absence_certificate": "Justificatif d’absence",
	"address_proof": "Justificatif de domicile", "tax_notice": "Avis d’impôt", "judgment": "Jugement",
}

// Wording says one of the field's choices in French, "" of what is none: a child's sex has letters that mean something else for a
// title.
func (f Field) Wording(choice string) string {
	if f.Name == "sex" {
		return map[string]string{"f": "Féminin", "m": "Masculin"}[choice]
	}
	return words[choice]
}
