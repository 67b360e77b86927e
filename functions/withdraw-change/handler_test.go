package main

import (
	"fmt"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle, httpapi.NoContent)
}

func withdraw(h town.Home, change string) httpapi.Request {
	return h.Event("withdraw-change", map[string]string{"change": change})
}

func answer(r town.Reply) string { return strings.TrimSpace(fmt.Sprint(r.StatusCode, " ", r.Code())) }

// stored reads a change: its state and those of its fields.
func stored(h town.Home, id string) string {
	h.T.Helper()
	c, _, err := h.MadeFamily.Store.Change(h.T.Context(), id)
	if err != nil {
		h.T.Fatal(err)
	}
	all := []string{string(c.State()) + ":"}
	for _, f := range c.Fields {
		all = append(all, string(f.State))
	}
	return strings.Join(all, " ")
}

func TestAWithdrawnChangeLeavesNoTraceInTheFile(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	c := h.Propose(0, "phones", map[string]any{"mobile": "0612345678", "work": "0299000000"})
	other := h.Propose(0, "address", map[string]any{"city": "Dinan"})
	town.Read[api.Nothing](t, newHandler(), withdraw(h, c.ID), 204)
	if got := stored(h, c.ID); got != "withdrawn: withdrawn withdrawn" {
		t.Errorf("the change is %s", got)
	}
	if got := stored(h, other.ID); got != "pending: pending" {
		t.Errorf("another change is %s", got)
	}
	if g := h.Guardian(0); len(g.Pending["phones"]) != 0 || len(g.Values["phones"]) != 0 || h.File().Version != 1 {
		t.Errorf("version %d, pending %v, values %v", h.File().Version, g.Pending, g.Values)
	}
	queue, _, err := h.Town.Store.QueuedChanges(t.Context(), "", 25)
	if err != nil || len(queue) != 1 || queue[0].ID != other.ID {
		t.Errorf("agents see %+v, %v", queue, err)
	}
	h.Propose(0, "phones", map[string]any{"mobile": "0698765432"}) // the field is free again
}

// TestASealedChangeIsWithdrawnUnopened: the function has no way to the keys.
func TestASealedChangeIsWithdrawnUnopened(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Give(h.Children[0], "health", map[string]any{"medication": "Ventoline"})
	c := h.ProposeOf(town.Now, h.Children[0], "health", map[string]any{"medication": "Bricanyl", "pai": true})
	town.Read[api.Nothing](t, newHandler(), withdraw(h, c.ID), 204)
	if got := stored(h, c.ID); got != "withdrawn: withdrawn withdrawn" {
		t.Errorf("the change is %s", got)
	}
	read, _, err := h.MadeFamily.Store.Change(t.Context(), c.ID)
	opened := []family.Change{read}
	if err == nil {
		err = h.MadeFamily.Store.OpenChanges(t.Context(), opened)
	}
	for _, f := range opened[0].Fields {
		if f.Field == "medication" && (f.Old != "Ventoline" || f.New != "Bricanyl") || err != nil {
			t.Errorf("opened: %+v, %v", f, err)
		}
	}
	if lea, _ := h.File().Member(h.Children[0]); lea.Value("health", "medication") != "Ventoline" || len(lea.Pending["health"]) != 0 {
		t.Errorf("the file: %+v", lea)
	}
}

// TestAProposalAboutWhoLeftIsWithdrawn: it can not be accepted any more.
func TestAProposalAboutWhoLeftIsWithdrawn(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := town.Home{Town: w, MadeFamily: w.Separated("Léa")}
	h.Account = w.Subscriber(h.MadeFamily, 0)
	mamie := h.Join(family.Contact, map[string]any{"lastName": "Le Goff", "firstName": "Jeanne", "phone": "0612345678", "children": []any{h.Children[0]}})
	phone := h.ProposeOf(town.Now, mamie, "contact", map[string]any{"phone": "0698765432"})
	father := h.ProposeOf(town.Now, h.Guardians[1], "phones", map[string]any{"mobile": "0698765432"})
	for _, member := range []string{mamie, h.Guardians[1]} {
		h.Decide(h.Removal(member).ID, family.Verdict{Accept: true})
	}
	if got := answer(town.Send(t, newHandler(), withdraw(h, phone.ID))); got != "204" || stored(h, phone.ID) != "withdrawn: withdrawn" {
		t.Errorf("of a contact who left: %s, %s", got, stored(h, phone.ID))
	}
	if got := answer(town.Send(t, newHandler(), withdraw(h, father.ID))); got != "404 change_not_found" {
		t.Errorf("of a separated parent who left: %s", got)
	}
	if queue, _, err := w.Store.QueuedChanges(t.Context(), "", 25); err != nil || len(queue) != 1 || queue[0].ID != father.ID {
		t.Errorf("agents see %+v, %v", queue, err)
	}
}

