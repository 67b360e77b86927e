package tabular

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"time"
)

// sheetRows gives a worksheet row by row.
type sheetRows struct {
	book *workbook
	xml  *xml.Decoder
	line int
	over bool
}

func (s *sheetRows) next() (Row, error) {
	if s.over {
		return Row{}, io.EOF
	}
	for {
		token, err := s.xml.Token()
		if ended(err) {
			return Row{}, errDamaged // before the rows' end
		}
		if err != nil {
			return Row{}, s.book.why(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "row" {
				row, err := s.row(t)
				return row, s.book.why(err)
			}
		case xml.EndElement:
			if t.Name.Local == "sheetData" {
				s.over = true
				return Row{}, io.EOF
			}
		}
	}
}

// row reads a row's cells. One that does not say where it stands is the next.
func (s *sheetRows) row(e xml.StartElement) (Row, error) {
	s.line++
	if at := attribute(e, "r"); at != "" {
		n, err := strconv.Atoi(at)
		if err != nil || n < s.line {
			return Row{}, errBadNumber.in(s.line)
		}
		s.line = n
	}
	row := Row{Line: s.line}
	for {
		token, err := s.xml.Token()
		if err != nil {
			return row, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			at, ok := columnOf(attribute(t, "r"), len(row.Cells))
			if !ok {
				return row, errColumns.in(s.line)
			}
			cell, err := s.cell(t)
			if err != nil {
				return row, err
			}
			for len(row.Cells) <= at {
				row.Cells = append(row.Cells, Cell{})
			}
			row.Cells[at] = cell
		case xml.EndElement:
			if t.Name.Local == "row" {
				return row.trimmed(), nil
			}
		}
	}
}

// columnOf is where a cell stands: BC12 in the 55th column, whose index is 54. ok is false beyond the last that is read.
func columnOf(reference string, next int) (at int, ok bool) {
	for _, r := range reference {
		if r < 'A' || r > 'Z' {
			break
		}
		if at = at*26 + int(r-'A') + 1; at > MaxColumns {
			return 0, false
		}
	}
	if at == 0 {
		return next, next < MaxColumns
	}
	return at - 1, true
}

// cell reads what a cell holds, and whether it was reckoned.
func (s *sheetRows) cell(e xml.StartElement) (c Cell, err error) {
	kind, style := attribute(e, "t"), attribute(e, "s")
	var value strings.Builder
	for in := ""; ; {
		token, err := s.xml.Token()
		if err != nil {
			return c, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch in = t.Name.Local; in {
			case "f":
				c.Formula = true
			case "is":
				text, err := textIn(s.xml)
				if err != nil {
					return c, err
				}
				value.WriteString(text)
				in = ""
			}
		case xml.EndElement:
			if t.Name.Local == "c" {
				s.fill(&c, kind, style, value.String())
				return c, nil
			}
			in = ""
		case xml.CharData:
			if in == "v" && value.Len() < maxCell {
				value.Write(t)
			}
		}
	}
}

// fill gives a cell its text, by the kind that it says it is of.
func (s *sheetRows) fill(c *Cell, kind, style, value string) {
	switch kind {
	case "s":
		if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && n >= 0 && n < len(s.book.texts) {
			c.Text = s.book.texts[n]
		}
	case "str", "inlineStr":
		c.Text = clean(value)
	case "b":
		c.Text = map[bool]string{true: "oui", false: "non"}[strings.TrimSpace(value) == "1"]
	case "e":
		c.Text, c.Broken = clean(value), true
	case "d":
		c.Text, _, _ = strings.Cut(clean(value), "T")
	default:
		c.Text = s.number(clean(value), style)
		return
	}
	text, formula := reckoned(c.Text)
	c.Text, c.Formula = text, c.Formula || formula
}

// number is a number as people write it, or the day that its style shows.
func (s *sheetRows) number(value, style string) string {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return value
	}
	if at, err := strconv.Atoi(style); err == nil && at >= 0 && at < len(s.book.days) && s.book.days[at] && n >= 1 && n < 100_000 {
		return dayOf(int(n) + s.book.since)
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// dayOf is the day that a workbook counts from 1900 on, as if that year had had a 29th of February.
func dayOf(n int) string {
	if n < 60 {
		n++
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly)
}
