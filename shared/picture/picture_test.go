package picture_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
	"strings"
	"testing"

	"preau/shared/picture"
	"preau/shared/refusal"
)

func opened(t *testing.T, raw []byte) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAPhotoComesInTwoSizes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says         string
		raw          []byte
		large, small image.Point
	}{
		{"a wide photo", asJPEG(t, quarters(2000, 1000)), image.Pt(640, 320), image.Pt(160, 80)},
		{"a high photo", asPNG(t, quarters(300, 1500)), image.Pt(128, 640), image.Pt(32, 160)},
		{"a photo of just the size", asJPEG(t, quarters(640, 640)), image.Pt(640, 640), image.Pt(160, 160)},
		{"a small photo keeps its size", asPNG(t, quarters(40, 30)), image.Pt(40, 30), image.Pt(40, 30)},
		{"one pixel", asPNG(t, quarters(1, 1)), image.Pt(1, 1), image.Pt(1, 1)},
		{"a line", asPNG(t, quarters(5000, 1)), image.Pt(640, 1), image.Pt(160, 1)},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			got, err := picture.Photo(c.raw)
			if err != nil {
				t.Fatal(err)
			}
			if large, small := opened(t, got.Large).Bounds().Size(), opened(t, got.Small).Bounds().Size(); large != c.large || small != c.small {
				t.Errorf("got %v and %v", large, small)
			}
		})
	}
}

func TestADocumentStaysLegible(t *testing.T) {
	t.Parallel()
	for from, want := range map[image.Point]image.Point{
		image.Pt(3000, 4000): image.Pt(1875, 2500), image.Pt(2500, 100): image.Pt(2500, 100), image.Pt(800, 600): image.Pt(800, 600),
	} {
		got, err := picture.Scan(asJPEG(t, quarters(from.X, from.Y)))
		if err != nil {
			t.Fatal(err)
		}
		if size := opened(t, got).Bounds().Size(); size != want {
			t.Errorf("%v became %v, want %v", from, size, want)
		}
	}
}

// seen is which quarter of the test picture stands in each corner of a picture, with the clock.
func seen(m image.Image) (order []int) {
	b := m.Bounds()
	for _, at := range []image.Point{{b.Dx() / 4, b.Dy() / 4}, {b.Dx() * 3 / 4, b.Dy() / 4}, {b.Dx() * 3 / 4, b.Dy() * 3 / 4}, {b.Dx() / 4, b.Dy() * 3 / 4}} {
		order = append(order, slices.IndexFunc(corners, func(c color.RGBA) bool { return near(m.At(at.X, at.Y), c) }))
	}
	return order
}

func near(a color.Color, b color.RGBA) bool {
	r, g, bl, _ := a.RGBA()
	for _, d := range []int{int(r>>8) - int(b.R), int(g>>8) - int(b.G), int(bl>>8) - int(b.B)} {
		if d < -25 || d > 25 {
			return false
		}
	}
	return true
}

func TestAPhotoStandsUprightHoweverTheCameraWasHeld(t *testing.T) {
	t.Parallel()
	// By EXIF's table: where the first row and column of what the camera stored belong.
	want := map[uint16][]int{
		1: {0, 1, 2, 3}, 2: {1, 0, 3, 2}, 3: {2, 3, 0, 1}, 4: {3, 2, 1, 0},
		5: {0, 3, 2, 1}, 6: {3, 0, 1, 2}, 7: {2, 1, 0, 3}, 8: {1, 2, 3, 0},
		0: {0, 1, 2, 3}, 9: {0, 1, 2, 3},
	}
	for orientation, order := range want {
		for name, byteOrder := range map[string]binary.AppendByteOrder{"little endian": binary.LittleEndian, "big endian": binary.BigEndian} {
			t.Run(fmt.Sprintf("orientation %d, %s", orientation, name), func(t *testing.T) {
				t.Parallel()
				tags := exif(byteOrder, orientation)
				for _, raw := range [][]byte{
					with(asJPEG(t, quarters(400, 200)), segment(0xe1, "Exif\x00\x00"+tags)),
					chunked(asPNG(t, quarters(400, 200)), chunk("eXIf", tags)),
				} {
					got, err := picture.Photo(raw)
					if err != nil {
						t.Fatal(err)
					}
					m := opened(t, got.Large)
					if is := seen(m); !slices.Equal(is, order) {
						t.Errorf("corners are %v, want %v", is, order)
					}
					if turned := m.Bounds().Dx() == 200; turned != (orientation >= 5 && orientation <= 8) {
						t.Errorf("it is %v", m.Bounds())
					}
				}
			})
		}
	}
}

