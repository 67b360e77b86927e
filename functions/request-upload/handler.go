package main

import (
	"context"
	"encoding/base64"
	"time"

	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/id"
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

// handle announces a photo or a document: POST /v1/families/{family}/uploads. What is sent to the link that it answers must have the
// length, the type and the checksum announced; process-upload then looks at it and proposes it as a change.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.NewUpload) (api.UploadLink, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.UploadLink{}, err
	}
	household, configuration, err := right.Store.File(ctx)
	if err != nil {
		return api.UploadLink{}, err
	}
	now := a.now()
	upload := announced(in, right, now)
	guardian, _ := household.Member(right.Guardian)
	if err := refusal.Join(checkFile(in), family.CheckUpload(configuration.Settings, household.File, guardian, upload, in.Length)); err != nil {
		return api.UploadLink{}, err
	}
	if err := right.Store.AddUpload(ctx, upload); err != nil {
		return api.UploadLink{}, err
	}
	link, err := a.files.PutLink(ctx, right.Store.Incoming(upload.ID), files.Sent{Type: in.Type, Length: in.Length, SHA256: in.SHA256}, now, linkLife)
	return api.UploadLink{Upload: upload.ID, URL: link.URL, Headers: link.Headers, Until: views.Instant(link.Until)}, err
}

func announced(in api.NewUpload, right store.FamilyRight, now time.Time) family.Upload {
	return family.Upload{
		ID: id.New(now), Purpose: family.Purpose(in.Purpose), About: in.About, Type: in.Type, Document: in.Document,
		From: calendar.Date(in.ValidFrom), Until: calendar.Date(in.ValidUntil),
		By: right.Guardian, Account: right.Account.ID, CreatedAt: now, State: family.Awaited,
	}
}

// checkFile refuses a checksum that is none, and a file that is empty.
func checkFile(in api.NewUpload) error {
	var wrong []refusal.Field
	if sum, err := base64.StdEncoding.DecodeString(in.SHA256); err != nil || len(sum) != 32 {
		wrong = append(wrong, refusal.Field{Field: "sha256", Code: "checksum_invalid", Detail: "L’empreinte SHA-256 du fichier est attendue, en base 64."})
	}
	if in.Length < 1 {
		wrong = append(wrong, refusal.Field{Field: "length", Code: "file_empty", Detail: "Ce fichier est vide."})
	}
	if len(wrong) > 0 {
		return refusal.OfFields(wrong)
	}
	return nil
}
