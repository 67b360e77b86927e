package pdf

import "preau/shared/sheet"

// A row is what is printed of it: the lines of each cell.
type row struct {
	lines [][]string
	boxes []bool
	high  float64
}

// table prints a table, its header again on each page. A heading does not stand alone at a page's end.
func (p *printer) table(t sheet.Table) {
	if len(t.Columns) == 0 {
		return
	}
	widths := p.share(t.Columns)
	header := p.header(t.Columns, widths)
	rows := make([]row, len(t.Rows))
	for i, cells := range t.Rows {
		rows[i] = p.row(cells, widths, p.end-topOfRow-header.high)
	}
	together := header.high + 2*line
	if len(rows) > 0 {
		together += rows[0].high
	}
	if p.GetY()+together > p.end {
		p.turn()
	}
	p.caption(t.Name)
	p.write(header, widths, true)
	for _, r := range rows {
		if p.GetY()+r.high > p.end {
			p.turn()
			p.write(header, widths, true)
		}
		p.write(r, widths, false)
	}
	p.SetY(p.GetY() + line)
}

func (p *printer) caption(name string) {
	if name == "" {
		return
	}
	p.SetFont("go", "B", letters+1)
	p.SetX(margin)
	p.CellFormat(p.width, line+1, p.fit(name, p.width), "", 1, "LM", false, 0, "")
}

// share gives each column its part of the page.
func (p *printer) share(columns []sheet.Column) []float64 {
	widths, all := make([]float64, len(columns)), total(columns)
	for i, c := range columns {
		widths[i] = p.width / float64(len(columns))
		if all > 0 {
			widths[i] = p.width * c.Width / all
		}
	}
	return widths
}

func (p *printer) header(columns []sheet.Column, widths []float64) row {
	cells := make([]sheet.Cell, len(columns))
	for i, c := range columns {
		cells[i] = sheet.Text(c.Name)
	}
	p.SetFont("go", "B", letters)
	return p.lines(cells, widths, p.end/3)
}

func (p *printer) row(cells []sheet.Cell, widths []float64, most float64) row {
	p.SetFont("go", "", letters)
	return p.lines(cells, widths, most)
}

// lines lays a row out. One that no page holds ends in an ellipsis.
func (p *printer) lines(cells []sheet.Cell, widths []float64, most float64) row {
	r := row{lines: make([][]string, len(widths)), boxes: make([]bool, len(widths)), high: lowest}
	for i := range widths[:min(len(widths), len(cells))] {
		lines := p.wrap(cells[i].String(), widths[i]-2*padding)
		if room := int((most - 2*padding) / line); len(lines) > room {
			lines = append(lines[:room-1], "…")
		}
		r.lines[i], r.boxes[i] = lines, cells[i].IsBox()
		r.high = max(r.high, float64(len(lines))*line+2*padding)
	}
	return r
}

// write prints a row at the current height and goes below it.
func (p *printer) write(r row, widths []float64, filled bool) {
	style := ""
	if filled {
		style = "B"
	}
	p.SetFont("go", style, letters)
	x, y := margin, p.GetY()
	for i, width := range widths {
		p.frame(x, y, width, r.high, filled)
		if r.boxes[i] {
			p.Rect(x+(width-square)/2, y+(r.high-square)/2, square, square, "D")
		}
		top := y + (r.high-float64(len(r.lines[i]))*line)/2
		for n, text := range r.lines[i] {
			p.SetXY(x+padding, top+float64(n)*line)
			p.CellFormat(width-2*padding, line, text, "", 0, "LM", false, 0, "")
		}
		x += width
	}
	p.SetXY(margin, y+r.high)
}

func (p *printer) frame(x, y, width, high float64, filled bool) {
	style := "D"
	if filled {
		style = "FD"
	}
	p.Rect(x, y, width, high, style)
}
