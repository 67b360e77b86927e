package tabular

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"preau/shared/refusal"
)

// all reads a file to its end: the texts of each row, behind its line.
func all(content []byte) (rows []string, err error) {
	r, err := Open(content)
	for err == nil {
		var row Row
		if row, err = r.Next(); err != nil {
			break
		}
		var cells []string
		for _, c := range row.Cells {
			text := c.Text
			if c.Formula {
				text = "formula:" + text
			}
			if c.Broken {
				text = "broken:" + text
			}
			cells = append(cells, text)
		}
		rows = append(rows, fmt.Sprint(row.Line, " ", strings.Join(cells, "|")))
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return rows, err
}

func TestATableIsReadAsPeopleWroteIt(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says, file string
		want       []string
	}{
		{"semicolons", "Nom;Prénom\nMorel;Léa\n", []string{"1 Nom|Prénom", "2 Morel|Léa"}},
		{"commas", "Nom,Prénom\r\nMorel,Léa\r\n", []string{"1 Nom|Prénom", "2 Morel|Léa"}},
		{"tabs", "Nom\tPrénom\nMorel\tLéa", []string{"1 Nom|Prénom", "2 Morel|Léa"}},
		{"a mark of UTF-8", "\ufeffNom;Prénom\nMorel;Léa", []string{"1 Nom|Prénom", "2 Morel|Léa"}},
		{"Windows-1252", "Nom;Pr\xe9nom\nL\x9cuillet;Zo\xe9 \x96 Ad\xe8le", []string{"1 Nom|Prénom", "2 Lœuillet|Zoé – Adèle"}},
		{"a separator and a line in quotes", "Nom;Adresse\n\"Morel\";\"4 rue des Lilas;\nBât. B\"\nPetit;x", []string{"1 Nom|Adresse", "2 Morel|4 rue des Lilas; Bât. B", "4 Petit|x"}},
		{"commas inside quotes among semicolons", "\"Nom, prénom, âge\";École\nx;y", []string{"1 Nom, prénom, âge|École", "2 x|y"}},
		{"lines without anything", "\n\nNom;Prénom\n;;\n\nMorel;Léa;;\n", []string{"3 Nom|Prénom", "6 Morel|Léa"}},
		{"signs that nobody sees", "Nom;x\n Mo\u200brel\u00a0 \t;\u202ey", []string{"1 Nom|x", "2 Morel|y"}},
		{"formulas, and numbers that begin as they do", "a;b;c;d;e\n=1+1;@SUM(A1);+33 6 12 34 56 78;-12,5;+cmd|'/c calc'!A0", []string{"1 a|b|c|d|e", "2 formula:=1+1|formula:@SUM(A1)|+33 6 12 34 56 78|-12,5|formula:+cmd|'/c calc'!A0"}},
		{"texts that our own lists made harmless", "a;b\n'+33612345678;'=1+1", []string{"1 a|b", "2 +33612345678|formula:=1+1"}},
		{"a cell without end", "a;b\n" + strings.Repeat("é", 3000) + ";x", []string{"1 a|b", "2 " + strings.Repeat("é", 1000) + "|x"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got, err := all([]byte(c.file)); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestWhatIsNoTableIsRefusedAndSaysWhere(t *testing.T) {
	t.Parallel()
	many := "Nom\n" + strings.Repeat("Morel\n", 30_000)
	cases := []struct {
		says, file, code string
		where            string // in the sentence
	}{
		{"nothing", "", "file_empty", "vide"},
		{"blanks", " \r\n\t\n", "file_empty", "vide"},
		{"a picture", "\xff\xd8\xff\xe0\x00\x10JFIF", "file_not_table", "tableau"},
		{"a PDF", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\x00", "file_not_table", "tableau"},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_old_excel", ".xlsx"},
		{"half a workbook", "PK\x03\x04 and nothing more", "file_damaged", "abîmé"},
		{"an archive of something else", string(packed(map[string]string{"word/document.xml": "<x/>"})), "file_not_table", "tableau"},
		{"UTF-16", "\xff\xfeN\x00o\x00m\x00", "encoding_unknown", "UTF-16"},
		{"two encodings", "Nom\nZo\xe9\nMorel\nLéa\n", "encoding_mixed", "la ligne 4 est en UTF-8, la ligne 2 en Windows-1252"},
		{"another encoding than is said", "\ufeffNom\nMorel\nZo\xe9\n", "encoding_mixed", "la ligne 3 est en Windows-1252"},
		{"an encoding of elsewhere", "Nom\nMorel\n\x8d\x81\n", "encoding_unknown", "La ligne 3"},
		{"30,000 rows", many, "too_many_rows", "ligne 20002"},
		{"quotes that never end", "Nom;Prénom\nMorel;\"Léa\nPetit;Tom\n", "line_unreadable", "La ligne 2"},
		{"a quote in the middle", "Nom;Prénom\nMorel;Lé\"a\n", "line_unreadable", "La ligne 2"},
		{"columns without end", strings.Repeat(";", 200) + "x", "too_many_columns", "ligne 1"},
		{"too many bytes", strings.Repeat("Nom;Prénom\n", MaxLength/11), "file_too_large", "20 Mo"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			_, err := all([]byte(c.file))
			var no *refusal.Refusal
			if !errors.As(err, &no) || no.Code != c.code || !strings.Contains(no.Detail, c.where) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// packed is an archive of parts.
func packed(parts map[string]string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range parts {
		f, _ := w.Create(name)
		_, _ = io.WriteString(f, text)
	}
	_ = w.Close()
	return out.Bytes()
}

// workbookOf is a workbook whose first worksheet holds rows, as XML.
func workbookOf(rows string, more map[string]string) []byte {
	parts := map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="caché" state="hidden" r:id="rId9"/><sheet name="Familles" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`,
		"xl/sharedStrings.xml":       `<sst><si><t>Nom</t></si><si><r><t>Mo</t></r><r><t xml:space="preserve">rel </t></r><rPh><t>spoken</t></rPh></si></sst>`,
		"xl/styles.xml":              `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\/mm\/yyyy"/><numFmt numFmtId="165" formatCode="&quot;day&quot; 0.00"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
	}
	for name, text := range more {
		parts[name] = text
	}
	return packed(parts)
}

func TestAWorkbookIsReadAsPeopleSeeIt(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says, rows string
		more       map[string]string
		want       []string
	}{
		{"texts that cells share", `<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="3"><c r="B3" t="s"><v>1</v></c></row>`, nil, []string{"1 Nom", "3 |Morel"}},
		{"texts of their own", `<row r="1"><c r="A1" t="inlineStr"><is><r><t>Lé</t></r><r><t>a</t></r></is></c><c r="B1" t="str"><v>x</v></c></row>`, nil, []string{"1 Léa|x"}},
		{"days, by format", `<row r="1"><c r="A1" s="1"><v>43224</v></c><c r="B1" s="2"><v>43224.5</v></c><c r="C1"><v>43224</v></c><c r="D1" s="3"><v>43224</v></c><c r="E1" t="d"><v>2018-05-04T00:00:00</v></c></row>`, nil, []string{"1 2018-05-04|2018-05-04|43224|43224|2018-05-04"}},
		{"days counted from 1904", `<row r="1"><c r="A1" s="1"><v>41762</v></c></row>`, map[string]string{"xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet r:id="rId1"/></sheets></workbook>`}, []string{"1 2018-05-04"}},
		{"numbers", `<row r="1"><c r="A1"><v>6.12345678E8</v></c><c r="B1"><v>1000</v></c><c r="C1" t="b"><v>1</v></c></row>`, nil, []string{"1 612345678|1000|oui"}},
		{"formulas and errors", `<row r="1"><c r="A1" t="str"><f>A2&amp;"x"</f><v>Morel</v></c><c r="B1" t="e"><v>#REF!</v></c><c r="C1" t="inlineStr"><is><t>=1+1</t></is></c></row>`, nil, []string{"1 formula:Morel|broken:#REF!|formula:=1+1"}},
		{"cells and rows that do not say where they stand", `<row><c t="s"><v>0</v></c><c><v>1</v></c></row><row><c><v>2</v></c></row>`, nil, []string{"1 Nom|1", "2 2"}},
		{"a worksheet in another place", `<row r="1"><c r="A1"><v>1</v></c></row>`, map[string]string{
			"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="/xl/Feuilles/F1.xml"/></Relationships>`,
			"xl/feuilles/f1.xml":         `<x:worksheet xmlns:x="x"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
		}, []string{"1 7"}},
		{"nothing", ``, nil, nil},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got, err := all(workbookOf(c.rows, c.more)); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestAWorkbookThatCanNotBeIsRefused(t *testing.T) {
	t.Parallel()
	bomb := strings.Repeat("<row><c><v>1</v></c></row>", MaxUnpacked/20)
	cases := []struct {
		says, rows string
		more       map[string]string
		code       string
	}{
		{"a bomb of rows", bomb, nil, "file_unpacks_too_large"},
		{"a bomb of texts", "", map[string]string{"xl/sharedStrings.xml": "<sst><si><t>" + strings.Repeat("x", MaxUnpacked+1) + "</t></si></sst>"}, "file_unpacks_too_large"},
		{"30,000 rows", strings.Repeat("<row><c><v>1</v></c></row>", 30_000), nil, "too_many_rows"},
		{"a cell far away", `<row r="1"><c r="XFD1"><v>1</v></c></row>`, nil, "too_many_columns"},
		{"rows that go back", `<row r="5"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>`, nil, "line_unreadable"},
		{"XML that is none", `<row r="1"><c><v>1</row>`, nil, "file_damaged"},
		{"no worksheet", "", map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships/>`}, "file_damaged"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if _, err := all(workbookOf(c.rows, c.more)); refusal.Code(err) != c.code {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestABombThatLiesAboutItsLengthIsCountedAsItUnpacks: what an archive says of its parts is not believed.
func TestABombThatLiesAboutItsLengthIsCountedAsItUnpacks(t *testing.T) {
	t.Parallel()
	b := &workbook{left: 10}
	u := &unpacking{ReadCloser: io.NopCloser(strings.NewReader(strings.Repeat("x", 1000))), book: b, size: 5}
	if _, err := io.Copy(io.Discard, u); !errors.Is(err, errUnpacked) {
		t.Errorf("got %v", err)
	}
}

// TestTwentyThousandRowsAreNeverHeld is not parallel: it looks at the memory of the process.
func TestTwentyThousandRowsAreNeverHeld(t *testing.T) {
	row := `<row>` + strings.Repeat(`<c t="inlineStr"><is><t>Jean-François de La Rochefoucauld</t></is></c>`, 12) + `</row>`
	content := workbookOf(strings.Repeat(row, MaxRows+1), nil)
	r, err := Open(content)
	if err != nil {
		t.Fatal(err)
	}
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for n := 0; ; n++ {
		if _, err := r.Next(); err != nil {
			if !errors.Is(err, io.EOF) || n != MaxRows+1 {
				t.Errorf("after %d rows: %v", n, err)
			}
			return
		}
		if n%5000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			if grown := int64(now.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 {
				t.Fatalf("%d MB more are held after %d rows", grown>>20, n)
			}
		}
	}
}
