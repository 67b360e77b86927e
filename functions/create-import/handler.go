package main

import (
	"context"
	"encoding/base64"
	"time"

	"preau/shared/api"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/id"
	"preau/shared/importing"
	"preau/shared/refusal"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	files *files.Files
	now   func() time.Time
}

// linkLife is how long a file may take to start coming; a slow network may take longer to send it.
const linkLife = 15 * time.Minute

// sentType is what the file is sent as: what it is, its content says.
const sentType = "application/octet-stream"

// longest is how many bytes a file has at most.
const longest = 20 << 20

// handle announces a file to be imported: POST /v1/collectivities/{slug}/imports. What is sent to the link that it answers must have
// the length and the checksum announced, so an import is of one content.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.NewImport) (api.ImportLink, error) {
	right, err := a.store.ManagerOf(ctx, c.Caller, in.Slug)
	if err != nil {
		return api.ImportLink{}, err
	}
	if err := check(in); err != nil {
		return api.ImportLink{}, err
	}
	now := a.now()
	i, err := right.AddImport(ctx, store.Import{ID: id.New(now), Of: importing.Sort(in.Of), Name: in.Name, CreatedAt: now})
	if err != nil {
		return api.ImportLink{}, err
	}
	link, err := a.files.PutLink(ctx, right.Store.ImportFile(i.ID), files.Sent{Type: sentType, Length: in.Length, SHA256: in.SHA256}, now, linkLife)
	return api.ImportLink{Import: i.ID, URL: link.URL, Headers: link.Headers, Until: views.Instant(link.Until)}, err
}

// check refuses a checksum that is none, and a file that is empty or too large.
func check(in api.NewImport) error {
	var wrong []refusal.Field
	if sum, err := base64.StdEncoding.DecodeString(in.SHA256); err != nil || len(sum) != 32 {
		wrong = append(wrong, refusal.Field{Field: "sha256", Code: "checksum_invalid", Detail: "L’empreinte SHA-256 du fichier est attendue, en base 64."})
	}
	switch {
	case in.Length < 1:
		wrong = append(wrong, refusal.Field{Field: "length", Code: "file_empty", Detail: "Ce fichier est vide."})
	case in.Length > longest:
		wrong = append(wrong, refusal.Field{Field: "length", Code: "file_too_large", Detail: "Ce fichier dépasse 20 Mo."})
	}
	if len(wrong) > 0 {
		return refusal.OfFields(wrong)
	}
	return nil
}
