package main

import (
	"os"
	"path/filepath"
	"testing"

	"preau/infra/catalog"
)

func TestEachBinaryBecomesItsFunctionsBootstrap(t *testing.T) {
	t.Parallel()
	binaries, tree := t.TempDir(), t.TempDir()
	for _, f := range catalog.Functions {
		if err := os.WriteFile(filepath.Join(binaries, f.Name), []byte(f.Name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := arrange(binaries, tree); err != nil {
		t.Fatal(err)
	}
	for _, f := range catalog.Functions {
		if got, err := os.ReadFile(filepath.Join(tree, f.Name, "bootstrap")); err != nil || string(got) != f.Name {
			t.Errorf("%s/bootstrap is %q: %v", f.Name, got, err)
		}
	}
}

func TestAFunctionThatWasNotCompiledIsAnError(t *testing.T) {
	t.Parallel()
	if err := arrange(t.TempDir(), t.TempDir()); err == nil {
		t.Error("a function without a binary went unnoticed")
	}
}
