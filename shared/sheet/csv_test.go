package sheet_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"preau/shared/calendar"
	"preau/shared/sheet"
)

// written is a table of one column as CSV, without its mark and heading.
func written(t *testing.T, cells ...sheet.Cell) string {
	t.Helper()
	table := sheet.Table{Columns: []sheet.Column{{Name: "Nom"}}}
	for _, c := range cells {
		table.Rows = append(table.Rows, []sheet.Cell{c})
	}
	out, err := table.CSV()
	if err != nil {
		t.Fatal(err)
	}
	body, ok := strings.CutPrefix(string(out), "\ufeffNom\r\n")
	if !ok {
		t.Fatalf("it begins %q", out)
	}
	return body
}

func TestACellIsWrittenAsSpreadsheetsReadIt(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says string
		cell sheet.Cell
		want string
	}{
		{"a text is itself", sheet.Text("Zoë Œuvrard"), "Zoë Œuvrard"},
		{"a semicolon is quoted", sheet.Text("lait ; œufs"), `"lait ; œufs"`},
		{"a comma is not", sheet.Text("lait, œufs"), "lait, œufs"},
		{"quotes are doubled", sheet.Text(`dit "Tom"`), `"dit ""Tom"""`},
		{"a line break stays in its cell", sheet.Text("lait\nœufs"), "\"lait\r\nœufs\""},
		{"a formula is text", sheet.Text(`=HYPERLINK("http://x.example")`), `"'=HYPERLINK(""http://x.example"")"`},
		{"a sum is text", sheet.Text("@SUM"), "'@SUM"},
		{"a difference is text", sheet.Text("-2+3"), "'-2+3"},
		{"a telephone number is text", sheet.Text("+33612345678"), "'+33612345678"},
		{"a formula behind a tabulator is text", sheet.Text("\t=1"), "'\t=1"},
		{"a formula behind a line break is text", sheet.Text("\r=1"), `"'=1"`},
		{"a formula behind spaces is text", sheet.Text(" \u00a0=1"), "' \u00a0=1"},
		{"a wide formula is text", sheet.Text("＝1+1"), "'＝1+1"},
		{"a sign within a text is only a sign", sheet.Text("Jean-Luc"), "Jean-Luc"},
		{"a number below zero is a number", sheet.Number(-2), "-2"},
		{"an amount has cents", sheet.Amount(612.5), "612,50"},
		{"a day is a day", sheet.Day("2026-12-02"), "02/12/2026"},
		{"no day is nothing", sheet.Day(""), ""},
		{"a box is for paper", sheet.Box(), ""},
		{"invisible characters are left out", sheet.Text("L\x00é\x1ba\xff"), "Léa"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := strings.TrimSuffix(written(t, sheet.Text("x"), c.cell), "\r\n"); got != "x\r\n"+c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestEveryTextComesBackFromCSVAndNoneIsAFormula(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("aé;\"',=+-@\t\r\n =")), 0, 6, -1), 2, 2).Draw(t, "texts")
		table := sheet.Table{Columns: []sheet.Column{{Name: "a"}, {Name: "b"}}, Rows: [][]sheet.Cell{{sheet.Text(texts[0]), sheet.Text(texts[1])}}}
		out, err := table.CSV()
		if err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(bytes.NewReader(out[3:]))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil || len(rows) != 2 || len(rows[1]) != 2 {
			t.Fatalf("read back %q: %v", rows, err)
		}
		for i, got := range rows[1] {
			if strings.IndexAny(got, "=+-@\t\r\n") == 0 {
				t.Errorf("%q is a formula", got)
			}
			same := func(s string) string { return strings.ReplaceAll(s, "\r", "") } // a line ends as CSV's lines do
			if plain := strings.TrimPrefix(got, "'"); !slices.Contains([]string{same(got), same(plain)}, same(texts[i])) {
				t.Errorf("%q came back as %q", texts[i], got)
			}
		}
	})
}

func TestACellSaysWhatItHolds(t *testing.T) {
	t.Parallel()
	if d, ok := sheet.Day("2026-12-02").Day(); !ok || d != calendar.Date("2026-12-02") {
		t.Errorf("the day is %q", d)
	}
	if n, ok := sheet.Number(0).Number(); !ok || n != 0 {
		t.Error("zero is a number")
	}
	for name, c := range map[string]sheet.Cell{"a text": sheet.Text("12"), "a box": sheet.Box(), "nothing": {}} {
		_, isNumber := c.Number()
		_, isDay := c.Day()
		if isNumber || isDay || c.IsBox() != (name == "a box") {
			t.Errorf("%s: number %v, day %v, box %v", name, isNumber, isDay, c.IsBox())
		}
	}
}
