package keys

import (
	"crypto/hmac"
	"encoding/base64"
	"strconv"
	"strings"
)

// Token is the secret in a mailed link: what it opens, which issue of the link it is, and a 128-bit keyed hash of both.
// It is derived when the mail is sent and checked when it comes back; nothing stores it.
func (s Secret) Token(kind, subject string, issue int) string {
	return subject + "." + strconv.Itoa(issue) + "." + base64.RawURLEncoding.EncodeToString(s.Mac("token", kind, subject, strconv.Itoa(issue)))
}

// ReadToken says what a token of the kind opens; ok is false for anything but the very text that we derived.
func (s Secret) ReadToken(kind, token string) (subject string, issue int, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", 0, false
	}
	issue, err := strconv.Atoi(parts[1])
	if err != nil || !hmac.Equal([]byte(token), []byte(s.Token(kind, parts[0], issue))) {
		return "", 0, false
	}
	return parts[0], issue, true
}
