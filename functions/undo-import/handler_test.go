package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), calendar.Now}.handle, httpapi.Accepted)
}

func TestTheSameKeyIsTheSameJob(t *testing.T) {
	t.Parallel()
	w, manager := town.Imported(t, func(i *store.Import) { i.State = "applied" })
	w.OneJob(newHandler(), w.OfImport("undo-import", manager), "undo-import", "undoing")
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
			w, manager := town.Imported(t, c.change)
			town.Refused(t, town.Send(t, newHandler(), w.OfImport("undo-import", manager)), c.status, c.code)
		})
	}
}

func TestOnlyManagersOfTheWholeTownMay(t *testing.T) {
	t.Parallel()
	w, _ := town.Imported(t, func(i *store.Import) { i.State = "applied" })
	town.Refused(t, town.Send(t, newHandler(), w.OfImport("undo-import", w.Scoped(collectivity.Manager, "cantine"))), 403, "scope_missing")
}
