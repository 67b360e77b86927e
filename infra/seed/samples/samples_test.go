package samples

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

var write = flag.Bool("write", false, "write the files that are made")

// TestTheFilesAreThoseThatAreMade: go test ./infra/seed/samples -write brings them up to date.
func TestTheFilesAreThoseThatAreMade(t *testing.T) {
	t.Parallel()
	for name, content := range map[string][]byte{"familles-500.csv": Families(500), "ecoles.csv": Schools()} {
		if *write {
			if err := os.WriteFile(name, content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if there, err := os.ReadFile(name); err != nil || !bytes.Equal(there, content) {
			t.Errorf("%s is stale (%v): go test ./infra/seed/samples -write", name, err)
		}
	}
}

func TestTheOneOfWindowsIsNotUTF8(t *testing.T) {
	t.Parallel()
	there, err := os.ReadFile("familles-windows.csv")
	if err != nil || utf8.Valid(there) {
		t.Errorf("it is UTF-8 (%v)", err)
	}
}

func TestFiveHundredFamiliesAreOfEveryShape(t *testing.T) {
	t.Parallel()
	numbers, children, twice := map[string]bool{}, map[string]int{}, 0
	unborn := 0
	for i, line := range strings.Split(strings.TrimSpace(string(Families(500))), "\r\n") {
		if i == 0 {
			continue
		}
		cells := strings.Split(line, ";")
		numbers[cells[0]] = true
		if children[cells[18]]++; children[cells[18]] == 2 {
			twice++
		}
		if cells[21] == "" {
			unborn++
		}
	}
	if len(numbers) != 500 || twice < 20 || unborn < 10 {
		t.Errorf("%d families, %d children of two, %d without a birth date", len(numbers), twice, unborn)
	}
}
