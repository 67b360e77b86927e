package views

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/store"
)

// AuditWords say in French what an act was about, by what the town calls things today. What it calls so no longer is told by its id.
type AuditWords struct {
	Town   collectivity.Configuration
	Agents map[string]string // names, by account
}

// Told are the sentences beside an act's label. None where the label says all.
func (w AuditWords) Told(a store.Audit) []string {
	said := []string{}
	if tell := details[a.Action]; tell != nil {
		said = append(said, tell(w, a)...)
	}
	if section := w.section(a); section != "" {
		said = append(said, section)
	}
	return slices.DeleteFunc(said, func(s string) bool { return s == "" })
}

type teller func(w AuditWords, a store.Audit) []string

// details tell what the store writes of an act (Audit.What) and what it was about. An act that is not among them is told by its
// label, and by its section where it has one.
var details = map[string]teller{
	"create-activity": tellEdition, "update-activity": tellEdition, "create-school": tellEdition, "update-school": tellEdition,
	"declare-event": tellEvent, "create-enrolments": tellEnrolment, "update-enrolment": tellEnrolment,
	"book-for-family": tellBooking, "decide-requests": tellDecision, "record-attendance": tellRoll, "justify-absence": tellRoll,
	"show-attendance": tellReading, "list-pending-changes": tellReading, "open-family-file": tellReading, "list-family-changes": tellReading, "open-document": tellReading,
	"show-care-sheet": tellReading, "decide-changes": tellReading, "reveal-bank-details": tellReason,
	"record-court-order": tellOrder, "lift-court-order": tellOrder, "erase-expired": tellErasure,
	"invite-agent": tellRole, "accept-invitation": tellRole, "update-agent": tellRole, "remove-agent": tellAgent, "reset-authenticator": tellAgent,
	"close-account": tellAgent, "update-settings": tellSettings, "restore-settings": tellSettings, "add-job": tellJob, "show-job": tellJob,
	"issue-codes": tellCode, "revoke-code": tellCode, "record-departure": tellDeparture, "roll-over": tellYear,
	"create-import": tellFile, "apply-import": tellImport, "undo-import": tellImport,
}

// object is the kind and the id of what an act was about: activity, cantine.
func object(a store.Audit) (kind, id string) {
	kind, id, _ = strings.Cut(a.About, " ")
	return kind, id
}

func (w AuditWords) named(kind, id string) string {
	switch kind {
	case "activity":
		if a, known := w.Town.Activity(id); known {
			return a.Name
		}
	case "school":
		if s, known := w.Town.School(id); known {
			return s.Name
		}
	case "agent":
		return cmp.Or(w.Agents[id], id)
	}
	return id
}

// section are the fields of a section, and what became of each.
func (w AuditWords) section(a store.Audit) string {
	target, name, _ := strings.Cut(a.Section, ".")
	s, known := family.SectionOf(family.Target(target), name)
	if !known { // of a change: the section's name alone
		i := slices.IndexFunc(family.Sections, func(s family.Section) bool { return s.Name == a.Section })
		if i < 0 {
			return ""
		}
		s = family.Sections[i]
	}
	var fields []string
	for _, f := range a.Fields {
		label := s.FieldLabel(f.Field)
		if isID.MatchString(label) { // of a section whose fields are children
			label = "un enfant"
		}
		if state := fieldStates[f.State]; state != "" {
			label += " (" + state + ")"
		}
		fields = append(fields, label)
	}
	if len(fields) == 0 {
		return "Rubrique : " + s.Label
	}
	return s.Label + " : " + strings.Join(fields, ", ")
}

var fieldStates = map[string]string{"accepted": "accepté", "refused": "refusé", "pending": "en attente", "withdrawn": "retiré"}

func tellEdition(w AuditWords, a store.Audit) []string {
	kind, id := object(a)
	out := []string{w.named(kind, id)}
	if n, is := strings.CutPrefix(a.What, "version "); is {
		return append(out, "Version "+n)
	}
	if strings.HasPrefix(a.What, "import ") {
		out = append(out, "Par un import")
	}
	return out
}

var eventKinds = map[string]string{"closure": "Fermeture", "strike": "Grève", "outing": "Sortie"}

var eventEffects = map[string]string{"cancel": "les réservations sont annulées", "reopen": "les familles peuvent de nouveau déclarer une absence"}

// tellEvent tells "closure cancel 2026-12-01 2026-12-02".
func tellEvent(_ AuditWords, a store.Audit) []string {
	p := strings.Fields(a.What)
	if len(p) != 4 {
		return nil
	}
	days := "le " + calendar.Date(p[2]).French()
	if p[3] != p[2] {
		days = "du " + calendar.Date(p[2]).French() + " au " + calendar.Date(p[3]).French()
	}
	return []string{fmt.Sprintf("%s, %s : %s", eventKinds[p[0]], days, eventEffects[p[1]])}
}

