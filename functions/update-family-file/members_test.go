package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
)

// body is the sample event with a body of its own.
func body(h town.Home, of object) httpapi.Request {
	h.T.Helper()
	if of["version"] == nil {
		of["version"] = h.File().Version
	}
	return town.With(h.T, h.Event("update-family-file", nil), of)
}

func grandma(children ...string) object {
	var all []any
	for _, c := range children {
		all = append(all, c)
	}
	return object{"lastName": "Le Goff", "firstName": "Jeanne", "link": "grand-mère", "phone": "06 12 34 56 78", "collect": true, "children": all}
}

func TestWhoIsAddedOrRemoved(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	separated := town.Home{Town: h.Town, MadeFamily: h.Separated("Tom")}
	separated.Account = h.Subscriber(separated.MadeFamily, 0)
	mamie := h.Join(family.Contact, grandma(h.Children[0]))
	theirs := separated.Join(family.Document, object{"type": "tax_notice", "about": separated.Guardians[1]})
	policy := h.Join(family.Document, object{"type": "insurance", "about": h.Children[0]})
	notice := h.Join(family.Document, object{"type": "tax_notice", "about": h.Guardians[0]})
	edit := func(of string, values object) object {
		return object{"target": of, "section": "document", "values": values}
	}
	cases := []struct {
		says string
		home town.Home
		body object
		want string
	}{
		{"a child's insurance said to be a tax notice", h, edit(policy, object{"type": "tax_notice"}), "400 values.about: guardian_required"},
		{"a tax notice said to be a child's", h, edit(notice, object{"about": h.Children[0]}), "400 values.about: guardian_required"},
		{"a tax notice said to be the other parent's", h, edit(notice, object{"about": h.Guardians[1]}), "202"},
		{"a child", h, object{"add": "child", "values": object{"lastName": "Martin", "firstName": "Noé", "birthDate": "2020-02-29"}}, "202"},
		{"a guardian", h, object{"add": "guardian", "values": object{"lastName": "Petit", "firstName": "Luc"}}, "202"},
		{"a contact", h, object{"add": "contact", "values": grandma(h.Children[0])}, "202"},
		{"a child without what is required, all told at once", h, object{"add": "child", "values": object{"sex": "x"}}, "400 values.birthDate: required values.firstName: required values.lastName: required values.sex: unknown_value"},
		{"a child born tomorrow", h, object{"add": "child", "values": object{"lastName": "Martin", "firstName": "Noé", "birthDate": "2026-11-24"}}, "400 values.birthDate: date_implausible"},
		{"a child with a field of another section", h, object{"add": "child", "values": object{"lastName": "Martin", "firstName": "Noé", "birthDate": "2020-02-29", "allergies": []any{}}}, "400 values.allergies: unknown_field"},
		{"a contact of a child of another family", h, object{"add": "contact", "values": grandma(separated.Children[0])}, "400 values.children[0]: member_unknown"},
		{"a contact of no child", h, object{"add": "contact", "values": grandma()}, "400 values.children: required"},
		{"a contact with nothing", h, object{"add": "contact"}, "400 values.children: required values.firstName: required values.lastName: required values.phone: required"},
		{"a document, which is sent", h, object{"add": "document", "values": object{"type": "insurance"}}, "400 add: unknown_value"},
		{"nothing that there is", h, object{"add": "pet"}, "400 add: unknown_value"},
		{"to add and to edit at once", h, object{"add": "child", "target": h.Children[0], "values": object{}}, "400 add: add_alone"},
		{"to add and to remove at once", h, object{"add": "child", "remove": true}, "400 add: add_alone"},
		{"to remove and to edit at once", h, object{"target": h.Children[0], "remove": true, "section": "identity", "values": object{"sex": "f"}}, "400 remove: remove_alone"},
		{"neither to add nor to edit", h, object{"section": "identity", "values": object{"sex": "f"}}, "400 target: required"},
		{"nobody removed", h, object{"remove": true}, "400 target: required"},
		{"somebody of another family removed", h, object{"target": separated.Children[0], "remove": true}, "400 target: member_unknown"},

		{"a contact removed", h, object{"target": mamie, "remove": true}, "202"},
		{"a child removed, who is enrolled: an agent will see", h, object{"target": h.Children[0], "remove": true}, "202"},
		{"oneself removed", h, object{"target": h.Guardians[0], "remove": true}, "409 remove_yourself target: remove_yourself"},
		{"the other adult of the household removed", h, object{"target": h.Guardians[1], "remove": true}, "202"},
		{"the separated parent removed", separated, object{"target": separated.Guardians[1], "remove": true}, "403 section_not_yours target: section_not_yours"},
		{"the separated parent's paper removed", separated, object{"target": theirs, "remove": true}, "403 section_not_yours target: section_not_yours"},
		{"the separated parent's paper edited", separated, object{"target": theirs, "section": "document", "values": object{"validUntil": "2027-01-01"}}, "403 section_not_yours target: section_not_yours"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			if got := refused(town.Send(t, newHandler(), body(c.home, c.body))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	t.Run("a member waits to be removed once", func(t *testing.T) {
		reply := town.Send(t, newHandler(), body(h, object{"target": mamie, "remove": true}))
		if got := refused(reply); got != "409 field_pending values.removed: field_pending" || reply.Body["change"] == nil {
			t.Errorf("got %s", got)
		}
	})
}

func TestTheLastGuardianStays(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	second := h
	second.Account = h.Subscriber(h.MadeFamily, 1)
	removal := func(h town.Home, guardian int) api.Change {
		return town.Read[api.Change](t, newHandler(), body(h, object{"target": h.Guardians[guardian], "remove": true}), 202)
	}
	mine, theirs := removal(h, 1), removal(second, 0)
	h.Decide(mine.ID, family.Verdict{Accept: true})
	household := h.Household()
	if _, known := household.Member(h.Guardians[1]); known || len(household.Gone.Guardians) != 1 || household.Gone.Guardians[0].Account != "" {
		t.Errorf("who was removed: known %v, gone %+v", known, household.Gone.Guardians)
	}
	if reply := town.Send(t, newHandler(), body(second, object{"target": h.Guardians[0], "section": "phones", "values": object{"mobile": "0612345678"}})); refused(reply) != "404 family_not_found" {
		t.Errorf("who was removed still reaches the file: %s", refused(reply))
	}
	change, by, err := h.MadeFamily.Store.Change(t.Context(), theirs.ID)
	if err != nil {
		t.Fatal(err)
	}
	member, _ := household.Member(h.Guardians[0])
	after, decided, err := change.Decide(member, family.Verdict{Accept: true}, town.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.MadeFamily.Store.DecideChange(t.Context(), household, after, decided, by, "agent", town.Now); fmt.Sprint(err) != family.ErrLastGuardian.Error() {
		t.Errorf("the last guardian may go: %v", err)
	}
}

func TestAFileHoldsSixtyMembersAtMost(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Settings(func(s *collectivity.Settings) {
		s.Sections = map[string]collectivity.Decision{"contact.contact": collectivity.AtOnce}
	})
	add := func() string {
		return refused(town.Send(t, newHandler(), body(h, object{"version": 1, "add": "contact", "values": grandma(h.Children[0])})))
	}
	for n := 3; n < 60; n++ { // two guardians and a child are there
		if got := add(); got != "202" {
			t.Fatalf("number %d: %s", n+1, got)
		}
	}
	if got := add(); got != "409 file_full" {
		t.Errorf("one more: %s", got)
	}
	if n := len(h.File().Members()); n != 60 {
		t.Errorf("%d members", n)
	}
}

func TestOnlyContactsComeAndGoAtOnce(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Settings(func(s *collectivity.Settings) {
		s.Sections = map[string]collectivity.Decision{}
		for _, section := range family.Sections {
			s.Sections[section.Key()] = collectivity.AtOnce
		}
	})
	send := func(of object) api.Change {
		t.Helper()
		return town.Read[api.Change](t, newHandler(), body(h, of), http.StatusAccepted)
	}
	added := send(object{"add": "contact", "values": grandma(h.Children[0])})
	mamie, ok := h.File().Member(added.Target)
	if added.State != "accepted" || !ok || mamie.Value("contact", "collect") != true || mamie.Text("contact", "phone") != "+33612345678" {
		t.Errorf("added %s: %+v", added.State, mamie)
	}
	if c := send(object{"target": added.Target, "section": "contact", "values": object{"collect": false}}); c.State != "accepted" {
		t.Errorf("edited: %s", c.State)
	}
	if c := send(object{"target": added.Target, "remove": true}); c.State != "accepted" || len(h.File().Contacts) != 0 || len(h.Household().Gone.Contacts) != 1 {
		t.Errorf("removed: %s, %d there", c.State, len(h.File().Contacts))
	}
	for says, of := range map[string]object{
		"a child":            {"add": "child", "values": object{"lastName": "Martin", "firstName": "Noé", "birthDate": "2020-02-29"}},
		"a guardian":         {"add": "guardian", "values": object{"lastName": "Petit", "firstName": "Luc"}},
		"a child removed":    {"target": h.Children[0], "remove": true},
		"a guardian removed": {"target": h.Guardians[1], "remove": true},
	} {
		if c := send(of); c.State != "pending" {
			t.Errorf("%s: %s", says, c.State)
		}
	}
	if file := h.File(); len(file.Children) != 1 || len(file.Guardians) != 2 || len(file.Adding) != 2 {
		t.Errorf("the file: %d children, %d guardians, %v", len(file.Children), len(file.Guardians), file.Adding)
	}
	if reply := town.Send(t, newHandler(), body(h, object{"target": added.Target, "section": "contact", "values": object{"phone": "0698765432"}})); refused(reply) != "400 target: member_unknown" {
		t.Errorf("who is gone: %s", refused(reply))
	}
}

// TestAKeyIsOneAddition: ten at once with one key add one child.
func TestAKeyIsOneAddition(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	event := keyed(body(h, object{"add": "child", "values": object{"lastName": "Martin", "firstName": "Noé", "birthDate": "2020-02-29"}}), "6f1b0c1e-8a44-4d5e-9a01-0000000000aa")
	answers := town.InParallel(10, func(int) string { r := town.Send(t, newHandler(), event); return r.Response.Body })
	if slices.Sort(answers); answers[0] != answers[9] || len(h.File().Adding) != 1 {
		t.Errorf("%d children wait: %s", len(h.File().Adding), strings.Join(answers, "\n"))
	}
}
