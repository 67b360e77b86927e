package phone_test

import (
	"testing"

	"preau/shared/phone"
)

func TestANumberIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	cases := []struct{ says, typed, want string }{
		{"French, in groups", "06 12 34 56 78", "+33612345678"},
		{"with dots", "06.12.34.56.78", "+33612345678"},
		{"with its country", "+33 (0)6 12 34 56 78", "+33612345678"},
		{"with the international prefix", "0033612345678", "+33612345678"},
		{"of a landline", "02 99 00 00 00", "+33299000000"},
		{"of Belgium", "+32 470 12 34 56", "+32470123456"},
		{"of La Réunion", "+262 692 12 34 56", "+262692123456"},
		{"too short", "06 12 34", ""},
		{"too long", "06 12 34 56 78 90", ""},
		{"of no range", "00 00 00 00 00", ""},
		{"with letters", "06 12 APPELE", ""},
		{"with an extension", "02 99 00 00 00 poste 12", ""},
		{"empty", "", ""},
		{"a short emergency number", "112", ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got, ok := phone.Read(c.typed); got != c.want || ok != (c.want != "") {
				t.Errorf("got %q %v", got, ok)
			}
		})
	}
}
