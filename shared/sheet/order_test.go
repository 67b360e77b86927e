package sheet_test

import (
	"slices"
	"testing"

	"preau/shared/sheet"
)

func TestNamesStandInTheOrderOfFrenchLists(t *testing.T) {
	t.Parallel()
	want := []string{"Abel", "Édith", "edmond", "Élie", "Elise", "Élise", "Obel", "Œuvrard", "Ofer", "Zoé"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, sheet.Compare)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
