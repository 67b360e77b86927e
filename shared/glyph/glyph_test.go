package glyph_test

import (
	"testing"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
	"pgregory.net/rapid"

	"preau/shared/glyph"
)

func TestTheFontsHoldAllThatFrenchIsWrittenWith(t *testing.T) {
	t.Parallel()
	const french = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" +
		"ÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸàâäæçéèêëîïôöœùûüÿ«»’‘“”…–—·•€°²³&@#%/:;,.!?()[]{}*+-=_<>|'\"\u00a0"
	for name, file := range map[string][]byte{"regular": glyph.Regular, "bold": glyph.Bold, "mono": glyph.Mono} {
		font, err := sfnt.Parse(file)
		if err != nil {
			t.Fatal(err)
		}
		var b sfnt.Buffer
		for _, r := range french {
			if i, err := font.GlyphIndex(&b, r); err != nil || i == 0 {
				t.Errorf("%s lacks %q", name, r)
			}
		}
	}
}

func TestATextIsWrittenInLettersThatTheFontsHold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Zoë Œuvrard":   "Zoë Œuvrard",
		"e\u0301cole":   "école",
		"Ạnh":           "Anh",
		"Ⅷ fois":        "VIII fois",
		"a\u202f: b":    "a\u00a0: b",
		"Jean‐Luc":      "Jean-Luc",
		"日本":            "??",
		"a\tb\u2003c\n": "a b c\n",
		"zero\u200bgap": "zerogap",
	} {
		if got := glyph.Legible(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestEveryTextIsLegibleTwiceAlike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		once := glyph.Legible(rapid.String().Draw(t, "text"))
		if again := glyph.Legible(once); again != once || !utf8.ValidString(once) {
			t.Fatalf("%q, then %q", once, again)
		}
	})
}
