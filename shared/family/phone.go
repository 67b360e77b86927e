package family

import "github.com/nyaruka/phonenumbers"

// readPhone brings a phone number, French unless it names its country, to E.164: +33612345678.
func readPhone(text string) (any, string) {
	n, err := phonenumbers.Parse(text, "FR")
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return nil, "phone_invalid"
	}
	return phonenumbers.Format(n, phonenumbers.E164), ""
}
