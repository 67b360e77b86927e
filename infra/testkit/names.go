package testkit

import (
	"crypto/rand"
	"encoding/hex"
	"testing"
)

// Collectivity gives a slug that no other test uses, in this run or another.
func Collectivity(t testing.TB) string {
	t.Helper()
	return "test-" + unique()
}

// Address gives an e-mail address that no other test uses.
func Address(t testing.TB) string {
	t.Helper()
	return "parent-" + unique() + "@example.org"
}

func unique() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
