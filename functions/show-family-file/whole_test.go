package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

type object = map[string]any

// told is a family whose first parent has told everything there is.
func told(t *testing.T, w *town.Town) town.Home {
	t.Helper()
	h := town.Home{Town: w, MadeFamily: w.Separated("Léa")}
	h.Account = w.Subscriber(h.MadeFamily, 0)
	w.Settings(func(s *collectivity.Settings) {
		s.Fields = map[string]collectivity.Mode{"guardian.work.profession": collectivity.Editable, "guardian.work.employer": collectivity.Editable}
	})
	anne, lea := h.Guardians[0], h.Children[0]
	for _, of := range []struct {
		member, section string
		values          object
	}{
		{anne, "address", object{"street": "1 rue du Bac", "postcode": "35000", "city": "Rennes"}},
		{anne, "phones", object{"mobile": "0612345678", "email": "anne@example.org"}},
		{anne, "fiscal", object{"scheme": "caf", "beneficiary": "1234567", "consent": true}},
		{anne, "fiscal", object{"taxReference": "2675A12345678"}},
		{anne, "bank", object{"holder": "Anne Martin", "iban": "FR1420041010050500013M02606", "bic": "PSSTFRPPREN"}},
		{lea, "identity", object{"birthPlace": "Rennes", "sex": "f"}},
		{lea, "authorisations", object{"image": true, "outings": true, "leavesAlone": false}},
		{lea, "health", object{
			"doctor": "Dr Petit", "doctorPhone": "0299000000", "vaccinations": []any{object{"name": "DTP", "date": "2019-06-01"}},
			"allergies": []any{object{"allergen": "arachide", "treatment": "stylo"}}, "pai": true, "medication": "Ventoline", "diet": []any{"no_pork"}, "advice": "Lunettes",
		}},
	} {
		h.Give(of.member, of.section, of.values)
	}
	h.Join(family.Contact, object{"lastName": "Le Goff", "firstName": "Jeanne", "link": "grand-mère", "phone": "0698765432", "collect": true, "children": []any{lea}})
	h.Join(family.Document, object{"type": "insurance", "about": lea, "validUntil": "2026-11-22"})
	h.Join(family.Document, object{"type": "tax_notice", "about": anne})
	return h
}

func TestAGuardianSeesAllThatTheyTold(t *testing.T) {
	t.Parallel()
	h := told(t, town.New(t))
	file := show(h)
	anne := file.Guardians[slices.IndexFunc(file.Guardians, func(g api.Guardian) bool { return g.You })]
	want := api.Guardian{
		ID: h.Guardians[0], You: true, Identity: object{"civility": "mme", "firstName": "Anne", "lastName": "Martin"}, Work: object{},
		Address: object{"street": "1 rue du Bac", "postcode": "35000", "city": "Rennes"}, Phones: object{"mobile": "+33612345678", "email": "anne@example.org"},
		Fiscal:   object{"scheme": "caf", "beneficiary": "1234567", "consent": true, "taxReference": "26•••••••••••"},
		Bank:     object{"holder": "Anne Martin", "iban": "FR•• •••• 2606", "bic": "PS•••••••••"},
		Children: []api.GuardianOfWhom{{Child: h.Children[0], Relation: "mother", Holder: true}},
	}
	if d := cmp.Diff(want, anne); d != "" {
		t.Errorf("guardian (-want +got)\n%s", d)
	}
	lea := file.Children[0]
	health := object{
		"doctor": "Dr Petit", "doctorPhone": "+33299000000", "vaccinations": []any{object{"name": "DTP", "date": "2019-06-01"}},
		"allergies": []any{object{"allergen": "arachide", "treatment": "stylo"}}, "pai": true, "medication": "Ventoline", "diet": []any{"no_pork"}, "advice": "Lunettes",
	}
	if d := cmp.Diff(health, lea.Health); d != "" {
		t.Errorf("health (-want +got)\n%s", d)
	}
	if lea.BirthPlace != "Rennes" || lea.Sex != "f" || len(lea.Contacts) != 1 || lea.Contacts[0]["phone"] != "+33698765432" || lea.Contacts[0]["id"] == nil {
		t.Errorf("got %+v", lea)
	}
	var papers []string
	for _, d := range file.Documents {
		papers = append(papers, fmt.Sprint(d.Type, " ", d.Expired))
	}
	if slices.Sort(papers); fmt.Sprint(papers) != "[insurance true tax_notice false]" {
		t.Errorf("documents %v", papers)
	}
	if other := show(as(h, 1)); len(other.Documents) != 1 || other.Documents[0].Type != "insurance" || other.Children[0].Health["pai"] != true {
		t.Errorf("the separated parent sees %+v", other.Documents)
	}
}

