package main

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/store"
	"preau/shared/views"
)

// lived is a household of which everything is there: file, photo, document, bookings, history.
func lived(t *testing.T) desk {
	t.Helper()
	d := opened(t, "Léa", "Noé")
	lea, anne, paul := d.Children[0], d.Guardians[0], d.Guardians[1]
	d.Give(lea, "health", map[string]any{"doctor": "Dr Roux", "allergies": []any{map[string]any{"allergen": "Arachide", "treatment": "Stylo"}}, "diet": []any{"no_pork"}})
	d.Give(lea, "authorisations", map[string]any{"image": true, "leavesAlone": false})
	d.Give(anne, "bank", map[string]any{"holder": "Anne Martin", "iban": "FR1420041010050500013M02606"})
	d.Give(paul, "bank", map[string]any{"holder": "Paul Martin", "iban": "DE89370400440532013000"})
	d.Give(paul, "phones", map[string]any{"mobile": "06 12 34 56 78"})
	d.Give(anne, "identity", map[string]any{"situation": "married"})
	d.Join(family.Contact, map[string]any{"lastName": "Petit", "firstName": "Jeanne", "phone": "06 11 22 33 44", "children": []any{lea}})
	d.photo(t, lea, "the photo")
	d.Papers("pai", lea, "%PDF the plan")
	d.Day(booking.Booking, -1, "cantine", "", "2026-12-01")
	d.Day(booking.Booking, 0, "mercredi", "matin", "2026-12-02")
	refused := d.Propose(0, "phones", map[string]any{"home": "02 99 00 00 01"})
	d.Decide(refused.ID, family.Verdict{Reason: "Numéro illisible"})
	must(t, d.MadeFamily.Store.WriteNote(t.Context(), family.Note{ID: "n1", By: "agent", Author: "Odile Test", At: town.Now, Text: "Préfère être appelée le soir"}))
	agent := d.Carer(collectivity.Reviewer)
	right := store.AgentRight{Account: agent, Agent: collectivity.Agent{Name: "Odile Test", Role: collectivity.Reviewer, Health: true}, Store: d.Town.Store}
	must(t, right.Consulted(t.Context(), "open-family-file", map[string]store.Read{d.ID: {"child.health": {lea}}}, town.Now))
	return d
}

func TestAnExportHoldsAllThatItsPersonMaySee(t *testing.T) {
	t.Parallel()
	d := lived(t)
	*d.clock = town.Now.Add(time.Hour)
	got := d.exported(t, d.Account)
	folder := d.Slug + "-martin/"
	want := []string{
		"LISEZMOI.txt", "compte.json", folder + "consultations.json", folder + "demandes.json", folder + "documents/document-du-pai-lea-martin.pdf",
		folder + "dossier.json", folder + "inscriptions.json", folder + "journees.json", folder + "mes-actions.json", folder + "modifications.json",
		folder + "notes-de-la-collectivite.json", folder + "photos/lea.jpg",
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got.names()); diff != "" {
		t.Fatalf("files (-want +got):\n%s", diff)
	}
	for name, has := range map[string][]string{
		"compte.json":                                       {d.Account.Email, `"depuis"`, d.ID},
		folder + "dossier.json":                             {"Dr Roux", "Arachide", "Sans porc", "FR1420041010050500013M02606", "DE•• •••• 3000", "+33612345678", "Jeanne", "photos/lea.jpg", "documents/document-du-pai-lea-martin.pdf", "Marié(e)", "Mère", `"par": "Anne Martin"`},
		folder + "modifications.json":                       {"Numéro illisible", "+33299000001", "refusée", "Arachide"},
		folder + "demandes.json":                            {"réservation", "2026-12-01", "Noé Martin", "Demandé, en attente de réponse"},
		folder + "journees.json":                            {"2026-12-01", "Réservé"},
		folder + "inscriptions.json":                        {"Léa Martin"},
		folder + "consultations.json":                       {"Odile Test", "Données sanitaires", "Lecture du dossier"},
		folder + "mes-actions.json":                         {"Modification acceptée d’office"},
		folder + "notes-de-la-collectivite.json":            {"Préfère être appelée le soir"},
		folder + "photos/lea.jpg":                           {"the photo"},
		folder + "documents/document-du-pai-lea-martin.pdf": {"%PDF the plan"},
		"LISEZMOI.txt":                                      {"Famille Martin", "lundi 23 novembre 2026", "CNIL"},
	} {
		for _, s := range has {
			if !strings.Contains(got[name], s) {
				t.Errorf("%s lacks %q:\n%s", name, s, got[name])
			}
		}
	}
	if all := got.all(); strings.Contains(all, "DE89370400440532013000") || strings.Contains(all, d.Account.User) || strings.Contains(all, "Calendar") {
		t.Error("it holds another's IBAN, or what opens a session")
	}
}

