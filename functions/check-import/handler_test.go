package main

import (
	"testing"
	"time"

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
	w, manager := town.Imported(t, func(i *store.Import) { i.State = "awaited" })
	w.OneJob(newHandler(), w.OfImport("check-import", manager), "check-import", "checking")
}

func TestWhatStandsInTheWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says   string
		change func(*store.Import)
		status int
		code   string
	}{
		{"it was applied", func(i *store.Import) { i.State = store.ImportApplied }, 409, "import_applied"},
		{"it was undone", func(i *store.Import) { i.State = store.ImportUndone }, 409, "import_applied"},
		{"its file is gone", func(i *store.Import) { i.State, i.CreatedAt = store.ImportChecked, i.CreatedAt.Add(long) }, 410, "import_expired"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			w, manager := town.Imported(t, c.change)
			town.Refused(t, town.Send(t, newHandler(), w.OfImport("check-import", manager)), c.status, c.code)
		})
	}
}

func TestOnlyManagersOfTheWholeTownMay(t *testing.T) {
	t.Parallel()
	w, _ := town.Imported(t, func(i *store.Import) { i.State = "awaited" })
	town.Refused(t, town.Send(t, newHandler(), w.OfImport("check-import", w.Scoped(collectivity.Manager, "cantine"))), 403, "scope_missing")
}

var long = -7 * 24 * time.Hour

func TestNothingIsCheckedWhileAnotherImportIsApplied(t *testing.T) {
	t.Parallel()
	w, manager := town.Imported(t, func(i *store.Import) { i.State = store.ImportChecked })
	w.Another(manager)
	town.Refused(t, town.Send(t, newHandler(), w.OfImport("check-import", manager)), 409, "import_other")
	if i, err := w.Store.Import(t.Context(), "import"); err != nil || i.State != store.ImportChecked || i.Report == "" {
		t.Errorf("it is %+v, %v", i, err)
	}
}
