package family_test

import (
	"fmt"
	"strings"
	"testing"

	"preau/shared/family"
)

// known writes what carers know: lait, arachide?; what is only declared has a question mark.
func known(all []family.Known) string {
	var out []string
	for _, k := range all {
		text := fmt.Sprint(k.Value)
		if record, ok := k.Value.(object); ok {
			text = strings.TrimSpace(fmt.Sprint(record["allergen"], " ", record["treatment"]))
			text = strings.TrimSuffix(text, " <nil>")
		}
		if k.Declared {
			text += "?"
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

func TestCarersKnowWhatTheFileHoldsAndWhatWasDeclared(t *testing.T) {
	t.Parallel()
	lait, arachide, pen := object{"allergen": "lait"}, object{"allergen": "arachide"}, object{"allergen": "lait", "treatment": "stylo"}
	cases := []struct {
		says, field   string
		now, declared any
		want          string
	}{
		{"nothing", "allergies", nil, nil, ""},
		{"what the file holds", "allergies", list{lait}, nil, "lait"},
		{"a first allergy, declared", "allergies", nil, list{lait}, "lait?"},
		{"one more", "allergies", list{lait}, list{lait, arachide}, "lait, arachide?"},
		{"another in its place: the one that would go stays", "allergies", list{lait}, list{arachide}, "lait, arachide?"},
		{"another conduct with it: both", "allergies", list{lait}, list{pen}, "lait, lait stylo?"},
		{"a choice", "diet", list{"no_pork"}, list{"no_fish", "no_pork"}, "no_pork, no_fish?"},
		{"a text", "medication", "Ventoline", nil, "Ventoline"},
		{"another text: both", "medication", "Ventoline", "Ventoline, 2 bouffées", "Ventoline, Ventoline, 2 bouffées?"},
		{"a yes, declared after a no", "pai", false, true, "false, true?"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			m := family.Member{Values: map[string]map[string]any{"health": {}}}
			if c.now != nil {
				m.Values["health"][c.field] = c.now
			}
			declared := map[string]any{}
			if c.declared != nil {
				declared[c.field] = c.declared
			}
			if got := known(family.KnownOf(m, "health", c.field, declared)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestWhatOfAChangeDoesNotWait(t *testing.T) {
	t.Parallel()
	removal := []family.FieldChange{{Field: family.Removed, New: true, State: family.Pending}}
	decided := []family.FieldChange{{Field: family.Removed, New: true, State: family.Refused}}
	touched := func(field string, old, new any) []family.FieldChange {
		return []family.FieldChange{{Field: field, Old: old, New: new, State: family.Pending}, {Field: "link", Old: "tante", New: "tata", State: family.Pending}}
	}
	cases := []struct {
		says   string
		change family.Change
		want   string
	}{
		{"a collector taken back, alone of two fields", family.Change{Of: family.Contact, Section: "contact", Fields: touched("collect", true, false)}, "collect"},
		{"a contact of one child less", family.Change{Of: family.Contact, Section: "contact", Fields: touched("children", list{"lea", "tom"}, list{"tom"})}, "children"},
		{"a contact of other children", family.Change{Of: family.Contact, Section: "contact", Fields: touched("children", list{"lea"}, list{"tom"})}, "children"},
		{"not one of one child more", family.Change{Of: family.Contact, Section: "contact", Fields: touched("children", list{"lea"}, list{"lea", "tom"})}, ""},
		{"a contact's removal", family.Change{Kind: family.Removes, Of: family.Contact, Section: family.Membership, Fields: removal}, "removed"},
		{"not one that was refused", family.Change{Kind: family.Removes, Of: family.Contact, Section: family.Membership, Fields: decided}, ""},
		{"not a child's removal", family.Change{Kind: family.Removes, Of: family.Child, Section: family.Membership, Fields: removal}, ""},
		{"not a new contact", family.Change{Kind: family.Adds, Of: family.Contact, Section: "contact", Fields: touched("collect", nil, false)}, ""},
		{"an allergy", family.Change{Of: family.Child, Section: "health", Fields: touched("allergies", nil, list{object{"allergen": "lait"}})}, "allergies"},
		{"not a section that nobody knows", family.Change{Of: family.Child, Section: "secrets", Fields: touched("allergies", nil, list{"lait"})}, ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, d := range family.Urgent(c.change) {
				got = append(got, d.Field)
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %v, want %q", got, c.want)
			}
		})
	}
}

func TestWhoMayCollectAChild(t *testing.T) {
	t.Parallel()
	contact := func(collect any, children ...any) family.Member {
		return family.Member{ID: "mamie", Target: family.Contact, Values: map[string]map[string]any{"contact": {"collect": collect, "children": children}}}
	}
	touches := func(who, field string, old, new any) family.Change {
		return family.Change{Target: who, Of: family.Contact, Section: "contact", Fields: []family.FieldChange{{Field: field, Old: old, New: new, State: family.Pending}}}
	}
	removal := family.Change{
		Kind: family.Removes, Target: "mamie", Of: family.Contact, Section: family.Membership,
		Fields: []family.FieldChange{{Field: family.Removed, New: true, State: family.Pending}},
	}
	cases := []struct {
		says    string
		contact family.Member
		changes []family.Change
		want    string
	}{
		{"a contact of the child who may", contact(true, "lea"), nil, "may"},
		{"of several children", contact(true, "tom", "lea"), nil, "may"},
		{"not of another child", contact(true, "tom"), nil, "no"},
		{"not who may not", contact(false, "lea"), nil, "no"},
		{"not of whom nothing was said", contact(nil, "lea"), nil, "no"},
		{"not whose right is withdrawn", contact(true, "lea"), []family.Change{touches("mamie", "collect", true, false)}, "withdrawn"},
		{"not who is to leave the file", contact(true, "lea"), []family.Change{removal}, "withdrawn"},
		{"not who is to be another child's", contact(true, "lea"), []family.Change{touches("mamie", "children", list{"lea"}, list{"tom"})}, "withdrawn"},
		{"who is to be one more child's", contact(true, "lea"), []family.Change{touches("mamie", "children", list{"lea"}, list{"lea", "tom"})}, "may"},
		{"who is to be another child's no more", contact(true, "lea", "tom"), []family.Change{touches("mamie", "children", list{"lea", "tom"}, list{"lea"})}, "may"},
		{"whose phone changes", contact(true, "lea"), []family.Change{touches("mamie", "phone", "1", "2")}, "may"},
		{"beside another whose right is withdrawn", contact(true, "lea"), []family.Change{touches("papi", "collect", true, false)}, "may"},
		{"not who is to be allowed", contact(false, "lea"), []family.Change{touches("mamie", "collect", false, true)}, "no"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			got := "no"
			switch may, withdrawn := family.Collects(c.contact, "lea", c.changes); {
			case may && withdrawn:
				got = "both"
			case may:
				got = "may"
			case withdrawn:
				got = "withdrawn"
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
