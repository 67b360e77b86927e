package main

import (
	"encoding/base64"
	"errors"
	"strings"

	"preau/shared/collectivity"
	"preau/shared/id"
	"preau/shared/picture"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

// readLogo makes a logo from the picture in a data: address; nil where none was sent. What it makes holds nothing of the file.
func readLogo(sent string) (*store.Logo, error) {
	data, is := strings.CutPrefix(sent, "data:")
	if !is {
		return nil, nil
	}
	_, encoded, _ := strings.Cut(data, ";base64,")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, refusal.OfField("logo", "logo_invalid", "Cette image n’est pas lisible. Enregistrez-la de nouveau en PNG ou en JPEG.")
	}
	made, kind, err := picture.Logo(raw)
	if no := (*refusal.Refusal)(nil); errors.As(err, &no) {
		return nil, refusal.OfField("logo", no.Code, no.Detail)
	}
	return &store.Logo{ID: id.Derived(string(made)), Type: string(kind), Picture: made}, err
}

// named is the id of the logo that the settings name: the one that was sent, the one that is there, or none.
func named(sent string, made *store.Logo, before collectivity.Settings) (string, error) {
	switch {
	case made != nil:
		return made.ID, nil
	case sent == "":
		return "", nil
	case sent == views.Logo(before):
		return before.Logo, nil
	}
	return "", refusal.OfField("logo", "logo_invalid", "Envoyez une image PNG ou JPEG, ou laissez le logo tel quel.")
}
