// Package web holds the site to its promises in a real browser; the site itself is in public.
package web

import (
	"cmp"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
)

func TestThePagesWorkInABrowser(t *testing.T) {
	t.Parallel()
	if os.Getenv(emulators.EnvStack) == "" {
		t.Skip("needs the whole platform: go run ./infra/local test ./web")
	}
	browser, err := exec.LookPath(cmp.Or(os.Getenv("PREAU_BROWSER"), "chromium"))
	if err != nil {
		t.Skip("needs Chromium: apt install chromium, or its path in PREAU_BROWSER")
	}
	if err := emulators.Install(t.Context(), ".", io.Discard); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("test/*.mjs")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in web/test (%v)", err)
	}
	w, stack := town.New(t), testkit.Stack(t)
	w.Now = time.Now() // the functions' clock: else the code of the family ends with the test's year
	node := exec.CommandContext(t.Context(), "node", append([]string{"--test", "--test-reporter=spec"}, files...)...)
	node.Env = append(os.Environ(),
		"PREAU_PORTAL="+stack.Portal, "PREAU_MAILBOX="+stack.Mailbox, "PREAU_BROWSER="+browser,
		"PREAU_COLLECTIVITY="+w.Slug, "PREAU_CODE="+w.Family("Léa").Codes[0])
	if out, err := node.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
