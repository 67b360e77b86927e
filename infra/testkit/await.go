package testkit

import (
	"testing"
	"time"
)

// Await waits until something has happened, which others do in their own time. It gives up with the test's deadline, or
// after a minute.
func Await(t testing.TB, what string, happened func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !happened(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("a minute went by without %s", what)
		}
	}
}
