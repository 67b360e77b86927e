package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

// handle says what became of a photo or document: GET /v1/families/{family}/uploads/{upload}. Only who sent it is told.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.UploadPath) (api.Upload, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.Upload{}, err
	}
	upload, err := right.Store.Upload(ctx, in.Upload)
	if err == nil && upload.Account != right.Account.ID {
		err = family.ErrUploadUnknown
	}
	if err != nil {
		return api.Upload{}, err
	}
	return views.Upload(upload), nil
}
