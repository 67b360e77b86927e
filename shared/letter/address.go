package letter

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"preau/shared/family"
)

// AddressOf is the postal address of a guardian of a file as NF Z 10-011 writes it: what is particular first, the last line in
// capitals without accents or punctuation. ok is false where part of it is missing.
func AddressOf(file family.File, guardian family.Member) (lines []string, ok bool) {
	at := file.Lives(guardian)
	street, postcode, city := at.Text("address", "street"), at.Text("address", "postcode"), at.Text("address", "city")
	if street == "" || postcode == "" || city == "" {
		return nil, false
	}
	if complement := at.Text("address", "complement"); complement != "" {
		lines = append(lines, complement)
	}
	return append(lines, street, capitals(postcode+" "+city)), true
}

// capitals is a line for sorting machines: A to Z, figures and single spaces.
func capitals(s string) string {
	letters := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToUpper(r)
		}
		return ' '
	}, norm.NFD.String(strings.NewReplacer("œ", "oe", "Œ", "OE", "æ", "ae", "Æ", "AE").Replace(s)))
	return strings.Join(strings.Fields(letters), " ")
}