func TestOfActsAnExportHoldsThePersonsOwnWithoutReadingTheTownsAudit(t *testing.T) {
	t.Parallel()
	d := lived(t)
	paul := d.as(d.Subscriber(d.MadeFamily, 1))
	right, err := d.Env.Store.FamilyOf(t.Context(), account.CallerOf(d.Account.User, false), d.ID)
	must(t, err)
	must(t, right.ShowedBank(t.Context(), d.Guardians[0], town.Now))
	paul.Papers("insurance", d.Children[1], "%PDF")
	*d.clock = town.Now.Add(time.Hour)
	d.exported(t, d.Account)
	*d.clock = town.Now.Add(48 * time.Hour)
	var audit atomic.Bool
	d = d.within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, body []byte) string {
		if operation == "Query" && strings.Contains(string(body), "#A#2") {
			audit.Store(true)
		}
		return ""
	})})
	var acts []struct{ Action string }
	d.exported(t, d.Account).read(t, "mes-actions.json", &acts)
	count := map[string]int{}
	for _, a := range acts {
		count[a.Action]++
	}
	want := map[string]int{
		"Modification acceptée d’office":                                            2, // the photo and the plan
		views.AuditRecord(store.Audit{Action: "show-bank-details"}, nil, nil).Label: 1,
		views.AuditRecord(store.Audit{Action: "build-exports"}, nil, nil).Label:     1,
	}
	if diff := cmp.Diff(want, count); diff != "" || audit.Load() {
		t.Errorf("acts (-want +got), the audit was read: %v\n%s", audit.Load(), diff)
	}
}

func TestEachFileOfAnExportIsExplained(t *testing.T) {
	t.Parallel()
	d := lived(t)
	got := d.exported(t, d.Account)
	for _, name := range got.names() {
		_, file, inFolder := strings.Cut(name, "/")
		if !inFolder {
			file = name
		}
		if before, _, sub := strings.Cut(file, "/"); sub {
			file = before + "/"
		}
		if !strings.Contains(got["LISEZMOI.txt"], "  "+file) && file != "LISEZMOI.txt" {
			t.Errorf("LISEZMOI.txt does not explain %s", name)
		}
	}
	if strings.Count(got["LISEZMOI.txt"], "\n") != strings.Count(got["LISEZMOI.txt"], "\r\n") {
		t.Error("its lines end in several ways")
	}
}

func TestOfTheOtherHouseholdAnExportHoldsNamesOnly(t *testing.T) {
	t.Parallel()
	d := separated(t, "Léa")
	father := d.Subscriber(d.MadeFamily, 1)
	for n, secret := range []string{"chez-anne", "chez-paul"} {
		g := d.Guardians[n]
		d.Give(g, "address", map[string]any{"street": "1 rue " + secret, "postcode": "35000", "city": "Rennes"})
		d.Give(g, "phones", map[string]any{"email": secret + "@example.org"})
		d.Give(g, "bank", map[string]any{"holder": secret, "iban": []string{"FR1420041010050500013M02606", "DE89370400440532013000"}[n]})
		d.Give(g, "identity", map[string]any{"birthName": "né " + secret, "situation": "divorced"})
		d.Papers("address_proof", g, "%PDF "+secret)
	}
	d.Give(d.Children[0], "health", map[string]any{"doctor": "Dr Roux"})
	must(t, d.MadeFamily.Store.WriteNote(t.Context(), family.Note{ID: "n1", By: "agent", Author: "Odile", At: town.Now, Text: "habite secrètement ailleurs"}))
	for _, side := range []struct {
		d           desk
		has, hasNot string
		name        string
	}{{d, "chez-anne", "chez-paul", "Petit"}, {d.as(father), "chez-paul", "chez-anne", "Anne"}} {
		got := side.d.exported(t, side.d.Account)
		all := got.all()
		for _, s := range []string{"1 rue " + side.has, side.has + "@example.org", "%PDF " + side.has, "Dr Roux", side.name} {
			if !strings.Contains(all, s) {
				t.Errorf("%s: it lacks %q", side.has, s)
			}
		}
		if strings.Contains(all, side.hasNot) || strings.Contains(all, "secrètement") {
			for name, content := range got {
				if strings.Contains(content, side.hasNot) || strings.Contains(content, "secrètement") {
					t.Errorf("%s: %s tells of the other household:\n%s", side.has, name, content)
				}
			}
		}
		if !strings.Contains(got["LISEZMOI.txt"], "dpo@"+d.Slug) {
			t.Errorf("%s: LISEZMOI.txt does not say who gives the notes", side.has)
		}
	}
}

