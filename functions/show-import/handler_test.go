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
	return httpapi.SignedIn(app{store.Open(), calendar.Now}.handle)
}

func event(w *town.Town, agent account.Account, id string) httpapi.Request {
	return town.As(town.Event(w.T, "show-import", map[string]string{"slug": w.Slug, "import": id}), agent)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnImportIsShownWithItsColumnsReportAndJob(t *testing.T) {
	t.Parallel()
	w := town.NewNow(t)
	manager := w.Agent(collectivity.Manager)
	i, err := w.Right(manager).AddImport(t.Context(), store.Import{ID: "import", Of: importing.Schools, Name: "écoles.csv", CreatedAt: calendar.Now()})
	must(t, err)
	bare := town.Read[api.Import](t, newHandler(), event(w, manager, "import"), 200)
	if bare.State != "awaited" || bare.Job != nil || bare.Counts != nil || len(bare.Fields) != 3 || bare.Fields[0].Label != "École" {
		t.Errorf("announced it is %+v", bare)
	}
	j, err := w.Right(manager).StartImport(t.Context(), i, i.Task("job", store.JobCheckImport, "Vérification", calendar.Now()))
	must(t, err)
	i, err = w.Store.Import(t.Context(), "import")
	must(t, err)
	i.State, i.Report, i.Columns, i.Counts = store.ImportChecked, j.ID, []store.ImportColumn{{Name: "École", Sample: "Jules-Verne"}}, importing.Counts{Rows: 2, Errors: 1, NewSchools: 1}
	i.Mapping = importing.Mapping{"school.name": {Column: "École"}, "school.level": {Value: "CP"}}
	i.Rows = []importing.Line{{Line: 3, Outcome: importing.Wrong, Notes: []importing.Note{{Level: importing.Error, Code: "required", Column: "École", Detail: "Le nom manque."}}}, {Line: 2, Who: "Jules-Verne", Outcome: importing.Creates}}
	must(t, w.Store.SettleImport(t.Context(), i))
	got := town.Read[api.Import](t, newHandler(), event(w, manager, "import"), 200)
	if got.State != "checked" || got.Report != "job" || got.Job == nil || got.Job.ID != "job" || got.Job.Title != "Vérification : écoles.csv" || got.Counts.Schools != 1 || got.Columns[0].Sample != "Jules-Verne" {
		t.Errorf("checked it is %+v", got)
	}
	if len(got.Rows) != 2 || got.Rows[0].Notes[0].Column != "École" || got.Rows[0].Outcome != "error" || len(got.Mapping) != 2 || got.Mapping[0].Value != "CP" || got.Mapping[1].Column != "École" {
		t.Errorf("its report is %+v, its mapping %+v", got.Rows, got.Mapping)
	}
}

func TestAnImportOfNobodyIsNotFound(t *testing.T) {
	t.Parallel()
	w, other := town.NewNow(t), town.NewNow(t)
	_, err := other.Right(other.Agent(collectivity.Manager)).AddImport(t.Context(), store.Import{ID: "import", Of: importing.Schools, CreatedAt: calendar.Now()})
	must(t, err)
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Manager), "import")), 404, "import_not_found")
	town.Refused(t, town.Send(t, newHandler(), event(other, other.Scoped(collectivity.Manager, "cantine"), "import")), 403, "scope_missing")
}

func TestAnImportOfLongAgoIsForgotten(t *testing.T) {
	t.Parallel()
	w := town.NewNow(t)
	manager := w.Agent(collectivity.Manager)
	_, err := w.Right(manager).AddImport(t.Context(), store.Import{ID: "import", Of: importing.Schools, CreatedAt: calendar.Now().AddDate(0, 0, -31)})
	must(t, err)
	town.Refused(t, town.Send(t, newHandler(), event(w, manager, "import")), 404, "import_not_found")
}
