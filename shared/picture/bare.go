package picture

import "bytes"

// Bare is a JPEG without what its camera and programs wrote beside the picture: place, time, owner, smaller pictures, comments.
// The picture itself stays as it is, bit by bit. It is for pictures inside of documents, which are not encoded anew. ok is
// false for what is no JPEG.
func Bare(raw []byte) (bare []byte, ok bool) {
	if !bytes.HasPrefix(raw, []byte("\xff\xd8\xff")) {
		return nil, false
	}
	bare = append(bare, raw[:2]...)
	_, err := eachSegment(raw, func(s segment) {
		if s.shows() {
			bare = append(bare, raw[s.from:s.to]...)
		}
	})
	return append(bare, 0xff, endOfImage), err == nil
}

// shows says whether a decoder needs the segment: of what applications add, the pixels' shape and Adobe's colours.
func (s segment) shows() bool {
	return s.marker != comment && (s.marker < app0 || s.marker > app15 || s.marker == app0 || s.marker == app14)
}
