package family_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/shared/bank"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/phone"
)

// household is a file of two parents who live together, one who does not, two children, a contact and a paper.
func household() family.File {
	member := func(target family.Target, id, house string, values map[string]map[string]any) family.Member {
		return family.Member{ID: id, Target: target, Household: house, Values: values}
	}
	mother := map[string]map[string]any{"relations": {"lea": "mother", "tom": "mother"}, "address": {"street": "1 rue du Bac"}}
	father := map[string]map[string]any{"relations": {"lea": "father"}}
	return family.File{
		ID: "f", Version: 5,
		Guardians: []family.Member{member(family.Guardian, "anne", "h", mother), member(family.Guardian, "paul", "h", nil), member(family.Guardian, "petit", "other", father)},
		Children:  []family.Member{member(family.Child, "lea", "", nil), member(family.Child, "tom", "", nil)},
		Contacts:  []family.Member{member(family.Contact, "mamie", "", nil)},
		Documents: []family.Member{member(family.Document, "paper", "", nil)},
	}
}

func formatsOf(file family.File, by string) family.Formats {
	return family.Formats{Now: asked, Today: "2026-11-23", File: file, By: by, Phone: phone.Read, IBAN: bank.ReadIBAN, BIC: bank.ReadBIC}
}

// given writes what becomes of one value of a field of anne, Léa, a contact or a paper: how it is kept, or what is wrong.
func given(t *testing.T, section, field string, value any) string {
	t.Helper()
	target, name, _ := strings.Cut(section, ".")
	s, ok := family.SectionOf(family.Target(target), name)
	if !ok {
		t.Fatalf("no section %s", section)
	}
	file := household()
	m := map[family.Target]family.Member{family.Guardian: file.Guardians[0], family.Child: file.Children[0], family.Contact: file.Contacts[0], family.Document: file.Documents[0]}[s.Target]
	// A value that is there, so that clearing it is a change.
	before := "–"
	m.Values = map[string]map[string]any{name: {field: before, field + "@anne": map[string]any{"given": before}}, "relations": m.Values["relations"]}
	fields, err := family.Propose(collectivity.Settings{}, m, s, 5, map[string]any{field: value}, formatsOf(file, "anne"))
	if err != nil {
		return told(nil, err)
	}
	return strings.TrimPrefix(fmt.Sprint(fields[0].New), "<nil>")
}

type (
	object = map[string]any
	list   = []any
)

// many is a list that is longer than any.
func many(one any) list { return slices.Repeat(list{one}, 31) }

func TestEveryKindOfValueIsReadOrSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	text := func(n int) string { return strings.Repeat("é", n) }
	cases := []struct {
		section, field string
		value          any
		want           string
	}{
		{"guardian.identity", "civility", "mme", "mme"},
		{"guardian.identity", "civility", "Mme", "values.civility unknown_value"},
		{"guardian.identity", "civility", 1.0, "values.civility wrong_type"},
		{"guardian.identity", "lastName", "  Le   Goff ", "Le Goff"},
		{"guardian.identity", "lastName", "d’Arc-O'Neill", "d’Arc-O'Neill"},
		{"guardian.identity", "lastName", "", "values.lastName required"},
		{"guardian.identity", "lastName", "12", "values.lastName name_invalid"},
		{"guardian.identity", "lastName", "http://x.example", "values.lastName name_invalid"},
		{"guardian.identity", "birthDate", "2026-11-23", "2026-11-23"},
		{"guardian.identity", "birthDate", "2026-11-24", "values.birthDate date_implausible"},
		{"guardian.identity", "birthDate", "1900-01-01", "values.birthDate date_implausible"},
		{"guardian.identity", "birthDate", "2023-02-29", "values.birthDate date_invalid"},
		{"guardian.identity", "birthDate", "2024-02-29", "2024-02-29"},
		{"guardian.identity", "birthDate", "2024-2-9", "values.birthDate date_invalid"},
		{"guardian.identity", "birthDate", nil, ""},

		{"guardian.relations", "lea", "legal_guardian", "legal_guardian"},
		{"guardian.relations", "lea", "uncle", "values.lea unknown_value"},
		{"guardian.relations", "zoe", "mother", "values.zoe member_unknown"},
		{"guardian.relations", "anne", "mother", "values.anne member_unknown"},

		{"guardian.address", "sameAs", "paul", "paul"},
		{"guardian.address", "sameAs", "petit", "values.sameAs not_housemate"},
		{"guardian.address", "sameAs", "lea", "values.sameAs not_housemate"},
		{"guardian.address", "sameAs", "nobody", "values.sameAs not_housemate"},
		{"guardian.address", "sameAs", "anne", "values.sameAs address_linked"}, // one's own
		{"guardian.address", "sameAs", nil, ""},
		{"guardian.address", "street", "12 bis, rue de l’Église", "12 bis, rue de l’Église"},
		{"guardian.address", "street", "1 rue\u0007", "values.street text_invalid"},
		{"guardian.address", "complement", text(100), text(100)},
		{"guardian.address", "complement", text(101), "values.complement too_long"},
		{"guardian.address", "postcode", "97133", "97133"},
		{"guardian.address", "postcode", "98000", "98000"},
		{"guardian.address", "postcode", "99000", "values.postcode postcode_invalid"},
		{"guardian.address", "postcode", "2A004", "values.postcode postcode_invalid"},
		{"guardian.address", "postcode", "٣٥٠٠٠", "values.postcode postcode_invalid"},
		{"guardian.address", "city", "L’Haÿ-les-Roses", "L’Haÿ-les-Roses"},

		{"guardian.phones", "mobile", "06 12 34 56 78", "+33612345678"},
		{"guardian.phones", "mobile", "+32 470 12 34 56", "+32470123456"},
		{"guardian.phones", "mobile", "06 12 34 56", "values.mobile phone_invalid"},
		{"guardian.phones", "email", "Anne@Example.org", "anne@example.org"},
		{"guardian.phones", "email", "anne@", "values.email email_invalid"},

		{"guardian.fiscal", "beneficiary", "1234567", "1234567"},
		{"guardian.fiscal", "beneficiary", "123 4567 a", "1234567A"},
		{"guardian.fiscal", "beneficiary", "123456", "values.beneficiary beneficiary_invalid"},
		{"guardian.fiscal", "beneficiary", "1234567AB", "values.beneficiary beneficiary_invalid"},
		{"guardian.fiscal", "beneficiary", "12345678", "values.beneficiary beneficiary_invalid"},
		{"guardian.fiscal", "beneficiary", "2 69 05 49 588 157 80", "269054958815780"},
		{"guardian.fiscal", "beneficiary", "2 69 05 49 588 157", "2690549588157"},
		{"guardian.fiscal", "beneficiary", "2 69 05 49 588 157 81", "values.beneficiary beneficiary_invalid"},
		{"guardian.fiscal", "beneficiary", "1 85 05 2A 123 456 33", "185052A12345633"},
		{"guardian.fiscal", "beneficiary", "1 85 05 2B 123 456 60", "185052B12345660"},
		{"guardian.fiscal", "beneficiary", "1 85 05 2B 123 456 33", "values.beneficiary beneficiary_invalid"},
		{"guardian.fiscal", "beneficiary", "1852A05123456", "values.beneficiary beneficiary_invalid"}, // Corsica where the month stands
		{"guardian.fiscal", "beneficiary", "185052C123456", "values.beneficiary beneficiary_invalid"},
		{"guardian.fiscal", "quotient", 812.345, "812.35"},
		{"guardian.fiscal", "quotient", 0.0, "0"},
		{"guardian.fiscal", "quotient", 99999.99, "99999.99"},
		{"guardian.fiscal", "quotient", "1 234,50", "1234.5"},
		{"guardian.fiscal", "quotient", "1\u202f234,50", "1234.5"},
		{"guardian.fiscal", "quotient", "", ""},
		{"guardian.fiscal", "quotient", nil, ""},
		{"guardian.fiscal", "quotient", -1.0, "values.quotient amount_invalid"},
		{"guardian.fiscal", "quotient", 100000.0, "values.quotient amount_invalid"},
		{"guardian.fiscal", "quotient", "812 €", "values.quotient amount_invalid"},
		{"guardian.fiscal", "quotient", "1.234,50", "values.quotient amount_invalid"},
		{"guardian.fiscal", "quotient", "1e3", "values.quotient amount_invalid"},
		{"guardian.fiscal", "quotient", "0x10", "values.quotient amount_invalid"},
		{"guardian.fiscal", "quotient", "-0", "values.quotient amount_invalid"},
		{"guardian.fiscal", "quotient", "NaN", "values.quotient amount_invalid"},
		{"guardian.fiscal", "quotient", "inf", "values.quotient amount_invalid"},
		{"guardian.fiscal", "quotient", ",", "values.quotient amount_invalid"},
		{"guardian.fiscal", "quotient", true, "values.quotient amount_invalid"},
		{"guardian.fiscal", "quotientDate", "2027-01-01", "values.quotientDate date_implausible"},
		{"guardian.fiscal", "quotients", list{}, "values.quotients field_locked"},
		{"guardian.fiscal", "taxReference", "26 75 A 123 456 7890", "values.taxReference tax_invalid"},
		{"guardian.fiscal", "taxReference", "26 75 A12 345 67 8", "2675A12345678"},
		{"guardian.fiscal", "taxReference", "2675a12345678", "2675A12345678"},
		{"guardian.fiscal", "taxReference", "2675-12345678", "values.taxReference tax_invalid"},
		{"guardian.fiscal", "taxReference", "2675É1234567", "values.taxReference tax_invalid"},
		{"guardian.fiscal", "consent", true, "true"},
		{"guardian.fiscal", "consent", "yes", "values.consent wrong_type"},
		{"guardian.fiscal", "consent", nil, ""},

		{"guardian.bank", "holder", "M. ou Mme Martin", "M. ou Mme Martin"},
		{"guardian.bank", "iban", "fr14 2004 1010 0505 0001 3m02 606", "FR1420041010050500013M02606"},
		{"guardian.bank", "iban", "FR1520041010050500013M02606", "values.iban iban_checksum"},
		{"guardian.bank", "iban", "FR1420041010050500013M0260", "values.iban iban_length"},
		{"guardian.bank", "iban", "US1420041010050500013M02606", "values.iban iban_country"},
		{"guardian.bank", "iban", "FR1420041010050500013É02606", "values.iban iban_invalid"},
		{"guardian.bank", "iban", nil, "values.iban required"},
		{"guardian.bank", "bic", "psst fr pp ren", "PSSTFRPPREN"},
		{"guardian.bank", "bic", "PSSTFRP", "values.bic bic_invalid"},
		{"guardian.bank", "rum", "RUM-1", "values.rum field_locked"},

		{"child.identity", "birthPlace", "Paris 12e", "Paris 12e"},
		{"child.identity", "birthDate", nil, "values.birthDate required"},
		{"child.photo", "photo", "photos/1", "values.photo upload_expected"},

		{"child.authorisations", "image", true, "map[at:2026-11-23T08:30:00Z given:true]"},
		{"child.authorisations", "image", false, "map[at:2026-11-23T08:30:00Z given:false]"},
		{"child.authorisations", "image", nil, ""},
		{"child.authorisations", "image", "true", "values.image wrong_type"},
		{"child.authorisations", "image", object{"given": true, "at": "2020-01-01T00:00:00Z"}, "values.image wrong_type"},
		{"child.authorisations", "image@petit", true, "values.image@petit unknown_field"},

		{"child.health", "doctorPhone", "02 99 00 00 00", "+33299000000"},
		{"child.health", "medication", text(500), text(500)},
		{"child.health", "medication", text(501), "values.medication too_long"},
		{"child.health", "pai", false, "false"},
		{"child.health", "diet", list{"no_pork", "vegetarian", "no_pork"}, "[no_pork vegetarian]"},
		{"child.health", "diet", list{"vegetarian", "no_pork"}, "[no_pork vegetarian]"},
		{"child.health", "diet", list{"halal"}, "values.diet[0] unknown_value"},
		{"child.health", "diet", list{"no_pork", 1.0, nil, object{}, list{}}, "values.diet[1] unknown_value, values.diet[2] unknown_value, values.diet[3] unknown_value, values.diet[4] unknown_value"},
		{"child.health", "diet", "no_pork", "values.diet wrong_type"},
		{"child.health", "diet", many("no_pork"), "values.diet too_many"},
		{"child.health", "diet", list{}, ""},
		{"child.health", "allergies", list{object{"allergen": " arachide ", "consequence": "", "treatment": "stylo"}}, "[map[allergen:arachide treatment:stylo]]"},
		{"child.health", "allergies", list{object{"consequence": "œdème"}}, "values.allergies[0].allergen required"},
		{"child.health", "allergies", list{object{"allergen": "lait"}, object{"allergen": 1.0, "dose": "2"}}, "values.allergies[1].allergen wrong_type, values.allergies[1].dose unknown_field"},
		{"child.health", "allergies", list{object{"allergen": "lait", "treatment": text(301)}}, "values.allergies[0].treatment too_long"},
		{"child.health", "allergies", list{"lait"}, "values.allergies[0] wrong_type"},
		{"child.health", "allergies", list{nil}, "values.allergies[0] wrong_type"},
		{"child.health", "allergies", object{"allergen": "lait"}, "values.allergies wrong_type"},
		{"child.health", "allergies", many(object{"allergen": "lait"}), "values.allergies too_many"},
		{"child.health", "allergies", list{object{"allergen": "lait"}, object{"allergen": " ", "treatment": nil}, object{}}, "[map[allergen:lait]]"}, // rows left empty
		{"child.health", "allergies", list{object{}}, ""},
		{"child.health", "vaccinations", list{object{"name": "DTP", "date": "2019-06-01"}}, "[map[date:2019-06-01 name:DTP]]"},
		{"child.health", "vaccinations", list{object{"name": "DTP", "date": "2027-06-01"}}, "values.vaccinations[0].date date_implausible"},

		{"contact.contact", "phone", "", "values.phone required"},
		{"contact.contact", "children", list{"tom", "lea"}, "[lea tom]"},
		{"contact.contact", "children", list{"anne"}, "values.children[0] member_unknown"},
		{"contact.contact", "children", list{}, "values.children required"},
		{"contact.contact", "collect", nil, ""},

		{"document.document", "type", "passport", "values.type unknown_value"},
		{"document.document", "about", "lea", "lea"},
		{"document.document", "about", "petit", "petit"},
		{"document.document", "about", "mamie", "values.about member_unknown"},
		{"document.document", "validUntil", "2030-01-01", "2030-01-01"},
		{"document.document", "validUntil", "2100-01-01", "values.validUntil date_implausible"},
		{"document.document", "file", "documents/1", "values.file upload_expected"},
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("%s.%s %.60v", c.section, c.field, c.value), func(t *testing.T) {
			t.Parallel()
			if got := given(t, c.section, c.field, c.value); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestEveryRefusalOfAValueHasItsWords: a code without a sentence would be shown bare.
func TestEveryRefusalOfAValueHasItsWords(t *testing.T) {
	t.Parallel()
	bad := []any{1.0, "", "x", true, strings.Repeat("x", 600), many("x"), many(object{"x": 1.0}), object{}, list{object{"x": 1.0}}, "2026-11-24", "1\u0007"}
	for _, s := range family.Sections {
		for _, f := range s.Fields {
			for _, value := range bad {
				_, err := family.ProposeMember(collectivity.Settings{}, household(), s, object{f.Name: value}, formatsOf(household(), "anne"))
				for _, no := range refusedFields(err) {
					if no.Detail == "" || no.Code == "" {
						t.Errorf("%s.%s %.40v: %+v", s.Key(), f.Name, value, no)
					}
				}
			}
		}
	}
}

func TestAnAddressIsLinkedToOneThatIsThere(t *testing.T) {
	t.Parallel()
	file := household()
	file.Guardians[1].Values = map[string]map[string]any{"address": {"sameAs": "anne"}}
	address, _ := family.SectionOf(family.Guardian, "address")
	propose := func(of family.Member, by, same string) string {
		fields, err := family.Propose(collectivity.Settings{}, of, address, 5, object{"sameAs": same}, formatsOf(file, by))
		return told(fields, err)
	}
	if got := propose(file.Guardians[0], "anne", "paul"); got != "values.sameAs address_linked" {
		t.Errorf("an address that is itself linked: %s", got)
	}
	if got := propose(file.Guardians[1], "anne", "paul"); got != "values.sameAs address_linked" {
		t.Errorf("a housemate's to itself, by the other: %s", got)
	}
	if got := propose(file.Guardians[0], "paul", "paul"); got != "values.sameAs address_linked" {
		t.Errorf("by the one whose is linked: %s", got)
	}
}

func TestAConsentIsOfWhoGivesIt(t *testing.T) {
	t.Parallel()
	file := household()
	section, _ := family.SectionOf(family.Child, "authorisations")
	cases := []struct {
		says, by string
		child    int
		want     string
	}{
		{"a mother's", "anne", 0, "image@anne <nil>→map[at:2026-11-23T08:30:00Z given:true]"},
		{"a father's who lives elsewhere", "petit", 0, "image@petit <nil>→map[at:2026-11-23T08:30:00Z given:true]"},
		{"not a father's for another's child", "petit", 1, "not_holder, target not_holder"},
		{"not that of somebody of the household who is no parent", "paul", 0, "not_holder, target not_holder"},
		{"nobody's", "", 0, "not_holder, target not_holder"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			fields, err := family.Propose(collectivity.Settings{}, file.Children[c.child], section, 5, object{"image": true}, formatsOf(file, c.by))
			if got := told(fields, err); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	t.Run("said again it changes nothing, whenever", func(t *testing.T) {
		t.Parallel()
		m := file.Children[0]
		m.Values = map[string]map[string]any{"authorisations": {"image@anne": object{"given": true, "at": asked.Add(-time.Hour).Format(time.RFC3339)}}}
		fields, err := family.Propose(collectivity.Settings{}, m, section, 5, object{"image": true}, formatsOf(file, "anne"))
		if got := told(fields, err); got != "values nothing_changes" {
			t.Errorf("got %s", got)
		}
	})
}
