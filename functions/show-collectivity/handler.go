package main

import (
	"context"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

type app struct{ store *store.Store }

// handle shows a collectivity to anyone: GET /v1/collectivities/{slug}.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.CollectivityPath) (api.Collectivity, error) {
	settings, err := a.store.Public(ctx, in.Slug)
	if err != nil {
		return api.Collectivity{}, err
	}
	return view(settings), nil
}

func view(s collectivity.Settings) api.Collectivity {
	return api.Collectivity{
		Slug: s.Slug, Name: s.Name, Logo: s.Logo, DPO: s.DPO, Modules: append([]string{}, s.Modules...), Timezone: s.Zone().String(),
		Colours:       api.Colours{Primary: s.Primary, Accent: s.Accent},
		Contact:       api.Contact(s.Contact),
		Terms:         api.Text(s.Terms),
		Privacy:       api.Text(s.Privacy),
		Legal:         api.Text(s.Legal),
		Accessibility: api.Text(s.Accessibility),
	}
}
