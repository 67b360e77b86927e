package views

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/catalog"
	"preau/shared/collectivity"
	"preau/shared/store"
)

// TestEveryVerbOfTheAuditHasItsWords: verbs are names of use cases, and of what the operator does. Whatever the code that writes the
// audit names must be told in French.
func TestEveryVerbOfTheAuditHasItsWords(t *testing.T) {
	t.Parallel()
	quoted := regexp.MustCompile(`"([a-z]+(?:-[a-z]+)+)"`)
	var verbs []string
	for _, path := range writers(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			verbs = append(verbs, m[1])
		}
	}
	isFunction := func(name string) bool {
		return slices.ContainsFunc(catalog.Functions, func(f catalog.Function) bool { return f.Name == name })
	}
	verbs = slices.DeleteFunc(verbs, func(v string) bool { return !isFunction(v) })
	verbs = append(verbs, "create-activity", "update-activity", "create-school", "update-school", "suspend", "resume", "delete", "import-collectivity")
	for _, v := range slices.Compact(slices.Sorted(slices.Values(verbs))) {
		if actionLabels[v] == "" {
			t.Errorf("%s is written to the audit, and has no words", v)
		}
	}
	if len(verbs) < 30 {
		t.Errorf("only %q were found in what writes the audit", verbs)
	}
	for v := range details {
		if actionLabels[v] == "" {
			t.Errorf("%s has details and no label", v)
		}
	}
}

// writers are the sources that write to the audit.
func writers(t *testing.T) (paths []string) {
	t.Helper()
	writes := regexp.MustCompile(`\.audit(ed|Change)?\(|Audit\{|\.Consulted\(|\.Amend\(|\.SetSettings\(`)
	for _, pattern := range []string{"../store/*.go", "../../functions/*/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(path, "_test.go") && writes.Match(text) {
				paths = append(paths, path)
			}
		}
	}
	return paths
}

func TestActsAreToldInFrench(t *testing.T) {
	t.Parallel()
	const one, two = "01kd7v3h5w2q8x4y6z0a1b2c3d", "01kd7v3h5w2q8x4y6z0a1b2c3e"
	w := AuditWords{
		collectivity.Configuration{Activities: []collectivity.Activity{{ID: "cantine", Name: "Cantine"}}, Schools: []collectivity.School{{ID: "verne", Name: "École Jules-Verne"}}},
		map[string]string{one: "Odile Roux"},
	}
	for says, tc := range map[string]struct {
		a    store.Audit
		want string
	}{
		"an activity":          {store.Audit{Action: "update-activity", About: "activity cantine", What: "version 3"}, "Cantine | Version 3"},
		"one that is gone":     {store.Audit{Action: "update-activity", About: "activity judo", What: "version 3"}, "judo | Version 3"},
		"a school's import":    {store.Audit{Action: "update-school", About: "school verne", What: "import " + two}, "École Jules-Verne | Par un import"},
		"a closure":            {store.Audit{Action: "declare-event", About: "event " + one, What: "closure cancel 2026-12-01 2026-12-02"}, "Fermeture, du mardi 1er décembre 2026 au mercredi 2 décembre 2026 : les réservations sont annulées"},
		"an enrolment":         {store.Audit{Action: "create-enrolments", About: "enrolment " + one, What: "activity cantine"}, "Cantine"},
		"days by telephone":    {store.Audit{Action: "book-for-family", About: "request " + one, What: "booking, 3 days, overbook"}, "Réservation : 3 jours | Au-delà du nombre de places"},
		"a decision":           {store.Audit{Action: "decide-requests", About: "request " + one, What: "lines 1"}, "1 jour"},
		"a roll":               {store.Audit{Action: "record-attendance", About: "day 2026-11-24 " + one + " cantine", What: "present"}, "Cantine, mardi 24 novembre 2026 : présent"},
		"an absence justified": {store.Audit{Action: "justify-absence", About: "day 2026-11-24 " + one + " cantine", What: "absent justified"}, "Cantine, mardi 24 novembre 2026 : absent, absence justifiée"},
		"a reading":            {store.Audit{Action: "open-family-file", About: "family " + one, What: "child.health, document.pai"}, "Données lues : Données sanitaires, Document du PAI"},
		"bank details":         {store.Audit{Action: "reveal-bank-details", About: "guardian " + one, What: "prélèvement rejeté, à revoir", Section: "guardian.bank"}, "Motif : prélèvement rejeté, à revoir | Rubrique : Coordonnées bancaires"},
		"an order":             {store.Audit{Action: "record-court-order", About: "order " + one, What: "no_access"}, "N’a plus accès au dossier"},
		"a change decided":     {store.Audit{Action: "decide-changes", About: "change " + one, Section: "phones", Fields: []store.AuditedField{{Field: "mobile", State: "accepted"}}}, "Téléphones et e-mail : Téléphone mobile (accepté)"},
		"an invitation":        {store.Audit{Action: "invite-agent", About: "invitation " + two, What: "issue 2, reviewer"}, "Une invitation | Envoi n° 2 | Rôle : Traitement"},
		"an agent's rights":    {store.Audit{Action: "update-agent", About: "agent " + one, What: "reader, cantine, verne, health"}, "Odile Roux | Rôle : Consultation | Cantine | École Jules-Verne | Données de santé"},
		"settings":             {store.Audit{Action: "update-settings", About: "settings", What: "colours, terms"}, "Touche : couleurs, conditions d’utilisation"},
		"a job":                {store.Audit{Action: "add-job", About: "job " + one, What: "list, format xlsx, list families"}, "Liste à emporter"},
		"a code":               {store.Audit{Action: "issue-codes", About: "guardian " + one, What: "issue 2"}, "Code n° 2"},
		"a departure":          {store.Audit{Action: "record-departure", About: "family " + one, What: "2026-12-01, " + one + ", " + two + ", déménagement, à Rennes"}, "À partir du mardi 1er décembre 2026 | 2 personnes | Motif : déménagement, à Rennes"},
		"a school year":        {store.Audit{Action: "roll-over", About: "family " + one, What: "2027, child " + one + ", enrolment " + one + ", enrolment " + two + " to 2027-08-31"}, "Rentrée 2027 | Enfants placés : 1 | Inscriptions reconduites : 1 | Inscriptions terminées : 1"},
		"an import":            {store.Audit{Action: "create-import", About: "import " + one, What: "families"}, "Familles"},
		"what it made":         {store.Audit{Action: "apply-import", About: "family " + one, What: "import " + two + ", 3 fields, 0 members"}, "3 champs"},
		"what it took back":    {store.Audit{Action: "undo-import", About: "family " + one, What: "import " + two + ", removed"}, "Dossier retiré"},
		"what was erased":      {store.Audit{Action: "erase-expired", About: "child " + one, What: "all"}, "Enfant, entièrement"},
		"a note":               {store.Audit{Action: "write-note", About: "note " + one}, ""},
	} {
		if d := cmp.Diff(tc.want, strings.Join(w.Told(tc.a), " | ")); d != "" {
			t.Errorf("%s (-want +got)\n%s", says, d)
		}
	}
}