func TestWhomACourtHidesIsNotInTheOthersExport(t *testing.T) {
	t.Parallel()
	d := lived(t)
	order := family.Order{ID: "o1", Kind: family.AddressHidden, Guardian: d.Guardians[1], From: "2026-11-23", RecordedAt: town.Now, RecordedBy: "agent"}
	must(t, d.MadeFamily.Store.RecordOrder(t.Context(), d.Household(), order, time.UTC))
	got := d.exported(t, d.Account)
	for name, content := range got {
		if strings.Contains(content, "+33612345678") || strings.Contains(content, "Préfère") {
			t.Errorf("%s tells of whom a court hides:\n%s", name, content)
		}
	}
}

func TestAnAccountWithoutAFamilyHasAnExportOfItself(t *testing.T) {
	t.Parallel()
	d := opened(t, "Léa")
	alone := d.Citizen()
	got := d.exported(t, alone)
	if diff := cmp.Diff([]string{"LISEZMOI.txt", "compte.json"}, got.names()); diff != "" || strings.Contains(got.all(), "Léa") {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	var a accountFile
	got.read(t, "compte.json", &a)
	if a.Email != alone.Email || len(a.Subscriptions) != 0 {
		t.Errorf("got %+v", a)
	}
}

func TestAFileThatIsLostIsSaidToBe(t *testing.T) {
	t.Parallel()
	d := opened(t, "Léa")
	d.Papers("insurance", d.Children[0], "%PDF")
	for _, key := range d.Kept() {
		must(t, d.files.Delete(t.Context(), key))
	}
	got := d.exported(t, d.Account)
	name := d.Slug + "-martin/documents/attestation-d-assurance-lea-martin.pdf"
	if _, there := got[name]; there || !strings.Contains(got["LISEZMOI.txt"], name+" : ce fichier n'a pas été retrouvé") {
		t.Errorf("files %q, guide:\n%s", got.names(), got["LISEZMOI.txt"])
	}
}

func TestSeveralFamiliesHaveAFolderEach(t *testing.T) {
	t.Parallel()
	d := opened(t, "Léa")
	second := d.Family("Tom") // of the same name
	c, err := d.Env.Store.TryCode(t.Context(), d.Secret.Code, second.Codes[0], d.Account.ID, town.Now)
	must(t, err)
	_, err = d.Env.Store.Subscribe(t.Context(), d.Account, c, town.Now)
	must(t, err)
	got := d.exported(t, d.Account)
	for _, folder := range []string{d.Slug + "-martin/", d.Slug + "-martin-bis/"} {
		if _, ok := got[folder+"dossier.json"]; !ok {
			t.Errorf("no %s among %q", folder, got.names())
		}
	}
	if e := d.state(t, d.Account); len(e.Families) != 2 {
		t.Errorf("made under the rights to %v", e.Families)
	}
}

func TestTheHistoryOfAFileThatWasMergedIsThere(t *testing.T) {
	t.Parallel()
	d := opened(t, "Tom")
	from := d.Town.NewHome("Zoé")
	from.Give(from.Children[0], "health", map[string]any{"doctor": "Dr Blanc"})
	from.Day(booking.Booking, 0, "cantine", "", "2026-11-24")
	agent := d.Agent(collectivity.Manager)
	right, err := d.Env.Store.AgentOf(t.Context(), account.CallerOf(agent.User, true), d.Slug, collectivity.Manager)
	must(t, err)
	plan, err := right.PlanMerge(t.Context(), from.ID, d.ID, town.Now.Add(48*time.Hour))
	must(t, err)
	must(t, right.MergeFamilies(t.Context(), plan, town.Now.Add(48*time.Hour)))
	*d.clock = town.Now.Add(72 * time.Hour)
	got := d.exported(t, d.Account)
	folder := d.Slug + "-martin/"
	for name, has := range map[string]string{"modifications.json": "Dr Blanc", "demandes.json": "2026-11-24", "journees.json": "2026-11-24", "inscriptions.json": "Zoé Martin"} {
		if !strings.Contains(got[folder+name], has) || !strings.Contains(got[folder+name], "Zoé") {
			t.Errorf("%s lacks %q of her:\n%s", name, has, got[folder+name])
		}
	}
}

func TestEachChoiceHasItsWords(t *testing.T) {
	t.Parallel()
	for _, s := range family.Sections {
		for _, f := range s.Fields {
			for _, code := range f.Choices {
				if choice(f, code) == "" {
					t.Errorf("%s.%s: %s has no French words", s.Key(), f.Name, code)
				}
			}
		}
	}
}
