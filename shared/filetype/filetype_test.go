package filetype_test

import (
	"strings"
	"testing"

	"preau/shared/filetype"
	"preau/shared/refusal"
)

func TestAFileIsOfTheTypeOfItsBytes(t *testing.T) {
	t.Parallel()
	const jpeg, png, pdf = "\xff\xd8\xff\xe0", "\x89PNG\r\n\x1a\n\x00", "%PDF-1.7\n"
	for _, c := range []struct {
		says      string
		raw       string
		announced filetype.Type
		code      string
	}{
		{"a JPEG is one", jpeg, filetype.JPEG, ""},
		{"a PNG is one", png, filetype.PNG, ""},
		{"a PDF is one", pdf, filetype.PDF, ""},
		{"a PDF named JPEG", pdf, filetype.JPEG, "file_type_differs"},
		{"a PNG named JPEG", png, filetype.JPEG, "file_type_differs"},
		{"a JPEG named PDF", jpeg, filetype.PDF, "file_type_differs"},
		{"a JPEG of a type that is not taken", jpeg, "image/gif", "file_type_differs"},
		{"a script named JPEG", "<script>alert(1)</script>", filetype.JPEG, "file_type_unknown"},
		{"a PDF behind a line", "\n" + pdf, filetype.PDF, "file_type_unknown"},
		{"an archive named PDF", "PK\x03\x04", filetype.PDF, "file_type_unknown"},
		{"nothing named PDF", "", filetype.PDF, "file_type_unknown"},
		{"two bytes of a JPEG", "\xff\xd8", filetype.JPEG, "file_type_unknown"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if err := filetype.Check([]byte(c.raw), c.announced); refusal.Code(err) != c.code {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAnotherFileBehindAFileIsFound(t *testing.T) {
	t.Parallel()
	directory := "PK\x05\x06" + strings.Repeat("\x00", 18)
	for _, c := range []struct {
		says string
		tail string
		want bool
	}{
		{"nothing", "", false},
		{"a film", "\x00\x00\x00\x18ftypmp42", false},
		{"zeros", strings.Repeat("\x00", 1000), false},
		{"an archive", "PK\x03\x04…" + directory, true},
		{"an archive with a comment", directory + strings.Repeat("x", 60_000), true},
		{"four bytes of an archive far from the end", directory + strings.Repeat("x", 70_000), false},
		{"a PDF", "junk%PDF-1.4", true},
		{"a page in capitals", "<HTML>", true},
		{"a page that says so", "<!DOCTYPE html>", true},
		{"a drawing with a script", "<svg onload=x>", true},
		{"a program of a server", "<?php", true},
	} {
		if got := filetype.Hides([]byte(c.tail)); got != c.want {
			t.Errorf("%s: %v", c.says, got)
		}
	}
}
