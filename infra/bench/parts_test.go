package main

import (
	"strings"
	"testing"
)

func TestPartsAreChosenByName(t *testing.T) {
	t.Parallel()
	for only, want := range map[string]string{
		"":           strings.Join(names(parts), " "),
		"rush":       "rush",
		"year, cold": "year cold",
	} {
		chosen, err := choose(only)
		if got := strings.Join(names(chosen), " "); err != nil || got != want {
			t.Errorf("%q chooses %q, want %q: %v", only, got, want, err)
		}
	}
	if _, err := choose("rush,crush"); err == nil || !strings.Contains(err.Error(), `"crush"`) {
		t.Errorf("a part that is not there: %v", err)
	}
}
