package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()).ByClock(town.Clock), files.Open(), town.Clock}.handle)
}

func show(h town.Home, agent account.Account) api.OpenedFile {
	h.T.Helper()
	return town.Read[api.OpenedFile](h.T, newHandler(), town.As(h.Event("open-family-file", nil), agent), 200)
}

func TestTheSampleEventOpensAFile(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	file := show(h, h.Agent(collectivity.Reader))
	if file.Family != h.ID || file.Label != "Famille Martin" || file.Version != 1 || len(file.Guardians) != 2 || len(file.Children) != 2 || !file.HealthHidden {
		t.Errorf("got %+v", file)
	}
	var subscribed []string
	for _, g := range file.Guardians {
		if g.Household != "h" || g.You || len(g.Children) != 2 {
			t.Errorf("got %+v", g)
		}
		if g.Subscribed {
			subscribed = append(subscribed, g.ID)
		}
	}
	if !slices.Equal(subscribed, h.Guardians[:1]) {
		t.Errorf("subscribed are %v", subscribed)
	}
}

// read tells who was recorded to have read what of a family: open-family-file child.health, of 1.
func read(h town.Home) (all []string) {
	h.T.Helper()
	items, _, err := h.MadeFamily.Store.Consultations(h.T.Context(), nil, "", 100)
	if err != nil {
		h.T.Fatal(err)
	}
	for _, c := range items {
		names := map[string]string{h.Children[0]: "Léa", h.Guardians[0]: "Anne", h.ID: "all"}
		var of []string
		for _, s := range c.Read.Sections() {
			line := s + " of"
			for _, m := range c.Read[s] {
				line += " " + names[m]
			}
			of = append(of, line)
		}
		all = append(all, c.Action+": "+strings.Join(of, ", "))
	}
	return all
}

func TestWhatIsSealedIsShownOnceItsReadingIsRecorded(t *testing.T) {
	t.Parallel()
	health := func(h town.Home) { h.Give(h.Children[0], "health", map[string]any{"medication": "Ventoline"}) }
	waits := func(h town.Home) {
		h.ProposeOf(town.Now, h.Children[0], "health", map[string]any{"medication": "Ventoline"})
	}
	bank := func(h town.Home) {
		h.Edit(0, "bank", map[string]any{"holder": "Anne Martin", "iban": "FR1420041010050500013M02606"})
	}
	tax := func(h town.Home) { h.Edit(0, "fiscal", map[string]any{"taxReference": "98ABCDEFGHIJ1"}) }
	phones := func(h town.Home) { h.Edit(0, "phones", map[string]any{"mobile": "0612345678"}) }
	cases := []struct {
		says  string
		fill  []func(town.Home)
		agent collectivity.Agent
		want  string
	}{
		{"health, by a carer", []func(town.Home){health, bank}, collectivity.Agent{Role: collectivity.Reader, Health: true}, "open-family-file: child.health of Léa"},
		{"health that waits, by a carer", []func(town.Home){waits}, collectivity.Agent{Role: collectivity.Reader, Health: true}, "open-family-file: child.health of Léa"},
		{"not health, by a manager without the right", []func(town.Home){health}, collectivity.Agent{Role: collectivity.Manager}, ""},
		{"bank details, by a reviewer", []func(town.Home){bank}, collectivity.Agent{Role: collectivity.Reviewer}, "open-family-file: guardian.bank of Anne"},
		{"a tax reference, by a reviewer", []func(town.Home){tax}, collectivity.Agent{Role: collectivity.Reviewer}, "open-family-file: guardian.fiscal of Anne"},
		{"not bank details, by a reader", []func(town.Home){bank}, collectivity.Agent{Role: collectivity.Reader}, ""},
		{"all of it", []func(town.Home){health, bank}, collectivity.Agent{Role: collectivity.Manager, Health: true}, "open-family-file: child.health of Léa, guardian.bank of Anne"},
		{"not a telephone", []func(town.Home){phones}, collectivity.Agent{Role: collectivity.Manager, Health: true}, ""},
		{"not what the town has hidden", []func(town.Home){health, func(h town.Home) {
			h.Settings(func(s *collectivity.Settings) {
				s.Fields = map[string]collectivity.Mode{"child.health.medication": collectivity.Hidden}
			})
		}}, collectivity.Agent{Role: collectivity.Manager, Health: true}, ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa")
			for _, fill := range c.fill {
				fill(h)
			}
			show(h, appoint(h.Town, c.agent))
			if got := strings.Join(read(h), ", "); got != c.want {
				t.Errorf("recorded %q, want %q", got, c.want)
			}
			audited := slices.DeleteFunc(h.Audited(), func(a string) bool { return !strings.HasPrefix(a, "open-family-file") })
			if len(audited) != len(read(h)) {
				t.Errorf("the town's audit says %q", audited)
			}
		})
	}
}

