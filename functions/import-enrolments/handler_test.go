package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler { return httpapi.SignedIn(app{store.Open(), town.Clock}.handle) }

type object = map[string]any

const head = "family;child;activity;from;to;weekdays;standing;option\n"

func event(w *town.Town, agent account.Account, values map[string]string) httpapi.Request {
	all := map[string]string{"slug": w.Slug}
	for name, v := range values {
		all[name] = v
	}
	return town.As(town.Event(w.T, "import-enrolments", all), agent)
}

func send(w *town.Town, agent account.Account, csv string, dry bool) api.EnrolmentReport {
	w.T.Helper()
	return town.Read[api.EnrolmentReport](w.T, newHandler(), town.With(w.T, event(w, agent, nil), object{"csv": csv, "dryRun": dry}), 200)
}

// told is each line in short: its number, and the code or what the person reads.
func told(r api.EnrolmentReport) (all []string) {
	for _, row := range r.Rows {
		if row.Code != "" && row.Detail != "" {
			all = append(all, fmt.Sprint(row.Line, " ", row.Code))
		} else {
			all = append(all, fmt.Sprint(row.Line, " ", row.Detail))
		}
	}
	return all
}

// count is how many are enrolled at an activity.
func count(w *town.Town, activity string) int {
	w.T.Helper()
	all, err := w.Store.Enrolled(w.T.Context(), activity, calendar.Period{From: "2026-01-01", To: "2028-01-01"})
	if err != nil {
		w.T.Fatal(err)
	}
	return len(all)
}

func TestTheSampleEventTellsWhatWouldBeAndWritesNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f := w.Separated("Léa")
	r := event(w, w.Agent(collectivity.Manager), map[string]string{"family": f.ID, "child": f.Children[0]})
	got := town.Read[api.EnrolmentReport](t, newHandler(), r, 200)
	want := api.EnrolmentReport{DryRun: true, Enrolled: 1, Rows: []api.EnrolmentReportLine{{Line: 2, EnrolmentOutcome: api.EnrolmentOutcome{
		Family: f.ID, Child: f.Children[0], Activity: "periscolaire", State: "enrolled", Detail: "Peut être inscrit.",
	}}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if count(w, "periscolaire") != 0 || len(w.Audited()) != 0 {
		t.Errorf("%d are enrolled, audited %v", count(w, "periscolaire"), w.Audited())
	}
}

func TestLinesWithMistakesAreSkippedAndTold(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f, other := w.Separated("Léa", "Noé"), w.Separated("Tom")
	line := func(family, child, rest string) string { return family + ";" + child + ";" + rest + "\n" }
	file := head +
		line(f.ID, f.Children[0], "Cantine;01/12/2026;02/07/2027;lun mar;;") +
		line(f.ID, f.Children[0], "cantine;2026-12-15;2027-07-02;mar;;") +
		line(f.ID, f.Children[1], "cantine;2026-12-01;2026-02-30;;;") +
		line(f.ID, "nobody", "cantine;2026-12-01;2027-07-02;;;") +
		"\n" +
		line("nobody", "nobody", "cantine;2026-12-01;2027-07-02;;;") +
		line(other.ID, other.Children[0], "Centre de loisirs du mercredi;2026-12-01;2027-07-02;;oui;Matin sans repas") +
		line(f.ID, f.Children[1], "cantine;2026-12-01;2027-07-02;;;")
	want := []string{"2 ", "3 already_enrolled", "4 date_invalid", "5 child_unknown", "7 family_unknown", "8 ", "9 "}
	manager := w.Agent(collectivity.Manager)
	for _, pass := range []struct {
		says string
		dry  bool
		good string
		n    [2]int // at the canteen, on Wednesday
	}{
		{"a dry run tells the same", true, "Peut être inscrit.", [2]int{0, 0}},
		{"the run", false, "Inscrit.", [2]int{2, 1}},
	} {
		got := send(w, manager, file, pass.dry)
		var expected []string
		for _, line := range want {
			if strings.HasSuffix(line, " ") {
				line += pass.good
			}
			expected = append(expected, line)
		}
		if d := cmp.Diff(expected, told(got)); d != "" || got.Enrolled != 3 || got.Refused != 4 {
			t.Errorf("%s: %d enrolled, %d refused (-want +got)\n%s", pass.says, got.Enrolled, got.Refused, d)
		}
		if n := [2]int{count(w, "cantine"), count(w, "mercredi")}; n != pass.n {
			t.Errorf("%s: %v are enrolled, want %v", pass.says, n, pass.n)
		}
	}
	again := send(w, manager, file, false)
	if again.Enrolled != 0 || count(w, "cantine") != 2 || count(w, "mercredi") != 1 {
		t.Errorf("sent again: %+v", told(again))
	}
}

func TestManyFamiliesAreImportedAtOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	var file strings.Builder
	file.WriteString(head)
	for range 12 {
		f := w.Separated("Léa", "Noé")
		for _, child := range f.Children {
			for _, activity := range []string{"cantine", "periscolaire"} {
				fmt.Fprintf(&file, "%s;%s;%s;2026-12-01;2027-07-02;;;\n", f.ID, child, activity)
			}
		}
	}
	manager := w.Agent(collectivity.Manager)
	enrolled := 0
	for _, r := range town.InParallel(2, func(int) api.EnrolmentReport { return send(w, manager, file.String(), false) }) {
		enrolled += r.Enrolled
	}
	if enrolled != 48 || count(w, "cantine") != 24 || count(w, "periscolaire") != 24 || len(w.Audited()) != 48 {
		t.Errorf("%d told, %d and %d written, %d audited", enrolled, count(w, "cantine"), count(w, "periscolaire"), len(w.Audited()))
	}
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager := w.Agent(collectivity.Manager)
	for csv, want := range map[string]string{
		"":                             "csv required",
		"nom;prénom\n":                 "csv column_unknown",
		"family;child;activity;from\n": "csv column_missing",
		"family\x00;child":             "csv control_character",
	} {
		reply := town.Send(t, newHandler(), town.With(t, event(w, manager, nil), object{"csv": csv}))
		town.Refused(t, reply, 400, "invalid_input", want)
	}
}

func TestWhoMayImport(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f := w.Separated("Léa")
	row := head + f.ID + ";" + f.Children[0] + ";cantine;2026-12-01;2027-07-02;;;\n"
	if got := told(send(w, w.Scoped(collectivity.Manager, "mercredi"), row, false)); got[0] != "2 activity_not_yours" {
		t.Errorf("a manager of another activity: %v", got)
	}
	elsewhere := town.New(t)
	if got := told(send(elsewhere, elsewhere.Agent(collectivity.Manager), row, false)); got[0] != "2 family_unknown" {
		t.Errorf("another town's manager: %v", got)
	}
	town.Refused(t, town.Send(t, newHandler(), event(w, w.Agent(collectivity.Reviewer), nil)), 403, "role_missing")
	town.Refused(t, town.Send(t, newHandler(), event(w, elsewhere.Agent(collectivity.Manager), nil)), 404, "collectivity_not_found")
	if count(w, "cantine") != 0 {
		t.Error("somebody is enrolled")
	}
}

func TestTheRightsOfTheCatalogAreEnough(t *testing.T) {
	w := town.New(t)
	f, manager := w.Separated("Léa"), w.Agent(collectivity.Manager)
	town.Rights(t, "import-enrolments")
	if got := told(send(w, manager, head+f.ID+";"+f.Children[0]+";cantine;2026-12-01;2027-07-02;;oui;\n", false)); got[0] != "2 Inscrit." {
		t.Errorf("got %v", got)
	}
}
