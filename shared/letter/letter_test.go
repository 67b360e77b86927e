package letter_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"pgregory.net/rapid"

	"preau/infra/testkit/paper"
	"preau/shared/code"
	"preau/shared/glyph"
	"preau/shared/letter"
)

var sender = letter.Sender{
	Name: "Saint-Aubin-des-Œuvres", Service: "Service Enfance et Éducation", Address: "1 place de la Mairie\n35140 Saint-Aubin", Phone: "02 99 00 00 00",
	Email: "enfance@saint-aubin.example", Hours: "Du lundi au vendredi, de 9 h à 12 h", Site: "https://portail.example/saint-aubin/inscription",
}

var anne = letter.Letter{
	Civility: "mme", Name: "Anaïs d’Écouflant-Œuvrard", Address: []string{"Bâtiment B", "3 rue de l’Église", "35140 SAINT AUBIN"},
	Family: "Famille Martin", Code: "7K3MQ2XA9TRC", Until: "2027-11-23",
}

// printed are the letters as they come out of the printer.
func printed(t testing.TB, s letter.Sender, letters ...letter.Letter) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := letter.Write(&out, s, "2026-11-23", letters); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// mm are points, measured from the upper left corner of A4.
func mm(points float64) float64      { return points / 72 * 25.4 }
func fromTop(points float64) float64 { return 297 - mm(points) }

// window is what an envelope DL shows of the page, wherever the page lies in it; seen is what it shows always.
var (
	window = image.Rect(90, 34, 200, 90)
	seen   = image.Rect(100, 55, 190, 79)
)

// extent is where a text stands, in mm.
func extent(text paper.Text, fonts map[string][]byte) (x0, y0, x1, y1 float64) {
	x0, base := mm(text.X), fromTop(text.Y)
	return x0, base - mm(text.Size)*0.8, x0 + mm(width(fonts[text.Font], text.Size, text.Text)), base + mm(text.Size)*0.25
}

func width(file []byte, size float64, text string) (points float64) {
	f, err := sfnt.Parse(file)
	if err != nil {
		return math.Inf(1)
	}
	var b sfnt.Buffer
	for _, r := range text {
		i, err := f.GlyphIndex(&b, r)
		if err != nil {
			return math.Inf(1)
		}
		advance, err := f.GlyphAdvance(&b, i, fixed.I(1000), font.HintingNone)
		if err != nil {
			return math.Inf(1)
		}
		points += float64(advance) / 64 / 1000 * size
	}
	return points
}

// fontsOf tells the fonts of a page apart: each by a text that is known to be set in it.
func fontsOf(page paper.Page) map[string][]byte {
	fonts := map[string][]byte{}
	for _, text := range page {
		switch {
		case text.Text == "Votre code abonné":
			fonts[text.Font] = glyph.Regular
		case text.Text == "En trois étapes":
			fonts[text.Font] = glyph.Bold
		case text.Size > 20:
			fonts[text.Font] = glyph.Mono
		}
	}
	return fonts
}

func TestALetterSaysWhatItsReaderNeeds(t *testing.T) {
	t.Parallel()
	page := paper.Read(t, printed(t, sender, anne))[0]
	for _, want := range []string{
		"Saint-Aubin-des-Œuvres", "Service Enfance et Éducation", "1 place de la Mairie", "35140 Saint-Aubin", "02 99 00 00 00", "enfance@saint-aubin.example",
		"Mme Anaïs d’Écouflant-Œuvrard", "Bâtiment B", "3 rue de l’Église", "35140 SAINT AUBIN", "Le 23 novembre 2026",
		"Objet : votre code abonné – Famille Martin", "Madame,", "7K3M-Q2XA-9TRC", "Valable jusqu’au 23 novembre 2027. Il ne sert qu’une fois.", "En trois étapes", "1.", "2.", "3.",
	} {
		if !page.Has(want) {
			t.Errorf("no %q on it:\n%s", want, page)
		}
	}
	flow := strings.ReplaceAll(strings.Join(strings.Fields(page.String()), " "), "\u00a0", " ")
	for _, want := range []string{
		"ouvrez portail.example/saint-aubin/inscription dans votre navigateur", "Créez votre compte", "confirmez", "Ne le communiquez à personne",
		"Service Enfance et Éducation : 02 99 00 00 00, enfance@saint-aubin.example. Du lundi au vendredi, de 9 h à 12 h",
	} {
		if !strings.Contains(flow, want) {
			t.Errorf("it does not say %q:\n%s", want, flow)
		}
	}
}