// appoint makes an agent as described.
func appoint(w *town.Town, agent collectivity.Agent) account.Account {
	w.T.Helper()
	a := w.Agent(agent.Role)
	agent.Account = a.ID
	if err := w.Store.AppointAgent(w.T.Context(), agent); err != nil {
		w.T.Fatal(err)
	}
	return a
}

// TestADocumentOfHealthIsRecordedByItsType: who sees that there is one, learns something.
func TestADocumentOfHealthIsRecordedByItsType(t *testing.T) {
	t.Parallel()
	h := everything(t)
	show(h.Home, h.Carer(collectivity.Reader))
	items, _, err := h.MadeFamily.Store.Consultations(t.Context(), nil, "", 100)
	want := []string{"child.health", "document.absence_certificate", "document.pai", "document.vaccination"}
	if err != nil || len(items) != 1 || !slices.Equal(items[0].Read.Sections(), want) {
		t.Errorf("recorded %+v, %v", items, err)
	}
}

// TestNothingIsShownThatCouldNotBeRecorded: where the record fails, nothing is shown.
func TestNothingIsShownThatCouldNotBeRecorded(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Give(h.Children[0], "health", map[string]any{"medication": "Ventoline"})
	reply := town.Send(t, unrecorded(t), town.As(h.Event("open-family-file", nil), h.Carer(collectivity.Reader)))
	if reply.StatusCode != 500 || strings.Contains(fmt.Sprint(reply.Body), "Ventoline") {
		t.Errorf("got %d %v", reply.StatusCode, reply.Body)
	}
}

// unrecorded is the handler on a table that takes no record.
func unrecorded(t *testing.T) (h httpapi.Handler) {
	t.Helper()
	front := testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
		if operation == "TransactWriteItems" {
			return "ValidationException"
		}
		return ""
	})
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": front}, func() { h = newHandler() })
	return h
}

