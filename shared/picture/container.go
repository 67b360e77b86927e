package picture

import (
	"encoding/binary"
	"image"
	"io"

	"preau/shared/filetype"
)

// A container is the file around a picture.
type container struct {
	end         int // of the file; what lies behind is not of it
	orientation int
	config      func(io.Reader) (image.Config, error)
	decode      func(io.Reader) (image.Image, error)
}

// Markers of a JPEG (ITU T.81, table B.1).
const (
	startOfScan = 0xda
	endOfImage  = 0xd9
	restart0    = 0xd0
	restart7    = 0xd7
	temporary   = 0x01
	app0        = 0xe0
	app1        = 0xe1
	app14       = 0xee
	app15       = 0xef
	comment     = 0xfe
)

// A segment of a JPEG: its marker, and from where to where it lies, with the data of a scan.
type segment struct {
	marker   byte
	from, to int
}

// payload is what a segment holds behind its marker and length.
func (s segment) payload(raw []byte) []byte { return raw[min(s.from+4, s.to):s.to] }

// eachSegment goes through a JPEG as a decoder does, and tells where it ends.
func eachSegment(raw []byte, see func(segment)) (end int, err error) {
	for at := 2; at+1 < len(raw); {
		marker := raw[at+1]
		switch {
		case raw[at] != 0xff || marker == 0 || marker == 0xff: // stray bytes, and fill
			at++
		case marker == endOfImage:
			return at + 2, nil
		case marker >= restart0 && marker <= restart7, marker == temporary:
			at += 2
		default:
			to := segmentEnd(raw, at)
			if to == 0 {
				return 0, filetype.ErrBroken
			}
			see(segment{marker, at, to})
			at = to
		}
	}
	return 0, filetype.ErrBroken
}

// segmentEnd is where the segment at a place ends; 0 where it is cut off.
func segmentEnd(raw []byte, at int) int {
	if at+4 > len(raw) {
		return 0
	}
	length := int(binary.BigEndian.Uint16(raw[at+2:]))
	to := at + 2 + length
	if length < 2 || to > len(raw) {
		return 0
	}
	if raw[at+1] != startOfScan {
		return to
	}
	for ; to+1 < len(raw); to++ { // the scan's own data, up to the next marker that is none of its own
		next := raw[to+1]
		if raw[to] == 0xff && next != 0 && next != 0xff && (next < restart0 || next > restart7) {
			return to
		}
	}
	return 0
}

// eachChunk goes through a PNG, and tells where it ends.
func eachChunk(raw []byte, see func(kind string, data []byte)) (end int, err error) {
	const around = 12 // length, type and checksum
	for at := 8; at+around <= len(raw); {
		length := int(binary.BigEndian.Uint32(raw[at:]))
		if length > len(raw)-at-around {
			break
		}
		kind := string(raw[at+4 : at+8])
		see(kind, raw[at+8:at+8+length])
		at += around + length
		if kind == "IEND" {
			return at, nil
		}
	}
	return 0, filetype.ErrBroken
}
