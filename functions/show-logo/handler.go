package main

import (
	"context"
	"strings"

	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
)

type app struct{ store *store.Store }

// handle shows a collectivity's logo to anyone: GET /v1/collectivities/{slug}/logo. Which one the address names is for caches
// alone: mails of long ago show the logo of now.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.LogoPath) (httpapi.File, error) {
	logo, err := a.store.PublicLogo(ctx, in.Slug)
	if err != nil {
		return httpapi.File{}, err
	}
	name := "logo." + strings.TrimPrefix(logo.Type, "image/")
	return httpapi.File{Type: logo.Type, Name: name, Content: logo.Picture, Version: logo.ID}, nil
}
