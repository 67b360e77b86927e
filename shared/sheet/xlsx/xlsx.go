// Package xlsx writes tables as an Excel workbook. Its library is excelize, which is half of a function's size.
package xlsx

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"preau/shared/sheet"
)

// Type is the media type of a workbook.
const Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// Write makes a workbook of a table: the header stands still above the rows, columns are as wide as they say, days are
// dates and texts are texts, never formulas. author stands in its properties.
func Write(author string, t sheet.Table) ([]byte, error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	if err := describe(f, author, t.Name); err != nil {
		return nil, fmt.Errorf("describe the workbook: %w", err)
	}
	if err := fill(f, t); err != nil {
		return nil, fmt.Errorf("write the worksheet: %w", err)
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("pack the workbook: %w", err)
	}
	return out.Bytes(), nil
}

func describe(f *excelize.File, author, title string) error {
	return f.SetDocProps(&excelize.DocProperties{Title: title, Creator: author, LastModifiedBy: author, Language: "fr-FR"})
}

func fill(f *excelize.File, t sheet.Table) error {
	name := sheetName(t.Name)
	if err := f.SetSheetName(f.GetSheetName(0), name); err != nil {
		return err
	}
	styles, err := newStyles(f)
	if err != nil {
		return err
	}
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := layOut(w, t.Columns); err != nil {
		return err
	}
	header := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		header[i] = excelize.Cell{StyleID: styles.header, Value: c.Name}
	}
	if err := w.SetRow("A1", header); err != nil {
		return err
	}
	for n, row := range t.Rows {
		if err := w.SetRow(fmt.Sprintf("A%d", n+2), values(row, styles)); err != nil {
			return err
		}
	}
	return w.Flush()
}

// layOut comes before the first row: the file is written from its beginning to its end.
func layOut(w *excelize.StreamWriter, columns []sheet.Column) error {
	for i, c := range columns {
		if err := w.SetColWidth(i+1, i+1, min(max(c.Width, 4), 80)); err != nil {
			return err
		}
	}
	return w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

type styles struct{ header, text, day int }

func newStyles(f *excelize.File) (s styles, err error) {
	french := "dd/mm/yyyy"
	for _, style := range []struct {
		id *int
		excelize.Style
	}{
		{&s.header, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8E8E8"}}}},
		{&s.text, excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}}, // 49 is @: text, also after it is edited
		{&s.day, excelize.Style{CustomNumFmt: &french, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}}},
	} {
		if *style.id, err = f.NewStyle(&style.Style); err != nil {
			return s, err
		}
	}
	return s, nil
}

func values(row []sheet.Cell, s styles) []any {
	out := make([]any, len(row))
	for i, c := range row {
		if n, ok := c.Number(); ok {
			out[i] = n
		} else if d, ok := c.Day(); ok {
			at, _ := time.Parse(time.DateOnly, string(d)) // a calendar.Date is a day that exists
			out[i] = excelize.Cell{StyleID: s.day, Value: at}
		} else if text := c.String(); text != "" {
			out[i] = excelize.Cell{StyleID: s.text, Value: text}
		}
	}
	return out
}

// sheetName is a table's name as Excel takes it: at most 31 UTF-16 units, none of its signs for references.
func sheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return ' '
		}
		return r
	}, sheet.Text(name).String())
	units := utf16.Encode([]rune(name))
	name = string(utf16.Decode(units[:min(len(units), 31)]))
	if name = strings.Trim(strings.TrimSuffix(name, "\ufffd"), "' \t\r\n"); name == "" {
		return "Liste"
	}
	return name
}
