package pdf

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// parsed is the font of the rows; the bold one holds the same letters.
var parsed = sync.OnceValue(func() *sfnt.Font {
	font, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		panic(err) // it is part of the program
	}
	return font
})

// holds says which letters the font has, one text at a time.
func holds() func(rune) bool {
	font, b := parsed(), new(sfnt.Buffer)
	return func(r rune) bool {
		i, err := font.GlyphIndex(b, r)
		return err == nil && i != 0
	}
}

// narrow is the thin space that does not break, before a French colon; the font has the wide one.
const narrow, unbroken = '\u202f', '\u00a0'

// legible is a text in letters that the font holds. Accents that were typed apart from their letters are joined to them.
func legible(s string) string {
	has := holds()
	var out strings.Builder
	for _, r := range norm.NFC.String(s) {
		switch {
		case r == '\n' || has(r):
			out.WriteRune(r)
		case r == narrow:
			out.WriteRune(unbroken)
		case unicode.IsSpace(r):
			out.WriteByte(' ')
		case unicode.In(r, unicode.Mn, unicode.Cf):
		default:
			out.WriteString(plain(r, has))
		}
	}
	return out.String()
}

// plain is a letter that the font lacks by those that it has: without accents, or parted as ligatures are.
func plain(r rune, has func(rune) bool) string {
	var out strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		switch {
		case part == '‐':
			out.WriteByte('-')
		case has(part) && !unicode.Is(unicode.Mn, part):
			out.WriteRune(part)
		}
	}
	if out.Len() == 0 {
		return "?"
	}
	return out.String()
}

// wrap breaks a text into lines of a width, between words where it can.
func (p *printer) wrap(s string, width float64) (lines []string) {
	for paragraph := range strings.SplitSeq(strings.TrimSpace(legible(s)), "\n") {
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
	s = strings.Join(strings.Fields(legible(s)), " ")
	if p.GetStringWidth(s) <= width {
		return s
	}
	head, _ := p.split(s, width-p.GetStringWidth("…"))
	return strings.TrimSpace(head) + "…"
}