func tellEnrolment(w AuditWords, a store.Audit) []string {
	return []string{w.named("activity", strings.TrimPrefix(a.What, "activity "))}
}

// tellBooking tells "booking, 3 days, overbook".
func tellBooking(_ AuditWords, a store.Audit) []string {
	p := strings.Split(a.What, ", ")
	out := []string{map[string]string{"booking": "Réservation", "absence": "Absence"}[p[0]]}
	if len(p) > 1 {
		n, _, _ := strings.Cut(p[1], " ")
		out[0] += " : " + several(n, "jour")
	}
	return append(out, overbooked(p))
}

// tellDecision tells "lines 3, overbook".
func tellDecision(_ AuditWords, a store.Audit) []string {
	p := strings.Split(a.What, ", ")
	return []string{several(strings.TrimPrefix(p[0], "lines "), "jour"), overbooked(p)}
}

func overbooked(parts []string) string {
	if slices.Contains(parts, "overbook") {
		return "Au-delà du nombre de places"
	}
	return ""
}

// several counts things whose plural has an s: 3 jours.
func several(n, of string) string {
	if n != "0" && n != "1" {
		of += "s"
	}
	return n + " " + of
}

// tellRoll tells of "day 2026-11-24 <child> cantine" that somebody was "present justified".
func tellRoll(w AuditWords, a store.Audit) []string {
	p := strings.Fields(a.About)
	if len(p) != 4 {
		return nil
	}
	presence, justified := strings.CutSuffix(a.What, " justified")
	what := cmp.Or(map[string]string{"present": "présent", "absent": "absent", "unbooked": "présent sans réservation"}[presence], "pas de pointage")
	if justified {
		what += ", absence justifiée"
	}
	return []string{fmt.Sprintf("%s, %s : %s", w.named("activity", p[3]), calendar.Date(p[1]).French(), what)}
}

