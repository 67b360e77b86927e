package tabular

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"preau/shared/refusal"
)

// A workbook is read here, and not by the library that writes ours: it holds no part whole but the texts that cells share, counts
// what is really unpacked, and tells a formula from what it came to. Parts are as ECMA-376 has them.

// workbook is what the first worksheet's cells are read with.
type workbook struct {
	parts map[string]*zip.File
	left  int64    // bytes that may still be unpacked
	texts []string // that cells share
	days  []bool   // by style: whether a number is a day
	since int      // days between the workbook's calendar and that of 1900
}

func openWorkbook(content []byte) (*Reader, error) {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, errDamaged
	}
	b := &workbook{parts: map[string]*zip.File{}, left: MaxUnpacked}
	for _, f := range archive.File {
		b.parts[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))] = f
	}
	if b.parts["xl/workbook.xml"] == nil {
		return nil, ErrNoTable
	}
	name, err := b.first()
	if err == nil {
		err = errors.Join(b.readTexts(), b.readStyles())
	}
	if err != nil {
		return nil, b.why(err)
	}
	sheet, err := b.part(name)
	if err != nil {
		return nil, b.why(err)
	}
	rows := &sheetRows{book: b, xml: xml.NewDecoder(sheet)}
	return &Reader{next: rows.next, left: func() int { return int(sheet.left()) }, all: int(b.parts[name].UncompressedSize64)}, nil
}

// why is the refusal that an error means: whatever is no refusal is a damage.
func (b *workbook) why(err error) error {
	if err == nil || ended(err) || refusal.Code(err) != "" {
		return err
	}
	return errDamaged
}

// unpacking counts what is unpacked of all parts.
type unpacking struct {
	io.ReadCloser
	book *workbook
	size int64
	read int64
}

func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	u.read += int64(n)
	if u.book.left -= int64(n); u.book.left < 0 {
		return n, errUnpacked
	}
	return n, err
}

func (u *unpacking) left() int64 { return max(0, u.size-u.read) }

// part begins to unpack a part. What it says of its length is not believed, but enough to refuse it.
func (b *workbook) part(name string) (*unpacking, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return nil, errDamaged
	}
	if f.UncompressedSize64 > uint64(max(0, b.left)) {
		return nil, errUnpacked
	}
	r, err := f.Open()
	if err != nil {
		return nil, errDamaged
	}
	return &unpacking{ReadCloser: r, book: b, size: int64(f.UncompressedSize64)}, nil
}

// each reads a part and calls do for each element that begins.
func (b *workbook) each(name string, do func(*xml.Decoder, xml.StartElement) error) error {
	r, err := b.part(name)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	d := xml.NewDecoder(r)
	for {
		token, err := d.Token()
		if ended(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if begin, is := token.(xml.StartElement); is {
			if err := do(d, begin); err != nil {
				return err
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// first finds the first worksheet that is shown.
func (b *workbook) first() (name string, err error) {
	id := ""
	err = b.each("xl/workbook.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			if v := attribute(e, "date1904"); v == "1" || v == "true" {
				b.since = 1462
			}
		case "sheet":
			if id == "" && attribute(e, "state") != "hidden" && attribute(e, "state") != "veryHidden" {
				for _, a := range e.Attr {
					if a.Name.Local == "id" && a.Name.Space != "" {
						id = a.Value
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	err = b.each("xl/_rels/workbook.xml.rels", func(_ *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && attribute(e, "Id") == id {
			name = attribute(e, "Target")
		}
		return nil
	})
	if strings.HasPrefix(name, "/") {
		name = name[1:]
	} else {
		name = path.Join("xl", name)
	}
	if name = strings.ToLower(name); err == nil && b.parts[name] == nil {
		err = errDamaged
	}
	return name, err
}

// readTexts reads the texts that cells share. What says how a text is spoken is none of it.
func (b *workbook) readTexts() error {
	if b.parts["xl/sharedstrings.xml"] == nil {
		return nil
	}
	return b.each("xl/sharedstrings.xml", func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := textIn(d)
		b.texts = append(b.texts, strings.Clone(clean(text)))
		return err
	})
}

// textIn is what the t elements of an element hold, up to its end.
func textIn(d *xml.Decoder) (string, error) {
	var out strings.Builder
	for depth, inside, spoken := 1, false, 0; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			if t.Name.Local == "rPh" {
				spoken = depth
			}
			inside = t.Name.Local == "t" && spoken == 0
		case xml.EndElement:
			if depth == spoken {
				spoken = 0
			}
			depth--
			inside = false
		case xml.CharData:
			if inside && out.Len() < maxCell {
				out.Write(t)
			}
		}
	}
	return out.String(), nil
}

// readStyles learns which styles write a number as a day.
func (b *workbook) readStyles() error {
	if b.parts["xl/styles.xml"] == nil {
		return nil
	}
	formats, cells := map[string]bool{}, false
	return b.each("xl/styles.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			formats[attribute(e, "numFmtId")] = writesDay(attribute(e, "formatCode"))
		case "cellXfs":
			cells = true
		case "cellStyles", "dxfs":
			cells = false
		case "xf":
			if cells {
				id := attribute(e, "numFmtId")
				day, own := formats[id]
				b.days = append(b.days, day || !own && builtInDay(id))
			}
		}
		return nil
	})
}

// builtInDay says whether a number format that needs no definition writes days (ECMA-376, 18.8.30).
func builtInDay(id string) bool {
	n, _ := strconv.Atoi(id)
	return n >= 14 && n <= 17 || n == 22 || n >= 27 && n <= 36 || n >= 50 && n <= 58
}

// writesDay says whether a number format names a day or a year outside quotes and brackets.
func writesDay(format string) bool {
	quoted, bracket := false, false
	for i, r := range format {
		switch {
		case i > 0 && format[i-1] == '\\':
		case r == '"':
			quoted = !quoted
		case !quoted && (r == '[' || r == ']'):
			bracket = r == '['
		case !quoted && !bracket && strings.ContainsRune("dDyY", r) && !strings.Contains(format, "0") && !strings.Contains(format, "#"):
			return true
		}
	}
	return false
}
