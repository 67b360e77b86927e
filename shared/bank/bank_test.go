package bank_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"preau/shared/bank"
)

// published are the example IBANs of the register that SWIFT keeps for ISO 13616: those of all countries of SEPA, and some more.
var published = strings.Fields(`
	AD1200012030200359100100 AL47212110090000000235698741 AT611904300234573201 BE68539007547034 BG80BNBG96611020345678 CH9300762011623852957
	CY17002001280000001200527600 CZ6508000000192000145399 DE89370400440532013000 DK5000400440116243 EE382200221020145685 ES9121000418450200051332
	FI2112345600000785 FR1420041010050500013M02606 GB29NWBK60161331926819 GI75NWBK000000007099453 GR1601101250000000012300695 HR1210010051863000160
	HU42117730161111101800000000 IE29AIBK93115212345678 IS140159260076545510730339 IT60X0542811101000000123456 LI21088100002324013AA
	LT121000011101001000 LU280019400644750000 LV80BANK0000435195001 MC5811222000010123456789030 MD24AG000225100013104168 ME25505000012345678951
	MK07250120000058984 MT84MALT011000012345MTLCAST001S NL91ABNA0417164300 NO9386011117947 PL61109010140000071219812874 PT50000201231234567890154
	RO49AAAA1B31007593840000 RS35260005601001611379 SE4550000000058398257466 SI56263300012039086 SK3112000000198742637541 SM86U0322509800000000270100
	VA59001123000012345678 TN5910006035183598478831`)

func TestEveryPublishedIBANIsTaken(t *testing.T) {
	t.Parallel()
	for _, iban := range published {
		if clean, code := bank.ReadIBAN(iban); clean != iban || code != "" {
			t.Errorf("%s: read as %q, %s", iban, clean, code)
		}
	}
}

func TestAnIBANIsReadAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	const clean = "FR1420041010050500013M02606"
	for says, typed := range map[string]string{
		"in groups of four":             "FR14 2004 1010 0505 0001 3M02 606",
		"in small letters":              "fr1420041010050500013m02606",
		"with spaces that do not break": "FR14\u00a02004\u202f1010 0505\t0001 3M02 606\n",
		"with dots and hyphens":         "FR14.2004.1010-0505-0001-3M02-606",
	} {
		if got, code := bank.ReadIBAN(typed); got != clean || code != "" {
			t.Errorf("%s: %q, %s", says, got, code)
		}
	}
}

func TestAnIBANThatCanNotBeOneSaysWhy(t *testing.T) {
	t.Parallel()
	cases := []struct{ says, typed, code string }{
		{"a wrong check digit", "FR1520041010050500013M02606", "iban_checksum"},
		{"two figures swapped", "FR1420041010050500013M02660", "iban_checksum"},
		{"a figure mistyped", "DE89370400440532013001", "iban_checksum"},
		{"check digits that only look right: 00 to 01 and 99 are never used", "FI9912345600000785", "iban_checksum"},
		{"a figure missing", "FR1420041010050500013M0260", "iban_length"},
		{"a figure too many", "FR1420041010050500013M026066", "iban_length"},
		{"the length of another country", "FR89370400440532013000", "iban_length"},
		{"nothing", "", "iban_length"},
		{"a country alone", "FR", "iban_length"},
		{"no such country", "XX1420041010050500013M02606", "iban_country"},
		{"a country without IBANs", "US1420041010050500013M02606", "iban_country"},
		{"figures where the country stands", "1214200410100505000130260", "iban_country"},
		{"a letter in the bank's code", "FR14A0041010050500013M02606", "iban_invalid"},
		{"a letter with an accent", "FR1420041010050500013É02606", "iban_invalid"},
		{"a character that can not be seen", "FR14200410100505\u200b00013M02606", "iban_invalid"},
		{"a figure of another script", "FR1420041010050500013M0260\u0666", "iban_invalid"},
		{"markup", "FR14<b>20041010050500013M02606", "iban_invalid"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if clean, code := bank.ReadIBAN(c.typed); code != c.code || clean != "" {
				t.Errorf("got %q, %q, want %q", clean, code, c.code)
			}
		})
	}
}

// TestASlipOfThePenIsNeverTaken: any figure in place of another, and any two neighbours swapped.
func TestASlipOfThePenIsNeverTaken(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		iban := []byte(rapid.SampledFrom(published).Draw(t, "iban"))
		at := rapid.IntRange(2, len(iban)-2).Draw(t, "at")
		slip := append([]byte(nil), iban...)
		if isFigure(iban[at]) && rapid.Bool().Draw(t, "another figure") {
			slip[at] = byte(rapid.IntRange('0', '9').Draw(t, "figure"))
		} else {
			slip[at], slip[at+1] = slip[at+1], slip[at]
		}
		if string(slip) == string(iban) {
			return
		}
		if _, code := bank.ReadIBAN(string(slip)); code == "" {
			t.Fatalf("%s for %s is taken", slip, iban)
		}
	})
}

func isFigure(b byte) bool { return '0' <= b && b <= '9' }

func TestABICIsReadOrRefused(t *testing.T) {
	t.Parallel()
	cases := []struct{ says, typed, want string }{
		{"of eight characters", "BNPAFRPP", "BNPAFRPP"},
		{"of eleven", "PSSTFRPPREN", "PSSTFRPPREN"},
		{"with figures in its place and branch", "DEUTDE5M500", "DEUTDE5M500"},
		{"in small letters and groups", " bnpa fr pp xxx ", "BNPAFRPPXXX"},
		{"of an overseas territory, which has its own code", "BNPAGPGX", "BNPAGPGX"},
		{"of one in the Pacific, with its branch", "BNPANCNXXXX", "BNPANCNXXXX"},
		{"of an overseas territory, with a branch that can not be", "BNPAGPGX<b>", ""},
		{"of seven characters", "BNPAFRP", ""},
		{"of nine", "BNPAFRPPX", ""},
		{"of twelve", "BNPAFRPPXXXX", ""},
		{"of no country", "BNPAXXPP", ""},
		{"with a figure in its country", "BNPA1RPP", ""},
		{"with an accent", "BNPÉFRPP", ""},
		{"an IBAN", "FR1420041010050500013M02606", ""},
		{"nothing", "", ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got, ok := bank.ReadBIC(c.typed); ok != (c.want != "") || ok && got != c.want {
				t.Errorf("got %q, %v", got, ok)
			}
		})
	}
}