func TestTheAddressStandsWhereTheWindowIs(t *testing.T) {
	t.Parallel()
	page := paper.Read(t, printed(t, sender, anne))[0]
	fonts := fontsOf(page)
	var address []string
	for _, text := range page {
		x0, y0, x1, y1 := extent(text, fonts)
		if x0 >= float64(seen.Min.X) && y0 >= float64(seen.Min.Y) && x1 <= float64(seen.Max.X) && y1 <= float64(seen.Max.Y) {
			address = append(address, text.Text)
		}
	}
	if want := append([]string{"Mme " + anne.Name}, anne.Address...); !slices.Equal(address, want) {
		t.Errorf("the window shows %q, want %q", address, want)
	}
}

// words are texts as towns and families write them, and worse.
func words(most int) *rapid.Generator[string] {
	word := rapid.StringOfN(rapid.RuneFrom([]rune("aeiomnrstÉçœ’-WM日 \n")), 1, most, -1)
	return rapid.OneOf(word, rapid.Just(""), rapid.Just(strings.Repeat("Wagnerwerk ", most/11)), rapid.Just(strings.Repeat("W", most)), rapid.Just(strings.Repeat("ligne\n", most/6)))
}

func TestWhateverIsWrittenTheWindowShowsTheAddressAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s, l := sender, anne
		for _, text := range []*string{&s.Name, &s.Service, &s.Address, &s.Phone, &s.Email, &s.Hours, &l.Name, &l.Family} {
			*text = words(120).Draw(rt, "text")
		}
		l.Address = rapid.SliceOfN(words(60), 0, 9).Draw(rt, "address")
		pages := paper.Read(t, printed(t, s, l))
		if len(pages) != 1 {
			rt.Fatalf("%d pages", len(pages))
		}
		fonts := fontsOf(pages[0])
		shown := 0
		for _, text := range pages[0] {
			x0, y0, x1, y1 := extent(text, fonts)
			if x0 < 19.9 || x1 > 190.2 || y0 < 10 || y1 > 290 {
				rt.Fatalf("%q stands outside of the page: %.1f %.1f %.1f %.1f", text.Text, x0, y0, x1, y1)
			}
			if x1 <= float64(window.Min.X) || x0 >= float64(window.Max.X) || y1 <= float64(window.Min.Y) || y0 >= float64(window.Max.Y) {
				continue
			}
			if shown++; x0 < float64(seen.Min.X) || x1 > float64(seen.Max.X) || y0 < float64(seen.Min.Y)-0.5 || y1 > float64(seen.Max.Y)+0.5 {
				rt.Fatalf("%q is half in the window: %.1f %.1f %.1f %.1f", text.Text, x0, y0, x1, y1)
			}
		}
		if shown > 6 {
			rt.Fatalf("%d lines in the window", shown)
		}
		if !pages[0].Has("7K3M-Q2XA-9TRC") || !pages[0].Has("3.") {
			rt.Fatalf("the code or what to do with it is not on the page:\n%s", pages[0])
		}
	})
}

