package picture

import (
	"bytes"
	"image/png"

	"preau/shared/filetype"
	"preau/shared/refusal"
)

const (
	emblem     = 480     // longest side of a logo
	mostEmblem = 100_000 // bytes of it

	mostEmblemPixels = 6_000_000 // of what is sent: it is looked at while an agent waits, in little memory
)

// ErrLogoTooLarge refuses a logo for its pixels.
var ErrLogoTooLarge = refusal.New(refusal.Invalid, "picture_too_large", "Cette image est trop grande pour un logo : 6 millions de pixels au plus.")

// Logo makes a town's logo from a JPEG or PNG, on white where it is transparent: a PNG, or a JPEG where that would be large.
func Logo(raw []byte) ([]byte, filetype.Type, error) {
	p, err := decodeUpTo(raw, mostEmblemPixels, ErrLogoTooLarge)
	if err != nil {
		return nil, "", err
	}
	m := p.shrunk(emblem)
	var out bytes.Buffer
	best := png.Encoder{CompressionLevel: png.BestCompression}
	if err := best.Encode(&out, m); err != nil || out.Len() <= mostEmblem {
		return out.Bytes(), filetype.PNG, err
	}
	photo, err := encode(m)
	if err == nil && len(photo) > mostEmblem {
		photo, err = encode(shrink(m, emblem/2))
	}
	return photo, filetype.JPEG, err
}
