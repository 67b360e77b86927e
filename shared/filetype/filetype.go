// Package filetype tells what a file that somebody sent is, by its bytes: never by its name or by what its sender says.
package filetype

import (
	"bytes"

	"preau/shared/refusal"
)

// Type is a media type.
type Type string

// The types that are taken.
const (
	JPEG Type = "image/jpeg"
	PNG  Type = "image/png"
	PDF  Type = "application/pdf"
)

// begin is how files of a type begin, at their very first byte.
var begin = []struct {
	kind Type
	with string
}{
	{JPEG, "\xff\xd8\xff"},
	{PNG, "\x89PNG\r\n\x1a\n"},
	{PDF, "%PDF-"},
}

// Of is the type of a file; ErrUnknown says that it is none that is taken.
func Of(raw []byte) (Type, error) {
	for _, b := range begin {
		if bytes.HasPrefix(raw, []byte(b.with)) {
			return b.kind, nil
		}
	}
	return "", ErrUnknown
}

// Check refuses a file that is not of the type that its sender announced.
func Check(raw []byte, announced Type) error {
	kind, err := Of(raw)
	if err == nil && kind != announced {
		err = ErrDiffers
	}
	return err
}

// hidden are signs of a file behind another one: an archive's directory, which stands at its end, and how documents begin
// that programs look for anywhere.
var hidden = [][]byte{[]byte("%pdf-"), []byte("<html"), []byte("<script"), []byte("<?php"), []byte("<svg"), []byte("<!doctype")}

const (
	directory = "PK\x05\x06" // of a ZIP archive, JAR, or office document
	farthest  = 22 + 1<<16   // bytes before the end that it lies at most
)

// Hides says whether the bytes behind a file's end are another file. Cameras write there too: second pictures, depth, film.
func Hides(tail []byte) bool {
	lower := bytes.ToLower(tail)
	for _, sign := range hidden {
		if bytes.Contains(lower, sign) {
			return true
		}
	}
	return bytes.Contains(tail[max(0, len(tail)-farthest):], []byte(directory))
}

// What is refused of a file. The sentences are for whoever sent it.
var (
	ErrUnknown = refusal.New(refusal.Invalid, "file_type_unknown",
		"Ce fichier n’est pas d’un format accepté : JPEG ou PNG, et PDF pour un document.")
	ErrDiffers = refusal.New(refusal.Invalid, "file_type_differs",
		"Ce fichier n’est pas du format annoncé par son nom. Enregistrez-le de nouveau, puis renvoyez-le.")
	ErrTooLarge = refusal.New(refusal.TooLarge, "file_too_large",
		"Ce fichier est trop lourd.")
	ErrBroken = refusal.New(refusal.Invalid, "file_broken",
		"Ce fichier est abîmé ou incomplet. Enregistrez-le de nouveau, puis renvoyez-le.")
	ErrMixed = refusal.New(refusal.Invalid, "file_mixed",
		"Ce fichier en cache un autre. Enregistrez-le de nouveau, puis renvoyez-le.")
)