// TestTheQRCodeOpensTheSignUpWithTheCode reads it as a telephone does, off the page's dark modules.
func TestTheQRCodeOpensTheSignUpWithTheCode(t *testing.T) {
	t.Parallel()
	for _, site := range []string{sender.Site, "https://portail-famille.communaute-de-communes.example/" + strings.Repeat("saint-", 9) + "aubin/inscription"} {
		s := sender
		s.Site = site
		const scale = 6 // pixels a point
		picture := image.NewGray(image.Rect(0, 0, 595*scale, 842*scale))
		for i := range picture.Pix {
			picture.Pix[i] = 255
		}
		for _, b := range paper.Boxes(t, printed(t, s, anne))[0] {
			if !b.Filled {
				continue
			}
			for y := int((842 - b.Y - b.Height) * scale); y < int((842-b.Y)*scale); y++ {
				for x := int(b.X * scale); x < int((b.X+b.Width)*scale); x++ {
					picture.SetGray(x, y, color.Gray{})
				}
			}
		}
		bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
		if err != nil {
			t.Fatal(err)
		}
		read, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
		if err != nil {
			t.Fatal(err)
		}
		if want := site + "#code=7K3M-Q2XA-9TRC"; read.GetText() != want {
			t.Errorf("it opens %s, want %s", read.GetText(), want)
		}
		_, fragment, _ := strings.Cut(read.GetText(), "#code=")
		if typed, err := code.Read(fragment); typed == anne.Code && err != nil {
			t.Errorf("its code is read as %s, %v", typed, err)
		}
	}
}

func TestEachGuardianHasAPage(t *testing.T) {
	t.Parallel()
	paul := letter.Letter{Civility: "m", Name: "Paul Martin", Family: "Famille Martin", Code: "0123456789AB", Until: "2027-11-23"}
	other := letter.Letter{Name: "Dominique Sand", Address: []string{"1 rue", "35000 RENNES"}, Family: "Famille Sand", Code: "AAAA4444BBBB", Until: "2027-12-01"}
	pages := paper.Read(t, printed(t, sender, anne, paul, other))
	if len(pages) != 3 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, want := range [][]string{
		{"Mme " + anne.Name, "7K3M-Q2XA-9TRC", "Madame,"},
		{"M. Paul Martin", "À remettre en main propre", "0123-4567-89AB", "Monsieur,"},
		{"Dominique Sand", "AAAA-4444-BBBB", "Madame, Monsieur,", "Valable jusqu’au 1er décembre 2027. Il ne sert qu’une fois."},
	} {
		for _, text := range want {
			if !pages[i].Has(text) {
				t.Errorf("page %d has no %q", i+1, text)
			}
		}
		if i > 0 && pages[i].Has("7K3M-Q2XA-9TRC") {
			t.Errorf("page %d has another's code", i+1)
		}
	}
}

func TestALogoStandsInItsCorner(t *testing.T) {
	t.Parallel()
	var tall, wide bytes.Buffer
	for out, size := range map[*bytes.Buffer]image.Rectangle{&tall: image.Rect(0, 0, 40, 400), &wide: image.Rect(0, 0, 400, 40)} {
		if err := png.Encode(out, image.NewNRGBA(size)); err != nil {
			t.Fatal(err)
		}
	}
	for says, c := range map[string]struct {
		logo  []byte
		nameY float64 // mm
		shown bool
	}{
		"tall": {tall.Bytes(), 34, true}, "wide": {wide.Bytes(), 34, true}, "none": {nil, 12, false}, "broken": {[]byte("no picture"), 12, false},
	} {
		s := sender
		s.Logo = c.logo
		out := printed(t, s, anne, anne)
		if got := bytes.Count(out, []byte("/Subtype /Image")); (got > 0) != c.shown || got > 2 { // and its transparency; once, however many letters
			t.Errorf("%s: %d pictures", says, got)
		}
		for _, text := range paper.Read(t, out)[0] {
			if y := fromTop(text.Y); text.Text == s.Name && math.Abs(y-c.nameY-3.5) > 1.5 {
				t.Errorf("%s: the name stands at %.1f mm", says, y)
			}
		}
	}
}
