package arrows

import (
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"preau/infra/catalog"
)

// routed says whether an HTTP route leads to a function.
func routed(name string) bool {
	return slices.ContainsFunc(catalog.Functions, func(f catalog.Function) bool { return f.Name == name && f.HTTP() })
}

// names lists what a folder holds, by a pattern from the root, without folder and extension.
func names(t *testing.T, pattern string) (all []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
	if err != nil || len(found) == 0 {
		t.Fatalf("nothing is there as %s (%v)", pattern, err)
	}
	for _, name := range found {
		all = append(all, strings.TrimSuffix(filepath.Base(name), filepath.Ext(name)))
	}
	return all
}

func catalogued() (all []string) {
	for _, f := range catalog.Functions {
		all = append(all, f.Name)
	}
	return all
}

func TestFoldersEventsAndCatalogNameTheSameFunctions(t *testing.T) {
	t.Parallel()
	folders, events := names(t, "functions/*"), names(t, "events/*.json")
	for _, c := range []struct {
		what      string
		has, want []string
	}{
		{"no folder in functions for %s of the catalog", folders, catalogued()},
		{"no entry in the catalog for functions/%s", catalogued(), folders},
		{"no sample event for %s: write events/%[1]s.json", events, catalogued()},
		{"no function for events/%s.json", catalogued(), events},
	} {
		for _, name := range c.want {
			if !slices.Contains(c.has, name) {
				t.Errorf(c.what, name)
			}
		}
	}
}

func TestEveryFunctionHasItsThreeFiles(t *testing.T) {
	t.Parallel()
	for _, function := range names(t, "functions/*") {
		for _, name := range []string{"main.go", "handler.go", "handler_test.go"} {
			if _, err := os.Stat(filepath.Join(root, "functions", function, name)); err != nil {
				t.Errorf("functions/%s has no %s", function, name)
			}
		}
	}
}

const wiring = 20 // lines of code in a main.go

func TestEveryMainOnlyWires(t *testing.T) {
	t.Parallel()
	for _, f := range sources(t, func(f file) bool { return f.under("functions") && filepath.Base(f.Path) == "main.go" }) {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(f.Path)))
		if err != nil {
			t.Fatal(err)
		}
		if n := linesOfCode(text); n > wiring {
			t.Errorf("%s has %d lines of code, and may have %d", f.Path, n, wiring)
		}
	}
}

// linesOfCode counts the lines that hold more than space and comments.
func linesOfCode(text []byte) int {
	set := token.NewFileSet()
	source := set.AddFile("", set.Base(), len(text))
	var s scanner.Scanner
	s.Init(source, text, nil, 0)
	lines := map[int]bool{}
	for {
		pos, tok, literal := s.Scan()
		if tok == token.EOF {
			return len(lines)
		}
		if tok != token.SEMICOLON || literal == ";" { // else the scanner's own, at a line's end
			lines[source.Line(pos)] = true
		}
	}
}

func TestLinesOfCodeLeaveOutSpaceAndComments(t *testing.T) {
	t.Parallel()
	text := "// Command x.\npackage main\n\n/* two\nlines */\nfunc main() {\n\tgo() // now\n}\n"
	if n := linesOfCode([]byte(text)); n != 4 {
		t.Errorf("counted %d lines of code, want 4", n)
	}
}