// holding writes of each authorisation whether it holds, is declared, and what one said oneself.
func holding(file api.FamilyFile, what string) string {
	a := file.Children[0].Authorisations[what]
	is := []string{map[bool]string{true: "holds", false: "does not hold"}[a.Holds]}
	if a.Declared {
		is = append(is, "declared")
	}
	var said []string
	for _, s := range a.Said {
		said = append(said, fmt.Sprint(s.Name, " ", s.Given))
	}
	slices.Sort(said) // their ids are of one instant
	is = append(is, said...)
	if a.Yours != nil {
		is = append(is, fmt.Sprint("yours ", *a.Yours))
	}
	return strings.Join(is, ", ")
}

func TestAuthorisationsAreThoseOfEveryHolder(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := town.Home{Town: w, MadeFamily: w.Separated("Léa")}
	h.Account = w.Subscriber(h.MadeFamily, 0)
	lea := h.Children[0]
	other := as(h, 1)
	h.Give(lea, "authorisations", object{"image": true, "outings": true})
	if got := holding(show(h), "image"); got != "does not hold, Anne Martin true, yours true" {
		t.Errorf("image by one: %s", got)
	}
	if got := holding(show(h), "outings"); got != "holds, Anne Martin true, yours true" {
		t.Errorf("outings by one: %s", got)
	}
	consent(other, 1, lea, object{"image": true})
	if got := holding(show(h), "image"); got != "holds, Anne Martin true, Paul Petit true, yours true" {
		t.Errorf("image by both: %s", got)
	}
	h.ProposeOf(town.Now, lea, "authorisations", object{"image": false})
	if got := holding(show(other), "image"); got != "does not hold, declared, Anne Martin true, Paul Petit true, yours true" {
		t.Errorf("a withdrawal that waits: %s", got)
	}
	file := show(other)
	if len(file.Pending) != 1 || file.Pending[0].Fields[0].Old != true || file.Pending[0].Fields[0].New != false || file.Pending[0].Fields[0].Label != "Droit à l’image" {
		t.Errorf("pending %+v", file.Pending)
	}
}

// consent writes a consent of the nth guardian, accepted.
func consent(h town.Home, n int, child string, values object) {
	h.T.Helper()
	household := h.Household()
	m, _ := household.Member(child)
	s, _ := family.SectionOf(family.Child, "authorisations")
	formats := h.Formats(town.Now)
	formats.By = h.Guardians[n]
	fields, err := family.Propose(collectivity.Settings{}, m, s, household.Version, values, formats)
	if err != nil {
		h.T.Fatal(err)
	}
	c := family.Change{ID: h.MadeFamily.Store.ChangeID(fmt.Sprint("consent-", n)), Target: child, Of: family.Child, Section: s.Name, By: h.Guardians[n], Fields: fields, CreatedAt: town.Now}
	if err := h.MadeFamily.Store.AddChange(h.T.Context(), household, c, h.Account.ID); err != nil {
		h.T.Fatal(err)
	}
	h.Decide(c.ID, family.Verdict{Accept: true})
}

func TestWhatATownHidesOfAChildIsNotShown(t *testing.T) {
	t.Parallel()
	h := told(t, town.New(t))
	h.Settings(func(s *collectivity.Settings) {
		s.Fields = map[string]collectivity.Mode{
			"child.identity.birthPlace": "hidden", "child.identity.sex": "hidden", "child.health.medication": "hidden", "child.authorisations.image": "hidden",
			"contact.contact.link": "hidden", "guardian.bank.bic": "hidden",
		}
	})
	file := show(h)
	lea := file.Children[0]
	if _, image := lea.Authorisations["image"]; lea.BirthPlace+lea.Sex != "" || lea.Health["medication"] != nil || image || lea.Contacts[0]["link"] != nil {
		t.Errorf("got %+v", lea)
	}
	for _, g := range file.Guardians {
		if g.Bank["bic"] != nil || len(g.Work) > 0 {
			t.Errorf("got %+v", g)
		}
	}
}

