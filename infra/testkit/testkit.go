// Package testkit gives tests the emulators: the real table, user pool, mailbox and keys of one laptop.
//
// `go run ./infra/local test ./...` starts the whole platform once and hands its coordinates to every test process
// through PREAU_TEST_STACK. Without it (one package run from an editor) the first test of a process starts the
// emulators alone; they end with the process. Tests keep apart by using a collectivity of their own.
package testkit

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"preau/infra/local/emulators"
)

// Resources says where everything is.
type Resources = emulators.Resources

// Stack gives the coordinates of the running stack. The first call of a process also sets its environment as a
// deployed function finds it, with an access key that may do everything, so that handlers run in the test process.
func Stack(t testing.TB) *Resources {
	t.Helper()
	r, err := stack()
	if err != nil {
		t.Fatalf("start the test stack: %v", err)
	}
	return r
}

var stack = sync.OnceValues(func() (*Resources, error) {
	r, err := find()
	if err != nil {
		return nil, err
	}
	for _, variables := range []map[string]string{r.Variables(), r.AWS(emulators.PlatformKey)} {
		for name, value := range variables {
			if err := os.Setenv(name, value); err != nil {
				return nil, err
			}
		}
	}
	return r, os.Unsetenv("AWS_CA_BUNDLE")
})

func find() (*Resources, error) {
	file := os.Getenv(emulators.EnvStack)
	if file == "" {
		return startAlone()
	}
	body, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the platform's coordinates: %w", err)
	}
	var r Resources
	return &r, json.Unmarshal(body, &r)
}

// startAlone starts the emulators without the functions. They end with this process.
func startAlone() (*Resources, error) {
	root, err := emulators.Root()
	if err != nil {
		return nil, err
	}
	s, err := emulators.Start(context.Background(), emulators.Options{
		Modules:  filepath.Join(root, "infra", "local", "emulators"),
		Portal:   "http://portal.preau.localhost",
		Progress: os.Stderr,
	})
	if err != nil {
		return nil, err
	}
	return &s.Resources, nil
}
