package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
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

const tuesday = calendar.Date("2026-11-24") // of the sample event

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "show-care-sheet", map[string]string{"slug": w.Slug}), agent)
}

func show(w *town.Town, agent account.Account) api.CareSheet {
	w.T.Helper()
	return town.Read[api.CareSheet](w.T, newHandler(), event(w, agent), 200)
}

// only is the one child of a sheet.
func only(t *testing.T, s api.CareSheet) api.CareChild {
	t.Helper()
	if len(s.Children) != 1 {
		t.Fatalf("%d children: %+v", len(s.Children), s.Children)
	}
	return s.Children[0]
}

// booked is a home whose first child comes on the day.
func booked(t *testing.T) town.Home {
	t.Helper()
	h := town.NewHome(t, "Léa")
	h.Day(booking.Booking, 0, "cantine", "", tuesday)
	return h
}

func names(s api.CareSheet) string {
	var all []string
	for _, c := range s.Children {
		all = append(all, strings.TrimSpace(c.FirstName+" "+c.State+" "+c.Presence))
	}
	return strings.Join(all, ", ")
}

func TestTheSheetIsOfTheChildrenWhoAreExpectedOrThere(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	var children []family.Member
	for i, name := range []string{"Élise", "adam", "Zoé", "Oscar", "Ève", "Bob", "Carla", "Dan"} {
		children = append(children, town.Child(fmt.Sprint("c", i), name, "Martin", "2018-05-04"))
	}
	w.AddChildren("f", "cantine", children...)
	for i, d := range []booking.Day{
		{State: booking.Booked},
		{State: booking.AbsenceRequested},
		{State: booking.Absent},
		{State: booking.Waitlisted},
		{State: booking.Requested},
		{State: booking.Enrolled, Presence: booking.Unbooked},
		{State: booking.Booked, Presence: booking.Missing},
	} { // of Dan nothing is written
		d.Place = booking.Place{Date: tuesday, Child: children[i].ID, Activity: "cantine"}
		w.WriteDay("f", d)
	}
	s := show(w, w.Agent(collectivity.Reader))
	if got, want := names(s), "adam absence_requested, Bob enrolled unbooked, Carla booked absent, Élise booked"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if s.Activity.ID != "cantine" || s.Date != string(tuesday) || !s.HealthHidden {
		t.Errorf("got %+v", s)
	}
	c := s.Children[3]
	if c.Family != "f" || c.Child != "c0" || c.LastName != "Martin" || c.BirthDate != "2018-05-04" || c.Group != "all" || c.Health != nil {
		t.Errorf("got %+v", c)
	}
	w.Cancel("cantine", tuesday)
	if got := names(show(w, w.Agent(collectivity.Reader))); got != "Bob cancelled unbooked" {
		t.Errorf("a day that the town cancelled: %s", got)
	}
}

