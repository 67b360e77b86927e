package sheet

import (
	"bytes"
	"encoding/csv"
	"strings"
	"unicode"
)

// CSVType is the media type of CSV.
const CSVType = "text/csv; charset=utf-8"

// byteOrderMark makes spreadsheets read the file as UTF-8.
const byteOrderMark = "\ufeff"

// CSV writes the table as French spreadsheets open it: UTF-8 with its mark, semicolons, CRLF. No cell is a formula.
func (t Table) CSV() ([]byte, error) {
	out := bytes.NewBufferString(byteOrderMark)
	w := csv.NewWriter(out)
	w.Comma, w.UseCRLF = ';', true
	var header []Cell
	for _, c := range t.Columns {
		header = append(header, Text(c.Name))
	}
	for _, row := range append([][]Cell{header}, t.Rows...) {
		record := make([]string, len(row))
		for i, c := range row {
			record[i] = inert(c)
		}
		if err := w.Write(record); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
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
