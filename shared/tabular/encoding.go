package tabular

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"preau/shared/refusal"
)

var byteOrderMark = []byte("\ufeff")

// decoderOf finds in which encoding a text is: UTF-8, or what French Windows writes. Two in one file are refused: half the accents
// would be wrong, and nobody would see it.
func decoderOf(content []byte) (decoder, error) {
	if bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")) {
		return nil, errUTF16
	}
	if bytes.ContainsFunc(content, binary) {
		return nil, ErrNoTable
	}
	marked := bytes.HasPrefix(content, byteOrderMark)
	unicode, windows := 0, 0 // the first line of each
	for line, rest := 1, bytes.TrimPrefix(content, byteOrderMark); len(rest) > 0; line++ {
		var text []byte
		text, rest, _ = bytes.Cut(rest, []byte("\n"))
		valid := utf8.Valid(text)
		switch {
		case !valid && slices.ContainsFunc(text, undefined):
			return nil, errEncoding.in(line)
		case !valid && windows == 0:
			windows = line
		case valid && unicode == 0 && !ascii(text):
			unicode = line
		}
		if windows > 0 && (unicode > 0 || marked) {
			return nil, mixed(unicode, windows)
		}
	}
	if windows > 0 {
		return func(r io.Reader) io.Reader { return charmap.Windows1252.NewDecoder().Reader(r) }, nil
	}
	return func(r io.Reader) io.Reader { return r }, nil
}

// undefined says whether a byte means nothing in Windows-1252.
func undefined(b byte) bool { return strings.IndexByte("\x81\x8d\x8f\x90\x9d", b) >= 0 }

// binary says whether a character stands in no text.
func binary(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\r\f\v", r) || r == 0x7f }

func ascii(text []byte) bool {
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func mixed(unicode, windows int) error {
	where := fmt.Sprintf("la ligne %d est en UTF-8, la ligne %d en Windows-1252", unicode, windows)
	if unicode == 0 {
		where = fmt.Sprintf("il s’annonce en UTF-8, mais la ligne %d est en Windows-1252", windows)
	}
	return refusal.New(refusal.Invalid, "encoding_mixed", "Ce fichier mélange deux encodages : "+where+". Enregistrez-le au format « CSV UTF-8 ».").With("line", max(unicode, windows))
}
