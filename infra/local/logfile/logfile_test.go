package logfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestALogOfAnEarlierRunIsMarkedAndKeptAndALargeOnePutAside(t *testing.T) {
	t.Parallel()
	for says, c := range map[string]struct {
		before       int // bytes; -1: no log
		marked, gone bool
		aside        bool
	}{
		"no log yet":            {-1, false, true, false},
		"a log as large as may": {most, true, false, false},
		"a larger one":          {most + 1, false, true, true},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "x.log")
			if c.before >= 0 {
				if err := os.WriteFile(file, []byte(strings.Repeat("x", c.before-1)+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := Begin(file); err != nil {
				t.Fatal(err)
			}
			body, err := os.ReadFile(file)
			if os.IsNotExist(err) != c.gone {
				t.Fatalf("the log: %v", err)
			}
			if lines := strings.SplitAfter(string(body), "\n"); c.marked && (len(lines) != 3 || !strings.Contains(lines[1], "the platform starts")) {
				t.Errorf("after its end: %q", lines[1:])
			}
			if _, err := os.Stat(file + ".1"); (err == nil) != c.aside {
				t.Errorf("put aside: %v", err)
			}
		})
	}
}
