package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/id"
	"preau/shared/seal"
	"preau/shared/store"
)

// answer sends decisions and writes their outcomes.
func answer(h town.Home, agent account.Account, decisions ...object) string {
	h.T.Helper()
	return told(town.Read[api.Decided](h.T, newHandler(), decide(h, agent, decisions...), 200))
}

func noe() object {
	return object{"lastName": "Martin", "firstName": "Noé", "birthDate": "2020-05-04", "sex": "m"}
}

func TestAMemberIsAddedWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent := h.Agent(collectivity.Reviewer)
	c := h.AdditionAt(town.Now, family.Child, noe())
	if got := answer(h, agent, accept(c.ID, "lastName"), refuse(c.ID, "Non.", "sex"), refuse(c.ID, "")); got != "pending whole_only, pending whole_only, pending reason_required" {
		t.Errorf("in parts: %s", got)
	}
	if got := answer(h, agent, accept(c.ID)); got != "accepted" {
		t.Fatalf("whole: %s", got)
	}
	file := h.File()
	added, ok := file.Member(c.Target)
	if !ok || added.Name() != "Noé Martin" || added.Text("identity", "sex") != "m" || file.Version != 2 || len(file.Adding) != 0 {
		t.Errorf("the file: %+v, version %d", added, file.Version)
	}
	h.Give(c.Target, "health", object{"medication": "Ventoline"}) // a section of its own can be written
	refused := h.AdditionAt(town.Now, family.Guardian, object{"lastName": "Petit", "firstName": "Luc"})
	if got := answer(h, agent, refuse(refused.ID, "Pas de lien connu.")); got != "refused" || len(h.File().Guardians) != 2 || len(h.File().Adding) != 0 {
		t.Errorf("refused: %s, %d guardians", got, len(h.File().Guardians))
	}
	if got := answer(h, agent, accept(refused.ID), accept(c.ID)); got != "refused change_decided, accepted change_decided" {
		t.Errorf("again: %s", got)
	}
}

func TestWhoMayLeave(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	agent := w.Agent(collectivity.Manager)
	t.Run("not a child who is enrolled", func(t *testing.T) {
		t.Parallel()
		h := w.NewHome("Léa")
		if got := answer(h, agent, accept(h.Removal(h.Children[0]).ID)); got != "pending child_enrolled" || len(h.File().Children) != 1 {
			t.Errorf("got %s", got)
		}
	})
	t.Run("not a child of two files", func(t *testing.T) {
		t.Parallel()
		first := town.Home{Town: w, MadeFamily: w.Separated("Léa")}
		second := first.Share(town.Home{Town: w, MadeFamily: w.Family()})
		c, d := first.Removal(first.Children[0]), town.Home{}
		if got := answer(first, agent, accept(c.ID), refuse(c.ID, "Encore là.")); got != "pending child_shared, refused" {
			t.Errorf("got %s", got)
		}
		if d = second; answer(d, agent, accept(d.Removal(second.Children[0]).ID)) != "pending child_shared" {
			t.Error("from the other file it may")
		}
	})
	t.Run("a contact, and then nothing of theirs is accepted", func(t *testing.T) {
		t.Parallel()
		h := w.NewHome("Léa")
		mamie := h.Join(family.Contact, object{"lastName": "Le Goff", "firstName": "Jeanne", "phone": "0612345678", "children": []any{h.Children[0]}})
		phone := h.ProposeOf(town.Now, mamie, "contact", object{"phone": "0698765432"})
		link := h.ProposeOf(town.Now, mamie, "contact", object{"link": "grand-mère"})
		leaves := h.Removal(mamie)
		if got := answer(h, agent, accept(leaves.ID), accept(phone.ID), refuse(phone.ID, "Cette personne est partie."), accept(link.ID)); got != "accepted, pending member_gone, refused, pending member_gone" {
			t.Errorf("got %s", got)
		}
		queue, _, err := w.Store.QueuedChanges(t.Context(), "", 25)
		waits := slices.DeleteFunc(queue, func(q store.QueuedChange) bool { return q.Family != h.ID })
		if err != nil || len(waits) != 1 || waits[0].ID != link.ID || waits[0].Member.Name() != "Jeanne Le Goff" {
			t.Errorf("agents see %+v, %v", waits, err)
		}
		if household := h.Household(); len(household.Contacts) != 0 || len(household.Gone.Contacts) != 1 || household.Gone.Contacts[0].Text("contact", "phone") != "+33612345678" {
			t.Errorf("gone: %+v", household.Gone.Contacts)
		}
	})
}

