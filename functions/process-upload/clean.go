package main

import (
	"context"

	"preau/shared/family"
	"preau/shared/filetype"
	"preau/shared/paper"
	"preau/shared/picture"
	"preau/shared/views"
)

// A kept file is what is made of one that was sent: one part, or a photo's two sizes.
type kept struct {
	extension string
	parts     []part
}

type part struct {
	suffix    string
	mediaType string
	content   []byte
}

// clean makes anew what was sent, so that nothing hidden in it is kept.
func clean(ctx context.Context, u family.Upload, sent []byte) (kept, error) {
	if u.Purpose == family.PhotoUpload {
		sizes, err := picture.Photo(sent)
		return kept{parts: []part{{views.PhotoLarge, string(picture.Type), sizes.Large}, {views.PhotoSmall, string(picture.Type), sizes.Small}}}, err
	}
	if u.Type == string(filetype.PDF) {
		document, err := paper.Clean(ctx, sent)
		return kept{".pdf", []part{{"", u.Type, document}}}, err
	}
	scan, err := picture.Scan(sent)
	return kept{".jpg", []part{{"", string(picture.Type), scan}}}, err
}
