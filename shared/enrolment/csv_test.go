package enrolment

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"preau/shared/refusal"
)

const head = "family;child;activity;from;to;weekdays;standing;option\n"

// told is a row in short.
func told(r Row) string {
	if r.Code != "" {
		return fmt.Sprint(r.Line, " ", r.Code)
	}
	return fmt.Sprint(r.Line, " ", r.Family, " ", r.Child, " ", r.Activity, " ", r.Period.From, "/", r.Period.To, " ", r.Weekdays, " ", r.Standing, " ", r.Option)
}

func TestEachLineIsReadOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	cases := []struct{ says, file, want string }{
		{"a line", head + "f;c;cantine;2026-12-01;2027-07-02;mon,tue;non;\n", "2 f c cantine 2026-12-01/2027-07-02 [mon tue] false "},
		{"as a French spreadsheet writes it", "\uFEFF" + strings.ReplaceAll(head+"f;c;Cantine;1/12/2026;02/07/2027;Lun Mar;OUI;\n", "\n", "\r\n"), "2 f c cantine 2026-12-01/2027-07-02 [mon tue] true "},
		{"commas, and columns in another order", "child,family,from,to,activity\nc,f,2026-12-01,2026-12-02,cantine\n", "2 f c cantine 2026-12-01/2026-12-02 [] false "},
		{"commas within quotes", "family,child,activity,from,to,weekdays\nf,c,cantine,2026-12-01,2026-12-02,\"lundi, mardi\"\n", "2 f c cantine 2026-12-01/2026-12-02 [mon tue] false "},
		{"a formule by its name", head + "f;c;centre du mercredi;2026-12-01;2026-12-02;;oui;journée\n", "2 f c centre 2026-12-01/2026-12-02 [] true jour"},
		{"an archived activity is not called by name", head + "f;c;Ancien centre;2026-12-01;2026-12-02;;;\n", "2 f c Ancien centre 2026-12-01/2026-12-02 [] false "},
		{"a short line", head + "f;c;cantine;2026-12-01;2026-12-02\n", "2 f c cantine 2026-12-01/2026-12-02 [] false "},
		{"empty lines are none", head + "\n\nf;c;cantine;2026-12-01;2026-12-02\n\n", "4 f c cantine 2026-12-01/2026-12-02 [] false "},
		{"a line of nothing but semicolons", head + ";;;;;;;\n", "2 cell_missing"},
		{"no child", head + "f; ;cantine;2026-12-01;2026-12-02;;;\n", "2 cell_missing"},
		{"too many cells", head + "f;c;cantine;2026-12-01;2026-12-02;;;;x\n", "2 cell_extra"},
		{"a day that does not exist", head + "f;c;cantine;31/11/2026;2026-12-02;;;\n", "2 date_invalid"},
		{"an American day", head + "f;c;cantine;12/31/2026;2026-12-02;;;\n", "2 date_invalid"},
		{"a weekday that is none", head + "f;c;cantine;2026-12-01;2026-12-02;lun férié;;\n", "2 weekday_invalid"},
		{"weekdays as numbers", head + "f;c;cantine;2026-12-01;2026-12-02;12;;\n", "2 weekday_invalid"},
		{"neither yes nor no", head + "f;c;cantine;2026-12-01;2026-12-02;;peut-être;\n", "2 standing_invalid"},
		{"a quote within a cell, and the next line", head + "f;l\"ea;cantine;2026-12-01;2026-12-02;;;\nf;c;cantine;2026-12-01;2026-12-02;;;\n", "2 line_unreadable, 3 f c cantine 2026-12-01/2026-12-02 [] false "},
		{"a quote that never ends", head + "f;c;cantine;2026-12-01;2026-12-02;;;\n\"f;c;cantine;2026-12-01;2026-12-02;;;\n", "2 f c cantine 2026-12-01/2026-12-02 [] false , 3 line_unreadable"},
		{"no line", head, ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			rows, err := ReadCSV(c.file, configuration())
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, r := range rows {
				if all = append(all, told(r)); r.Code != "" && Detail(r.Code) == "" {
					t.Errorf("%s is refused without a word", r.Code)
				}
			}
			if got := strings.Join(all, ", "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAFileThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	row := "f;c;cantine;2026-12-01;2026-12-02\n"
	cases := []struct{ says, file, want string }{
		{"nothing", "", "required"},
		{"no columns", row, "column_unknown"},
		{"a column that is not there", strings.Replace(head, "option", "prix", 1), "column_unknown"},
		{"a column twice", strings.Replace(head, "option", "child", 1), "column_unknown"},
		{"a column missing", strings.Replace(head, "from;", "", 1), "column_missing"},
		{"a thousand and one lines", head + strings.Repeat(row, 1001), "too_many_rows"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			_, err := ReadCSV(c.file, configuration())
			var no *refusal.Refusal
			if !errors.As(err, &no) || len(no.Fields) != 1 || no.Fields[0].Code != c.want || no.Fields[0].Field != "csv" {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	if rows, err := ReadCSV(head+strings.Repeat(row, 1000), configuration()); err != nil || len(rows) != 1000 {
		t.Errorf("a thousand lines: %d, %v", len(rows), err)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add(head + "f;c;cantine;2026-12-01;2027-07-02;mon,tue;non;\n")
	f.Add("child,family,from,to,activity\n\"c\n\"\"\",f,2026-12-01,2026-12-02,cantine\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := ReadCSV(text, configuration())
		if err != nil && refusal.Code(err) == "" {
			t.Errorf("a fault: %v", err)
		}
		for i, r := range rows {
			if r.Line < 2 || i > 0 && r.Line <= rows[i-1].Line {
				t.Errorf("line %d follows %d", r.Line, rows[max(0, i-1)].Line)
			}
		}
	})
}
