package picture_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// The corners of the test picture, from the upper left and on with the clock.
var corners = []color.RGBA{{220, 30, 30, 255}, {30, 200, 30, 255}, {30, 30, 220, 255}, {230, 230, 40, 255}}

// quarters is a picture of four coloured quarters.
func quarters(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, corners[quarter(x < w/2, y < h/2)])
		}
	}
	return m
}

func quarter(left, upper bool) int {
	switch {
	case left && upper:
		return 0
	case upper:
		return 1
	case left:
		return 3
	}
	return 2
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// segment is one segment of a JPEG.
func segment(marker byte, payload string) []byte {
	out := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(payload)+2))
	return append(out, payload...)
}

// with puts segments into a JPEG, behind its beginning.
func with(raw []byte, segments ...[]byte) []byte {
	return bytes.Join([][]byte{raw[:2], bytes.Join(segments, nil), raw[2:]}, nil)
}

// chunk is one chunk of a PNG.
func chunk(kind, data string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE([]byte(kind+data)))
}

// chunked puts chunks into a PNG, behind its header.
func chunked(raw []byte, chunks ...[]byte) []byte {
	const header = 8 + 12 + 13
	return bytes.Join([][]byte{raw[:header], bytes.Join(chunks, nil), raw[header:]}, nil)
}

// exif is a TIFF structure that says how a camera was held and where it was.
func exif(order binary.AppendByteOrder, orientation uint16) string {
	out := []byte("II*\x00")
	if order.AppendUint16(nil, 1)[1] == 1 {
		out = []byte("MM\x00*")
	}
	out = order.AppendUint32(out, 8)
	out = order.AppendUint16(out, 2)
	entry := func(tag, kind uint16, count uint32, value []byte) {
		out = order.AppendUint16(out, tag)
		out = order.AppendUint16(out, kind)
		out = order.AppendUint32(out, count)
		out = append(out, append(value, 0, 0, 0, 0)[:4]...)
	}
	entry(0x0112, 3, 1, order.AppendUint16(nil, orientation))
	entry(0x8825, 4, 1, order.AppendUint32(nil, 38)) // the directory of the place
	out = order.AppendUint32(out, 0)
	return string(out) + "GPS 48.8566 N 2.3522 E ExifMaker"
}

// sized is a PNG that says it has so many pixels and holds none.
func sized(w, h uint32) []byte {
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", string(header)+"\x08\x02\x00\x00\x00")...)
	out = append(out, chunk("IDAT", "\x78\x9c\x03\x00\x00\x00\x00\x01")...)
	return append(out, chunk("IEND", "")...)
}
