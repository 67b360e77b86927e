package enrolment

import (
	"fmt"
	"strings"
	"testing"
)

// read reads cells that stand in the order of their names, and tells what they say in short.
func read(line string) string {
	cells := strings.Split(line, ";")
	e, code := Read(func(name string) string {
		for i, n := range []string{"activity", "from", "to", "weekdays", "standing", "option"} {
			if n == name && i < len(cells) {
				return cells[i]
			}
		}
		return ""
	}, configuration())
	if code != "" {
		if Detail(code) == "" {
			return code + " is said without a word"
		}
		return code
	}
	return fmt.Sprint(e.Activity, " ", e.Period.From, "/", e.Period.To, " ", e.Weekdays, " ", e.Standing, " ", e.Option)
}

func TestARowIsReadOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ says, row, want string }{
		{"ids", "cantine;2026-12-01;2027-07-02;mon,tue;non;", "cantine 2026-12-01/2027-07-02 [mon tue] false "},
		{"an activity by its name", "Cantine;2026-12-01;2027-07-02;Lun Mar;OUI;", "cantine 2026-12-01/2027-07-02 [mon tue] true "},
		{"weekdays in full", "cantine;2026-12-01;2026-12-02;lundi, mardi;;", "cantine 2026-12-01/2026-12-02 [mon tue] false "},
		{"a formule by its name", "centre du mercredi;2026-12-01;2026-12-02;;oui;journée", "centre 2026-12-01/2026-12-02 [] true jour"},
		{"an archived activity is not called by name", "Ancien centre;2026-12-01;2026-12-02;;;", "Ancien centre 2026-12-01/2026-12-02 [] false "},
		{"nothing but what is needed", "cantine;2026-12-01;2026-12-02", "cantine 2026-12-01/2026-12-02 [] false "},
		{"nothing", "", "cell_missing"},
		{"no activity", ";2026-12-01;2026-12-02;;;", "cell_missing"},
		{"no end", "cantine;2026-12-01;;lun;;", "cell_missing"},
		{"a day that does not exist", "cantine;2026-11-31;2026-12-02;;;", "date_invalid"},
		{"a day that is a word", "cantine;2026-11-30;juillet;;;", "date_invalid"},
		{"a weekday that is none", "cantine;2026-12-01;2026-12-02;lun férié;;", "weekday_invalid"},
		{"weekdays as numbers", "cantine;2026-12-01;2026-12-02;12;;", "weekday_invalid"},
		{"neither yes nor no", "cantine;2026-12-01;2026-12-02;;peut-être;", "standing_invalid"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := read(c.row); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