func TestALinkedAddressIsShownWhereItMayBeSeen(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Edit(0, "address", object{"street": "1 rue du Bac", "postcode": "35000", "city": "Rennes"})
	h.Edit(1, "address", object{"sameAs": h.Guardians[0]})
	want := object{"street": "1 rue du Bac", "postcode": "35000", "city": "Rennes", "sameAs": h.Guardians[0]}
	address := func(h town.Home) object {
		file := show(h)
		return file.Guardians[slices.IndexFunc(file.Guardians, func(g api.Guardian) bool { return g.ID == h.Guardians[1] })].Address
	}
	if d := cmp.Diff(want, address(h)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	household, err := h.MadeFamily.Store.Household(t.Context())
	if err == nil {
		err = h.MadeFamily.Store.RecordOrder(t.Context(), household, family.Order{ID: "o", Kind: family.AddressHidden, Guardian: h.Guardians[0], From: "2020-01-01", RecordedAt: town.Now}, time.UTC)
	}
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(object{"sameAs": h.Guardians[0]}, address(as(h, 1))); d != "" {
		t.Errorf("once a court hides it (-want +got)\n%s", d)
	}
	if d := cmp.Diff(want, address(h)); d != "" {
		t.Errorf("to whose it is (-want +got)\n%s", d)
	}
}

func TestWhatIsMissingIsAskedForUntilItIsSent(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Inès")
	h.Settings(func(s *collectivity.Settings) {
		s.Fields = map[string]collectivity.Mode{"child.health.vaccinations": collectivity.Required, "guardian.bank.iban": collectivity.Required}
		s.Documents = []collectivity.DocumentRule{{Type: "insurance"}}
	})
	missing := func() string {
		var all []string
		for _, m := range show(h).Missing {
			all = append(all, m.Detail)
		}
		slices.Sort(all)
		return strings.Join(all, "; ")
	}
	if got := missing(); got != "Il manque : IBAN de Paul; Il manque : IBAN d’Anne; Il manque : attestation d’assurance d’Inès; Il manque : vaccins d’Inès" {
		t.Errorf("got %s", got)
	}
	h.ProposeOf(town.Now, h.Children[0], "health", object{"vaccinations": []any{object{"name": "DTP"}}})
	h.Give(h.Guardians[0], "bank", object{"holder": "Anne", "iban": "FR1420041010050500013M02606"})
	paper := h.AdditionAt(town.Now, family.Document, object{"type": "insurance", "about": h.Children[0]})
	if got := missing(); got != "Il manque : IBAN de Paul" {
		t.Errorf("while they wait: %s", got)
	}
	h.Decide(paper.ID, family.Verdict{Reason: "Illisible."})
	if got := missing(); got != "Il manque : IBAN de Paul; Il manque : attestation d’assurance d’Inès" {
		t.Errorf("once refused: %s", got)
	}
}

// TestAFileIsThreeTripsAway: right, then file, settings and keys, then what waits and the other home of a child. What waits there
// takes another. A process that has not met the family reads its town's gate besides.
func TestAFileIsThreeTripsAway(t *testing.T) {
	t.Parallel()
	alone := func(h town.Home) town.Home { return h }
	shared := func(h town.Home) town.Home { h.Share(h.NewHome()); return h }
	elsewhere := func(h town.Home) town.Home { return h.Share(h.NewHome()) }
	for _, c := range []struct {
		says string
		seen func(town.Home) town.Home
		warm int
	}{{"of one home", alone, 3}, {"with a child of two, who lies here", shared, 3}, {"with a child of two, of whom something waits elsewhere", elsewhere, 4}} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := told(t, town.New(t))
			h.ProposeOf(town.Now, h.Children[0], "health", object{"medication": "Bricanyl"})
			countTrips(t, c.seen(h), c.warm)
		})
	}
}

func countTrips(t *testing.T, h town.Home, warm int) {
	t.Helper()
	rounds, r := &testkit.Rounds{}, testkit.Stack(t)
	var handler httpapi.Handler
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": rounds.Front(t, r.DynamoDB), "AWS_ENDPOINT_URL_KMS": rounds.Front(t, r.KMS)}, func() {
		handler = httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()), files.Open(), town.Clock}.handle)
	})
	for process, most := range []int{warm + 1, warm} {
		file := town.Read[api.FamilyFile](t, handler, h.Event("show-family-file", nil), 200)
		taken := rounds.Taken()
		t.Logf("call %d: %q", process, taken)
		if len(taken) > most || len(file.Pending) != 1 || file.Children[0].Health["medication"] != "Ventoline" {
			t.Errorf("call %d: %d trips %q; pending %+v", process, len(taken), taken, file.Pending)
		}
	}
}
