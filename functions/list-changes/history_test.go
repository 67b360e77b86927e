package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/family"
)

type object = map[string]any

// told writes the fields of listed changes: field old→new state.
func told(h town.Home, query ...string) string {
	h.T.Helper()
	var all []string
	for _, c := range list(h, query...).Items {
		for _, f := range c.Fields {
			all = append(all, fmt.Sprintf("%s %v→%v %s", f.Field, f.Old, f.New, f.State))
		}
	}
	return strings.Join(all, ", ")
}

func TestTheHistoryOfAField(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := town.Home{Town: w, MadeFamily: w.Separated("Léa", "Tom")}
	h.Account = w.Subscriber(h.MadeFamily, 0)
	minute := 0
	change := func(member, section string, values object, v *family.Verdict) {
		minute++
		c := h.ProposeOf(town.Now.Add(time.Duration(minute)*time.Minute), member, section, values)
		if v != nil {
			h.Decide(c.ID, *v)
		}
	}
	yes, no := &family.Verdict{Accept: true}, &family.Verdict{Reason: "Ordonnance manquante."}
	lea, tom, anne := h.Children[0], h.Children[1], h.Guardians[0]
	change(lea, "health", object{"medication": "Ventoline", "pai": true}, yes)
	change(lea, "health", object{"medication": "Bricanyl"}, no)
	change(tom, "health", object{"medication": "Doliprane"}, yes)
	change(lea, "health", object{"advice": "Lunettes"}, yes)
	change(lea, "health", object{"medication": nil}, nil)
	change(lea, "authorisations", object{"outings": true}, yes)
	change(lea, "authorisations", object{"outings": false}, nil)
	change(anne, "bank", object{"holder": "Anne", "iban": "FR1420041010050500013M02606"}, yes)
	change(h.Guardians[1], "phones", object{"mobile": "0612345678"}, yes)
	of := func(member, section, field string) []string {
		return []string{"target=" + member, "section=" + section, "field=" + field}
	}
	cases := []struct {
		says  string
		query []string
		want  string
	}{
		{"of a sealed field, newest first, with what is pending and was refused", of(lea, "health", "medication"), "medication Ventoline→<nil> pending, medication Ventoline→Bricanyl refused, pai <nil>→true accepted, medication <nil>→Ventoline accepted"},
		{"of a consent, whoever said it", of(lea, "authorisations", "outings"), "outings@" + anne + " true→false pending, outings@" + anne + " <nil>→true accepted"},
		{"of one's own consent", of(lea, "authorisations", "outings@"+anne), "outings@" + anne + " true→false pending, outings@" + anne + " <nil>→true accepted"},
		{"of another consent", of(lea, "authorisations", "out"), ""},
		{"of bank details, masked", of(anne, "bank", "iban"), "holder <nil>→Anne accepted, iban <nil>→FR•• •••• 2606 accepted"},
		{"of a member", []string{"target=" + tom}, "medication <nil>→Doliprane accepted"},
		{"of a separated adult", of(h.Guardians[1], "phones", "mobile"), ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := told(h, c.query...); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestPapersOfASeparatedAdultAreTheirs: the proposal, its decision and what is changed afterwards.
func TestPapersOfASeparatedAdultAreTheirs(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := town.Home{Town: w, MadeFamily: w.Separated("Léa")}
	h.Account = w.Subscriber(h.MadeFamily, 0)
	notice := h.Join(family.Document, object{"type": "tax_notice", "about": h.Guardians[0]})
	h.ProposeOf(town.Now, notice, "document", object{"validUntil": "2027-01-01"})
	h.AdditionAt(town.Now, family.Document, object{"type": "insurance", "about": h.Children[0]})
	if got := told(h); !strings.Contains(got, "tax_notice") || !strings.Contains(got, "2027-01-01") || !strings.Contains(got, "insurance") {
		t.Errorf("whose they are sees %s", got)
	}
	h.Account = w.Subscriber(h.MadeFamily, 1)
	if got := told(h); strings.Contains(got, "tax_notice") || strings.Contains(got, "2027-01-01") || !strings.Contains(got, "insurance") {
		t.Errorf("the separated parent sees %s", got)
	}
}
