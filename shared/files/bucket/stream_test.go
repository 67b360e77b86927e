package bucket_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/files/bucket"
)

func TestAStreamIsTheFileThatWasWrittenToIt(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	b := bucket.Open()
	content := make([]byte, 20<<20)
	source := rand.NewChaCha8([32]byte{1})
	_, _ = source.Read(content) // never fails
	for says, length := range map[string]int{
		"nothing": 0, "a little": 5, "just a part": 8 << 20, "a byte more": 8<<20 + 1, "two parts and some": 20 << 20,
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			key := folder() + "s.zip"
			s := b.Stream(t.Context(), key, "application/zip")
			for rest, n := content[:length], 1; len(rest) > 0; n = n*3 + 1 { // in pieces of many sizes
				piece := rest[:min(n, len(rest))]
				if w, err := s.Write(piece); err != nil || w != len(piece) {
					t.Fatal(w, err)
				}
				rest = rest[len(piece):]
			}
			if _, err := b.Get(t.Context(), key, 1); !errors.Is(err, bucket.ErrNotFound) {
				t.Errorf("before its end: %v", err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if f, err := b.Get(t.Context(), key, 1<<30); err != nil || !bytes.Equal(f.Content, content[:length]) || f.Type != "application/zip" {
				t.Errorf("%d bytes of %s, %v", len(f.Content), f.Type, err)
			}
		})
	}
}

func TestAStreamThatIsLeftIsNoFile(t *testing.T) {
	t.Parallel()
	testkit.Stack(t)
	b, key := bucket.Open(), folder()+"s.zip"
	s := b.Stream(t.Context(), key, "application/zip")
	if _, err := s.Write(make([]byte, 20<<20)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Get(t.Context(), key, 1<<30); !errors.Is(err, bucket.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// TestAStreamNeedsTheRightToPut is not parallel: it changes whose key this process uses.
func TestAStreamNeedsTheRightToPut(t *testing.T) {
	testkit.Stack(t)
	for function, may := range map[string]bool{"build-exports": true, "export-me": false} {
		town.Rights(t, function)
		s := bucket.Open().Stream(t.Context(), folder()+"s.zip", "application/zip")
		_, err := s.Write(make([]byte, 9<<20))
		if err == nil {
			err = s.Close()
		}
		if (err == nil) != may || err != nil && !strings.Contains(err.Error(), "AccessDenied") {
			t.Errorf("%s: %v", function, err)
		}
	}
}