// health makes an agent who has the right to health data or not.
func health(w *town.Town, role collectivity.Role, right bool) account.Account {
	w.T.Helper()
	a := w.Agent(role)
	if err := w.Store.AppointAgent(w.T.Context(), collectivity.Agent{Account: a.ID, Name: "Odile Test", Role: role, Health: right}); err != nil {
		w.T.Fatal(err)
	}
	return a
}

func TestHealthIsDecidedByWhoHasTheRight(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	c := h.ProposeOf(town.Now, h.Children[0], "health", object{"medication": "Ventoline", "pai": true})
	pai := h.AdditionAt(town.Now, family.Document, object{"type": "pai", "about": h.Children[0]})
	phones := h.Propose(0, "phones", object{"mobile": "0612345678"})
	with, without := health(h.Town, collectivity.Reviewer, true), health(h.Town, collectivity.Manager, false)
	if got := answer(h, without, accept(c.ID), refuse(c.ID, "Non."), accept(pai.ID), refuse(pai.ID, "Non."), accept(phones.ID)); got != "pending role_missing, pending role_missing, pending role_missing, pending role_missing, accepted" {
		t.Errorf("without: %s", got)
	}
	if got := answer(h, with, accept(c.ID, "pai"), refuse(c.ID, "Ordonnance manquante.", "medication"), accept(pai.ID)); got != "pending, partly, accepted" {
		t.Errorf("with: %s", got)
	}
	lea, _ := h.File().Member(h.Children[0])
	if d := cmp.Diff(object{"pai": true}, lea.Values["health"]); d != "" || len(h.File().Documents) != 1 {
		t.Errorf("the file (-want +got)\n%s", d)
	}
}

func TestASealedFieldThatMovedIsToldToWhoMaySeeItAndRecorded(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	lea := h.Children[0]
	h.Give(lea, "health", object{"medication": "Ventoline"})
	c := h.ProposeOf(town.Now, lea, "health", object{"medication": "Bricanyl"})
	bank := h.Propose(0, "bank", object{"holder": "Anne", "iban": "FR1420041010050500013M02606"})
	imports(h, lea, family.Child, "health", family.FieldChange{Field: "medication", Old: "Ventoline", New: "Flixotide", State: family.Accepted})
	imports(h, h.Guardians[0], family.Guardian, "bank", family.FieldChange{Field: "iban", New: "DE89370400440532013000", State: family.Accepted})
	agent := health(h.Town, collectivity.Reviewer, true)
	got := town.Read[api.Decided](t, newHandler(), decide(h, agent, accept(c.ID), accept(bank.ID)), 200)
	want := []api.Outcome{
		{ID: c.ID, State: "pending", Field: "medication", Code: "field_moved", Detail: family.ErrFieldMoved.Detail, Current: "Flixotide", Proposed: "Bricanyl"},
		{ID: bank.ID, State: "pending", Field: "iban", Code: "field_moved", Detail: family.ErrFieldMoved.Detail, Current: "DE•• •••• 3000", Proposed: "FR•• •••• 2606"},
	}
	if d := cmp.Diff(want, got.Outcomes); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	var read []string
	did, err := h.Town.Store.Audit(t.Context(), "2026-11")
	for _, a := range did {
		if a.Action == "decide-changes" && strings.HasPrefix(a.About, "family") {
			read = append(read, a.What)
		}
	}
	if slices.Sort(read); err != nil || fmt.Sprint(read) != "[child.health guardian.bank]" {
		t.Errorf("recorded %v, %v", read, err)
	}
}

// imports writes a field past any proposal.
func imports(h town.Home, member string, of family.Target, section string, f family.FieldChange) {
	h.T.Helper()
	c := family.Change{ID: h.MadeFamily.Store.ChangeID(id.New(town.Now)), Target: member, Of: of, Section: section, CreatedAt: town.Now, Fields: []family.FieldChange{f}}
	if err := h.MadeFamily.Store.ApplyChange(h.T.Context(), h.Household(), c, "import"); err != nil {
		h.T.Fatal(err)
	}
}

