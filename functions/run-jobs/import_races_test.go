package main

import (
	"slices"
	"strings"
	"testing"

	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/id"
	"preau/shared/importing"
	"preau/shared/refusal"
	"preau/shared/store"
)

// TestAReportOfBeforeAnotherImportIsNotMadeSo: the families of a file without numbers would be there twice.
func TestAReportOfBeforeAnotherImportIsNotMadeSo(t *testing.T) {
	t.Parallel()
	d := opened(t)
	file := strings.NewReplacer("\n12;", "\n;", "\n13;", "\n;").Replace(morel)
	first, second := d.bring(importing.Families, file), d.bring(importing.Families, file)
	d.apply(first)
	if err := d.Town.Store.MayApply(t.Context(), second, second.Report, *d.clock); refusal.Code(err) != "report_out_of_date" {
		t.Errorf("it may be applied: %v", err)
	}
	if again := d.check(second, nil); again.Counts.Unchanged != 3 || again.Counts.Planned != 0 {
		t.Errorf("checked again it is %+v", again.Counts)
	}
}

// TestTwoImportsThatBeginAtOnceAreOne: both agents were allowed to before the other began.
func TestTwoImportsThatBeginAtOnceAreOne(t *testing.T) {
	t.Parallel()
	d := opened(t)
	first, second := d.bring(importing.Families, morel), d.bring(importing.Families, separated)
	for _, i := range []store.Import{first, second} {
		must(t, d.Town.Store.MayApply(t.Context(), i, i.Report, *d.clock))
	}
	first.State, second.State = store.ImportApplying, store.ImportApplying
	begun, err := d.right.StartImport(t.Context(), first, first.Task(id.New(*d.clock), store.JobApplyImport, "x", *d.clock))
	must(t, err)
	if _, err := d.right.StartImport(t.Context(), second, second.Task(id.New(*d.clock), store.JobApplyImport, "x", *d.clock)); refusal.Code(err) != "import_other" {
		t.Errorf("the second began: %v", err)
	}
	again, err := d.right.StartImport(t.Context(), d.imported(first.ID), first.Task(begun.ID, store.JobApplyImport, "x", *d.clock))
	if must(t, err); again.ID != begun.ID {
		t.Errorf("asked for again it is %+v", again)
	}
}

// TestAReportOfDuringAnotherImportIsNotMadeSo: it saw half of what the other made, which may get stuck later, and never ends its turn.
func TestAReportOfDuringAnotherImportIsNotMadeSo(t *testing.T) {
	t.Parallel()
	d := opened(t)
	file := strings.NewReplacer("\n12;", "\n;", "\n13;", "\n;").Replace(morel)
	first, second := d.bring(importing.Families, file), d.send(importing.Families, file)
	first.State = store.ImportApplying
	begun, err := d.right.StartImport(t.Context(), first, first.Task("first", store.JobApplyImport, "x", *d.clock))
	must(t, err)
	begun, _, err = d.Town.Store.ClaimJob(t.Context(), begun.ID, *d.clock)
	must(t, err)
	if err := d.Town.Store.MayCheck(t.Context(), second, *d.clock); refusal.Code(err) != "import_other" {
		t.Errorf("it may be checked: %v", err)
	}
	second.State = store.ImportChecking // by who was allowed to before the first began
	if second = d.has(second, store.JobCheckImport); second.State != store.ImportRefused || second.Code != "import_other" {
		t.Errorf("checked during the first it is %s %s", second.State, second.Code)
	}
	must(t, d.Town.Store.FailJob(t.Context(), begun, store.ErrJobStuck, *d.clock))
	if err := d.Town.Store.MayApply(t.Context(), second, second.Report, *d.clock); refusal.Code(err) != "import_unchecked" {
		t.Errorf("it may be applied: %v", err)
	}
	if second = d.check(second, nil); second.State != store.ImportChecked {
		t.Errorf("once the first is over it is %s %s", second.State, second.Code)
	}
}