func TestNothingOfAFileIsLeftButWhatOneSees(t *testing.T) {
	t.Parallel()
	tagged := with(asJPEG(t, quarters(800, 600)),
		segment(0xe1, "Exif\x00\x00"+exif(binary.BigEndian, 1)),
		segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>Léa Martin</x:xmpmeta>"),
		segment(0xe2, "ICC_PROFILE\x00\x01\x01profile"),
		segment(0xed, "Photoshop 3.0\x008BIM caption"),
		segment(0xfe, "a comment with <script>alert(1)</script>"))
	texts := chunked(asPNG(t, quarters(800, 600)),
		chunk("eXIf", exif(binary.LittleEndian, 1)), chunk("tEXt", "Author\x00Léa Martin"), chunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00<x:xmpmeta/>"),
		chunk("tIME", "\x07\xea\x0b\x17\x08\x00\x00"))
	signs := []string{"Exif", "GPS", "xap", "xmp", "ICC_PROFILE", "Photoshop", "8BIM", "comment", "script", "Martin", "tEXt", "profile", "\xff\xe1", "\xff\xe2", "\xff\xed", "\xff\xfe"}
	for says, raw := range map[string][]byte{"JPEG": tagged, "PNG": texts, "JPEG with a second picture behind it": append(slices.Clone(tagged), asJPEG(t, quarters(80, 60))...)} {
		photo, err := picture.Photo(raw)
		if err != nil {
			t.Fatalf("%s: %v", says, err)
		}
		scan, err := picture.Scan(raw)
		if err != nil {
			t.Fatalf("%s: %v", says, err)
		}
		for _, out := range [][]byte{photo.Large, photo.Small, scan} {
			for _, sign := range signs {
				if bytes.Contains(out, []byte(sign)) {
					t.Errorf("%s: %q is left", says, sign)
				}
			}
			if !bytes.HasSuffix(out, []byte("\xff\xd9")) {
				t.Errorf("%s: something lies behind the picture", says)
			}
		}
	}
}

func TestTransparentPartsBecomeWhite(t *testing.T) {
	t.Parallel()
	for _, size := range []int{100, 1400} {
		got, err := picture.Photo(asPNG(t, image.NewNRGBA(image.Rect(0, 0, size, size))))
		if err != nil {
			t.Fatal(err)
		}
		if m := opened(t, got.Large); !near(m.At(50, 50), color.RGBA{255, 255, 255, 255}) {
			t.Errorf("of %d pixels: %v", size, m.At(50, 50))
		}
	}
}

func TestPicturesOfAnyKindAreTaken(t *testing.T) {
	t.Parallel()
	box := image.Rect(0, 0, 900, 700)
	for says, m := range map[string]image.Image{
		"gray": image.NewGray(box), "16 bits of gray": image.NewGray16(box), "16 bits with transparency": image.NewNRGBA64(box),
		"a palette": image.NewPaletted(box, color.Palette{color.Black, color.White, color.Transparent}),
	} {
		if _, err := picture.Photo(asPNG(t, m)); err != nil {
			t.Errorf("%s: %v", says, err)
		}
	}
	if _, err := picture.Photo(asJPEG(t, image.NewGray(box))); err != nil {
		t.Errorf("a gray JPEG: %v", err)
	}
}

