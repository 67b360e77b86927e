package keys

import "strings"

// Invitation is the secret in an agent's invitation: it names the collectivity and the invited address by its keyed hash.
func (s Secret) Invitation(slug, address string, issue int) string {
	return s.Token("invitation", address+"-"+slug, issue)
}

// ReadInvitation says what an invitation's secret opens; ok is false for anything that we never derived.
func (s Secret) ReadInvitation(token string) (slug, address string, issue int, ok bool) {
	subject, issue, ok := s.ReadToken("invitation", token)
	address, slug, _ = strings.Cut(subject, "-")
	return slug, address, issue, ok
}
