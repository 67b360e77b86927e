// Package phone reads telephone numbers. It stands alone because its library is larger than all the rest of a function:
// only what takes numbers links it.
package phone

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// Read brings a number, French unless it names its country, to E.164: +33612345678. ok is false for what is none.
func Read(text string) (e164 string, ok bool) {
	// The library would read letters as the digits of a keypad, and drop an extension: a number that nobody meant.
	if strings.ContainsFunc(text, unicode.IsLetter) {
		return "", false
	}
	n, err := phonenumbers.Parse(text, "FR")
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}
