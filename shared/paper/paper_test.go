package paper_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"preau/shared/paper"
	"preau/shared/refusal"
)

func TestACleanDocumentShowsTheSamePages(t *testing.T) {
	t.Parallel()
	page := object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>>>")
	for says, c := range map[string]struct {
		raw   []byte
		pages int
		holds string
	}{
		"a letter":                         {letter("", ""), 1, "(Certificat) Tj"},
		"50 pages":                         {pages(50, 50), 50, ""},
		"a letter that opens at a place":   {letter("/OpenAction[3 0 R/XYZ null null 0]", ""), 1, "(Certificat) Tj"},
		"a letter that opens at a page":    {letter("/OpenAction<</S/GoTo/D[3 0 R/Fit]>>", ""), 1, "(Certificat) Tj"},
		"a letter that leads to a site":    {letter("", "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://www.example.org/a:b)>>>>]"), 1, "example.org"},
		"a letter with blanks behind it":   {append(letter("", ""), "\r\n\x00\x00 \n"...), 1, "(Certificat) Tj"},
		"a letter with bytes behind it":    {append(letter("", ""), "\nsome scanner's own\n"...), 1, "(Certificat) Tj"},
		"objects within streams":           {inStreams(t, "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>", page, page), 2, ""},
		"lists of no programs and files":   {letter("/Names<</JavaScript<</Names[]>>/EmbeddedFiles<</Names[]>>>>", ""), 1, "(Certificat) Tj"},
		"a form without programs":          {letter("/AcroForm<</Fields[6 0 R]>>", "/Annots[6 0 R]", "<</Type/Annot/Subtype/Widget/FT/Tx/T(nom)/V(Martin)/DA(/Helv 12 Tf)/Rect[0 0 90 9]/F 4>>"), 1, "(Martin)"},
		"a picture in a format of its own": {letter("", "", stream("/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", "x")), 1, ""},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			out, err := paper.Clean(t.Context(), c.raw)
			if err != nil {
				t.Fatal(err)
			}
			if got := pagesOf(t, out); got != c.pages || !bytes.Contains(out, []byte(c.holds)) {
				t.Errorf("%d pages of:\n%s", got, out)
			}
			again, err := paper.Clean(t.Context(), out)
			if err != nil || pagesOf(t, again) != c.pages {
				t.Errorf("cleaned once more: %v", err)
			}
		})
	}
}

