package family_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/phone"
	"preau/shared/refusal"
)

var formats = family.Formats{Today: "2026-11-23", Phone: phone.Read}

// anne is a guardian whose phones moved at version 4.
func anne() family.Member {
	return family.Member{
		ID: "anne", Target: family.Guardian, Household: "h",
		Values: map[string]map[string]any{
			"identity": {"civility": "mme", "firstName": "Anne", "lastName": "Martin", "birthDate": "1985-03-21"},
			"address":  {"street": "1 rue du Bac", "postcode": "35000", "city": "Rennes"},
			"phones":   {"mobile": "+33612345678", "home": "+33299000000"},
		},
		Versions: map[string]int{"phones": 4},
		Pending:  map[string]map[string]string{"identity": {"birthName": "f-1"}},
	}
}

// refusedFields are the fields of a refusal.
func refusedFields(err error) []refusal.Field {
	var no *refusal.Refusal
	if errors.As(err, &no) {
		return no.Fields
	}
	return nil
}

// told writes what became of a proposal: the fields old → new, or the refusal with its fields.
func told(fields []family.FieldChange, err error) string {
	var no *refusal.Refusal
	if errors.As(err, &no) {
		var all []string
		for _, f := range no.Fields {
			all = append(all, f.Field+" "+f.Code)
		}
		if no.Code != "invalid_input" {
			all = append([]string{no.Code}, all...)
		}
		return strings.Join(all, ", ")
	}
	var all []string
	for _, f := range fields {
		all = append(all, fmt.Sprintf("%s %v→%v", f.Field, f.Old, f.New))
	}
	return strings.Join(all, ", ")
}

func TestAProposalKeepsTheTouchedFieldsOrSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	modes := func(of ...string) collectivity.Settings {
		fields := map[string]collectivity.Mode{}
		for i := 0; i < len(of); i += 2 {
			fields[of[i]] = collectivity.Mode(of[i+1])
		}
		return collectivity.Settings{Fields: fields}
	}
	long := strings.Repeat("é", 101)
	type v = map[string]any
	cases := []struct {
		says     string
		settings collectivity.Settings
		section  string
		values   v
		want     string
	}{
		{"only the touched fields are kept", modes(), "phones", v{"mobile": "06 98 76 54 32", "home": "02 99 00 00 00"}, "mobile +33612345678→+33698765432"},
		{"a field that was empty has no old value", modes(), "phones", v{"work": "0299112233"}, "work <nil>→+33299112233"},
		{"null clears a field", modes(), "phones", v{"home": nil}, "home +33299000000→<nil>"},
		{"an empty text clears a field", modes(), "phones", v{"home": "  "}, "home +33299000000→<nil>"},
		{"clearing an empty field changes nothing", modes(), "phones", v{"work": ""}, "values nothing_changes"},
		{"the same number in another form changes nothing", modes(), "phones", v{"mobile": "+33 6 12 34 56 78"}, "values nothing_changes"},
		{"spaces are folded", modes(), "address", v{"street": "  2   rue  du Bac "}, "street 1 rue du Bac→2 rue du Bac"},
		{"several fields come in the section's order", modes(), "address", v{"city": "Dinan", "street": "3 place", "postcode": "22100"}, "street 1 rue du Bac→3 place, postcode 35000→22100, city Rennes→Dinan"},

		{"an unknown field", modes(), "phones", v{"fax": "0299112233"}, "values.fax unknown_field"},
		{"every wrong field is told at once", modes(), "phones", v{"fax": "1", "mobile": "12", "work": true}, "values.fax unknown_field, values.mobile phone_invalid, values.work wrong_type"},
		{"a hidden field", modes("guardian.identity.birthName", "hidden"), "identity", v{"birthName": "Petit"}, "values.birthName field_hidden"},
		{"a field that is only shown", modes("guardian.identity.birthDate", "shown"), "identity", v{"birthDate": "1985-03-22"}, "values.birthDate field_locked"},
		{"a field that the collectivity requires, cleared", modes("guardian.phones.mobile", "required"), "phones", v{"mobile": nil}, "values.mobile required"},
		{"a field that is always required, cleared", modes(), "identity", v{"lastName": " "}, "values.lastName required"},
		{"a required field may be changed", modes("guardian.phones.mobile", "required"), "phones", v{"mobile": "0698765432"}, "mobile +33612345678→+33698765432"},
		{"a number where text belongs", modes(), "phones", v{"mobile": 612345678.0}, "values.mobile wrong_type"},
		{"a list where text belongs", modes(), "phones", v{"mobile": []any{"0612345678"}}, "values.mobile wrong_type"},
		{"an object where text belongs", modes(), "identity", v{"lastName": v{}}, "values.lastName wrong_type"},
		{"a text that is too long", modes(), "address", v{"street": long}, "values.street too_long"},
		{"a hundred characters fit, whatever their bytes", modes(), "address", v{"complement": strings.Repeat("é", 100)}, "complement <nil>→" + strings.Repeat("é", 100)},
		{"a text with a control character", modes(), "address", v{"street": "1 rue\x00du Bac"}, "values.street text_invalid"},
		{"a name without a letter", modes(), "identity", v{"firstName": "42"}, "values.firstName name_invalid"},
		{"a name with markup", modes(), "identity", v{"firstName": "<b>Anne"}, "values.firstName name_invalid"},
		{"a choice that does not exist", modes(), "identity", v{"situation": "complicated"}, "values.situation unknown_value"},
		{"a choice", modes(), "identity", v{"situation": "civil_union"}, "situation <nil>→civil_union"},
		{"a day that does not exist", modes(), "identity", v{"birthDate": "1985-02-30"}, "values.birthDate date_invalid"},
		{"a day in another form", modes(), "identity", v{"birthDate": "21/03/1985"}, "values.birthDate date_invalid"},
		{"a birth date in the future", modes(), "identity", v{"birthDate": "2026-11-24"}, "values.birthDate date_implausible"},
		{"a birth date before anybody living", modes(), "identity", v{"birthDate": "1899-12-31"}, "values.birthDate date_implausible"},
		{"a postcode that is too short", modes(), "address", v{"postcode": "3500"}, "values.postcode postcode_invalid"},
		{"a postcode with letters", modes(), "address", v{"postcode": "3500A"}, "values.postcode postcode_invalid"},
		{"a postcode of no département", modes(), "address", v{"postcode": "00100"}, "values.postcode postcode_invalid"},
		{"an overseas postcode", modes(), "address", v{"postcode": "97400"}, "postcode 35000→97400"},
		{"a phone number that is too short", modes(), "phones", v{"mobile": "06 12"}, "values.mobile phone_invalid"},
		{"a phone number of no range", modes(), "phones", v{"mobile": "00 00 00 00 00"}, "values.mobile phone_invalid"},
		{"letters that some keypads carry", modes(), "phones", v{"mobile": "06 12 APPELE"}, "values.mobile phone_invalid"},
		{"a foreign number names its country", modes(), "phones", v{"mobile": "+32 470 12 34 56"}, "mobile +33612345678→+32470123456"},
		{"a field that waits for a decision", modes(), "identity", v{"birthName": "Petit"}, "field_pending, values.birthName field_pending"},
		{"a field beside one that waits", modes(), "identity", v{"firstName": "Anna"}, "firstName Anne→Anna"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := told(family.Propose(c.settings, anne(), section(t, c.section), 4, c.values, formats)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAStaleVersionIsToldWithBothValues(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says, section string
		version       int
		want          string
	}{
		{"the section moved since", "phones", 3, "version_moved"},
		{"at the version of the move", "phones", 4, "mobile +33612345678→+33698765432"},
		{"another section's move does not count", "address", 1, "street 1 rue du Bac→2 rue du Bac"},
	}
	values := map[string]map[string]any{"phones": {"mobile": "0698765432", "home": "0299000000"}, "address": {"street": "2 rue du Bac"}}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			fields, err := family.Propose(collectivity.Settings{}, anne(), section(t, c.section), c.version, values[c.section], formats)
			if got := told(fields, err); got != c.want {
				t.Fatalf("got %s, want %s", got, c.want)
			}
			var no *refusal.Refusal
			if errors.As(err, &no) {
				if got := fmt.Sprint(no.More["conflicts"]); got != "[{mobile +33612345678 +33698765432}]" {
					t.Errorf("conflicts %s", got)
				}
			}
		})
	}
}

