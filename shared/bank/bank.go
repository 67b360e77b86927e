// Package bank reads bank details by their published formats: IBAN (ISO 13616, lengths and forms of each country's) and BIC
// (ISO 9362).
package bank

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/jbub/banking/iban"
	"github.com/jbub/banking/swift"
)

// ReadIBAN brings an IBAN to capitals without spaces. code says what is wrong with it: its country, its length, its check
// digits, or its form.
func ReadIBAN(text string) (clean, code string) {
	clean = compact(text)
	if strings.Trim(clean, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "", "iban_invalid"
	}
	err := iban.Validate(clean)
	switch {
	case err == nil:
		return clean, ""
	case errors.Is(err, iban.ErrCountryCodeNotPresent), errors.Is(err, iban.ErrCountryCodeNotAlpha):
		return "", "iban_country"
	case errors.Is(err, iban.ErrInvalidBbanLength), errors.Is(err, iban.ErrIbanTooShort):
		return "", "iban_length"
	case errors.Is(err, iban.ErrInvalidCheckDigit), errors.Is(err, iban.ErrInvalidIbanModulo):
		return "", "iban_checksum"
	}
	return "", "iban_invalid"
}

// ReadBIC brings a BIC to capitals without spaces; ok is false for what is none.
func ReadBIC(text string) (clean string, ok bool) {
	clean = compact(text)
	err := swift.Validate(clean)
	if errors.Is(err, swift.ErrCountryCodeNotPresent) && slices.Contains(overseas, clean[4:6]) {
		err = swift.Validate(clean[:4] + "FR" + clean[6:])
	}
	return clean, err == nil
}

// overseas are the territories whose accounts have a French IBAN and whose banks a BIC of their own country code, which the
// library does not know (ISO 13616 register, France).
var overseas = []string{"BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"}

func compact(text string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '.' {
			return -1
		}
		return r
	}, text))
}
