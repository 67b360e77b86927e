package main

import (
	"context"
	"time"

	"preau/shared/api"
	"preau/shared/collectivity"
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

// handle gives an agent a link to a family's document that ends after a minute:
// GET /v1/collectivities/{slug}/families/{family}/documents/{document}. The family sees who opened one that tells of health.
func (a app) handle(ctx context.Context, c httpapi.Caller, in api.AgentDocumentPath) (api.DocumentLink, error) {
	right, err := a.store.AgentOf(ctx, c.Caller, in.Slug, collectivity.Reader)
	if err != nil {
		return api.DocumentLink{}, err
	}
	household, _, err := right.Household(ctx, in.Family, a.now())
	if err != nil {
		return api.DocumentLink{}, err
	}
	document, ok := household.Member(in.Document)
	if !ok || document.Target != family.Document {
		return api.DocumentLink{}, family.ErrMemberUnknown
	}
	if !views.SeesDocument(household, views.Viewer{Agent: &right.Agent}, document) {
		return api.DocumentLink{}, collectivity.ErrRoleMissing
	}
	read := store.Read{"document." + document.Text("document", "type"): {document.Text("document", "about")}}
	if err := right.Consulted(ctx, "open-document", map[string]store.Read{in.Family: read}, a.now()); err != nil {
		return api.DocumentLink{}, err
	}
	return views.DocumentLink(ctx, a.files, right.Store, document, a.now())
}