// TestWhateverIsProposedIsWhatDiffers: accepted proposals hold no more and no less than the difference, and applying
// them gives the asked values.
func TestWhateverIsProposedIsWhatDiffers(t *testing.T) {
	t.Parallel()
	numbers := []any{nil, "", "0612345678", "+33 6 12 34 56 78", "0698765432", "0299000000", "02 99 11 22 33"}
	phones, _ := family.SectionOf(family.Guardian, "phones")
	rapid.Check(t, func(t *rapid.T) {
		asked := map[string]any{}
		for _, f := range phones.Fields {
			if f.Kind == family.Phone && rapid.Bool().Draw(t, f.Name) {
				asked[f.Name] = rapid.SampledFrom(numbers).Draw(t, "number")
			}
		}
		m := anne()
		fields, err := family.Propose(collectivity.Settings{}, m, phones, 4, asked, formats)
		got := maps.Clone(m.Values["phones"])
		for _, f := range fields {
			if f.Old == f.New || f.Old != got[f.Field] || f.State != family.Pending {
				t.Fatalf("%+v is no change of %v", f, got)
			}
			got[f.Field] = f.New
		}
		want := applied(m.Values["phones"], asked)
		maps.DeleteFunc(got, func(_ string, v any) bool { return v == nil })
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("(-asked +proposed)\n%s", d)
		}
		if nothing := refusal.Code(err) != ""; nothing != cmp.Equal(want, m.Values["phones"]) {
			t.Fatalf("refused %v for %v on %v", err, asked, m.Values["phones"])
		}
	})
}

// applied is the naive way: every asked value in its place.
func applied(values, asked map[string]any) map[string]any {
	out := maps.Clone(values)
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		typed, _ := asked[name].(string)
		delete(out, name)
		if number, ok := phone.Read(typed); ok {
			out[name] = number
		}
	}
	return out
}
