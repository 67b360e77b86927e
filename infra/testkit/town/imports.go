package town

import (
	"testing"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/importing"
	"preau/shared/store"
)

// Imported makes a town at the real time with an import of families, whose id is "import", as a change makes it, and its manager.
func Imported(t testing.TB, change func(*store.Import)) (*Town, account.Account) {
	t.Helper()
	w := NewNow(t)
	manager := w.Agent(collectivity.Manager)
	c, err := w.Store.Configuration(t.Context())
	check(t, err)
	i := store.Import{ID: "import", Of: importing.Families, Name: "f.csv", CreatedAt: calendar.Now(), Version: c.Version, Report: "report"}
	if change != nil {
		change(&i)
	}
	state := i.State
	i, err = w.Right(manager).AddImport(t.Context(), i)
	check(t, err)
	i.State = state
	check(t, w.Store.SettleImport(t.Context(), i))
	return w, manager
}

// Another has another import begin, which is applied.
func (w *Town) Another(manager account.Account) {
	w.T.Helper()
	right := w.Right(manager)
	other, err := right.AddImport(w.T.Context(), store.Import{ID: "other", Of: importing.Families, CreatedAt: calendar.Now()})
	check(w.T, err)
	other.State = store.ImportApplying
	_, err = right.StartImport(w.T.Context(), other, other.Task("job", store.JobApplyImport, "Import", calendar.Now()))
	check(w.T, err)
}

// OfImport is the event by which an agent asks a use case of the import that Imported made.
func (w *Town) OfImport(useCase string, agent account.Account) httpapi.Request {
	w.T.Helper()
	return As(Event(w.T, useCase, map[string]string{"slug": w.Slug, "import": "import", "report": "report"}), agent)
}

// OneJob fails the test unless an event that is sent twice with one key is taken on as one job of that kind, which has the import in
// that state, and without the key is refused while the job is at work.
func (w *Town) OneJob(h httpapi.Handler, event httpapi.Request, kind string, state store.ImportState) {
	w.T.Helper()
	r := Header(event, "idempotency-key", "my-first-key")
	first, again := Read[api.Job](w.T, h, r, 202), Read[api.Job](w.T, h, r, 202)
	i, err := w.Store.Import(w.T.Context(), "import")
	check(w.T, err)
	if first.ID == "" || first.ID != again.ID || i.Job != first.ID || first.Kind != kind || i.State != state {
		w.T.Errorf("the jobs are %+v and %+v, the import is %+v", first, again, i)
	}
	Refused(w.T, Send(w.T, h, event), 409, "import_busy")
}