func TestWhomAFileIsNotFoundBy(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	past := h.NewHome("Zoé")
	cases := []struct {
		says   string
		who    account.Account
		family string
		want   string
	}{
		{"an agent of all activities", h.Agent(collectivity.Reader), h.ID, "200 "},
		{"an agent of an activity where a child is enrolled", h.Scoped(collectivity.Reader, "cantine"), h.ID, "200 "},
		{"an agent of another activity", h.Scoped(collectivity.Manager, "vacances"), h.ID, "404 family_not_found"},
		{"an agent of another collectivity", elsewhere.Agent(collectivity.Manager), h.ID, "404 collectivity_not_found"},
		{"an agent who asks for a family of another collectivity", h.Agent(collectivity.Manager), elsewhere.ID, "404 family_not_found"},
		{"an agent who asks for one that nobody has", h.Agent(collectivity.Manager), "01jd00000000000000000000zz", "404 family_not_found"},
		{"its own parent", h.Account, h.ID, "404 collectivity_not_found"},
		{"a parent of another family", past.Account, h.ID, "404 collectivity_not_found"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			event := town.As(town.Event(t, "open-family-file", map[string]string{"slug": h.Slug, "family": c.family}), c.who)
			reply := town.Send(t, newHandler(), event)
			if got := fmt.Sprint(reply.StatusCode, " ", reply.Code()); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestNobodyOpensTheirOwnFamilysFileAsAnAgent(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	second := h.Share(h.NewHome("Zoé"))
	barred := h.NewHome("Tom")
	o := family.Order{ID: "1", Kind: family.NoAccess, Guardian: barred.Guardians[0], From: "2026-01-01", RecordedAt: town.Now, RecordedBy: "agent"}
	if err := barred.MadeFamily.Store.RecordOrder(t.Context(), barred.Household(), o, time.UTC); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		says string
		who  account.Account
		of   town.Home
		want string
	}{
		{"their own", h.ParentAgent(collectivity.Manager), h, "403 own_family"},
		{"their own, from which a court bars them", barred.ParentAgent(collectivity.Manager), barred, "403 own_family"},
		{"the other household of their child", second.ParentAgent(collectivity.Manager), h, "403 own_family"},
		{"the other household of their child, where its data does not lie", h.ParentAgent(collectivity.Manager), second, "403 own_family"},
		{"another family", h.ParentAgent(collectivity.Manager), barred, "200 "},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			reply := town.Send(t, newHandler(), town.As(c.of.Event("open-family-file", nil), c.who))
			if got := fmt.Sprint(reply.StatusCode, " ", reply.Code()); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestSeparatedParentsAreBothSeen: what they do not see of each other, agents do.
func TestSeparatedParentsAreBothSeen(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := town.Home{Town: w, MadeFamily: w.Separated("Léa")}
	h.Account = w.Subscriber(h.MadeFamily, 0)
	for n, city := range []string{"Rennes", "Vannes"} {
		h.Edit(n, "address", map[string]any{"street": "1 rue du Bac", "postcode": "35000", "city": city})
	}
	var cities, households []string
	for _, g := range show(h, w.Agent(collectivity.Reader)).Guardians {
		cities, households = append(cities, fmt.Sprint(g.Address["city"])), append(households, g.Household)
	}
	slices.Sort(cities)
	slices.Sort(households)
	if fmt.Sprint(cities, households) != "[Rennes Vannes] [anne paul]" {
		t.Errorf("got %v %v", cities, households)
	}
}

func TestWhatCountsForCarersAlreadyIsMarked(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	lea := h.Children[0]
	h.Give(lea, "authorisations", map[string]any{"outings": true})
	mamie := h.Join(family.Contact, map[string]any{"firstName": "Jeanne", "lastName": "Martin", "phone": "0612345678", "collect": true, "children": []any{lea}})
	c := h.ProposeOf(town.Now, lea, "authorisations", map[string]any{"outings": false})
	h.ProposeOf(town.Now, mamie, "contact", map[string]any{"collect": false, "phone": "0698765432"})
	file := show(h, h.Agent(collectivity.Reader))
	var got []string
	for _, d := range file.Declared {
		field, _, _ := strings.Cut(d.Field, "@")
		got = append(got, fmt.Sprintf("%s %s.%s %v→%v", d.Member, d.Section, field, d.Old, d.New))
	}
	slices.Sort(got)
	if want := []string{"Jeanne Martin contact.collect true→false", "Léa Martin authorisations.outings true→false"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if a := file.Children[0].Authorisations["outings"]; a.Holds || !a.Declared {
		t.Errorf("the consent that was withdrawn: %+v", a)
	}
	h.Decide(c.ID, family.Verdict{Reason: "Non."})
	if a := show(h, h.Agent(collectivity.Reader)).Children[0].Authorisations["outings"]; !a.Holds || a.Declared {
		t.Errorf("once that was refused: %+v", a)
	}
}

func TestTheFunctionHasTheRightsItNeeds(t *testing.T) {
	h := everything(t)
	agent := appoint(h.Town, collectivity.Agent{Role: collectivity.Manager, Health: true, Activities: []string{"cantine"}})
	town.Rights(t, "open-family-file")
	file := show(h.Home, agent)
	if len(file.Children) != 2 || len(file.Pending) != 5 || len(file.Notes) != 1 || len(file.Orders) != 2 {
		t.Errorf("got %+v", file)
	}
}
