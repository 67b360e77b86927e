package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct {
	store *store.Store
	files *files.Files
	now   func() time.Time
}

// handle gives a guardian a link to a document that ends after a minute: GET /v1/families/{family}/documents/{document}.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.DocumentPath) (api.DocumentLink, error) {
	right, err := a.store.FamilyOf(ctx, c.Caller, in.Family)
	if err != nil {
		return api.DocumentLink{}, err
	}
	household, err := right.Store.SealedHousehold(ctx)
	if err != nil {
		return api.DocumentLink{}, err
	}
	guardian, _ := household.Member(right.Guardian)
	document, ok := household.Member(in.Document)
	if !ok || !views.SeesDocument(household, views.Viewer{Guardian: guardian}, document) {
		return api.DocumentLink{}, family.ErrMemberUnknown
	}
	return views.DocumentLink(ctx, a.files, right.Store.Collectivity, document, a.now())
}
