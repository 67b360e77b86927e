package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A report is what a run found out, in tables.
type report []table

// A table has the verdict in its last column.
type table struct {
	title  string
	header []string
	rows   [][]string
	notes  []string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

const (
	reached = "reached"
	missed  = "MISSED"
)

func verdict(kept bool) string {
	if kept {
		return reached
	}
	return missed
}

// text is the report for a terminal.
func (r report) text() string {
	var b strings.Builder
	for _, t := range r {
		fmt.Fprintf(&b, "\n%s\n\n", t.title)
		widths := t.widths()
		for _, row := range append([][]string{t.header}, t.rows...) {
			var line strings.Builder
			for i, cell := range row {
				line.WriteString("  " + pad(cell, widths[i]))
			}
			b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
		}
		for _, n := range t.notes {
			b.WriteString("\n  " + n)
		}
		b.WriteString("\n")
	}
	return b.String() + "\n" + r.summary() + "\n"
}

// markdown is the report for a page.
func (r report) markdown() string {
	var b strings.Builder
	b.WriteString("# What Préau costs\n\n" + r.summary() + "\n")
	for _, t := range r {
		fmt.Fprintf(&b, "\n## %s\n\n| %s |\n|%s\n", t.title, strings.Join(t.header, " | "), strings.Repeat("---|", len(t.header)))
		for _, row := range t.rows {
			fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		}
		for _, n := range t.notes {
			b.WriteString("\n" + n + "\n")
		}
	}
	return b.String()
}

func (r report) summary() string {
	kept, broken := 0, 0
	for _, t := range r {
		for _, row := range t.rows {
			switch row[len(row)-1] {
			case reached:
				kept++
			case missed:
				broken++
			}
		}
	}
	return fmt.Sprintf("Figures of the design: %d reached, %d missed. Times are this machine's; what counts is the ratio to the empty handler.", kept, broken)
}

func (t table) widths() []int {
	widths := make([]int, len(t.header))
	for _, row := range append([][]string{t.header}, t.rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	return widths
}

func pad(cell string, width int) string {
	return cell + strings.Repeat(" ", width-utf8.RuneCountInString(cell))
}
