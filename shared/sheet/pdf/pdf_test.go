package pdf_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"preau/infra/testkit/paper"
	"preau/shared/sheet"
	"preau/shared/sheet/pdf"
)

var columns = []sheet.Column{{Name: "Nom", Width: 20}, {Name: "Prénom", Width: 20}, {Name: "Présent", Width: 10}}

// list is a printed list of one part with one table of names.
func list(names ...string) pdf.List {
	t := sheet.Table{Name: "Attendus", Columns: columns}
	for _, n := range names {
		t.Rows = append(t.Rows, []sheet.Cell{sheet.Text(n), sheet.Text("Léa"), sheet.Box()})
	}
	return pdf.List{
		Owner: "Ville de Saint-Aubin", Title: "Cantine", Printed: time.Date(2026, 12, 1, 9, 5, 0, 0, time.UTC),
		Parts: []pdf.Part{{Heading: "mardi 1er décembre 2026", Tables: []sheet.Table{t}}},
	}
}

func printed(t *testing.T, l pdf.List) []paper.Page {
	t.Helper()
	content, err := pdf.Write(l)
	if err != nil {
		t.Fatal(err)
	}
	return paper.Read(t, content)
}

func TestATextIsPrintedInLettersThatTheFontHolds(t *testing.T) {
	t.Parallel()
	cases := []struct{ says, text, want string }{
		{"French letters", "ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ àâæçéèêëîïôœùûüÿ", "ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ àâæçéèêëîïôœùûüÿ"},
		{"French signs", "« d’été » – 3 €…", "« d’été » – 3 €…"},
		{"letters of other languages of Europe", "Ștefan Łukasz Şükrü Ñ", "Ștefan Łukasz Şükrü Ñ"},
		{"accents typed apart are joined", "Le\u0301a", "Léa"},
		{"a letter that it lacks loses its accents", "Nguyễn", "Nguyen"},
		{"a ligature is parted", "\ufb03", "ffi"},
		{"a sign that it lacks is a question mark", "🙂 漢", "? ?"},
		{"the first letter beyond the basic plane", "\U00010000", "?"},
		{"a hyphen that does not break", "a\u2011b", "a-b"},
		{"thin and wide spaces before a colon", "Lait\u202f: non\u00a0!", "Lait\u00a0: non\u00a0!"},
		{"brackets and backslashes", `(a) \ b\`, `(a) \ b\`},
		{"a formula", `=HYPERLINK("x")`, `=HYPERLINK("x")`},
		{"tabs and lines", "lait\tœufs\nblé", "lait œufs|blé"},
		{"what was signed from right to left", "\u202ea\u200bb", "ab"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			pages := printed(t, list(c.text))
			if len(pages) != 1 {
				t.Fatalf("%d pages", len(pages))
			}
			for _, line := range strings.Split(c.want, "|") {
				if !pages[0].Has(line) {
					t.Errorf("%q is not on the page: %q", line, pages[0])
				}
			}
		})
	}
}

func TestEachPageSaysWhoseListItIsAndWhichPageOfHowMany(t *testing.T) {
	t.Parallel()
	l := list()
	for i := range 300 {
		l.Parts[0].Tables[0].Rows = append(l.Parts[0].Tables[0].Rows, []sheet.Cell{sheet.Text(fmt.Sprintf("Martin %d", i)), sheet.Text("Léa")})
	}
	second := l.Parts[0]
	second.Heading, second.Notes = "jeudi 3 décembre 2026", []string{"Attendus : 300"}
	l.Parts = append(l.Parts, second)
	pages := printed(t, l)
	if len(pages) < 20 {
		t.Fatalf("600 rows on %d pages", len(pages))
	}
	for i, p := range pages {
		heading := "mardi 1er décembre 2026"
		if i >= len(pages)/2 {
			heading = "jeudi 3 décembre 2026"
		}
		if strings.Contains(p.String(), "Martin") && !p.Has("Présent") {
			t.Errorf("page %d has rows without a header", i+1)
		}
		for _, want := range []string{"Ville de Saint-Aubin", "Cantine", heading, "Imprimé le 01/12/2026 à 09:05", fmt.Sprintf("Page %d/%d", i+1, len(pages))} {
			if !p.Has(want) {
				t.Errorf("page %d does not say %q", i+1, want)
			}
		}
	}
	all := ""
	for _, p := range pages {
		all += p.String() + "\n"
	}
	for i := range 300 {
		if n := strings.Count(all, fmt.Sprintf("Martin %d\n", i)); n != 2 {
			t.Errorf("Martin %d stands there %d times, want 2", i, n)
		}
	}
	if last := pages[len(pages)-1]; !last.Has("Attendus : 300") {
		t.Error("the last page does not hold the notes")
	}
}

func TestARowIsNeverSplit(t *testing.T) {
	t.Parallel()
	l := list()
	for i := range 60 {
		var lines []string
		for n := range 1 + i%7 {
			lines = append(lines, fmt.Sprintf("r%dl%d", i, n))
		}
		l.Parts[0].Tables[0].Rows = append(l.Parts[0].Tables[0].Rows, []sheet.Cell{sheet.Text(strings.Join(lines, "\n"))})
	}
	on := map[string]int{} // row → page
	for n, p := range printed(t, l) {
		for _, text := range p {
			if text.Y < 12/25.4*72 {
				t.Errorf("page %d: %q stands in the margin", n+1, text.Text)
			}
			row, _, ok := strings.Cut(text.Text, "l")
			if !ok || !strings.HasPrefix(row, "r") {
				continue
			}
			if before, seen := on[row]; seen && before != n {
				t.Errorf("row %s stands on pages %d and %d", row, before+1, n+1)
			}
			on[row] = n
		}
	}
	if len(on) != 60 {
		t.Errorf("%d rows of 60 were printed", len(on))
	}
}

func TestARowThatNoPageHoldsIsCutWithASign(t *testing.T) {
	t.Parallel()
	pages := printed(t, list("Avant", strings.Repeat("x\n", 5000), strings.Repeat("w", 3000), "Après"))
	if len(pages) > 4 {
		t.Errorf("%d pages", len(pages))
	}
	all := fmt.Sprint(pages)
	for _, want := range []string{"Avant", "Après", "…"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not printed", want)
		}
	}
}

func TestWideTablesLieDown(t *testing.T) {
	t.Parallel()
	for width, want := range map[float64]string{20: "[0 0 595.28 841.89]", 90: "[0 0 841.89 595.28]"} {
		l := list("Martin")
		l.Parts[0].Tables[0].Columns = []sheet.Column{{Name: "Nom", Width: width}, {Name: "Prénom", Width: width}}
		content, err := pdf.Write(l)
		if err != nil || !bytes.Contains(content, []byte("/MediaBox "+want)) {
			t.Errorf("columns of %v characters do not stand on %s (%v)", width, want, err)
		}
	}
}

func TestAListOfNothingIsAPageThatSaysSo(t *testing.T) {
	t.Parallel()
	l := list()
	for says, parts := range map[string][]pdf.Part{"no rows": l.Parts, "no columns": {{Heading: "x", Tables: []sheet.Table{{Name: "y"}}}}, "no parts": nil} {
		l.Parts = parts
		if pages := printed(t, l); len(pages) != 1 || !pages[0].Has("Page 1/1") || !pages[0].Has("Cantine") {
			t.Errorf("%s: %q", says, pages)
		}
	}
}

func TestAnyTextIsPrintedWithoutAFault(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		l := list(rapid.String().Draw(r, "name"))
		l.Title, l.Owner = rapid.String().Draw(r, "title"), rapid.StringN(0, 400, -1).Draw(r, "owner")
		if _, err := pdf.Write(l); err != nil {
			r.Fatal(err)
		}
	})
}

// TestAnotherReaderReadsTheSame holds against a program that knows fonts: letters are found and copied as what they are.
func TestAnotherReaderReadsTheSame(t *testing.T) {
	t.Parallel()
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed (poppler-utils)")
	}
	content, err := pdf.Write(list("Zoé Lefèvre-Œuvrard", "Ștefan d’Été"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(reader, "-enc", "UTF-8", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(content)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Ville de Saint-Aubin", "Page 1/1", "mardi 1er décembre 2026", "Zoé Lefèvre-Œuvrard", "Ștefan d’Été"} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("%q is not in:\n%s", want, out)
		}
	}
}
