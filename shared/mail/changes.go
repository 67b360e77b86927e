package mail

import "preau/shared/family"

// ChangeReceived acknowledges a proposed change of the family file by the names of its fields, never by their values.
func (e Envelope) ChangeReceived(c family.Change, of family.Member) Letter {
	section := sectionOf(c)
	body := e.receipt("demande de modification", c.CreatedAt)
	body = append(body, heading(proposed[c.Kind]+title(c, section, of)), list(labels(section, c.Fields)...))
	if c.State() == family.Pending {
		body = append(body, e.implied(c.CreatedAt)...)
	}
	return e.letter("change-received", "Demande de modification reçue", append(body, e.button("Voir mon dossier", "/dossier"))...)
}

// ChangeDecided tells what was decided of a change, field by field, without a value.
func (e Envelope) ChangeDecided(c family.Change, of family.Member) Letter {
	section := sectionOf(c)
	body := []Block{
		say("Une décision a été prise sur votre demande de modification du %s.", e.instant(c.CreatedAt)),
		heading(proposed[c.Kind] + title(c, section, of)),
		list(verdicts(section, c.Fields)...),
	}
	if state := c.State(); state == family.Refused || state == family.Partly {
		body = append(body, e.remedies("à compter de ce courriel")...)
	}
	return e.letter("change-decided", changeDecided[c.State()], append(body, e.button("Voir mon dossier", "/dossier"))...)
}

var changeDecided = map[family.ChangeState]string{
	family.Pending:   "Votre modification a reçu une première décision",
	family.Accepted:  "Votre modification est acceptée",
	family.Refused:   "Votre modification est refusée",
	family.Partly:    "Votre modification est acceptée en partie",
	family.Withdrawn: "Votre modification a été retirée",
}

// proposed begins the heading of what was asked.
var proposed = map[family.ChangeKind]string{
	family.Touches: "Modification demandée : ", family.Adds: "Ajout demandé : ", family.Removes: "Retrait demandé : ",
}

func sectionOf(c family.Change) family.Section {
	if s, ok := c.About(); ok {
		return s
	}
	return family.Section{Label: "Dossier famille"}
}

// title names the section, and the child, the adult or the contact it belongs to. Whoever comes or goes is named alone.
func title(c family.Change, s family.Section, of family.Member) string {
	if c.Kind != family.Touches && of.Target != family.Document && of.Name() != "" {
		return of.Name()
	}
	for _, section := range []string{"identity", "contact"} {
		if name := of.Text(section, "firstName"); name != "" {
			return s.Label + " (" + name + ")"
		}
	}
	return s.Label
}

// labels name the fields, but of health not even those: which of them changes may tell what a child has.
func labels(s family.Section, fields []family.FieldChange) (out []string) {
	if s.Right == family.Health {
		return []string{s.Label}
	}
	for _, f := range fields {
		out = append(out, s.FieldLabel(f.Field))
	}
	return out
}

// verdicts tell what was decided of each field; of health, that there is a decision. Why, an agent writes in words of their own: of
// health, bank and fiscal data these stay in the portal, which no mail server keeps.
func verdicts(s family.Section, fields []family.FieldChange) (out []string) {
	if s.Right == family.Health {
		return []string{s.Label + " : le détail de la décision se lit dans votre dossier."}
	}
	for _, f := range fields {
		line := s.FieldLabel(f.Field) + " : " + states[f.State]
		switch {
		case f.State == family.Refused && s.Right != "":
			line += ". Le motif se lit dans votre dossier."
		case f.State == family.Refused && f.Reason != "":
			line += ". Motif : " + f.Reason
		}
		out = append(out, line)
	}
	return out
}

var states = map[family.ChangeState]string{
	family.Pending: "en attente d’une décision", family.Accepted: "accepté", family.Refused: "refusé", family.Withdrawn: "retiré",
}
