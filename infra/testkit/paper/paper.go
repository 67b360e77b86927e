// Package paper reads what was printed again: the texts and boxes of a PDF that we made, with where they stand.
package paper

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// Text stands on a page, in points from its lower left corner.
type Text struct {
	X, Y float64
	Text string
	Size float64 // of its letters
	Font string  // as the page names it
}

// Page is the texts of a page, as they were printed.
type Page []Text

// String is the page's texts, a line each.
func (p Page) String() string {
	var all []string
	for _, t := range p {
		all = append(all, t.Text)
	}
	return strings.Join(all, "\n")
}

// Has says whether a text stands on the page as a whole.
func (p Page) Has(s string) bool {
	for _, t := range p {
		if t.Text == s {
			return true
		}
	}
	return false
}

var (
	stream = regexp.MustCompile(`(?s)/FlateDecode[^>]*>>\s*stream\r?\n`)
	text   = regexp.MustCompile(`(?s)BT /(\S+) ([\d.]+) Tf ET|BT (-?[\d.]+) (-?[\d.]+) Td \(((?:\\.|[^\\)])*)\)`)
	box    = regexp.MustCompile(`(?m)^(-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) re (\S+)$`)
)

// Read gives the pages of a PDF, in their order.
func Read(t testing.TB, content []byte) (pages []Page) {
	t.Helper()
	for _, drawn := range drawings(t, content) {
		if page := read(drawn); len(page) > 0 {
			pages = append(pages, page)
		}
	}
	return pages
}

// Box is a rectangle that was drawn, in points from the page's lower left corner.
type Box struct {
	X, Y, Width, Height float64
	Filled              bool
}

// Boxes gives the rectangles of the pages of a PDF that have text.
func Boxes(t testing.TB, content []byte) (pages [][]Box) {
	t.Helper()
	for _, drawn := range drawings(t, content) {
		if len(read(drawn)) == 0 {
			continue
		}
		var page []Box
		for _, m := range box.FindAllSubmatch(drawn, -1) {
			b := Box{number(m[1]), number(m[2]), number(m[3]), number(m[4]), string(m[5]) == "f"}
			if b.Height < 0 {
				b.Y, b.Height = b.Y+b.Height, -b.Height
			}
			page = append(page, b)
		}
		pages = append(pages, page)
	}
	return pages
}

// drawings are the streams of a PDF that can be read.
func drawings(t testing.TB, content []byte) (all [][]byte) {
	t.Helper()
	if !bytes.HasPrefix(content, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(content), []byte("%%EOF")) {
		t.Fatalf("this is no PDF: %.20q", content)
	}
	for _, at := range stream.FindAllIndex(content, -1) {
		z, err := zlib.NewReader(bytes.NewReader(content[at[1]:]))
		if err != nil {
			continue // an object of another kind
		}
		drawn, err := io.ReadAll(z)
		if err != nil {
			t.Fatalf("inflate a page: %v", err)
		}
		all = append(all, drawn)
	}
	return all
}

func read(drawn []byte) (p Page) {
	var in Text
	for _, m := range text.FindAllSubmatch(drawn, -1) {
		if len(m[1]) > 0 {
			in.Font, in.Size = string(m[1]), number(m[2])
			continue
		}
		in.X, in.Y, in.Text = number(m[3]), number(m[4]), letters(m[5])
		p = append(p, in)
	}
	return p
}

func number(s []byte) float64 {
	n, _ := strconv.ParseFloat(string(s), 64) // the pattern is a number's
	return n
}

// letters reads a string of two bytes a letter, where some bytes are escaped.
func letters(s []byte) string {
	plain := strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r").Replace(string(s))
	var units []uint16
	for i := 0; i+1 < len(plain); i += 2 {
		units = append(units, binary.BigEndian.Uint16([]byte(plain[i:])))
	}
	return string(utf16.Decode(units))
}
