package tabular

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// openCSV reads lines whose cells are parted by semicolons, commas or tabs.
func openCSV(content []byte) (*Reader, error) {
	decode, err := decoderOf(content)
	if err != nil {
		return nil, err
	}
	content = bytes.TrimPrefix(content, byteOrderMark)
	source := bytes.NewReader(content)
	lines := csv.NewReader(decode(source))
	lines.FieldsPerRecord, lines.ReuseRecord, lines.Comma = -1, true, separator(content)
	return &Reader{next: csvRows(lines), left: source.Len, all: len(content)}, nil
}

func csvRows(lines *csv.Reader) func() (Row, error) {
	return func() (Row, error) {
		record, err := lines.Read()
		var unreadable *csv.ParseError
		switch {
		case errors.As(err, &unreadable):
			return Row{}, errQuotes.in(unreadable.StartLine)
		case err != nil:
			return Row{}, err
		}
		row := Row{Cells: make([]Cell, len(record))}
		row.Line, _ = lines.FieldPos(0)
		for i, text := range record {
			row.Cells[i].Text, row.Cells[i].Formula = reckoned(clean(text))
		}
		return row.trimmed(), nil
	}
}

// trimmed is a row without the empty cells at its end.
func (r Row) trimmed() Row {
	for len(r.Cells) > 0 && r.Cells[len(r.Cells)-1] == (Cell{}) {
		r.Cells = r.Cells[:len(r.Cells)-1]
	}
	return r
}

// separator is what parts the cells of the first line that holds something: what is there most often outside quotes.
func separator(content []byte) rune {
	counts := map[rune]int{}
	quoted := false
	for _, b := range bytes.TrimLeft(content, "\r\n \t") {
		switch {
		case b == '"':
			quoted = !quoted
		case !quoted && b == '\n':
			return most(counts)
		case !quoted && strings.IndexByte(";,\t", b) >= 0:
			counts[rune(b)]++
		}
	}
	return most(counts)
}

func most(counts map[rune]int) rune {
	best := ';'
	for _, r := range ",\t" {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

// a decoder makes UTF-8 of what a file holds.
type decoder func(io.Reader) io.Reader
