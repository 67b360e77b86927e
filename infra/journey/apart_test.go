package journey

import (
	"strings"
	"testing"

	"preau/infra/seed"
	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
)

// newParent is one parent with a file of their own.
func newParent(t *testing.T, w *town.Town, civility, firstName string, children ...string) subscriber {
	t.Helper()
	f := seed.Family{Name: firstName, Guardians: []seed.Guardian{{Civility: civility, FirstName: firstName, LastName: "Martin"}}}
	for _, name := range children {
		f.Children = append(f.Children, seed.Child{FirstName: name, LastName: "Martin", BirthDate: "2018-05-04", Activities: []string{"cantine"}})
	}
	made, err := w.AddFamily(t.Context(), w.Store, f, w.Activities)
	if err != nil {
		t.Fatal(err)
	}
	p := subscriber{newBrowser(t), town.Home{Town: w, MadeFamily: made, Account: w.Subscriber(made, 0)}}
	p.token = tokenOf(t, p.Account, "AccessToken")
	return p
}

// child finds one in the file that the parent sees.
func (p subscriber) child(id string) api.Child {
	p.t.Helper()
	for _, c := range p.file().Children {
		if c.ID == id {
			return c
		}
	}
	p.t.Fatalf("the child %s is not in the file", id)
	return api.Child{}
}

// TestSeparatedParentsShareTheirChildAndNothingOfTheirOwn: each has a file; the child is in both. Both see its health and contacts,
// and both have to consent to its image; neither sees bank, address, phones, requests or charges of the other.
func TestSeparatedParentsShareTheirChildAndNothingOfTheirOwn(t *testing.T) {
	t.Parallel()
	w := town.NewNow(t)
	anne, paul := newParent(t, w, "mme", "Anne", "Léa"), newParent(t, w, "m", "Paul")
	agent := office(t, w, w.Carer(collectivity.Reviewer))
	child := anne.Children[0]
	want[api.SharedChild](agent, 201, "POST", "/v1/collectivities/"+w.Slug+"/families/"+paul.ID+"/children", api.ShareChild{
		Child: child, From: anne.ID, Relations: map[string]string{paul.Guardians[0]: "father"},
	})

	parents := []struct {
		subscriber
		iban, street, mobile string
	}{{anne, "FR7630006000011234567890189", "12 rue des Lilas", "0612345678"}, {paul, "FR1420041010050500013M02606", "3 quai Émile-Zola", "0698765432"}}
	for _, p := range parents {
		p.give(p.Guardians[0], "bank", map[string]any{"holder": "Martin", "iban": p.iban})
		p.give(p.Guardians[0], "address", map[string]any{"street": p.street, "postcode": "35000", "city": "Rennes"})
		p.give(p.Guardians[0], "phones", map[string]any{"mobile": p.mobile})
	}
	anne.give(child, "health", map[string]any{"doctor": "Dr Le Goff"})
	want[api.Change](paul.browser, 202, "POST", "/v1/families/"+paul.ID+"/changes", api.NewChange{
		Add: "contact", Version: paul.file().Version, Values: map[string]any{"lastName": "Morvan", "firstName": "Rose", "phone": "0611111111", "children": []any{child}},
	})
	acceptAll(agent, w.Slug)

	for n, p := range parents {
		other := parents[1-n]
		seen := string(p.send("GET", "/v1/families/"+p.ID, nil, nil).body)
		for what, said := range map[string][2]string{
			"bank details": {p.iban[len(p.iban)-4:], other.iban[len(other.iban)-4:]}, "address": {p.street, other.street}, "phone": {"+33" + p.mobile[1:], "+33" + other.mobile[1:]},
		} {
			if !strings.Contains(seen, said[0]) || strings.Contains(seen, said[1]) {
				t.Errorf("%s: sees the own %s %q, or %q of the other household: %s", p.Label, what, said[0], said[1], seen)
			}
		}
		if c := p.child(child); c.Health["doctor"] != "Dr Le Goff" || len(c.Contacts) != 1 || c.Contacts[0]["firstName"] != "Rose" || !c.Shared {
			t.Errorf("%s sees %+v", p.Label, c)
		}
		for _, path := range []string{"", "/requests", "/planning?from=2026-11-01&to=2026-11-02", "/guardians/" + other.Guardians[0] + "/bank"} {
			if r := p.send("GET", "/v1/families/"+other.ID+path, nil, nil); r.status != 404 {
				t.Errorf("%s reaches the other's %s: %d", p.Label, path, r.status)
			}
		}
		if r := p.send("GET", "/v1/families/"+p.ID+"/guardians/"+other.Guardians[0]+"/bank", nil, nil); r.status != 404 {
			t.Errorf("%s reaches the other's bank details through the own file: %d", p.Label, r.status)
		}
	}

	holds := func(says string, given bool) {
		t.Helper()
		for _, p := range []subscriber{anne, paul} {
			if got := p.child(child).Authorisations["image"]; got.Holds != given || !got.Joint {
				t.Errorf("%s: for %s the image is %+v", says, p.Label, got)
			}
		}
	}
	holds("nobody said", false)
	anne.give(child, "authorisations", map[string]any{"image": true})
	acceptAll(agent, w.Slug)
	holds("one said yes", false)
	paul.give(child, "authorisations", map[string]any{"image": true})
	acceptAll(agent, w.Slug)
	holds("both said yes", true)
	paul.give(child, "authorisations", map[string]any{"image": false})
	holds("one takes it back, and nobody has looked at it", false)
}

