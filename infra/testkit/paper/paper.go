// Package paper reads printed lists again: the texts of a PDF that package sheet/pdf made, with where they stand.
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
	text   = regexp.MustCompile(`(?s)BT (-?[\d.]+) (-?[\d.]+) Td \(((?:\\.|[^\\)])*)\)`)
)

// Read gives the pages of a PDF, in their order.
func Read(t testing.TB, content []byte) (pages []Page) {
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
		if page := read(drawn); len(page) > 0 {
			pages = append(pages, page)
		}
	}
	return pages
}

func read(drawn []byte) (p Page) {
	for _, m := range text.FindAllSubmatch(drawn, -1) {
		x, _ := strconv.ParseFloat(string(m[1]), 64)
		y, _ := strconv.ParseFloat(string(m[2]), 64)
		p = append(p, Text{x, y, letters(m[3])})
	}
	return p
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
