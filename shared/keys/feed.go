package keys

import "strings"

// Calendar is the secret in the link of a calendar feed: it names account and family, so that it is found without a search,
// and the issue that the account's subscription still has to bear.
func (s Secret) Calendar(account, family string, issue int) string {
	return s.Token("calendar", account+"-"+family, issue)
}

// ReadCalendar says whose feed of which family a calendar's secret opens; ok is false for anything that we never derived.
func (s Secret) ReadCalendar(token string) (account, family string, issue int, ok bool) {
	subject, issue, ok := s.ReadToken("calendar", token)
	account, family, _ = strings.Cut(subject, "-")
	return account, family, issue, ok
}
