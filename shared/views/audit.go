package views

import (
	"cmp"
	"slices"
	"strings"

	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/store"
)

// AuditRecord shows an act, by the names of agents and the labels of families.
func AuditRecord(a store.Audit, agents, families map[string]string) api.AuditRecord {
	out := api.AuditRecord{
		At: Instant(a.At), Account: a.By, Name: agents[a.By], Action: a.Action, Label: cmp.Or(actionLabels[a.Action], a.Action),
		About: a.About, What: a.What, Family: a.Family, FamilyLabel: families[a.Family], Member: a.Member, Section: a.Section,
	}
	for _, f := range a.Fields {
		out.Fields = append(out.Fields, api.AuditedField{Field: f.Field, State: f.State, Before: f.Before, After: f.After})
	}
	return out
}

var actionLabels = map[string]string{
	"create-activity": "Activité créée", "update-activity": "Activité modifiée", "create-school": "École créée", "update-school": "École modifiée",
	"update-calendar": "Calendrier modifié", "declare-event": "Événement déclaré", "revoke-event": "Événement levé",
	"create-enrolments": "Inscription créée", "update-enrolment": "Inscription modifiée", "book-for-family": "Demande saisie pour une famille",
	"decide-requests": "Demande traitée", "record-attendance": "Pointage", "justify-absence": "Absence justifiée", "show-attendance": "Liste de présence avec données sanitaires",
	"update-family-file": "Modification acceptée d’office", "decide-changes": "Modification traitée", "list-pending-changes": "Lecture des modifications à traiter",
	"open-family-file": "Lecture du dossier", "list-family-changes": "Lecture de l’historique du dossier", "open-document": "Lecture d’un document",
	"show-care-sheet": "Lecture de la fiche de liaison", "show-bank-details": "Coordonnées bancaires affichées par la famille", "reveal-bank-details": "Coordonnées bancaires affichées en clair",
	"record-court-order": "Décision de justice enregistrée", "lift-court-order": "Décision de justice levée", "write-note": "Note ajoutée", "remove-note": "Note supprimée",
	"erase-expired": "Effacement à l’échéance", "close-account": "Compte d’agent fermé", "build-exports": "Copie de ses données remise à un parent",
	"invite-agent": "Agent invité", "accept-invitation": "Invitation acceptée", "update-agent": "Droits d’un agent modifiés", "remove-agent": "Agent retiré",
	"reset-authenticator": "Double authentification réinitialisée", "update-settings": "Paramètres modifiés", "restore-settings": "Paramètres rétablis",
	"add-job": "Traitement demandé", "show-job": "Fichier d’un traitement récupéré", "issue-codes": "Code abonné émis", "revoke-code": "Code abonné annulé",
	"create-import": "Fichier d’import apporté", "check-import": "Import vérifié", "apply-import": "Import", "undo-import": "Import défait", "roll-over": "Passage à l’année scolaire",
	"suspend": "Portail suspendu par l’exploitant", "resume": "Portail rouvert par l’exploitant", "delete": "Départ de la collectivité demandé à l’exploitant",
	"import-collectivity": "Collectivité reprise par l’exploitant",
	"share-child":         "Enfant rattaché à un second dossier", "unshare-child": "Enfant retiré d’un second dossier", "record-departure": "Départ enregistré", "merge-families": "Dossiers fusionnés",
}

// Consultations shows a guardian which agents read the health of the children of their file, and bank details of their household.
func Consultations(h store.Household, guardian family.Member, all []store.Consultation) []api.Consultation {
	out := []api.Consultation{}
	for _, c := range all {
		shown := api.Consultation{At: Instant(c.At), Agent: c.Name, Label: cmp.Or(actionLabels[c.Action], c.Action)}
		shown.What, shown.Of = consulted(h, guardian, c)
		if len(shown.What) > 0 && len(shown.Of) > 0 {
			out = append(out, shown)
		}
	}
	return out
}

// consulted is what of a consultation concerns a guardian, and whom: of each section those members of their file whose data it was.
func consulted(h store.Household, guardian family.Member, c store.Consultation) (what, of []string) {
	bank := c.Action == "reveal-bank-details"
	members := slices.DeleteFunc(slices.Concat(h.Children, h.Guardians), func(m family.Member) bool {
		return bank && !family.Near(guardian, m) || !bank && m.Target != family.Child
	})
	told := map[string]bool{}
	for _, s := range c.Read.Sections() {
		label, known := consultedLabel(s, bank), false
		for _, m := range members {
			if label != "" && slices.Contains(c.Read[s], m.ID) {
				told[m.ID], known = true, true
			}
		}
		if known {
			what = append(what, label)
		}
	}
	for _, m := range members {
		if told[m.ID] {
			of = append(of, m.Text("identity", "firstName"))
		}
	}
	return what, of
}

// consultedLabel names what a family is told of; "" for what it is not.
func consultedLabel(section string, bank bool) string {
	target, name, _ := strings.Cut(section, ".")
	s, _ := family.SectionOf(family.Target(target), name)
	switch {
	case bank && name == "bank", s.Right == family.Health:
		return s.Label
	case target == string(family.Document) && family.HealthDocument(name):
		return documentLabels[name]
	}
	return ""
}
