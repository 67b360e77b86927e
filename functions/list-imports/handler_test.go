package main

import (
	"fmt"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/importing"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open()}.handle) }

func TestImportsComeNewestFirstPageByPage(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	for n := range page + 2 {
		i := store.Import{ID: fmt.Sprintf("%03d", n), Of: importing.Families, Name: fmt.Sprint("fichier ", n), CreatedAt: calendar.Now().Add(time.Duration(n) * time.Second)}
		if _, err := w.Right(manager).AddImport(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	event := town.As(town.Event(t, "list-imports", map[string]string{"slug": w.Slug}), manager)
	first := town.Read[api.List[api.Import]](t, newHandler(), event, 200)
	if len(first.Items) != page || first.Items[0].Name != "fichier 26" || first.Items[0].State != "awaited" || first.Cursor == "" {
		t.Fatalf("the first page is %+v", first)
	}
	rest := town.Read[api.List[api.Import]](t, newHandler(), town.Query(event, "cursor="+first.Cursor), 200)
	if len(rest.Items) != 2 || rest.Items[1].Name != "fichier 0" || rest.Cursor != "" {
		t.Errorf("the rest is %+v", rest)
	}
}

func TestImportsAreOfManagersOfTheWholeTown(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	event := town.Event(t, "list-imports", map[string]string{"slug": w.Slug})
	town.Refused(t, town.Send(t, newHandler(), town.As(event, w.Scoped(collectivity.Manager, "cantine"))), 403, "scope_missing")
}
