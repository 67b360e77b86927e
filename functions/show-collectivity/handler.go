package main

import (
	"cmp"
	"context"

	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
	"preau/shared/views"
)

type app struct{ store *store.Store }

// handle shows a collectivity to anyone, one that is suspended too: GET /v1/collectivities/{slug}.
func (a app) handle(ctx context.Context, _ httpapi.Caller, in api.CollectivityPath) (api.Collectivity, error) {
	settings, err := a.store.Public(ctx, in.Slug)
	if err != nil {
		return api.Collectivity{}, err
	}
	return view(settings), nil
}

func view(s collectivity.Settings) api.Collectivity {
	out := api.Collectivity{
		Slug: s.Slug, Name: s.Name, FullName: cmp.Or(s.FullName, s.Name), Logo: views.Logo(s), DPO: s.DPO, Modules: []string{}, Timezone: s.Zone().String(),
		Suspended: s.Suspended, ClosesAt: views.Instant(s.Leaves),
		Colours:       api.Colours{Primary: s.Primary, Accent: s.Accent},
		Contact:       api.Contact(s.Contact),
		Terms:         api.Text(s.Terms),
		Privacy:       api.Text(s.Privacy),
		Legal:         api.Text(s.Legal),
		Accessibility: api.Text(s.Accessibility),
	}
	for _, m := range s.Modules {
		out.Modules = append(out.Modules, string(m))
	}
	return out
}