func TestWhatBecomesOfAWithdrawal(t *testing.T) {
	t.Parallel()
	yes, no := family.Verdict{Accept: true}, family.Verdict{Reason: "Numéro inconnu."}
	one := func(v family.Verdict) family.Verdict { v.Fields = []string{"mobile"}; return v }
	cases := []struct {
		says   string
		before func(h town.Home, change string)
		want   string
		left   string
	}{
		{"it waits", func(town.Home, string) {}, "204", "withdrawn: withdrawn withdrawn"},
		{"it is withdrawn already", func(h town.Home, c string) { town.Send(h.T, newHandler(), withdraw(h, c)) }, "204", "withdrawn: withdrawn withdrawn"},
		{"it is accepted", func(h town.Home, c string) { h.Decide(c, yes) }, "409 change_decided", "accepted: accepted accepted"},
		{"it is refused", func(h town.Home, c string) { h.Decide(c, no) }, "409 change_decided", "refused: refused refused"},
		{"one field is accepted", func(h town.Home, c string) { h.Decide(c, one(yes)) }, "204", "withdrawn: accepted withdrawn"},
		{"one field is refused", func(h town.Home, c string) { h.Decide(c, one(no)) }, "204", "withdrawn: refused withdrawn"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa")
			change := h.Propose(0, "phones", map[string]any{"mobile": "0612345678", "work": "0299000000"}).ID
			c.before(h, change)
			if got := answer(town.Send(t, newHandler(), withdraw(h, change))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if got := stored(h, change); got != c.left {
				t.Errorf("the change is %s, want %s", got, c.left)
			}
		})
	}
}

func TestWhoMayWithdraw(t *testing.T) {
	t.Parallel()
	other := func(h town.Home, n int) town.Home { h.Account = h.Subscriber(h.MadeFamily, n); return h }
	cases := []struct {
		says      string
		separated bool
		by        func(h town.Home) town.Home
		want      string
	}{
		{"who proposed it", true, func(h town.Home) town.Home { return h }, "204"},
		{"the other adult of the household", false, func(h town.Home) town.Home { return other(h, 1) }, "204"},
		{"the separated parent", true, func(h town.Home) town.Home { return other(h, 1) }, "404 change_not_found"},
		{"a stranger", false, func(h town.Home) town.Home { h.Account = h.Citizen(); return h }, "404 family_not_found"},
		{"another family, under its own id", false, func(h town.Home) town.Home { return h.NewHome("Zoé") }, "404 change_not_found"},
		{"a family of another collectivity, under its own id", false, func(h town.Home) town.Home { return town.NewHome(h.T, "Zoé") }, "404 change_not_found"},
		{"a family of another collectivity, under this one's", false, func(h town.Home) town.Home { h.Account = town.NewHome(h.T, "Zoé").Account; return h }, "404 family_not_found"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			w := town.New(t)
			f := w.Family("Léa")
			if c.separated {
				f = w.Separated("Léa")
			}
			h := town.Home{Town: w, MadeFamily: f}
			h.Account = w.Subscriber(f, 0)
			change := h.Propose(0, "phones", map[string]any{"mobile": "0612345678"}).ID
			if got := answer(town.Send(t, newHandler(), withdraw(c.by(h), change))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if waits := stored(h, change) == "pending: pending"; waits != (c.want != "204") {
				t.Errorf("the change is %s", stored(h, change))
			}
		})
	}
}

func TestAnUnknownChangeIsNotFound(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	for _, id := range []string{"unknown", h.ID + "-unknown", h.ID, "#", h.ID + "-" + strings.Repeat("x", 30)} {
		if got := answer(town.Send(t, newHandler(), withdraw(h, id))); got != "404 change_not_found" {
			t.Errorf("%q: %s", id, got)
		}
	}
}

func TestTenWithdrawalsAtOnceAreOne(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	change := h.Propose(0, "phones", map[string]any{"mobile": "0612345678"}).ID
	for _, got := range town.InParallel(10, func(int) string { return answer(town.Send(t, newHandler(), withdraw(h, change))) }) {
		if got != "204" {
			t.Errorf("one was told %s", got)
		}
	}
	if c, _, err := h.MadeFamily.Store.Change(t.Context(), change); err != nil || c.Rev != 1 {
		t.Errorf("written %d times, %v", c.Rev, err)
	}
}

// TestAWithdrawalAndADecisionAtOnce: one of the two counts, and the other is told.
func TestAWithdrawalAndADecisionAtOnce(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	for n := range 10 {
		change := h.Propose(0, "phones", map[string]any{"mobile": fmt.Sprintf("06123456%02d", n)})
		var decided bool
		answers := town.InParallel(2, func(who int) string {
			if who == 0 {
				return answer(town.Send(t, newHandler(), withdraw(h, change.ID)))
			}
			decided = decide(h, change.ID)
			return ""
		})
		want := map[bool]string{true: "accepted: accepted 409 change_decided", false: "withdrawn: withdrawn 204"}[decided]
		if got := stored(h, change.ID) + " " + answers[0]; got != want {
			t.Errorf("decided %v: %s, want %s", decided, got, want)
		}
		if number := h.Guardian(0).Value("phones", "mobile"); decided != (number == change.Fields[0].New) {
			t.Errorf("decided %v: the file has %v of %v", decided, number, change.Fields[0].New)
		}
	}
}

// decide accepts a change if it can, once.
func decide(h town.Home, id string) bool {
	read, by, err := h.MadeFamily.Store.Change(h.T.Context(), id)
	if err != nil {
		return false
	}
	household := h.Household()
	member, _ := household.Member(read.Target)
	after, fields, err := read.Decide(member, family.Verdict{Accept: true}, town.Now)
	if err != nil {
		return false
	}
	return h.MadeFamily.Store.DecideChange(h.T.Context(), household, after, fields, by, "agent", town.Now) == nil
}
