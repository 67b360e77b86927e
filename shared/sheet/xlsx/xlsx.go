// Package xlsx writes tables as an Excel workbook. Its library is excelize, which is half of a function's size.
package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"preau/shared/sheet"
)

// Type is the media type of a workbook.
const Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// MostRows is how many rows a worksheet holds, its header apart.
const MostRows = 1<<20 - 1

// Book is a workbook of one worksheet that is written row by row: the header stands still above the rows, columns are as wide as
// they say, days are dates and texts are texts, never formulas. Rows lie in a file of the temporary folder once they are many.
type Book struct {
	out    io.Writer
	file   *excelize.File
	rows   *excelize.StreamWriter
	styles styles
	last   int // row that is written
}

// New begins a workbook of a table, which is written to w at its end. author stands in its properties.
func New(w io.Writer, author, name string, columns []sheet.Column) (*Book, error) {
	b := &Book{out: w, file: excelize.NewFile()}
	if err := b.begin(author, name, columns); err != nil {
		_ = b.file.Close()
		return nil, fmt.Errorf("begin the workbook: %w", err)
	}
	return b, nil
}

func (b *Book) begin(author, title string, columns []sheet.Column) error {
	err := b.file.SetDocProps(&excelize.DocProperties{Title: title, Creator: author, LastModifiedBy: author, Language: "fr-FR"})
	if err != nil {
		return err
	}
	name := sheetName(title)
	if err := b.file.SetSheetName(b.file.GetSheetName(0), name); err != nil {
		return err
	}
	if b.styles, err = newStyles(b.file); err != nil {
		return err
	}
	if b.rows, err = b.file.NewStreamWriter(name); err != nil {
		return err
	}
	if err := layOut(b.rows, columns); err != nil {
		return err
	}
	header := make([]any, len(columns))
	for i, c := range columns {
		header[i] = excelize.Cell{StyleID: b.styles.header, Value: c.Name}
	}
	return b.set(header)
}

func (b *Book) set(row []any) error {
	b.last++
	return b.rows.SetRow(fmt.Sprintf("A%d", b.last), row)
}

// Row adds a row.
func (b *Book) Row(cells []sheet.Cell) error {
	if err := b.set(values(cells, b.styles)); err != nil {
		return fmt.Errorf("write row %d: %w", b.last, err)
	}
	return nil
}

// Forget leaves a workbook that may never be ended: its rows are gone from the temporary folder.
func (b *Book) Forget() { _ = b.file.Close() }

// Close writes the workbook and forgets it, whether or not it could be written.
func (b *Book) Close() error {
	defer b.Forget()
	if err := b.rows.Flush(); err != nil {
		return fmt.Errorf("end the worksheet: %w", err)
	}
	// The library would pack it in memory: it is given the way out itself instead, and has nothing left to write.
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(b.out) })
	if err := b.file.Write(io.Discard); err != nil {
		return fmt.Errorf("pack the workbook: %w", err)
	}
	return nil
}

// Write makes a workbook of a whole table.
func Write(author string, t sheet.Table) ([]byte, error) {
	var out bytes.Buffer
	b, err := New(&out, author, t.Name, t.Columns)
	if err != nil {
		return nil, err
	}
	for _, row := range t.Rows {
		err = errors.Join(err, b.Row(row))
	}
	err = errors.Join(err, b.Close())
	return out.Bytes(), err
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

type styles struct{ header, text, day, amount int }

func newStyles(f *excelize.File) (s styles, err error) {
	french := "dd/mm/yyyy"
	for _, style := range []struct {
		id *int
		excelize.Style
	}{
		{&s.header, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8E8E8"}}}},
		{&s.text, excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}}, // 49 is @: text, also after it is edited
		{&s.amount, excelize.Style{NumFmt: 4, Alignment: &excelize.Alignment{Vertical: "top"}}},                // 4 is #,##0.00, written as the reader's language does
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
		} else if euros, ok := c.Amount(); ok {
			out[i] = excelize.Cell{StyleID: s.amount, Value: euros}
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