// TestSeparatedParentsBookTheirOwnDays: whoever asks first has the day; the other sees it booked, and neither who asked nor what
// it costs.
func TestSeparatedParentsBookTheirOwnDays(t *testing.T) {
	t.Parallel()
	w := town.NewNow(t)
	anne, paul := newParent(t, w, "mme", "Anne", "Léa"), newParent(t, w, "m", "Paul")
	paul.Home = anne.Share(paul.Home, "cantine")
	thursday := nextWednesday(w.Activities[2].Season).AddDays(1)
	friday := thursday.AddDays(1)

	parents := []subscriber{anne, paul}
	requests := []api.Request{anne.ask("booking", "cantine", "", thursday), paul.ask("booking", "cantine", "", friday)}
	for n, p := range parents {
		mine, theirs := p.day("cantine", []calendar.Date{thursday, friday}[n]), p.day("cantine", []calendar.Date{friday, thursday}[n])
		if mine.State != "booked" || mine.Charge != "normal" || mine.Request == "" || len(mine.Actions) != 1 {
			t.Errorf("%s: the own day %+v", p.Label, mine)
		}
		if theirs.State != "booked" || theirs.Code != booking.BookedElsewhere || theirs.Reason != "Réservé par l’autre foyer." || len(theirs.Actions) != 0 || theirs.Charge+theirs.Request+theirs.Option != "" {
			t.Errorf("%s: the other's day %+v", p.Label, theirs)
		}
		listed := want[api.List[api.Request]](p.browser, 200, "GET", "/v1/families/"+p.ID+"/requests", nil)
		if len(listed.Items) != 1 || listed.Items[0].ID != requests[n].ID {
			t.Errorf("%s lists %+v", p.Label, listed.Items)
		}
		for _, method := range []string{"GET", "DELETE"} {
			if r := p.send(method, "/v1/families/"+p.ID+"/requests/"+requests[1-n].ID, nil, nil); r.status != 404 {
				t.Errorf("%s: %s the other's request: %d %s", p.Label, method, r.status, r.body)
			}
		}
	}
	item := []api.RequestItem{{Child: paul.Children[0], Activity: "cantine"}}
	for _, kind := range []string{"booking", "absence"} {
		r := paul.send("POST", "/v1/families/"+paul.ID+"/requests", api.Asking{Kind: kind, From: string(thursday), To: string(thursday), Items: item}, nil)
		if r.status != 409 || r.code() != booking.BookedElsewhere || !strings.Contains(string(r.body), "Réservé par l’autre foyer.") {
			t.Errorf("%s of the other's day: %d %s", kind, r.status, r.body)
		}
	}
	anne.ask("absence", "cantine", "", thursday)
	if got := paul.ask("booking", "cantine", "", thursday); got.State != "accepted" {
		t.Errorf("the day that was given back: %+v", got)
	}
	if d := anne.day("cantine", thursday); d.Code != booking.BookedElsewhere || d.State != "booked" {
		t.Errorf("she sees %+v", d)
	}
}
