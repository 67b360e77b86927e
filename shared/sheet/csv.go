package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode"
)

// CSVType is the media type of CSV.
const CSVType = "text/csv; charset=utf-8"

// byteOrderMark makes spreadsheets read the file as UTF-8.
const byteOrderMark = "\ufeff"

// CSV writes a table row by row, as French spreadsheets open it: UTF-8 with its mark, semicolons, CRLF. No cell is a formula.
type CSV struct{ w *csv.Writer }

// NewCSV begins a table with its columns' names.
func NewCSV(w io.Writer, columns []Column) (*CSV, error) {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return nil, err
	}
	out := &CSV{csv.NewWriter(w)}
	out.w.Comma, out.w.UseCRLF = ';', true
	header := make([]Cell, len(columns))
	for i, c := range columns {
		header[i] = Text(c.Name)
	}
	return out, out.Row(header)
}

// Row adds a row. What could not be written is told by a later row, or by Close.
func (c *CSV) Row(cells []Cell) error {
	record := make([]string, len(cells))
	for i, cell := range cells {
		record[i] = inert(cell)
	}
	return c.w.Write(record)
}

// Close ends the table.
func (c *CSV) Close() error {
	c.w.Flush()
	return c.w.Error()
}

// CSV is the whole table as CSV.
func (t Table) CSV() ([]byte, error) {
	var out bytes.Buffer
	w, err := NewCSV(&out, t.Columns)
	for _, row := range t.Rows {
		err = errors.Join(err, w.Row(row))
	}
	err = errors.Join(err, w.Close())
	return out.Bytes(), err
}

// inert is a cell that no spreadsheet reckons with: a text that begins as a formula does, or would once its first
// character is taken for a separator, gets an apostrophe. The wide forms of the four signs count as they do in Japanese
// versions.
func inert(c Cell) string {
	s := c.String()
	first := strings.TrimLeftFunc(s, unicode.IsSpace)
	if c.kind == text && (strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") || strings.HasPrefix(s, "\n") || startsAny(first, "=+-@＝＋－＠")) {
		return "'" + s
	}
	return s
}

func startsAny(s, signs string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return strings.ContainsRune(signs, r) }) == 0
}
