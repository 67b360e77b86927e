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
	return subject + "." + strconv.Itoa(issue) + "." + base64.RawURLEncoding.EncodeToString(s.tokenMac(kind, subject, issue))
}

// ReadToken says what a token of the kind opens; ok is false for anything that we did not derive.
func (s Secret) ReadToken(kind, token string) (subject string, issue int, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", 0, false
	}
	mac, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return "", 0, false
	}
	if issue, err = strconv.Atoi(parts[1]); err != nil {
		return "", 0, false
	}
	return parts[0], issue, hmac.Equal(mac, s.tokenMac(kind, parts[0], issue))
}

func (s Secret) tokenMac(kind, subject string, issue int) []byte {
	return s.Mac("token", kind, subject, strconv.Itoa(issue))
}