// TestWhatWasProposedBeforeARotationIsAccepted: values are opened by the key that sealed them, and sealed by the new one.
func TestWhatWasProposedBeforeARotationIsAccepted(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	lea, agent := h.Children[0], health(h.Town, collectivity.Reviewer, true)
	h.Give(lea, "health", object{"advice": "Lunettes", "medication": "Ventoline"})
	c := h.ProposeOf(town.Now, lea, "health", object{"medication": "Bricanyl"})
	if _, err := h.Env.Store.RotateKey(t.Context(), h.Slug, town.Now); err != nil {
		t.Fatal(err)
	}
	if got := answer(h, agent, accept(c.ID)); got != "accepted" {
		t.Fatalf("got %s", got)
	}
	h.Env.Store.ByClock(func() time.Time { return town.Now.Add(seal.Settling) }) // it forgets the ring of before
	m, _ := h.File().Member(lea)
	if d := cmp.Diff(object{"advice": "Lunettes", "medication": "Bricanyl"}, m.Values["health"]); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestAnAcceptedQuotientJoinsTheHistoryAndErasesItsProof(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	agent := h.Agent(collectivity.Reviewer)
	send := func(values object) string {
		return answer(h, agent, accept(h.Propose(0, "fiscal", values).ID))
	}
	steps := []struct {
		values object
		want   object
	}{
		{object{"taxReference": "2675A12345678"}, object{"taxReference": "2675A12345678"}},
		{object{"quotient": 812.0, "quotientDate": "2026-01-15"}, object{"quotient": 812.0, "quotientDate": "2026-01-15"}},
		{object{"quotient": 500.5, "quotientDate": "2026-09-01", "taxReference": "2675B12345678"}, object{
			"quotient": 500.5, "quotientDate": "2026-09-01", "quotients": []any{object{"quotient": 812.0, "date": "2026-01-15"}},
		}},
		{object{"quotient": 600.0}, object{
			"quotient": 600.0, "quotientDate": "2026-09-01",
			"quotients": []any{object{"quotient": 812.0, "date": "2026-01-15"}, object{"quotient": 500.5, "date": "2026-09-01"}},
		}},
		{object{"quotientDate": "2026-10-01"}, object{
			"quotient": 600.0, "quotientDate": "2026-10-01",
			"quotients": []any{object{"quotient": 812.0, "date": "2026-01-15"}, object{"quotient": 500.5, "date": "2026-09-01"}},
		}},
	}
	for n, step := range steps {
		if got := send(step.values); got != "accepted" {
			t.Fatalf("step %d: %s", n, got)
		}
		if d := cmp.Diff(step.want, h.Guardian(0).Values["fiscal"]); d != "" {
			t.Errorf("step %d (-want +got)\n%s", n, d)
		}
	}
}

// TestNobodyDecidesForTheirChildsOtherHousehold: an agent who is a parent, of whom the other parent has a file of their own.
func TestNobodyDecidesForTheirChildsOtherHousehold(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	first, second := w.TwoHomes("Léa")
	parent := w.Agent(collectivity.Manager)
	subscribe(second, parent, second.Codes[1])
	c := first.Propose(0, "bank", object{"holder": "Anne", "iban": "FR1420041010050500013M02606"})
	if got := answer(first, parent, accept(c.ID)); got != "own_family" {
		t.Errorf("got %s", got)
	}
	if got := answer(first, w.Agent(collectivity.Manager), accept(c.ID)); got != "accepted" {
		t.Errorf("another: %s", got)
	}
}

// TestADecisionIsRecordedByHashes: the audit says which field changed, from and to what by keyed hashes, and never a value.
func TestADecisionIsRecordedByHashes(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	lea, agent := h.Children[0], health(h.Town, collectivity.Reviewer, true)
	for _, values := range []object{{"medication": "Ventoline"}, {"medication": "Bricanyl"}, {"medication": "Ventoline", "pai": true}} {
		if got := answer(h, agent, accept(h.ProposeOf(town.Now, lea, "health", values).ID)); got != "accepted" {
			t.Fatal(got)
		}
	}
	did, err := h.Town.Store.Audit(t.Context(), "2026-11")
	if err != nil {
		t.Fatal(err)
	}
	hashes := map[string]int{}
	n := 0
	for _, a := range did {
		if a.Action != "decide-changes" {
			continue
		}
		if n++; a.By != agent.ID || a.Family != h.ID || a.Member != lea || a.Section != "health" {
			t.Errorf("got %+v", a)
		}
		for _, f := range a.Fields {
			hashes[f.Field+f.Before]++
			hashes[f.Field+f.After]++
			if f.State != "accepted" || strings.Contains(f.Before+f.After, "Ventoline") || len(f.After) != 32 {
				t.Errorf("got %+v", f)
			}
		}
	}
	// Nothing, Ventoline twice, Bricanyl twice; and the PAI's nothing and yes.
	if n != 3 || len(hashes) != 5 {
		t.Errorf("%d decisions, hashes %v", n, hashes)
	}
}