// TestAReportOfLongRowsFits: what agents see at once of a report lies in one item of the table.
func TestAReportOfLongRowsFits(t *testing.T) {
	t.Parallel()
	d := opened(t)
	long := strings.Repeat("x", 1900)
	var rows strings.Builder
	for range 200 {
		name := strings.ToUpper(id.Short())
		rows.WriteString(";" + name + ";Anne;" + long + ";;;;" + long + ";;;;" + name + ";Léa;04/05/2018;;\n")
	}
	if i := d.bring(importing.Families, families+rows.String()); i.State != store.ImportChecked || len(i.Rows) == 0 || i.Counts.Rows != 200 {
		t.Errorf("it is %s with %d rows, the job %+v: %s", i.State, len(i.Rows), d.job(i.Job), d.out.String())
	}
}

func TestAChildWhomAnImportSharedAndWhoIsEnrolledIsNotTakenAway(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.apply(d.bring(importing.Families, families+
		"21;Petit;Anne;Mère;1 rue Haute;35140;Saint-Aubin;;;;;Petit;Tom;21/06/2018;;\n22;Roux;Marc;Père;9 rue Basse;35140;Saint-Aubin;;;;;Roux;Lou;02/02/2020;;\n"))
	i := d.apply(d.bring(importing.Families, families+"22;Roux;Marc;Père;;;;;;;;Petit;Tom;21/06/2018;;\n"))
	marc := d.named("Famille Roux")
	tom := marc.Children[slices.IndexFunc(marc.Children, func(c family.Member) bool { return c.Elsewhere })]
	e := booking.Enrolment{ID: "tom", Child: tom.ID, Activity: "cantine", Weekdays: []calendar.Weekday{"mon"}, Period: calendar.Period{From: "2026-11-01", To: "2027-07-01"}}
	must(t, store.DueJob{Town: d.Town.Store}.Family(marc.ID).Enrol(t.Context(), e))
	if got := d.undo(i); got.State != store.ImportApplied || d.job(got.Job).Code != "import_touched" {
		t.Errorf("it is %s: %q", got.State, outcomesOf(got))
	}
	if marc = d.named("Famille Roux"); len(marc.Children) != 2 || len(marc.Enrolments) != 1 {
		t.Errorf("the family has %d children and %d enrolments", len(marc.Children), len(marc.Enrolments))
	}
}

// TestAnImportIntoBothHomesOfAChildIsUndone: each of its edits moves the version of the other file too.
func TestAnImportIntoBothHomesOfAChildIsUndone(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.apply(d.bring(importing.Families, separated))
	i := d.bring(importing.Families, families+
		"22;Roux;Marc;;;;;0612345678;;;;Petit;Tom;21/06/2018;;\n"+
		"21;Petit;Anne;;;;;0687654321;;;;Petit;Tom;21/06/2018;École Jules-Verne;CM1\n")
	i = d.apply(i)
	if i = d.undo(i); i.State != store.ImportUndone || len(i.Rows) != 0 {
		t.Errorf("it is %s: %s, %+v", i.State, d.job(i.Job).Detail, i.Rows)
	}
	anne, marc := d.named("Famille Petit"), d.named("Famille Roux")
	if anne.Children[0].Text("school", "class") != "" || anne.Guardians[0].Text("phones", "mobile")+marc.Guardians[0].Text("phones", "mobile") != "" {
		t.Errorf("they are %+v, %+v and %+v", anne.Children[0].Values, anne.Guardians[0].Values, marc.Guardians[0].Values)
	}
}

// TestNobodyMakesAReportSoThatAnotherHadMadeOfTheirFamily: who has it made so decides.
func TestNobodyMakesAReportSoThatAnotherHadMadeOfTheirFamily(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.apply(d.bring(importing.Families, morel))
	i := d.bring(importing.Families, families+"12;Morel;Claire;;;;;;;;;Morel;Inès;08/01/2022;;\n")
	parent := d
	parent.right = d.Right(d.Agent(collectivity.Manager))
	h := d.named("Famille MOREL")
	code, err := d.IssueCode(t.Context(), store.DueJob{Town: d.Town.Store}.Family(h.ID), h.Guardians[0].ID)
	must(t, err)
	c, err := d.Env.Store.TryCode(t.Context(), d.Secret.Code, code, parent.right.Account.ID, *d.clock)
	must(t, err)
	_, err = d.Env.Store.Subscribe(t.Context(), parent.right.Account, c, *d.clock)
	must(t, err)
	if i = parent.apply(i); !slices.Equal(outcomesOf(i), []string{"2 left refused"}) || len(d.named("Famille MOREL").Children) != 2 {
		t.Errorf("it is %+v: %q", i.Counts, outcomesOf(i))
	}
}