func pagesOf(t *testing.T, raw []byte) int {
	t.Helper()
	ctx, err := pdfcpu.Read(bytes.NewReader(raw), &model.Configuration{Reader15: true, ValidationMode: model.ValidationStrict})
	if err == nil {
		err = ctx.EnsurePageCount()
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	return ctx.PageCount
}

func TestNothingThatADocumentTellsAboutItselfIsLeft(t *testing.T) {
	t.Parallel()
	photo := "\xff\xd8" + "\xff\xe1\x00\x13Exif\x00\x00GPS 48.85 N" + string(picture(t)[2:])
	raw := pdf(
		"<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R/PieceInfo<</Word<</LastModified(D:20250102)/Private(Martin)>>>>>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<</XObject<</Im 4 0 R>>>>/Metadata 5 0 R/LastModified(D:20250102)/PieceInfo<</A<</LastModified(D:20250102)>>>>/AAPL:AKExtras<</T(Martin)>>/PTEX.FileName(/home/martin)>>",
		stream("/Type/XObject/Subtype/Image/Width 16/Height 16/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Metadata 5 0 R", photo),
		stream("/Type/Metadata/Subtype/XML", "<x:xmpmeta xmlns:x='adobe:ns:meta/'>Léa Martin</x:xmpmeta>"),
		"<</Author(Martin)/Producer(Word)/Title(Certificat)>>",
	)
	raw = bytes.Replace(raw, []byte("/Root 1 0 R"), []byte("/Root 1 0 R/Info 6 0 R/ID[<0123456789abcdef><0123456789abcdef>]"), 1)
	out, err := paper.Clean(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, sign := range []string{"xmp", "Martin", "Word", "Certificat", "Metadata", "PieceInfo", "LastModified", "AAPL", "PTEX", "martin", "D:20250102", "Exif", "GPS", "0123456789abcdef", "0123456789ABCDEF"} {
		if bytes.Contains(out, []byte(sign)) {
			t.Errorf("%q is left:\n%s", sign, out)
		}
	}
	if !bytes.Contains(out, picture(t)[2:]) {
		t.Error("the picture itself is gone")
	}
}

func picture(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewRGBA(image.Rect(0, 0, 16, 16)), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWhatIsNoCleanDocumentIsRefused(t *testing.T) {
	t.Parallel()
	good := letter("", "")
	zip := "PK\x03\x04 a program PK\x05\x06" + strings.Repeat("\x00", 18)
	link := func(action string) []byte {
		return letter("", "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A"+action+">>]")
	}
	script := object("<</S/JavaScript/JS(app.alert\\(1\\))>>")
	for _, c := range []struct {
		says string
		raw  []byte
		code string
	}{
		{"nothing", nil, "file_type_unknown"},
		{"a script", []byte("<script>"), "file_type_unknown"},
		{"a JPEG", picture(t), "file_type_unknown"},
		{"a PDF behind a script", append([]byte("#!/bin/sh\n"), good...), "file_type_unknown"},
		{"a PDF behind a blank", append([]byte("\n"), good...), "file_type_unknown"},
		{"a header alone", []byte("%PDF-1.7\n%%EOF\n"), "file_broken"},
		{"a header and an end around a script", []byte("%PDF-1.7\n<script>alert(1)</script>\n%%EOF\n"), "file_broken"},
		{"half a PDF", good[:len(good)/2], "file_broken"},
		{"a PDF without its end", bytes.TrimSuffix(good, []byte("%%EOF\n")), "file_broken"},
		{"a PDF without pages", pages(0, 0), "file_broken"},
		{"a PDF of a negative number of pages", pages(1, -1), "file_broken"},
		{"a PDF without a catalog", pdf("<<>>"), "file_broken"},
		{"an archive behind a PDF", append(bytes.Clone(good), zip...), "file_mixed"},
		{"a page behind a PDF", append(bytes.Clone(good), "<html><script>alert(1)</script>"...), "file_mixed"},
		{"51 pages", pages(51, 51), "pdf_too_long"},
		{"51 pages that say to be one", pages(51, 1), "pdf_too_long"},
		{"one page that says to be a thousand", pages(1, 1000), "pdf_too_long"},

		{"a script when it opens", letter("/OpenAction 6 0 R", "", script), "pdf_active"},
		{"a script that is written there", letter("/OpenAction"+string(script), ""), "pdf_active"},
		{"a script with an escaped name", letter("/OpenAction<</S/J#61vaScript/J#53(app.alert\\(1\\))>>", ""), "pdf_active"},
		{"an escaped action without its script", letter("", "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/Java#53cript>>>>]"), "pdf_active"},
		{"a script by its name alone", letter("/Names<</JavaScript<</Names[(a) 6 0 R]>>>>", "", script), "pdf_active"},
		{"a script when a page opens", letter("", "/AA<</O 6 0 R>>", script), "pdf_active"},
		{"a script in a link", link(string(script)), "pdf_active"},
		{"an action whose kind is written elsewhere", letter("", "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S 6 0 R/F(a)>>>>]", "/Launch"), "pdf_active"},
		{"a script in a packed stream", inStreams(t, "<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>>>", script), "pdf_active"},
		{"a script that nothing leads to", letter("", "", script), "pdf_active"},
		{"a program to start", link("<</S/Launch/F(cmd.exe)>>"), "pdf_active"},
		{"a form that sends", link("<</S/SubmitForm/F<</FS/URL/F(https://example.org)>>>>"), "pdf_active"},
		{"a link to another document", link("<</S/GoToR/F(b.pdf)/D[0/Fit]>>"), "pdf_active"},
		{"a link to a script", link("<</S/URI/URI(javascript:alert\\(1\\))>>"), "pdf_active"},
		{"a link to a file", link("<</S/URI/URI(file:///etc/passwd)>>"), "pdf_active"},
		{"a link to a script in hexadecimal", link("<</S/URI/URI<6a6176617363726970743a31>>>"), "pdf_active"},
		{"a site that opens by itself", letter("/OpenAction<</S/URI/URI(https://example.org)>>", ""), "pdf_active"},
		{"a file inside", letter("/Names<</EmbeddedFiles<</Names[(a) 6 0 R]>>>>", "", "<</Type/Filespec/F(a.exe)/EF<</F 7 0 R>>>>", stream("/Type/EmbeddedFile", "MZ")), "pdf_active"},
		{"a file pinned to a page", letter("", "/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS(a)>>]"), "pdf_active"},
		{"a portfolio", letter("/Collection<<>>", ""), "pdf_active"},
		{"a form of Adobe's", letter("/AcroForm<</Fields[]/XFA 6 0 R>>", "", stream("", "<xdp/>")), "pdf_active"},
		{"a film", letter("", "/Annots[<</Type/Annot/Subtype/Screen/Rect[0 0 9 9]>>]"), "pdf_active"},
		{"a model in three dimensions", letter("", "/Annots[<</Type/Annot/Subtype/3D/Rect[0 0 9 9]>>]"), "pdf_active"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			out, err := paper.Clean(t.Context(), c.raw)
			if refusal.Code(err) != c.code {
				t.Errorf("got %v\n%s", err, out)
			}
		})
	}
}

func TestAnEncryptedDocumentIsRefused(t *testing.T) {
	t.Parallel()
	for says, password := range map[string]string{"with a password to open it": "secret", "with one to change it alone": ""} {
		model.ConfigPath = "disable"
		config := model.NewAESConfiguration(password, "owner", 256)
		ctx, err := pdfcpu.Read(bytes.NewReader(letter("", "")), config)
		if err != nil {
			t.Fatal(err)
		}
		ctx.Cmd = model.ENCRYPT
		var out bytes.Buffer
		if err := write(ctx, &out); err != nil {
			t.Fatal(err)
		}
		if _, err := paper.Clean(t.Context(), out.Bytes()); refusal.Code(err) != "pdf_encrypted" {
			t.Errorf("%s: %v", says, err)
		}
	}
}

// mostOfAll is what no process that cleaned a document here may have had, in bytes; Lambda gives 1 GB.
const mostOfAll = 600 << 20

func TestADocumentMadeToExhaustItsReaderIsRefused(t *testing.T) {
	t.Parallel()
	page := object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>>>")
	objects := "3 0 " + string(page)
	for says, raw := range map[string][]byte{
		"objects within objects":                 letter("/A "+strings.Repeat("[", 5<<20), ""),
		"dictionaries within dictionaries":       letter(strings.Repeat("/A<<", 1<<20), ""),
		"objects with half a gigabyte of blanks": packedObjects("/Filter/FlateDecode", packedLong(t, objects, " ", 512)),
		"blanks that are packed twice":           packedObjects("/Filter[/FlateDecode/FlateDecode]", packed(t, packedLong(t, objects, " ", 512))),
		"objects within packed objects":          packedObjects("/Filter/FlateDecode", packedLong(t, "3 0 ", "[", 64)),
		"a table of zeros":                       tableOf(packedLong(t, "", "\x01\x00\x00\x00\x00", 300)),
		"a table that is its own":                bytes.Replace(letter("", ""), []byte("/Root 1 0 R>>"), []byte("/Root 1 0 R/Prev 15>>"), 1),
		"pages within themselves":                pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[2 0 R]>>", page),
		"an object that is itself":               letter("/Names 6 0 R", "", "6 0 R"),
		"a stream longer than the computer":      letter("", "", "<</Length 9223372036854775807>>\nstream\nx\nendstream"),
	} {
		t.Run(says, func(t *testing.T) {
			out, err := paper.Clean(t.Context(), raw)
			if err != nil && refusal.Code(err) == "" {
				t.Errorf("a fault: %v", err)
			}
			if err == nil && pagesOf(t, out) != 1 {
				t.Errorf("it became %d bytes", len(out))
			}
			t.Logf("%d bytes: %v", len(raw), err)
		})
	}
	if runtime.GOOS == "linux" { // elsewhere the kernel counts in other units
		var used syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &used); err != nil {
			t.Fatal(err)
		}
		t.Logf("at most %d MB", used.Maxrss>>10)
		if used.Maxrss<<10 > mostOfAll {
			t.Errorf("a process had %d MB", used.Maxrss>>10)
		}
	}
}

// packedObjects is a document whose pages lie in an object stream of the given content.
func packedObjects(filter, content string) []byte {
	return streamed("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", 1, stream("/Type/ObjStm/N 1/First 4"+filter, content))
}

// tableOf is a document whose cross-reference stream has the given content.
func tableOf(content string) []byte {
	head := []byte("%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 1/Kids[]>>\nendobj\n")
	body := "3 0 obj\n" + string(stream("/Type/XRef/Size 100000000/W[1 3 1]/Root 1 0 R/Filter/FlateDecode", content)) + "\nendobj\nstartxref\n" + itoa(len(head)) + "\n%%EOF\n"
	return append(head, body...)
}

func TestCleaningTouchesNoDisk(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "TMPDIR"} {
		t.Setenv(name, home)
	}
	if _, err := paper.Clean(t.Context(), letter("", "")); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(home, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
	if config, err := os.UserConfigDir(); err == nil {
		if _, err := os.Stat(filepath.Join(config, "pdfcpu")); err == nil {
			t.Error("a folder of settings was made")
		}
	}
}

func FuzzAFileIsADocumentOrRefused(f *testing.F) {
	f.Add(letter("", ""))
	f.Add(letter("/OpenAction[3 0 R/Fit]", "/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://a)>>>>]"))
	f.Add(pages(3, 3))
	f.Add(inStreams(f, "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>>>"))
	f.Add(binary.BigEndian.AppendUint32([]byte("%PDF-1.7\n"), 1))
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, err := paper.Clean(t.Context(), raw)
		if err != nil {
			if refusal.Code(err) == "" {
				t.Fatalf("a fault: %v", err)
			}
			return
		}
		for _, sign := range []string{"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/XFA"} {
			if bytes.Contains(out, []byte(sign)) {
				t.Fatalf("%s is left", sign)
			}
		}
	})
}
