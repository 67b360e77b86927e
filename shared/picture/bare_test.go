package picture_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"preau/shared/picture"
)

func TestABareJPEGShowsTheSameAndSaysNothing(t *testing.T) {
	t.Parallel()
	plain := asJPEG(t, quarters(300, 200))
	adobe := segment(0xee, "Adobe\x00d\x00\x00\x00\x00\x01")
	full := append(with(plain, segment(0xe1, "Exif\x00\x00"+exif(binary.BigEndian, 6)), segment(0xe2, "ICC_PROFILE\x00"), segment(0xfe, "Léa"), adobe), "trailer"...)
	got, ok := picture.Bare(full)
	if want := with(plain, adobe); !ok || !bytes.Equal(got, want) {
		t.Errorf("got %d bytes, want %d", len(got), len(want))
	}
	again, ok := picture.Bare(got)
	if !ok || !bytes.Equal(again, got) {
		t.Error("a bare one changes")
	}
}

func TestWhatIsNoWholeJPEGIsNotBared(t *testing.T) {
	t.Parallel()
	photo := asJPEG(t, quarters(30, 20))
	for says, raw := range map[string][]byte{"nothing": nil, "a PNG": asPNG(t, quarters(3, 2)), "half a JPEG": photo[:len(photo)/2], "its beginning": photo[:3]} {
		if _, ok := picture.Bare(raw); ok {
			t.Errorf("%s is bared", says)
		}
	}
}