// scans repeats the scan of a JPEG, as progressive ones do.
func scans(raw []byte, n int) []byte {
	at := bytes.Index(raw, []byte{0xff, 0xda})
	scan := raw[at : len(raw)-2]
	return slices.Concat(raw[:at], bytes.Repeat(scan, n), raw[len(raw)-2:])
}

func bomb(t *testing.T) []byte {
	t.Helper()
	var zeros bytes.Buffer
	z := zlib.NewWriter(&zeros)
	if _, err := z.Write(make([]byte, 50<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	small := asPNG(t, quarters(10, 10))
	return chunked(small, chunk("zTXt", "Comment\x00\x00"+zeros.String()), chunk("iCCP", "x\x00\x00"+zeros.String()))
}

func TestWhatIsNoCleanPictureIsRefused(t *testing.T) {
	t.Parallel()
	photo, drawing := asJPEG(t, quarters(300, 200)), asPNG(t, quarters(300, 200))
	zip := "PK\x03\x04 a program PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	patched := func(raw []byte, old, with string) []byte { return bytes.Replace(raw, []byte(old), []byte(with), 1) }
	for _, c := range []struct {
		says string
		raw  []byte
		code string
	}{
		{"nothing", nil, "file_type_unknown"},
		{"a script", []byte("<script>alert(1)</script>"), "file_type_unknown"},
		{"a program", []byte("MZ\x90\x00\x03"), "file_type_unknown"},
		{"a GIF, whose pictures may move", []byte("GIF89a\x01\x00\x01\x00"), "file_type_unknown"},
		{"a WebP", []byte("RIFF\x24\x00\x00\x00WEBPVP8 "), "file_type_unknown"},
		{"a HEIC", []byte("\x00\x00\x00\x18ftypheic"), "file_type_unknown"},
		{"an SVG", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "file_type_unknown"},
		{"a PDF", []byte("%PDF-1.7\n%%EOF"), "file_type_unknown"},
		{"a picture behind a blank", append([]byte(" "), photo...), "file_type_unknown"},
		{"a script that begins as a JPEG", []byte("\xff\xd8\xff<script>alert(1)</script>"), "file_broken"},
		{"the beginning of a JPEG", photo[:3], "file_broken"},
		{"half a JPEG", photo[:len(photo)/2], "file_broken"},
		{"a JPEG without its end", photo[:len(photo)-2], "file_broken"},
		{"a JPEG whose segment is longer than the file", with(photo, []byte("\xff\xe1\xff\xff")), "file_broken"},
		{"a JPEG whose segment has no length", with(photo, []byte("\xff\xe1\x00\x00")), "file_broken"},
		{"a JPEG without a picture", []byte("\xff\xd8\xff\xd9"), "file_broken"},
		{"a JPEG of no pixels", patched(photo, "\x08\x00\xc8\x01\x2c", "\x08\x00\x00\x00\x00"), "file_broken"},
		{"a JPEG of thousands of scans", scans(photo, 5000), "file_broken"},
		{"the beginning of a PNG", drawing[:8], "file_broken"},
		{"half a PNG", drawing[:len(drawing)/2], "file_broken"},
		{"a PNG without its end", drawing[:len(drawing)-12], "file_broken"},
		{"a PNG whose checksum is wrong", patched(drawing, "IDAT", "IDAU"), "file_broken"},
		{"a PNG whose chunk is longer than the file", chunked(drawing, []byte("\xff\xff\xff\xfftEXt")), "file_broken"},
		{"a PNG that holds fewer pixels than it says", sized(1000, 1000), "file_broken"},
		{"a PNG of no pixels", sized(0, 10), "file_broken"},
		{"a PNG of 100 megapixels", sized(10_000, 10_000), "picture_too_large"},
		{"a PNG of 2 billion pixels a side", sized(1<<31-1, 1<<31-1), "file_broken"},
		{"a PNG of a side too long", sized(12_001, 1), "picture_too_large"},
		{"a JPEG of 100 megapixels", patched(photo, "\x08\x00\xc8\x01\x2c", "\x08\x27\x10\x27\x10"), "picture_too_large"},
		{"a JPEG of the longest sides", patched(photo, "\x08\x00\xc8\x01\x2c", "\x08\xff\xff\xff\xff"), "picture_too_large"},
		{"a PNG with an archive behind it", append(slices.Clone(drawing), zip...), "file_mixed"},
		{"a JPEG with an archive behind it", append(slices.Clone(photo), zip...), "file_mixed"},
		{"a JPEG with a PDF behind it", append(slices.Clone(photo), "\n%PDF-1.4\n"...), "file_mixed"},
		{"a PNG with a page behind it", append(slices.Clone(drawing), "<HTML><body>"...), "file_mixed"},
		{"a JPEG with a script behind it", append(slices.Clone(photo), "\x00\x00<?php system($_GET[0]);"...), "file_mixed"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if _, err := picture.Photo(c.raw); refusal.Code(err) != c.code {
				t.Errorf("as a photo: %v", err)
			}
			if _, err := picture.Scan(c.raw); refusal.Code(err) != c.code {
				t.Errorf("as a document: %v", err)
			}
		})
	}
}

func TestWhatCamerasAndProgramsAddIsNoReasonToRefuse(t *testing.T) {
	t.Parallel()
	photo, drawing := asJPEG(t, quarters(300, 200)), asPNG(t, quarters(300, 200))
	for says, raw := range map[string][]byte{
		"a second picture behind a JPEG":            append(slices.Clone(photo), photo...),
		"a film behind a JPEG":                      append(slices.Clone(photo), "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00PK\x03\x04"+strings.Repeat("\x00", 100)...),
		"zeros behind a PNG":                        append(slices.Clone(drawing), make([]byte, 100)...),
		"stray bytes and fill between segments":     with(photo, segment(0xfe, "a"), []byte("\x00\x00\xff\xff\xff"), segment(0xfe, "x")),
		"a JPEG with an empty comment":              with(photo, segment(0xfe, "")),
		"EXIF that is cut off":                      with(photo, segment(0xe1, "Exif\x00\x00MM")),
		"EXIF whose directory is behind its end":    with(photo, segment(0xe1, "Exif\x00\x00MM\x00*\xff\xff\xff\xff")),
		"EXIF whose directory is its own beginning": with(photo, segment(0xe1, "Exif\x00\x00MM\x00*\x00\x00\x00\x00")),
		"EXIF of more entries than it has":          with(photo, segment(0xe1, "Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff")),
		"EXIF of no byte order":                     with(photo, segment(0xe1, "Exif\x00\x00XX*\x00\x08\x00\x00\x00")),
		"a PNG that moves shows its first picture":  chunked(drawing, chunk("acTL", "\x00\x00\x00\x02\x00\x00\x00\x00")),
		"a PNG whose comments expand to 100 MB":     bomb(t),
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			got, err := picture.Photo(raw)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Large) > 100<<10 {
				t.Errorf("%d bytes", len(got.Large))
			}
		})
	}
}

func FuzzAFileIsAPictureOrRefused(f *testing.F) {
	for _, raw := range [][]byte{
		asJPEG(f, quarters(20, 10)), asPNG(f, quarters(20, 10)), sized(10, 10), asPNG(f, image.NewGray16(image.Rect(0, 0, 5, 5))),
		with(asJPEG(f, quarters(20, 10)), segment(0xe1, "Exif\x00\x00"+exif(binary.BigEndian, 6))),
		chunked(asPNG(f, quarters(20, 10)), chunk("eXIf", exif(binary.LittleEndian, 8))),
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := picture.Photo(raw)
		if err != nil {
			if refusal.Code(err) == "" {
				t.Fatalf("a fault: %v", err)
			}
			return
		}
		if opened(t, got.Large).Bounds().Empty() || opened(t, got.Small).Bounds().Empty() {
			t.Fatal("an empty picture")
		}
	})
}
