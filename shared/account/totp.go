package account

import (
	"crypto/hmac"
	"crypto/sha1" // RFC 6238's default, which every authenticator app supports
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"time"
)

// totpStep is the time step of RFC 6238.
const totpStep = 30

// TOTP is the six-digit code of RFC 6238 for a time step.
func TOTP(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	_ = binary.Write(mac, binary.BigEndian, step)
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[offset:])&0x7fffffff)%1_000_000)
}

// Enrolment is what an authenticator app takes a secret from: the secret as people type it, and the address in a QR code.
func Enrolment(secret []byte, email string) (typed, address string) {
	typed = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	return typed, "otpauth://totp/" + url.PathEscape("Préau:"+email) + "?" + url.Values{"secret": {typed}, "issuer": {"Préau"}}.Encode()
}

// TOTPStep is the time step of an instant.
func TOTPStep(t time.Time) int64 { return t.Unix() / totpStep }

// CheckTOTP finds the step, after the last one used, whose code was given: the current one or a neighbour, as clocks
// drift. It answers false when none fits.
func CheckTOTP(secret []byte, given string, last int64, now time.Time) (int64, bool) {
	current := TOTPStep(now)
	for step := current - 1; step <= current+1; step++ {
		if step > last && subtle.ConstantTimeCompare([]byte(TOTP(secret, step)), []byte(given)) == 1 {
			return step, true
		}
	}
	return 0, false
}
