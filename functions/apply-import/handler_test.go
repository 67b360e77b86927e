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
	w, manager := town.Imported(t, func(i *store.Import) { i.State = "checked" })
	w.OneJob(newHandler(), w.OfImport("apply-import", manager), "apply-import", "applying")
}

func TestWhatStandsInTheWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says   string
		change func(*store.Import)
		status int
		code   string
	}{
		{"nobody has checked it", func(i *store.Import) { i.State = store.ImportAwaited }, 409, "import_unchecked"},
		{"it was refused", func(i *store.Import) { i.State = store.ImportRefused }, 409, "import_unchecked"},
		{"it was applied", func(i *store.Import) { i.State = store.ImportApplied }, 409, "import_applied"},
		{"it was undone", func(i *store.Import) { i.State = store.ImportUndone }, 409, "import_applied"},
		{"it was checked again", func(i *store.Import) { i.State, i.Report = store.ImportChecked, "another" }, 409, "report_out_of_date"},
		{"the settings were changed", func(i *store.Import) { i.State = store.ImportChecked; i.Version-- }, 409, "report_out_of_date"},
		{"its file is gone", func(i *store.Import) { i.State, i.CreatedAt = store.ImportChecked, i.CreatedAt.Add(long) }, 410, "import_expired"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			w, manager := town.Imported(t, c.change)
			town.Refused(t, town.Send(t, newHandler(), w.OfImport("apply-import", manager)), c.status, c.code)
		})
	}
}

func TestOnlyManagersOfTheWholeTownMay(t *testing.T) {
	t.Parallel()
	w, _ := town.Imported(t, func(i *store.Import) { i.State = "checked" })
	town.Refused(t, town.Send(t, newHandler(), w.OfImport("apply-import", w.Scoped(collectivity.Manager, "cantine"))), 403, "scope_missing")
}

var long = -7 * 24 * time.Hour

func TestOneImportIsAppliedAtATime(t *testing.T) {
	t.Parallel()
	w, manager := town.Imported(t, func(i *store.Import) { i.State = store.ImportChecked })
	w.Another(manager)
	town.Refused(t, town.Send(t, newHandler(), w.OfImport("apply-import", manager)), 409, "import_other")
}
