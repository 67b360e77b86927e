package letter

import (
	"strings"

	"preau/shared/glyph"
)

// Where things stand, in mm from the upper left corner of the page.
const (
	left  = 20.0
	right = 190.0

	// The page moves by 10 mm across the envelope and by 11 mm down it, so of the window, 100 × 45 mm, this is always seen; of a
	// window of 35 mm, its lower part.
	addressX, addressY          = 105.0, 55.0
	addressWidth, addressHeight = 85.0, 24.0
	// And nothing else may stand in what is ever seen.
	windowLeft, windowTop, windowRight, windowBottom = 90.0, 34.0, 200.0, 90.0

	firstFold, secondFold = 99.0, 198.0

	senderY, senderWidth = 34.0, windowLeft - left - 4
	logoY, logoHeight    = 12.0, 19.0
	dateY                = 93.0
	openingY             = 105.0
	codeY, codeHeight    = 142.0, 44.0
	stepsY               = 192.0
	bottom               = 287.0
)

// Letters, in points, and lines, in mm.
const (
	small, body, heading = 9.0, 10.0, 11.0
	smallLine, bodyLine  = 4.2, 5.0
	addressLines         = 6 // NF Z 10-011
	addressLine          = addressHeight / addressLines
)

// line writes a text at a place, cut where it is wider than it may be.
func (p *printer) line(x, y, width float64, style string, size float64, text string) {
	p.SetFont(sans, style, size)
	p.SetXY(x, y)
	p.CellFormat(width, size/2.4, p.fit(text, width), "", 0, "LM", false, 0, "")
}

// fit is a text of one line, cut short where it has to be.
func (p *printer) fit(text string, width float64) string {
	text = strings.Join(strings.Fields(text), " ")
	if p.GetStringWidth(text) <= width {
		return text
	}
	letters := []rune(text)
	for len(letters) > 1 && p.GetStringWidth(string(letters)+"…") > width {
		letters = letters[:len(letters)-1]
	}
	return strings.TrimSpace(string(letters)) + "…"
}

// paragraph writes a text of some lines as far as the page goes, and answers where it ended.
func (p *printer) paragraph(x, y, width, end float64, style string, size, high float64, text string) float64 {
	p.SetFont(sans, style, size)
	for _, text := range p.wrap(text, width) {
		if y+high > end {
			return y
		}
		p.SetXY(x, y)
		p.CellFormat(width, high, text, "", 0, "LM", false, 0, "")
		y += high
	}
	return y
}

// wrap breaks a text into lines between its words. A word that is wider than a line is cut.
func (p *printer) wrap(text string, width float64) (lines []string) {
	for paragraph := range strings.SplitSeq(text, "\n") {
		current := ""
		for word := range strings.SplitSeq(strings.TrimSpace(paragraph), " ") {
			joined := strings.TrimSpace(current + " " + word)
			if current != "" && p.GetStringWidth(joined) > width {
				lines, joined = append(lines, p.fit(current, width)), word
			}
			current = joined
		}
		lines = append(lines, p.fit(current, width))
	}
	return lines
}

// sender writes who writes.
func (p *printer) sender() {
	y := senderY
	if len(p.from.Logo) > 0 {
		p.picture()
	} else {
		y = logoY
	}
	y = p.paragraph(left, y, senderWidth, windowBottom, "B", heading, bodyLine, p.from.Name)
	for _, text := range []string{p.from.Service, p.from.Address, p.from.Phone, p.from.Email} {
		if text != "" {
			y = p.paragraph(left, y, senderWidth, windowBottom, "", small, smallLine, text)
		}
	}
}

// picture draws the logo in its corner, as large as it may be.
func (p *printer) picture() {
	info := p.GetImageInfo(logo)
	width := min(senderWidth, logoHeight*info.Width()/info.Height())
	p.Image(logo, left, logoY, width, width*info.Height()/info.Width(), false, "", 0, "")
}

// addressee writes to whom, for the window.
func (p *printer) addressee(l Letter) {
	lines := append([]string{strings.TrimSpace(civilities[l.Civility].short + " " + l.Name)}, l.Address...)
	if len(l.Address) == 0 {
		lines = append(lines, "À remettre en main propre")
	}
	for i, text := range lines[:min(len(lines), addressLines)] {
		size := body
		text = glyph.Legible(text)
		for p.SetFont(sans, "", size); p.GetStringWidth(text) > addressWidth && size > 7; p.SetFont(sans, "", size) {
			size -= 0.5
		}
		p.line(addressX, addressY+float64(i)*addressLine, addressWidth, "", size, text)
	}
	p.line(addressX, dateY, addressWidth, "", small, "Le "+withoutWeekday(p.on))
}

// folds marks where the page is folded, at its edge.
func (p *printer) folds() {
	p.SetLineWidth(0.2)
	for _, y := range []float64{firstFold, secondFold} {
		p.Line(4, y, 8, y)
	}
}
