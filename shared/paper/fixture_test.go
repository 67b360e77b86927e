package paper_test

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// An object of a PDF under construction; its number is its place in the list, from 1.
type object string

// pdf writes objects as a file: the first is the catalog.
func pdf(objects ...object) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return out.Bytes()
}

// stream is an object with content.
func stream(dict, content string) object {
	return object(fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(content), content))
}

// letter is a PDF of one page with a word on it. The catalog and the page take more members; more objects begin with number 6.
func letter(catalog, page string, more ...object) []byte {
	return pdf(append([]object{
		object("<</Type/Catalog/Pages 2 0 R" + catalog + ">>"),
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>" + page + ">>"),
		stream("", "BT /F1 12 Tf 20 100 Td (Certificat) Tj ET"),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}, more...)...)
}

// pages is a PDF of empty pages, which says that it has so many.
func pages(n, says int) []byte {
	objects := []object{"<</Type/Catalog/Pages 2 0 R>>", ""}
	var kids strings.Builder
	for i := range n {
		fmt.Fprintf(&kids, "%d 0 R ", i+3)
		objects = append(objects, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>>>")
	}
	objects[1] = object(fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", says, kids.String()))
	return pdf(objects...)
}

// packed is what zlib makes of content.
func packed(t testing.TB, content string) string {
	t.Helper()
	return packedLong(t, content, "", 0)
}

// packedLong is what zlib makes of content and so many megabytes of the same behind it.
func packedLong(t testing.TB, content, same string, megabytes int) string {
	t.Helper()
	var out bytes.Buffer
	z, err := zlib.NewWriterLevel(&out, zlib.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(z, content)
	megabyte := strings.Repeat(same, 1<<20/max(len(same), 1))
	for range megabytes {
		_, failed := io.WriteString(z, megabyte)
		err = errors.Join(err, failed)
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// inStreams is a PDF whose objects from number 3 on lie in a packed object stream, found by a cross-reference stream, as writers
// do since PDF 1.5.
func inStreams(t testing.TB, catalog, pages object, hidden ...object) []byte {
	t.Helper()
	var prolog, body strings.Builder
	for i, o := range hidden {
		fmt.Fprintf(&prolog, "%d %d ", i+3, body.Len())
		body.WriteString(string(o) + " ")
	}
	return streamed(catalog, pages, len(hidden),
		stream(fmt.Sprintf("/Type/ObjStm/N %d/First %d/Filter/FlateDecode", len(hidden), prolog.Len()), packed(t, prolog.String()+body.String())))
}

// streamed is a PDF whose objects from number 3 on lie in the stream that is its last object but one.
func streamed(catalog, pages object, hidden int, holder object) []byte {
	var out, rows bytes.Buffer
	out.WriteString("%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
	row := func(kind, a, b int) { rows.Write([]byte{byte(kind), byte(a >> 16), byte(a >> 8), byte(a), byte(b)}) }
	add := func(number int, o object) {
		row(1, out.Len(), 0)
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", number, o)
	}
	row(0, 0, 255)
	add(1, catalog)
	add(2, pages)
	for i := range hidden {
		row(2, hidden+3, i)
	}
	add(hidden+3, holder)
	start := out.Len()
	row(1, start, 0)
	fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", hidden+4,
		stream(fmt.Sprintf("/Type/XRef/Size %d/W[1 3 1]/Root 1 0 R", hidden+5), rows.String()), start)
	return out.Bytes()
}

func itoa(n int) string { return strconv.Itoa(n) }

// write has pdfcpu write a document.
func write(ctx *model.Context, out io.Writer) error {
	w := bufio.NewWriter(out)
	ctx.Write.Writer = w
	return errors.Join(pdfcpu.WriteContext(ctx), w.Flush())
}
