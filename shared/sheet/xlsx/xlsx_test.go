package xlsx_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"preau/shared/sheet"
	"preau/shared/sheet/xlsx"
)

func open(t *testing.T, table sheet.Table) (*excelize.File, string) {
	t.Helper()
	content, err := xlsx.Write("Ville de Saint-Aubin", table)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, f.GetSheetName(0)
}

func TestCellsKeepWhatTheyAre(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says string
		cell sheet.Cell
		want string
		kind excelize.CellType
	}{
		{"a text", sheet.Text("Zoë Œuvrard"), "Zoë Œuvrard", excelize.CellTypeInlineString},
		{"a text of figures", sheet.Text("0012"), "0012", excelize.CellTypeInlineString},
		{"a formula", sheet.Text(`=HYPERLINK("http://x.example","y")`), `=HYPERLINK("http://x.example","y")`, excelize.CellTypeInlineString},
		{"a function", sheet.Text("@SUM"), "@SUM", excelize.CellTypeInlineString},
		{"a difference", sheet.Text("-2+3"), "-2+3", excelize.CellTypeInlineString},
		{"XML", sheet.Text(`<b> & "Tom"`), `<b> & "Tom"`, excelize.CellTypeInlineString},
		{"lines", sheet.Text("lait\nœufs"), "lait\nœufs", excelize.CellTypeInlineString},
		{"a number", sheet.Number(-2), "-2", excelize.CellTypeUnset},
		{"a day", sheet.Day("2026-12-02"), "02/12/2026", excelize.CellTypeUnset},
		{"nothing", sheet.Cell{}, "", excelize.CellTypeUnset},
		{"a box", sheet.Box(), "", excelize.CellTypeUnset},
	}
	table := sheet.Table{Name: "Cantine", Columns: []sheet.Column{{Name: "Nom", Width: 20}}}
	for _, c := range cases {
		table.Rows = append(table.Rows, []sheet.Cell{c.cell})
	}
	f, name := open(t, table)
	for i, c := range cases {
		at, _ := excelize.CoordinatesToCellName(1, i+2)
		got, err := f.GetCellValue(name, at)
		kind, err2 := f.GetCellType(name, at)
		formula, err3 := f.GetCellFormula(name, at)
		if err != nil || err2 != nil || err3 != nil || got != c.want || kind != c.kind || formula != "" {
			t.Errorf("%s: got %q of type %v, formula %q (%v, %v, %v)", c.says, got, kind, formula, err, err2, err3)
		}
	}
	serial, err := f.GetCellValue(name, "A10", excelize.Options{RawCellValue: true})
	if err != nil || serial != "46358" {
		t.Errorf("2 December 2026 is kept as %q (%v), not as the date 46358", serial, err)
	}
}

func TestTheHeaderStandsStillAndColumnsAreAsWideAsTheySay(t *testing.T) {
	t.Parallel()
	f, name := open(t, sheet.Table{
		Name: "Cantine", Columns: []sheet.Column{{Name: "Prénom", Width: 24}, {Name: "Âge", Width: 1}},
		Rows: [][]sheet.Cell{{sheet.Text("Léa"), sheet.Number(9)}},
	})
	panes, err := f.GetPanes(name)
	if err != nil || !panes.Freeze || panes.YSplit != 1 || panes.TopLeftCell != "A2" {
		t.Errorf("panes: %+v, %v", panes, err)
	}
	for column, want := range map[string]float64{"A": 24, "B": 4} {
		if got, err := f.GetColWidth(name, column); err != nil || got != want {
			t.Errorf("column %s is %v wide (%v), want %v", column, got, err, want)
		}
	}
	rows, err := f.GetRows(name)
	if err != nil || len(rows) != 2 || strings.Join(rows[0], ",") != "Prénom,Âge" || strings.Join(rows[1], ",") != "Léa,9" {
		t.Errorf("rows: %q, %v", rows, err)
	}
	props, err := f.GetDocProps()
	if err != nil || props.Creator != "Ville de Saint-Aubin" || props.Title != "Cantine" {
		t.Errorf("properties: %+v, %v", props, err)
	}
}

func TestAWorksheetIsNamedAsExcelAllows(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Cantine":      "Cantine",
		"Matin / soir": "Matin   soir",
		"[a]:b*c?":     "a  b c",
		"'Rentrée'":    "Rentrée",
		"":             "Liste",
		"///":          "Liste",
		"Centre de loisirs du mercredi matin et après-midi": "Centre de loisirs du mercredi m",
		strings.Repeat("a", 30) + "🙂":                       strings.Repeat("a", 30),
		"Can\x00tine":                                       "Cantine",
	} {
		if _, got := open(t, sheet.Table{Name: name}); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