// tellReading tells sections: "child.health, document.pai".
func tellReading(_ AuditWords, a store.Audit) []string {
	var labels []string
	for one := range strings.SplitSeq(a.What, ", ") {
		target, name, _ := strings.Cut(one, ".")
		s, _ := family.SectionOf(family.Target(target), name)
		if label := cmp.Or(s.Label, documentLabels[name]); label != "" && !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	if len(labels) == 0 {
		return nil
	}
	return []string{"Données lues : " + strings.Join(labels, ", ")}
}

func tellReason(_ AuditWords, a store.Audit) []string {
	if a.What == "" {
		return nil
	}
	return []string{"Motif : " + a.What}
}

func tellOrder(_ AuditWords, a store.Audit) []string {
	return []string{orderLabels[family.OrderKind(a.What)]}
}

// tellErasure tells "all", or sections with fields: "health.pai, bank.iban".
func tellErasure(_ AuditWords, a store.Audit) []string {
	kind, _ := object(a)
	what := map[string]string{"guardian": "Responsable", "child": "Enfant", "contact": "Contact", "document": "Document", "family": "Dossier", "account": "Compte d’un parent"}[kind]
	if a.What == "all" {
		return []string{what + ", entièrement"}
	}
	var labels []string
	for one := range strings.SplitSeq(a.What, ", ") {
		name, field, _ := strings.Cut(one, ".")
		s, _ := family.SectionOf(family.Target(kind), name)
		labels = append(labels, cmp.Or(s.FieldLabel(field), one))
	}
	return []string{what + " : " + strings.Join(labels, ", ")}
}

var roleLabels = map[string]string{"manager": "Gestion", "reviewer": "Traitement", "reader": "Consultation"}

// tellRole tells "issue 2, manager", or a role with its activities, schools and health.
func tellRole(w AuditWords, a store.Audit) []string {
	out := tellAgent(w, a)
	for one := range strings.SplitSeq(a.What, ", ") {
		if n, is := strings.CutPrefix(one, "issue "); is {
			out = append(out, "Envoi n° "+n)
			continue
		}
		if one == "health" {
			out = append(out, "Données de santé")
			continue
		}
		if role := roleLabels[one]; role != "" {
			out = append(out, "Rôle : "+role)
			continue
		}
		if name := w.named("activity", one); name != one {
			out = append(out, name)
		} else if one != "" {
			out = append(out, w.named("school", one))
		}
	}
	return out
}

func tellAgent(w AuditWords, a store.Audit) []string {
	switch kind, id := object(a); {
	case kind == "invitation":
		return []string{"Une invitation"}
	case w.Agents[id] != "":
		return []string{w.Agents[id]}
	}
	return nil
}

// settingLabels are what a manager sets, as they read it.
var settingLabels = map[string]string{
	"name": "nom", "fullName": "nom complet", "logo": "logo", "colours": "couleurs", "contact": "contact", "mail": "courriels", "terms": "conditions d’utilisation",
	"privacy": "données personnelles", "dpo": "délégué à la protection des données", "legal": "mentions légales", "accessibility": "accessibilité", "modules": "services proposés",
	"fields": "champs du dossier", "sections": "qui décide", "documents": "pièces à fournir", "archive": "archives", "postcodes": "codes postaux",
	"implied": "décision implicite", "codeDays": "durée des codes", "calendar": "calendrier",
}

func tellSettings(_ AuditWords, a store.Audit) []string {
	var labels []string
	for one := range strings.SplitSeq(a.What, ", ") {
		labels = append(labels, cmp.Or(settingLabels[one], one))
	}
	return []string{"Touche : " + strings.Join(labels, ", ")}
}

var jobLabels = map[string]string{
	store.JobCodes: "Codes et courriers", store.JobList: "Liste à emporter", store.JobRollover: "Passage à l’année scolaire", store.JobLeavers: "Départs de fin d’année",
	store.JobCheckImport: "Vérification d’un import", store.JobApplyImport: "Import", store.JobUndoImport: "Annulation d’un import",
}

// tellJob tells of a job: "list, format xlsx, list families". What is behind its kind are ids and choices.
func tellJob(_ AuditWords, a store.Audit) []string {
	kind, _, _ := strings.Cut(a.What, ", ")
	return []string{jobLabels[kind]}
}

func tellCode(_ AuditWords, a store.Audit) []string {
	return []string{"Code n° " + strings.TrimPrefix(a.What, "issue ")}
}

var isID = regexp.MustCompile(`^[0-9a-z]{26}$`)

// tellDeparture tells a date, who leaves, and why, in which a comma may stand: "2026-12-01, <child>, <guardian>, déménagement".
func tellDeparture(_ AuditWords, a store.Audit) []string {
	p := strings.Split(a.What, ", ")
	n := 1
	for n < len(p) && isID.MatchString(p[n]) {
		n++
	}
	out := []string{"À partir du " + calendar.Date(p[0]).French(), several(fmt.Sprint(n-1), "personne")}
	if n < len(p) {
		out = append(out, "Motif : "+strings.Join(p[n:], ", "))
	}
	return out
}

// tellYear tells a school year, children who are placed, and enrolments that go on or end: "2027, child a, enrolment b, enrolment c to 2027-08-31".
func tellYear(_ AuditWords, a store.Audit) []string {
	p := strings.Split(a.What, ", ")
	children, renewed, ended := 0, 0, 0
	for _, one := range p[1:] {
		switch {
		case strings.HasPrefix(one, "child "):
			children++
		case strings.Contains(one, " to "):
			ended++
		default:
			renewed++
		}
	}
	out := []string{"Rentrée " + p[0]}
	for _, c := range []struct {
		n    int
		what string
	}{{children, "Enfants placés"}, {renewed, "Inscriptions reconduites"}, {ended, "Inscriptions terminées"}} {
		if c.n > 0 {
			out = append(out, fmt.Sprintf("%s : %d", c.what, c.n))
		}
	}
	return out
}

func tellFile(_ AuditWords, a store.Audit) []string {
	return []string{map[string]string{"families": "Familles", "schools": "Écoles et classes", "enrolments": "Inscriptions"}[a.What]}
}

var importWords = map[string]string{
	"created": "Dossier créé", "removed": "Dossier retiré", "restored": "Dossier remis comme avant", "enrolments": "Inscriptions retirées",
}

// tellImport tells "import <id>, created", or "import <id>, 3 fields, 1 members".
func tellImport(w AuditWords, a store.Audit) (out []string) {
	if kind, id := object(a); kind == "school" {
		out = append(out, w.named(kind, id))
	}
	for one := range strings.SplitSeq(a.What, ", ") {
		n, what, _ := strings.Cut(one, " ")
		switch {
		case importWords[one] != "":
			out = append(out, importWords[one])
		case n != "0" && what == "fields":
			out = append(out, several(n, "champ"))
		case n != "0" && what == "members":
			out = append(out, several(n, "personne")+" en plus")
		}
	}
	return out
}

// AuditList is a page of acts, told by the names of agents and the labels of families.
func AuditList(acts []store.Audit, town collectivity.Configuration, agents, families map[string]string) api.AuditList {
	list := api.AuditList{Items: []api.AuditRecord{}}
	for _, act := range acts {
		shown := AuditRecord(act, agents, families)
		shown.Details = AuditWords{town, agents}.Told(act)
		list.Items = append(list.Items, shown)
	}
	return list
}
