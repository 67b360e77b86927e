// Package pdf prints tables on A4, as lists that are carried about and signed: rows are never split, and each page says
// whose list it is, of what and when, and how many pages there are.
//
// Its library is fpdf, which was moved from GitHub to Codeberg; its letters are those of package glyph.
package pdf

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"preau/shared/glyph"
	"preau/shared/sheet"
)

// Type is the media type of a PDF.
const Type = "application/pdf"

// List is a printed document. Its parts begin on pages of their own.
type List struct {
	Owner   string    // the collectivity
	Title   string    // what it is a list of
	Printed time.Time // in the place's zone
	Parts   []Part
}

// Part is a day of a list.
type Part struct {
	Heading string
	Tables  []sheet.Table
	Notes   []string // below the tables
}

// Write makes the document.
func Write(l List) ([]byte, error) {
	p := newPrinter(l)
	p.print()
	p.number()
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		return nil, fmt.Errorf("print the list: %w", err)
	}
	return out.Bytes(), nil
}

// Sizes on paper, in mm, and of letters, in points.
const (
	margin   = 12.0
	line     = 4.2 // height of a line of a cell
	padding  = 1.4 // of a cell
	lowest   = 8.0 // a row, so that there is room to sign
	square   = 3.6 // a box to tick
	letters  = 9.0 // of the rows
	crowded  = 110 // characters of a row that portrait holds
	topOfRow = 30.0
)

// printer writes a list from its top to its end.
type printer struct {
	*fpdf.Fpdf
	list  List
	part  Part
	width float64 // between the margins
	end   float64 // below which no row goes
}

func newPrinter(l List) *printer {
	p := &printer{Fpdf: fpdf.New(orientation(l), "mm", "A4", ""), list: l}
	p.AddUTF8FontFromBytes("go", "", glyph.Regular)
	p.AddUTF8FontFromBytes("go", "B", glyph.Bold)
	p.SetTitle(glyph.Legible(l.Title), true)
	p.SetAuthor(glyph.Legible(l.Owner), true)
	p.SetLang("fr-FR")
	p.SetCreationDate(l.Printed)
	p.SetModificationDate(l.Printed)
	p.SetMargins(margin, margin, margin)
	p.SetAutoPageBreak(false, 0)
	p.SetFillColor(232, 232, 232)
	p.SetDrawColor(140, 140, 140)
	p.SetLineWidth(0.2)
	p.SetCellMargin(0)
	width, height := p.GetPageSize()
	p.width, p.end = width-2*margin, height-margin
	return p
}

// orientation is landscape for tables that are wide.
func orientation(l List) string {
	for _, part := range l.Parts {
		for _, t := range part.Tables {
			if total(t.Columns) > crowded {
				return "L"
			}
		}
	}
	return "P"
}

func total(columns []sheet.Column) (sum float64) {
	for _, c := range columns {
		sum += c.Width
	}
	return sum
}

func (p *printer) print() {
	for _, part := range p.list.Parts {
		p.part = part
		p.turn()
		for _, t := range part.Tables {
			p.table(t)
		}
		p.notes()
	}
	if len(p.list.Parts) == 0 {
		p.turn()
	}
}

// turn begins a page, with its header: the page's number comes when they are counted.
func (p *printer) turn() {
	p.AddPage()
	p.head(margin, "", letters, p.list.Owner)
	p.head(margin+5, "B", 13, p.list.Title)
	p.head(margin+11.5, "B", 11, p.part.Heading)
	p.remark(margin+11.5, 11, "Imprimé le "+p.list.Printed.Format("02/01/2006 à 15:04"))
	p.SetXY(margin, topOfRow)
}

// head writes a line of the header, and leaves room for a remark.
func (p *printer) head(y float64, style string, size float64, text string) {
	p.SetFont("go", style, size)
	p.SetXY(margin, y)
	p.CellFormat(p.width, size/2.2, p.fit(text, p.width-55), "", 0, "LM", false, 0, "")
}

// remark writes at a line's right end.
func (p *printer) remark(y, size float64, text string) {
	p.SetFont("go", "", letters)
	p.SetXY(margin, y)
	p.CellFormat(p.width, size/2.2, text, "", 0, "RM", false, 0, "")
}

// number goes back to each page and says which it is, of how many.
func (p *printer) number() {
	for n := 1; n <= p.PageCount(); n++ {
		p.SetPage(n)
		p.SetFont("go", "B", letters) // what was set last was set on another page
		p.remark(margin, letters, fmt.Sprintf("Page %d/%d", n, p.PageCount()))
	}
}

func (p *printer) notes() {
	p.SetFont("go", "", letters)
	for _, note := range p.part.Notes {
		for _, text := range p.wrap(note, p.width) {
			if p.GetY()+line > p.end {
				p.turn()
				p.SetFont("go", "", letters)
			}
			p.SetX(margin)
			p.CellFormat(p.width, line, text, "", 1, "LM", false, 0, "")
		}
	}
}
