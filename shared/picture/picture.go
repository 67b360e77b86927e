// Package picture makes clean pictures of what families send: decoded, scaled and encoded anew, so that nothing of the file
// they sent is left but what one sees. Where it was taken, by whom and with what is gone, as is whatever a file hides.
package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"

	"preau/shared/filetype"
	"preau/shared/refusal"
)

// What is taken. The figures bound memory: a pixel takes up to 20 bytes while a picture is decoded.
const (
	mostPixels = 25_000_000
	mostSide   = 12_000
	mostScans  = 200 // of a JPEG; each goes over all pixels, and ten are usual
)

// The longest sides of what is made, in pixels. A smaller picture keeps its size.
const (
	large   = 640
	small   = 160
	legible = 2500
)

// Type is the media type of every picture made here.
const Type = filetype.JPEG

// Sizes is one photo in two sizes, upright.
type Sizes struct{ Large, Small []byte }

// ErrTooLarge refuses a picture for its pixels, whatever its bytes.
var ErrTooLarge = refusal.New(refusal.Invalid, "picture_too_large",
	"Cette image est trop grande : 25 millions de pixels au plus, et 12 000 de côté.")

// Photo makes a child's photo from a JPEG or PNG.
func Photo(raw []byte) (Sizes, error) {
	p, err := decode(raw)
	if err != nil {
		return Sizes{}, err
	}
	big := p.shrunk(large)
	out, err := encode(big)
	if err != nil {
		return Sizes{}, err
	}
	thumb, err := encode(shrink(big, small))
	return Sizes{Large: out, Small: thumb}, err
}

// Scan makes a document from the JPEG or PNG of one, large enough to be read.
func Scan(raw []byte) ([]byte, error) {
	p, err := decode(raw)
	if err != nil {
		return nil, err
	}
	return encode(p.shrunk(legible))
}

// A picture is decoded, and stands as its camera held it.
type picture struct {
	image       image.Image
	orientation int // as EXIF counts: 1 is upright
}

// shrunk is the picture upright, its longest side at most so long.
func (p picture) shrunk(longest int) *image.RGBA {
	return upright(shrink(p.image, longest), p.orientation)
}

// decode reads a picture once its container says that it is worth it.
func decode(raw []byte) (picture, error) { return decodeUpTo(raw, mostPixels, ErrTooLarge) }

// decodeUpTo is decode for pictures of so many pixels.
func decodeUpTo(raw []byte, pixels int, tooLarge error) (picture, error) {
	c, err := open(raw)
	if err != nil {
		return picture{}, err
	}
	size, err := c.config(bytes.NewReader(raw))
	switch {
	case err != nil || size.Width < 1 || size.Height < 1:
		return picture{}, filetype.ErrBroken
	case size.Width > mostSide || size.Height > mostSide || size.Width*size.Height > pixels:
		return picture{}, tooLarge
	}
	decoded, err := c.decode(bytes.NewReader(raw))
	if err != nil {
		return picture{}, filetype.ErrBroken
	}
	return picture{decoded, c.orientation}, nil
}

// quality of what is made, of 100.
const quality = 85

func encode(m image.Image) ([]byte, error) {
	var out bytes.Buffer
	err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality})
	return out.Bytes(), err
}

// open looks at the file around a picture: its type, its end, what lies behind it and how the camera was held.
func open(raw []byte) (container, error) {
	kind, err := filetype.Of(raw)
	if err != nil {
		return container{}, err
	}
	var c container
	switch kind {
	case filetype.JPEG:
		c, err = openJPEG(raw)
	case filetype.PNG:
		c, err = openPNG(raw)
	default:
		return c, filetype.ErrUnknown
	}
	if err == nil && filetype.Hides(raw[c.end:]) {
		err = filetype.ErrMixed
	}
	return c, err
}

func openJPEG(raw []byte) (container, error) {
	c := container{orientation: 1, config: jpeg.DecodeConfig, decode: jpeg.Decode}
	scans := 0
	end, err := eachSegment(raw, func(s segment) {
		if s.marker == startOfScan {
			scans++
		}
		if exif, is := bytes.CutPrefix(s.payload(raw), []byte("Exif\x00\x00")); is && s.marker == app1 {
			c.orientation = orientation(exif)
		}
	})
	if scans > mostScans {
		err = filetype.ErrBroken
	}
	c.end = end
	return c, err
}

func openPNG(raw []byte) (container, error) {
	c := container{orientation: 1, config: png.DecodeConfig, decode: png.Decode}
	end, err := eachChunk(raw, func(kind string, data []byte) {
		if kind == "eXIf" {
			c.orientation = orientation(data)
		}
	})
	c.end = end
	return c, err
}
