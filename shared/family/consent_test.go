package family_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/shared/family"
)

// consenting is a child with consents: "image@anne yes, image@paul no".
func consenting(consents string) family.Member {
	values := object{}
	for one := range strings.SplitSeq(consents, ", ") {
		if name, answer, ok := strings.Cut(one, " "); ok {
			values[name] = object{"given": answer == "yes", "at": "2026-09-01T08:00:00Z"}
		}
	}
	return family.Member{ID: "lea", Target: family.Child, Values: map[string]map[string]any{"authorisations": values}}
}

func field(t *testing.T, section, name string) (family.Section, family.Field) {
	t.Helper()
	target, of, _ := strings.Cut(section, ".")
	s, _ := family.SectionOf(family.Target(target), of)
	f, ok := s.Field(name)
	if !ok {
		t.Fatalf("no field %s of %s", name, section)
	}
	return s, f
}

func TestWhenAnAuthorisationHolds(t *testing.T) {
	t.Parallel()
	both := []string{"anne", "paul"}
	cases := []struct {
		says, field, said string
		holders           []string
		declared          string
		want              bool
	}{
		{"joint: nobody said anything", "image", "", both, "", false},
		{"joint: one of two said yes", "image", "image@anne yes", both, "", false},
		{"joint: both said yes", "image", "image@anne yes, image@paul yes", both, "", true},
		{"joint: one said no", "image", "image@anne yes, image@paul no", both, "", false},
		{"joint: the only holder said yes", "image", "image@anne yes", []string{"anne"}, "", true},
		{"joint: nobody holds authority", "image", "image@anne yes", nil, "", false},
		{"joint: somebody who is no holder said no", "image", "image@anne yes, image@step no", []string{"anne"}, "", true},
		{"joint: somebody who is no holder said yes", "image", "image@step yes", []string{"anne"}, "", false},
		{"joint: a yes to something else", "socialMedia", "image@anne yes, image@paul yes", both, "", false},
		{"joint: a no that waits counts already", "image", "image@anne yes, image@paul yes", both, "image@paul no", false},
		{"joint: a consent that is to be cleared counts no more", "image", "image@anne yes, image@paul yes", both, "image@paul cleared", false},
		{"joint: the no of a stranger that waits does not count", "image", "image@anne yes, image@paul yes", both, "image@step no", true},

		{"ordinary: nobody said anything", "outings", "", both, "", false},
		{"ordinary: one of two said yes", "outings", "outings@anne yes", both, "", true},
		{"ordinary: one said yes, the other no", "outings", "outings@anne yes, outings@paul no", both, "", false},
		{"ordinary: one said no", "outings", "outings@anne no", both, "", false},
		{"ordinary: somebody who is no holder said yes", "outings", "outings@step yes", both, "", false},
		{"ordinary: the only yes is withdrawn, and waits", "outings", "outings@anne yes", both, "outings@anne no", false},
		{"ordinary: a new no of the other waits", "outings", "outings@anne yes", both, "outings@paul no", false},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			_, f := field(t, "child.authorisations", c.field)
			declared := map[string]any{}
			if name, answer, ok := strings.Cut(c.declared, " "); ok {
				declared[name] = object{"given": false, "at": "2026-11-23T08:00:00Z"}
				if answer == "cleared" {
					declared[name] = nil
				}
			}
			if got := family.Holds(consenting(c.said), f, c.holders, declared); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestWhoHoldsParentalAuthority(t *testing.T) {
	t.Parallel()
	of := func(id, relation string, changes ...func(*family.Member)) family.Member {
		m := family.Member{ID: id, Target: family.Guardian, Values: map[string]map[string]any{"relations": {"lea": relation, "tom": "other"}}}
		for _, change := range changes {
			change(&m)
		}
		return m
	}
	left := func(m *family.Member) { m.Left = "2026-01-01" }
	court := func(m *family.Member) { m.NoHolder = true }
	barred := func(m *family.Member) { m.Barred = true }
	here := []family.Member{of("mother", "mother"), of("step", "step_parent"), of("gone", "father", left), of("court", "father", court), of("unknown", "")}
	there := []family.Member{of("father", "father"), of("tutor", "legal_guardian"), of("foster", "foster_family"), of("grandma", "grandparent"), of("barred", "father", barred)}
	// Who may not see the file has not lost their authority by that.
	if got := family.Holders("lea", here, there); !slices.Equal(got, []string{"mother", "father", "tutor", "barred"}) {
		t.Errorf("got %v", got)
	}
	if got := family.Holders("tom", here, there); len(got) > 0 {
		t.Errorf("of another child: %v", got)
	}
}

func TestWhatCarersSeeBeforeAnAgentDecides(t *testing.T) {
	t.Parallel()
	yes, no := object{"given": true, "at": "1"}, object{"given": false, "at": "2"}
	lait, arachide := object{"allergen": "lait"}, object{"allergen": "arachide"}
	cases := []struct {
		says, section, field string
		old, new             any
		want                 bool
	}{
		{"a consent that is withdrawn", "child.authorisations", "image@anne", yes, no, true},
		{"a consent that is cleared", "child.authorisations", "image@anne", yes, nil, true},
		{"a no where nobody said anything", "child.authorisations", "outings@anne", nil, no, true},
		{"not a consent that is given", "child.authorisations", "image@anne", nil, yes, false},
		{"not a consent that is given again", "child.authorisations", "image@anne", no, yes, false},

		{"a collector who may collect no more", "contact.contact", "collect", true, false, true},
		{"a collector, cleared", "contact.contact", "collect", true, nil, true},
		{"not somebody who may collect from now on", "contact.contact", "collect", false, true, false},
		{"not a contact's phone", "contact.contact", "phone", "+33612345678", "+33698765432", false},

		{"a first allergy", "child.health", "allergies", nil, list{lait}, true},
		{"one more allergy", "child.health", "allergies", list{lait}, list{lait, arachide}, true},
		{"another allergy in place of one", "child.health", "allergies", list{lait}, list{arachide}, true},
		{"another conduct with an allergy", "child.health", "allergies", list{lait}, list{object{"allergen": "lait", "treatment": "stylo"}}, true},
		{"not an allergy less", "child.health", "allergies", list{lait, arachide}, list{arachide}, false},
		{"not allergies in another order", "child.health", "allergies", list{lait, arachide}, list{arachide, lait}, false},
		{"not allergies that are cleared", "child.health", "allergies", list{lait}, nil, false},
		{"a treatment", "child.health", "medication", nil, "Ventoline", true},
		{"another treatment", "child.health", "medication", "Ventoline", "Ventoline, 2 bouffées", true},
		{"not a treatment that says less", "child.health", "medication", "Ventoline, 2 bouffées", "Ventoline", false},
		{"not a treatment that ends", "child.health", "medication", "Ventoline", nil, false},
		{"a PAI", "child.health", "pai", nil, true, true},
		{"a PAI, said no before", "child.health", "pai", false, true, true},
		{"not the end of a PAI", "child.health", "pai", true, false, false},
		{"what is not eaten", "child.health", "diet", list{"no_pork"}, list{"no_pork", "no_fish"}, true},
		{"not what is eaten again", "child.health", "diet", list{"no_pork", "no_fish"}, list{"no_fish"}, false},
		{"advice", "child.health", "advice", "Lunettes", "Appareil auditif", true},
		{"not a doctor", "child.health", "doctor", "Dr Petit", "Dr Grand", false},
		{"not a vaccination", "child.health", "vaccinations", nil, list{object{"name": "DTP"}}, false},
		{"not a name", "child.identity", "lastName", "Martin", "Morel", false},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s, _ := field(t, c.section, c.field)
			change := family.Change{Target: "lea", Of: s.Target, Section: s.Name, Fields: []family.FieldChange{{Field: c.field, Old: c.old, New: c.new, State: family.Pending}}}
			declared := family.Declared(s, []family.Change{change}, "lea")
			value, got := declared[c.field]
			if got != c.want || got && fmt.Sprint(value) != fmt.Sprint(c.new) {
				t.Errorf("declared %v", declared)
			}
			for says, other := range map[string]func(*family.Change){
				"of another member":    func(o *family.Change) { o.Target = "tom" },
				"of another section":   func(o *family.Change) { o.Section = "identity!" },
				"that was accepted":    func(o *family.Change) { o.Fields[0].State = family.Accepted },
				"that was refused":     func(o *family.Change) { o.Fields[0].State = family.Refused },
				"that was withdrawn":   func(o *family.Change) { o.Fields[0].State = family.Withdrawn },
				"of a member proposed": func(o *family.Change) { o.Kind = family.Adds },
			} {
				o := change
				o.Fields = slices.Clone(change.Fields)
				other(&o)
				if declared := family.Declared(s, []family.Change{o}, "lea"); len(declared) > 0 {
					t.Errorf("%s: declared %v", says, declared)
				}
			}
		})
	}
}

func TestAWithdrawalThatWaitsEndsAJointConsent(t *testing.T) {
	t.Parallel()
	s, f := field(t, "child.authorisations", "image")
	child, holders := consenting("image@anne yes, image@paul yes"), []string{"anne", "paul"}
	no := family.Change{Target: "lea", Of: family.Child, Section: "authorisations", Fields: []family.FieldChange{
		{Field: "image@paul", Old: child.Value("authorisations", "image@paul"), New: object{"given": false, "at": "now"}, State: family.Pending},
	}}
	for says, c := range map[string]struct {
		change family.Change
		holds  bool
	}{
		"waits":     {no, false},
		"accepted":  {no.Accept(), true}, // the file has it then
		"withdrawn": {func() family.Change { c, _ := no.Withdraw(later); return c }(), true},
	} {
		if got := family.Holds(child, f, holders, family.Declared(s, []family.Change{c.change}, "lea")); got != c.holds {
			t.Errorf("%s: holds %v", says, got)
		}
	}
}
