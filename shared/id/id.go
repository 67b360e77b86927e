// Package id makes the names of things: opaque, unguessable, and in the order of their making.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
)

// New is a ULID in lower case: 26 characters whose order is that of time.
func New(now time.Time) string {
	return strings.ToLower(ulid.MustNew(ulid.Timestamp(now), rand.Reader).String())
}

// User names a new Cognito user of an account: <account>.<80 random bits>.
func User(account string) string { return account + "." + strings.ToLower(rand.Text()[:16]) }

// Short names what has few beside it, such as the activities of a town: 40 random bits, so that the keys and attributes it
// stands in stay short.
func Short() string { return strings.ToLower(rand.Text()[:8]) }

// Derived is the same 26 characters for the same parts, and others for others.
func Derived(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return strings.ToLower(base32.HexEncoding.EncodeToString(h.Sum(nil)))[:26]
}
