package main

import (
	"context"
	"time"

	"preau/shared/api"
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

// linkLife is how long a link may be opened; a slow network may take longer to get the file.
const linkLife = 5 * time.Minute

// handle tells how far the caller's export is: GET /v1/me/export. Once a right ended that it was made under, by the caller, the town
// or a court, there is no link to it any more.
func (a app) handle(ctx context.Context, c httpapi.Caller, _ api.Nothing) (api.Export, error) {
	me, err := a.store.Me(ctx, c.Caller)
	if err != nil {
		return api.Export{}, err
	}
	e, err := a.store.Export(ctx, me.ID)
	if err != nil {
		return api.Export{}, err
	}
	now := a.now()
	out := views.Export(e, now)
	if !e.Ready(now) {
		return out, nil
	}
	may, err := a.store.MayOpen(ctx, me.ID, e)
	if err != nil {
		return api.Export{}, err
	}
	if !may {
		out.State = "expired"
		return out, nil
	}
	shown := files.Shown{Type: "application/zip", Name: "mes-donnees-" + e.ReadyAt.Format("2006-01-02") + ".zip"}
	link, err := a.files.GetLink(ctx, e.File(me.ID), shown, now, linkLife)
	out.URL = link.URL
	return out, err
}
