package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/importing"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), calendar.Now}.handle, httpapi.Accepted)
}

func event(w *town.Town, agent account.Account) httpapi.Request {
	return town.As(town.Event(w.T, "undo-import", map[string]string{"slug": w.Slug, "import": "import", "report": "report"}), agent)
}

// imported is an import as a change makes it, and its manager.
func imported(t *testing.T, change func(*store.Import)) (*town.Town, account.Account) {
	t.Helper()
	w := town.NewNow(t)
	manager := w.Agent(collectivity.Manager)
	c, err := w.Store.Configuration(t.Context())
	must(t, err)
	i := store.Import{ID: "import", Of: importing.Families, Name: "f.csv", CreatedAt: calendar.Now(), Version: c.Version, Report: "report"}
	if change != nil {
		change(&i)
	}
	state := i.State
	i, err = w.Right(manager).AddImport(t.Context(), i)
	must(t, err)
	i.State = state
	must(t, w.Store.SettleImport(t.Context(), i))
	return w, manager
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheSameKeyIsTheSameJob(t *testing.T) {
	t.Parallel()
	w, manager := imported(t, func(i *store.Import) { i.State = "applied" })
	r := town.Header(event(w, manager), "idempotency-key", "my-first-key")
	first, again := town.Read[api.Job](t, newHandler(), r, 202), town.Read[api.Job](t, newHandler(), r, 202)
	i, err := w.Store.Import(t.Context(), "import")
	must(t, err)
	if first.ID == "" || first.ID != again.ID || i.Job != first.ID || first.Kind != "undo-import" || i.State != "undoing" {
		t.Errorf("the jobs are %+v and %+v, the import is %+v", first, again, i)
	}
	town.Refused(t, town.Send(t, newHandler(), event(w, manager)), 409, "import_busy")
}

func TestWhatStandsInTheWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says   string
		change func(*store.Import)
		status int
		code   string
	}{
		{"it was not applied", func(i *store.Import) { i.State = store.ImportChecked }, 409, "import_not_applied"},
		{"it was undone", func(i *store.Import) { i.State = store.ImportUndone }, 409, "import_undone"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			w, manager := imported(t, c.change)
			town.Refused(t, town.Send(t, newHandler(), event(w, manager)), c.status, c.code)
		})
	}
}

func TestOnlyManagersOfTheWholeTownMay(t *testing.T) {
	t.Parallel()
	w, _ := imported(t, func(i *store.Import) { i.State = "applied" })
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Scoped(collectivity.Manager, "cantine"))), 403, "scope_missing")
}
