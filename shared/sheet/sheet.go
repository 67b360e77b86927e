// Package sheet is a list as people take it away: a table that becomes CSV here, a workbook in package xlsx and paper in
// package pdf. The three are apart because a workbook's library is half of a function's size: only who makes workbooks
// carries it.
package sheet

import (
	"strconv"
	"strings"
	"unicode"

	"preau/shared/calendar"
)

// Table is a list: columns, and rows of as many cells.
type Table struct {
	Name    string // its heading, and the worksheet's name
	Columns []Column
	Rows    [][]Cell
}

// Column says what stands below it, and how wide it is: in characters, on paper in proportion to the others.
type Column struct {
	Name  string
	Width float64
}

// Cell is what stands in a row: a text, a number, an amount, a day, a box to tick on paper, or nothing.
type Cell struct {
	kind   kind
	text   string
	number int
	amount float64
	day    calendar.Date
}

type kind int

const (
	empty kind = iota
	text
	number
	amount
	day
	box
)

// Text is a cell that is never anything but text, whatever it begins with. What no file may hold is left out: characters
// that are not seen, and bytes that are no letters.
func Text(s string) Cell {
	if s = strings.Map(visible, strings.ToValidUTF8(s, "")); s == "" {
		return Cell{}
	}
	return Cell{kind: text, text: s}
}

// visible leaves out control characters but those that break or indent a text.
func visible(r rune) rune {
	if unicode.IsControl(r) && !strings.ContainsRune("\t\n\r", r) || r == '\ufffe' || r == '\uffff' {
		return -1
	}
	return r
}

// Number is a cell that counts.
func Number(n int) Cell { return Cell{kind: number, number: n} }

// Amount is a cell that counts euros, to the cent.
func Amount(euros float64) Cell { return Cell{kind: amount, amount: euros} }

// Day is a cell that workbooks keep as a date; "" is nothing.
func Day(d calendar.Date) Cell {
	if d == "" {
		return Cell{}
	}
	return Cell{kind: day, day: d}
}

// Box is a square to tick on paper, and nothing elsewhere.
func Box() Cell { return Cell{kind: box} }

// IsBox says whether the cell is a square to tick.
func (c Cell) IsBox() bool { return c.kind == box }

// Number of the cell; ok is false when it holds none.
func (c Cell) Number() (n int, ok bool) { return c.number, c.kind == number }

// Amount of the cell, in euros; ok is false when it holds none.
func (c Cell) Amount() (euros float64, ok bool) { return c.amount, c.kind == amount }

// Day of the cell; ok is false when it holds none.
func (c Cell) Day() (d calendar.Date, ok bool) { return c.day, c.kind == day }

// String is the cell as people read it: a day is written 02/12/2026, an amount 612,50.
func (c Cell) String() string {
	switch c.kind {
	case text:
		return c.text
	case number:
		return strconv.Itoa(c.number)
	case amount:
		return strings.ReplaceAll(strconv.FormatFloat(c.amount, 'f', 2, 64), ".", ",")
	case day:
		return french(c.day)
	}
	return ""
}

func french(d calendar.Date) string {
	parts := strings.Split(string(d), "-")
	return parts[2] + "/" + parts[1] + "/" + parts[0]
}