func TestAgeGroupsOptionsAndClassesAreNamed(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Activities[0]
	a.Groups = []collectivity.Group{{ID: "petits", Name: "3-5 ans", From: 3, To: 5}, {ID: "grands", Name: "6-12 ans", From: 6, To: 12}}
	if err := w.Store.SaveActivity(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if err := w.Store.SaveSchool(t.Context(), collectivity.School{ID: "verne", Name: "École Jules-Verne", Classes: []collectivity.Class{{ID: "b", Name: "CE2 B"}}}); err != nil {
		t.Fatal(err)
	}
	big, small := town.Child("c0", "Léa", "Martin", "2018-05-04"), town.Child("c1", "Noé", "Martin", "2022-05-04")
	big.Values["school"] = map[string]any{"school": "verne", "class": "b"}
	small.Values["school"] = map[string]any{"school": "Ailleurs", "class": "PS"}
	w.AddChildren("f", "cantine", big, small)
	w.WriteDay("f", booking.Day{Place: booking.Place{Date: tuesday, Child: "c0", Activity: "cantine"}, State: booking.Booked, Group: "grands", Option: "journee"})
	w.WriteDay("f", booking.Day{Place: booking.Place{Date: tuesday, Child: "c1", Activity: "cantine"}, State: booking.Enrolled, Presence: booking.Unbooked})
	var got []string
	for _, c := range show(w, w.Agent(collectivity.Reader)).Children {
		got = append(got, fmt.Sprintf("%s %s %s %s %s", c.FirstName, c.Group, c.Option, c.School, c.Class))
	}
	if want := []string{"Léa grands journee École Jules-Verne CE2 B", "Noé petits  Ailleurs PS"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// healthOf writes what is known of a child's health; what is only declared has a question mark.
func healthOf(h *api.CareHealth) string {
	if h == nil {
		return "nothing"
	}
	mark := func(text string, m api.CareMark) string {
		if m.Declared {
			return text + "?"
		}
		return text
	}
	var all []string
	for _, a := range h.Allergies {
		all = append(all, mark(strings.TrimRight("allergy "+a.Allergen+"/"+a.Consequence+"/"+a.Treatment, "/"), a.CareMark))
	}
	if h.PAI != nil {
		all = append(all, mark("pai", *h.PAI))
	}
	for _, texts := range [][]api.CareText{h.Medication, h.Diet, h.Advice} {
		for _, text := range texts {
			all = append(all, mark(text.Text, text.CareMark))
		}
	}
	if h.Doctor+h.DoctorPhone != "" {
		all = append(all, "doctor "+h.Doctor+" "+h.DoctorPhone)
	}
	return strings.Join(all, ", ")
}

func TestWhatCarersAreToldOfHealth(t *testing.T) {
	t.Parallel()
	lait := map[string]any{"allergen": "lait", "consequence": "urticaire", "treatment": "stylo"}
	arachide := map[string]any{"allergen": "arachide"}
	give := func(values map[string]any) func(town.Home) {
		return func(h town.Home) { h.Give(h.Children[0], "health", values) }
	}
	declare := func(values map[string]any) func(town.Home) {
		return func(h town.Home) { h.ProposeOf(town.Now, h.Children[0], "health", values) }
	}
	hide := func(field string) func(town.Home) {
		return func(h town.Home) {
			h.Settings(func(s *collectivity.Settings) {
				s.Fields = map[string]collectivity.Mode{"child.health." + field: collectivity.Hidden}
			})
		}
	}
	cases := []struct {
		says string
		do   []func(town.Home)
		want string
	}{
		{"nothing, of a file that says nothing", nil, "nothing"},
		{"all that they act by", []func(town.Home){give(map[string]any{
			"allergies": []any{lait}, "pai": true, "medication": "Ventoline", "diet": []any{"no_pork"}, "advice": "Lunettes", "doctor": "Dr Petit", "doctorPhone": "0299000001",
		})}, "allergy lait/urticaire/stylo, pai, Ventoline, no_pork, Lunettes, doctor Dr Petit +33299000001"},
		{"not vaccinations", []func(town.Home){give(map[string]any{"vaccinations": []any{map[string]any{"name": "DTP"}}})}, "nothing"},
		{"not a PAI that there is none of", []func(town.Home){give(map[string]any{"pai": false})}, "nothing"},
		{"an allergy that was only declared", []func(town.Home){declare(map[string]any{"allergies": []any{lait}})}, "allergy lait/urticaire/stylo?"},
		{
			"one in place of another: both",
			[]func(town.Home){give(map[string]any{"allergies": []any{lait}}), declare(map[string]any{"allergies": []any{arachide}})},
			"allergy lait/urticaire/stylo, allergy arachide?",
		},
		{
			"not that one was taken away",
			[]func(town.Home){give(map[string]any{"allergies": []any{lait}}), declare(map[string]any{"allergies": []any{}})},
			"allergy lait/urticaire/stylo",
		},
		{"a declared PAI, treatment, diet, advice", []func(town.Home){declare(map[string]any{"pai": true, "medication": "Zyrtec", "diet": []any{"no_fish"}, "advice": "Appareil"})}, "pai?, Zyrtec?, no_fish?, Appareil?"},
		{"not a doctor who was only declared", []func(town.Home){declare(map[string]any{"doctor": "Dr Grand"})}, "nothing"},
		{"nothing of what the town does not ask for", []func(town.Home){give(map[string]any{"advice": "Lunettes", "medication": "Ventoline"}), hide("advice")}, "Ventoline"},
		{"a declaration that was refused counts no more", []func(town.Home){func(h town.Home) {
			c := h.ProposeOf(town.Now, h.Children[0], "health", map[string]any{"medication": "Zyrtec"})
			h.Decide(c.ID, family.Verdict{Reason: "Non."})
		}}, "nothing"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := booked(t)
			for _, do := range c.do {
				do(h)
			}
			carer := only(t, show(h.Town, h.Carer(collectivity.Reader)))
			if got := healthOf(carer.Health); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			recorded := slices.ContainsFunc(h.Audited(), func(a string) bool { return a == "show-care-sheet family "+h.ID+" child.health" })
			if recorded != (c.want != "nothing") {
				t.Errorf("recorded: %v", h.Audited())
			}
		})
	}
}

func TestWithoutTheRightToHealthTheRestIsShown(t *testing.T) {
	t.Parallel()
	h := booked(t)
	h.Give(h.Children[0], "health", map[string]any{"medication": "Ventoline"})
	h.Give(h.Children[0], "authorisations", map[string]any{"outings": true})
	h.ProposeOf(town.Now, h.Children[0], "health", map[string]any{"advice": "Lunettes"})
	s := show(h.Town, h.Agent(collectivity.Manager))
	child := only(t, s)
	if text := fmt.Sprint(must(json.Marshal(s))); strings.Contains(text, "Ventoline") || strings.Contains(text, "Lunettes") {
		t.Error("something of health is in the sheet")
	}
	if !s.HealthHidden || child.Health != nil || !child.Authorisations["outings"].Holds || len(child.Guardians) != 2 {
		t.Errorf("got %+v", s)
	}
	if items, _, err := h.MadeFamily.Store.Consultations(t.Context(), nil, "", 10); err != nil || len(items) > 0 {
		t.Errorf("recorded %v, %v", items, err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// allowed lists the authorisations that hold; those withdrawn by a mere declaration have a question mark, and do not.
func allowed(c api.CareChild) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(c.Authorisations)) {
		switch a := c.Authorisations[name]; {
		case a.Holds:
			all = append(all, name)
		case a.Declared:
			all = append(all, name+"?")
		}
	}
	return strings.Join(all, " ")
}

func TestAuthorisationsThatHold(t *testing.T) {
	t.Parallel()
	h := booked(t)
	lea := h.Children[0]
	h.Give(lea, "authorisations", map[string]any{"leavesAlone": true, "outings": true, "transport": true, "hospitalisation": false, "image": true})
	h.ProposeOf(town.Now, lea, "authorisations", map[string]any{"outings": false})
	agent := h.Agent(collectivity.Reader)
	if got := allowed(only(t, show(h.Town, agent))); got != "leavesAlone outings? transport" { // of image the father has said nothing
		t.Errorf("got %s", got)
	}
	if _, asked := only(t, show(h.Town, agent)).Authorisations["hospitalisation"]; !asked {
		t.Error("what does not hold is not told")
	}
}

// people writes adults: Jeanne Martin +336… ; what is declared has a question mark, a court's a section sign.
func people(all []api.CarePerson) string {
	var out []string
	for _, p := range all {
		text := strings.TrimSpace(p.Name + " " + p.Relation + " " + strings.Join(p.Phones, " "))
		if p.Declared {
			text += "?"
		}
		if p.Court {
			text += "§"
		}
		out = append(out, strings.Join(strings.Fields(text), " "))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// contact adds one of the family's contacts.
func contact(h town.Home, firstName, phone string, collect, emergency bool) string {
	return h.Join(family.Contact, map[string]any{
		"firstName": firstName, "lastName": "Martin", "link": "Tante", "phone": phone, "collect": collect, "emergency": emergency, "children": []any{h.Children[0]},
	})
}

func TestWhoMayCollectAndWhomToCall(t *testing.T) {
	t.Parallel()
	h := booked(t)
	h.Edit(0, "phones", map[string]any{"mobile": "0612345601", "work": "0299000001", "home": "0299000002"})
	h.Edit(1, "phones", map[string]any{"mobile": "0612345602"})
	contact(h, "Jeanne", "0612345611", true, true)
	contact(h, "Odile", "0612345612", false, true)
	contact(h, "Rose", "0612345613", true, false)
	gone, taken := contact(h, "Lise", "0612345614", true, false), contact(h, "Marie", "0612345615", true, true)
	remove(h, gone)
	h.ProposeOf(town.Now, taken, "contact", map[string]any{"collect": false})
	h.ProposeOf(town.Now, contact(h, "Zoé", "0612345616", false, false), "contact", map[string]any{"collect": true})
	c := only(t, show(h.Town, h.Agent(collectivity.Reader)))
	for says, of := range map[string]struct{ got, want string }{
		"guardians":          {people(c.Guardians), "Anne Martin mother +33612345601 +33299000002 +33299000001, Paul Martin father +33612345602"},
		"collectors":         {people(c.Collectors), "Jeanne Martin +33612345611, Rose Martin +33612345613"},
		"emergency":          {people(c.Emergency), "Jeanne Martin +33612345611, Marie Martin +33612345615, Odile Martin +33612345612"},
		"not to be given to": {people(c.NotToCollect), "Lise Martin?, Marie Martin?"},
	} {
		if of.got != of.want {
			t.Errorf("%s: got  %s\nwant %s", says, of.got, of.want)
		}
	}
	if c.Collectors[0].Link != "Tante" || c.Collectors[0].ID == "" {
		t.Errorf("got %+v", c.Collectors[0])
	}
}

// remove proposes that a member leaves the file.
func remove(h town.Home, member string) {
	h.T.Helper()
	household := h.Household()
	m, _ := household.Member(member)
	c := family.Change{
		ID: h.MadeFamily.Store.ChangeID("remove-" + member), Kind: family.Removes, Target: member, Of: m.Target, Section: family.Membership, By: h.Guardians[0], CreatedAt: town.Now,
		Fields: []family.FieldChange{{Field: family.Removed, New: true, State: family.Pending}},
	}
	if err := h.MadeFamily.Store.AddChange(h.T.Context(), household, c, h.Account.ID); err != nil {
		h.T.Fatal(err)
	}
}

func TestAContactOfAnotherChildIsNone(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	h.Day(booking.Booking, 1, "cantine", "", tuesday)
	contact(h, "Jeanne", "0612345611", true, true) // of Léa
	if c := only(t, show(h.Town, h.Agent(collectivity.Reader))); c.FirstName != "Noé" || len(c.Collectors)+len(c.Emergency) > 0 {
		t.Errorf("got %+v", c)
	}
}

func TestACourtsOrderKeepsSomebodyFromAChild(t *testing.T) {
	t.Parallel()
	order := func(change func(*family.Order, town.Home)) func(town.Home) {
		return func(h town.Home) {
			o := family.Order{ID: "1", Kind: family.MustNotCollect, From: "2026-01-01", RecordedAt: town.Now, RecordedBy: "agent"}
			change(&o, h)
			if err := h.MadeFamily.Store.RecordOrder(h.T.Context(), h.Household(), o, time.UTC); err != nil {
				h.T.Fatal(err)
			}
		}
	}
	const nobody, both = "", "Anne Martin mother, Paul Martin father"
	cases := []struct {
		says                              string
		do                                func(town.Home)
		notTo, guardians, of, inEmergency string
	}{
		{"a guardian", order(func(o *family.Order, h town.Home) { o.Guardian = h.Guardians[1] }), "Paul Martin§", "Anne Martin mother, Paul Martin father§", "Jeanne Martin +33612345611", "Jeanne Martin +33612345611"},
		{"somebody", order(func(o *family.Order, _ town.Home) { o.Person = "Jean Durand" }), "Jean Durand§", both, "Jeanne Martin +33612345611", "Jeanne Martin +33612345611"},
		{"a contact, however their name is written", order(func(o *family.Order, _ town.Home) { o.Person = "MARTIN Jeanne" }), "MARTIN Jeanne§", both, nobody, "Jeanne Martin +33612345611§"},
		{"for this child", order(func(o *family.Order, h town.Home) { o.Person, o.Child = "Jean Durand", h.Children[0] }), "Jean Durand§", both, "Jeanne Martin +33612345611", "Jeanne Martin +33612345611"},
		{"not for another child", order(func(o *family.Order, h town.Home) { o.Person, o.Child = "Jean Durand", h.Children[1] }), nobody, both, "Jeanne Martin +33612345611", "Jeanne Martin +33612345611"},
		{"on its last day", order(func(o *family.Order, _ town.Home) { o.Person, o.Until = "Jean Durand", tuesday }), "Jean Durand§", both, "Jeanne Martin +33612345611", "Jeanne Martin +33612345611"},
		{"not after it", order(func(o *family.Order, _ town.Home) { o.Person, o.Until = "Jean Durand", tuesday.AddDays(-1) }), nobody, both, "Jeanne Martin +33612345611", "Jeanne Martin +33612345611"},
		{"not before its first", order(func(o *family.Order, _ town.Home) { o.Person, o.From = "Jean Durand", tuesday.AddDays(1) }), nobody, both, "Jeanne Martin +33612345611", "Jeanne Martin +33612345611"},
		{"not one of another kind", order(func(o *family.Order, h town.Home) { o.Kind, o.Guardian = family.NoAccess, h.Guardians[1] }), nobody, both, "Jeanne Martin +33612345611", "Jeanne Martin +33612345611"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa", "Noé")
			h.Day(booking.Booking, 0, "cantine", "", tuesday)
			contact(h, "Jeanne", "0612345611", true, true)
			c.do(h)
			child := only(t, show(h.Town, h.Agent(collectivity.Reader)))
			got := [4]string{people(child.NotToCollect), people(child.Guardians), people(child.Collectors), people(child.Emergency)}
			if want := [4]string{c.notTo, c.guardians, c.of, c.inEmergency}; got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

// TestAChildOfTwoFiles: whichever household booked the day, carers see the child once, what both have told, and the adults of both.
func TestAChildOfTwoFiles(t *testing.T) {
	t.Parallel()
	guardian := func(id, first, relation, phone string) family.Member {
		return family.Member{ID: id, Target: family.Guardian, Values: map[string]map[string]any{
			"identity": {"firstName": first, "lastName": "Petit"}, "relations": {"lea": relation}, "phones": {"mobile": phone},
		}}
	}
	aunt := func(id, first string) family.Member {
		return family.Member{ID: id, Target: family.Contact, Values: map[string]map[string]any{
			"contact": {"firstName": first, "lastName": "Petit", "phone": "+33612345699", "collect": true, "children": []any{"lea"}},
		}}
	}
	for says, booker := range map[string]string{"booked where its data lies": "a", "booked by the other household": "b"} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			w := town.New(t)
			here, there := town.Child("lea", "Léa", "Petit", "2018-05-04"), family.Member{ID: "lea", Target: family.Child, Other: "a", Elsewhere: true}
			here.Other = "b"
			here.Values["health"] = map[string]any{"medication": "Ventoline"}
			here.Values["authorisations"] = map[string]any{"outings@anne": map[string]any{"given": true}, "image@anne": map[string]any{"given": true}, "image@paul": map[string]any{"given": true}}
			for _, file := range []family.File{
				{ID: "a", Guardians: []family.Member{guardian("anne", "Anne", "mother", "+33612345601")}, Children: []family.Member{here}, Contacts: []family.Member{aunt("jeanne", "Jeanne")}},
				{ID: "b", Guardians: []family.Member{guardian("paul", "Paul", "father", "+33612345602")}, Children: []family.Member{there}, Contacts: []family.Member{aunt("rose", "Rose")}},
			} {
				f, err := w.Store.CreateFamily(t.Context(), file)
				if err != nil {
					t.Fatal(err)
				}
				if file.ID != booker { // what the other file's court decided counts here too
					h, err := f.Household(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					o := family.Order{ID: "1", Kind: family.MustNotCollect, Person: "Jean Durand", From: "2026-01-01", RecordedAt: town.Now, RecordedBy: "agent"}
					if err := f.RecordOrder(t.Context(), h, o, time.UTC); err != nil {
						t.Fatal(err)
					}
				}
				if err := f.Enrol(t.Context(), booking.Enrolment{ID: file.ID, Child: "lea", Activity: "cantine", Period: w.Activities[0].Season}); err != nil {
					t.Fatal(err)
				}
			}
			w.WriteDay(booker, booking.Day{Place: booking.Place{Date: tuesday, Child: "lea", Activity: "cantine"}, State: booking.Booked})
			w.WriteDay(map[string]string{"a": "b", "b": "a"}[booker], booking.Day{
				Place: booking.Place{Date: tuesday, Child: "lea", Activity: "cantine"}, State: booking.Enrolled, Presence: booking.Unbooked,
			})
			c := only(t, show(w, w.Carer(collectivity.Reader)))
			if c.Family != booker || c.FirstName != "Léa" || healthOf(c.Health) != "Ventoline" || allowed(c) != "image outings" {
				t.Errorf("got %+v", c)
			}
			if got := people(c.Guardians); got != "Anne Petit mother +33612345601, Paul Petit father +33612345602" {
				t.Errorf("guardians %s", got)
			}
			if got := people(c.Collectors); got != "Jeanne Petit +33612345699, Rose Petit +33612345699" {
				t.Errorf("collectors %s", got)
			}
			if got := people(c.NotToCollect); got != "Jean Durand§" {
				t.Errorf("not to be given to %s", got)
			}
		})
	}
}

// TestTheOrdersOfAnotherFileAreOfTheChildrenWhomItShares: of their brothers and sisters its court decided nothing.
func TestTheOrdersOfAnotherFileAreOfTheChildrenWhomItShares(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa", "Noé")
	second := h.Share(h.NewHome("Zoé"))
	o := family.Order{ID: "1", Kind: family.MustNotCollect, Person: "Jean Durand", From: "2026-01-01", RecordedAt: town.Now, RecordedBy: "agent"}
	if err := second.MadeFamily.Store.RecordOrder(t.Context(), second.Household(), o, time.UTC); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for n := range h.Children {
		h.Day(booking.Booking, n, "cantine", "", tuesday)
	}
	for _, c := range show(h.Town, h.Agent(collectivity.Reader)).Children {
		got[c.FirstName] = people(c.NotToCollect)
	}
	if want := map[string]string{"Léa": "Jean Durand§", "Noé": ""}; !maps.Equal(got, want) {
		t.Errorf("not to be given to %v, want %v", got, want)
	}
}

func TestAPhotoIsALinkThatEnds(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	child := town.Child("lea", "Léa", "Martin", "2018-05-04")
	child.Values["photo"] = map[string]any{"photo": "f/portrait"}
	w.AddChildren("f", "cantine", child)
	w.WriteDay("f", booking.Day{Place: booking.Place{Date: tuesday, Child: "lea", Activity: "cantine"}, State: booking.Booked})
	c := only(t, show(w, w.Agent(collectivity.Reader)))
	if !strings.Contains(c.Photo, w.Slug+"/f/portrait-160.jpg") || !strings.Contains(c.Photo, "X-Amz-Signature=") {
		t.Errorf("got %q", c.Photo)
	}
}

// class makes a town with families of one child each, who comes and has a treatment.
func class(t *testing.T, n int) *town.Town {
	t.Helper()
	w := town.New(t)
	town.InParallelUpTo(8, n, func(i int) struct{} {
		id, child := fmt.Sprintf("f%02d", i), town.Child(fmt.Sprintf("c%02d", i), fmt.Sprintf("Léa%02d", i), "Martin", "2018-05-04")
		child.Values["health"] = map[string]any{"medication": "Ventoline"}
		w.AddChildren(id, "cantine", child)
		w.WriteDay(id, booking.Day{Place: booking.Place{Date: tuesday, Child: child.ID, Activity: "cantine"}, State: booking.Booked})
		return struct{}{}
	})
	return w
}

// counted is the handler on a table of which the calls are counted.
func counted(t *testing.T) (h httpapi.Handler, calls func() map[string]int) {
	t.Helper()
	var mu sync.Mutex
	n := map[string]int{}
	front := testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
		mu.Lock()
		defer mu.Unlock()
		n[operation]++
		return ""
	})
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": front}, func() { h = newHandler() })
	return h, func() map[string]int { mu.Lock(); defer mu.Unlock(); return maps.Clone(n) }
}

// TestManyFamiliesAreReadByTwoQueriesEach: the rest is in batches, and every family's consultation is recorded.
func TestManyFamiliesAreReadByTwoQueriesEach(t *testing.T) {
	t.Parallel()
	const n = 35
	w := class(t, n)
	handle, calls := counted(t)
	s := town.Read[api.CareSheet](t, handle, event(w, w.Carer(collectivity.Reader)), 200)
	if len(s.Children) != n || s.Children[34].FirstName != "Léa34" || healthOf(s.Children[34].Health) != "Ventoline" {
		t.Fatalf("%d children", len(s.Children))
	}
	got := calls()
	want := map[string]int{
		"Query":              2*n + 2, // file and orders of each family; the settings and who is enrolled
		"BatchGetItem":       2,       // the right, and the days
		"TransactWriteItems": 2,       // records of 30 families each
		"GetItem":            got["GetItem"],
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	recorded := 0
	for _, a := range w.Audited() {
		if strings.HasPrefix(a, "show-care-sheet family f") {
			recorded++
		}
	}
	if recorded != n {
		t.Errorf("recorded of %d families", recorded)
	}
}

// TestNobodyIsShownWhoseReadingCouldNotBeRecorded: of two records, one fails.
func TestNobodyIsShownWhoseReadingCouldNotBeRecorded(t *testing.T) {
	t.Parallel()
	w := class(t, 31)
	carer := w.Carer(collectivity.Reader)
	var once sync.Once
	front := testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) (refusal string) {
		if operation == "TransactWriteItems" {
			once.Do(func() { refusal = "ValidationException" })
		}
		return refusal
	})
	var h httpapi.Handler
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": front}, func() { h = newHandler() })
	if reply := town.Send(t, h, event(w, carer)); reply.StatusCode != 500 || strings.Contains(fmt.Sprint(reply.Body), "Ventoline") {
		t.Errorf("got %d", reply.StatusCode)
	}
}

func TestAFamilyThatIsGoneIsLeftOut(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.AddChildren("f", "cantine", town.Child("lea", "Léa", "Martin", "2018-05-04"))
	day := booking.Day{Place: booking.Place{Date: tuesday, Child: "lea", Activity: "cantine"}, State: booking.Booked}
	w.WriteDay("f", day)
	day.Child = "nobody"
	w.WriteDay("f", day)
	w.AddChildren("g", "cantine")
	if got := names(show(w, w.Agent(collectivity.Reader))); got != "Léa booked" {
		t.Errorf("got %s", got)
	}
}

func TestWhoGetsNoSheet(t *testing.T) {
	t.Parallel()
	h, elsewhere := booked(t), town.New(t)
	cases := []struct {
		says, query string
		who         account.Account
		want        string
	}{
		{"an agent of the activity", "activity=cantine&date=2026-11-24", h.Scoped(collectivity.Reader, "cantine"), "200 "},
		{"an agent of another activity", "activity=cantine&date=2026-11-24", h.Scoped(collectivity.Manager, "mercredi"), "404 activity_not_found"},
		{"for an activity that does not exist", "activity=vacances&date=2026-11-24", h.Agent(collectivity.Manager), "404 activity_not_found"},
		{"without a day", "activity=cantine", h.Agent(collectivity.Manager), "400 invalid_input"},
		{"for a day that is none", "activity=cantine&date=2026-02-30", h.Agent(collectivity.Manager), "400 invalid_input"},
		{"without an activity", "date=2026-11-24", h.Agent(collectivity.Manager), "400 invalid_input"},
		{"an agent of another collectivity", "activity=cantine&date=2026-11-24", elsewhere.Agent(collectivity.Manager), "404 collectivity_not_found"},
		{"a parent", "activity=cantine&date=2026-11-24", h.Account, "404 collectivity_not_found"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			reply := town.Send(t, newHandler(), town.Query(event(h.Town, c.who), c.query))
			if got := fmt.Sprint(reply.StatusCode, " ", reply.Code()); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestTheFunctionHasTheRightsItNeeds(t *testing.T) {
	h := booked(t)
	h.Give(h.Children[0], "health", map[string]any{"medication": "Ventoline"})
	h.ProposeOf(town.Now, h.Children[0], "health", map[string]any{"advice": "Lunettes"})
	carer := h.Carer(collectivity.Reader)
	town.Rights(t, "show-care-sheet")
	if got := healthOf(only(t, show(h.Town, carer)).Health); got != "Ventoline, Lunettes?" {
		t.Errorf("got %s", got)
	}
}
