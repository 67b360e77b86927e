package picture_test

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"preau/shared/filetype"
	"preau/shared/picture"
)

// noise is a picture that nothing compresses.
func noise(w, h int) *image.RGBA {
	m, r := image.NewRGBA(image.Rect(0, 0, w, h)), rand.New(rand.NewPCG(1, 2))
	for i := range m.Pix {
		m.Pix[i] = byte(r.Uint32())
		if i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	return m
}

func TestALogoIsSmallAndSaysNothingOfItsFile(t *testing.T) {
	t.Parallel()
	clear := image.NewNRGBA(image.Rect(0, 0, 900, 300))
	for says, c := range map[string]struct {
		raw  []byte
		kind filetype.Type
		size image.Point
	}{
		"a drawing":            {asPNG(t, quarters(2000, 1000)), filetype.PNG, image.Pt(480, 240)},
		"a small one":          {asPNG(t, quarters(60, 40)), filetype.PNG, image.Pt(60, 40)},
		"a transparent one":    {asPNG(t, clear), filetype.PNG, image.Pt(480, 160)},
		"one with a secret":    {chunked(asPNG(t, quarters(60, 40)), chunk("tEXt", "Author\x00Léa")), filetype.PNG, image.Pt(60, 40)},
		"a photograph of many": {asJPEG(t, noise(900, 900)), filetype.JPEG, image.Pt(240, 240)},
	} {
		out, kind, err := picture.Logo(c.raw)
		m, _, failed := image.Decode(bytes.NewReader(out))
		if err != nil || failed != nil || kind != c.kind || m.Bounds().Size() != c.size || len(out) > 100_000 {
			t.Errorf("%s: %s of %d bytes; %v, %v", says, kind, len(out), err, failed)
			continue
		}
		if bytes.Contains(out, []byte("Léa")) {
			t.Errorf("%s still tells it", says)
		}
		if r, _, _, a := m.At(0, 0).RGBA(); says == "a transparent one" && (a != 0xffff || r != 0xffff) {
			t.Errorf("it is not white: %v", color.RGBAModel.Convert(m.At(0, 0)))
		}
	}
}

func TestWhatIsNoPictureIsNoLogo(t *testing.T) {
	t.Parallel()
	for says, raw := range map[string][]byte{
		"nothing": nil, "an SVG": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "half a PNG": asPNG(t, quarters(30, 20))[:60], "too many pixels": sized(3_000, 3_000),
	} {
		if _, _, err := picture.Logo(raw); err == nil {
			t.Errorf("%s is taken", says)
		}
	}
}
