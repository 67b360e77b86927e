// Package glyph is the letters that we print with: the Go fonts, which hold all that European languages written in Latin letters
// need, and what becomes of a text's letters that they lack.
package glyph

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// The fonts, as TrueType files. All hold the same letters.
var (
	Regular = goregular.TTF
	Bold    = gobold.TTF
	Mono    = gomonobold.TTF // in which O and 0, I and 1 can not be mistaken
)

var parsed = sync.OnceValue(func() *sfnt.Font {
	font, err := sfnt.Parse(Regular)
	if err != nil {
		panic(err) // it is part of the program
	}
	return font
})

// holds says which letters the fonts have, one text at a time.
func holds() func(rune) bool {
	font, b := parsed(), new(sfnt.Buffer)
	return func(r rune) bool {
		i, err := font.GlyphIndex(b, r)
		return err == nil && i != 0
	}
}

// narrow is the thin space that does not break, before a French colon; the fonts have the wide one.
const narrow, unbroken = '\u202f', '\u00a0'

// Legible is a text in letters that the fonts hold. Accents that were typed apart from their letters are joined to them; a letter
// that the fonts lack loses its accents, or is a question mark.
func Legible(s string) string {
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

// plain is a letter that the fonts lack by those that they have: without accents, or parted as ligatures are.
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
