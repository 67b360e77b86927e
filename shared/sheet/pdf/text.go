package pdf

import (
	"strings"
	"unicode"

	"preau/shared/glyph"
)

// unbroken is the space at which no line ends.
const unbroken = '\u00a0'

// wrap breaks a text into lines of a width, between words where it can.
func (p *printer) wrap(s string, width float64) (lines []string) {
	for paragraph := range strings.SplitSeq(strings.TrimSpace(glyph.Legible(s)), "\n") {
		current := ""
		for _, word := range strings.FieldsFunc(paragraph, breaks) {
			joined := strings.TrimSpace(current + " " + word)
			if p.GetStringWidth(joined) <= width {
				current = joined
				continue
			}
			if current != "" {
				lines = append(lines, current)
			}
			head, tail := p.split(word, width)
			for tail != "" {
				lines = append(lines, head)
				head, tail = p.split(tail, width)
			}
			current = head
		}
		if current != "" {
			lines = append(lines, current)
		}
	}
	return lines
}

// breaks says where a line may end.
func breaks(r rune) bool { return unicode.IsSpace(r) && r != unbroken }

// split cuts what does not fit off a word; at least one letter stays.
func (p *printer) split(word string, width float64) (head, tail string) {
	used := 0.0
	for i, r := range word {
		if used += p.GetStringWidth(string(r)); used > width && i > 0 {
			return word[:i], word[i:]
		}
	}
	return word, ""
}

// fit is a text on one line, cut short where it has to be.
func (p *printer) fit(s string, width float64) string {
	s = strings.Join(strings.Fields(glyph.Legible(s)), " ")
	if p.GetStringWidth(s) <= width {
		return s
	}
	head, _ := p.split(s, width-p.GetStringWidth("…"))
	return strings.TrimSpace(head) + "…"
}
