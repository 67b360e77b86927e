package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/importing"
	"preau/shared/store"
)

const enrolling = "N° famille;N° enfant;Activité;Du;Au;Jours;Permanent;Formule\n"

// enrolledAt is how many children are enrolled at an activity.
func (d desk) enrolledAt(activity string) int {
	d.t.Helper()
	all, err := d.Town.Store.Enrolled(d.t.Context(), activity, calendar.Period{From: "2026-01-01", To: "2028-01-01"})
	must(d.t, err)
	return len(all)
}

func TestEnrolmentsWithMistakesAreSkippedAndTold(t *testing.T) {
	t.Parallel()
	d := opened(t)
	f, other := d.Separated("Léa", "Noé"), d.Separated("Tom")
	row := func(family, child, rest string) string { return family + ";" + child + ";" + rest + "\n" }
	file := enrolling +
		row(f.ID, f.Children[0], "Cantine;01/12/2026;02/07/2027;lun mar;;") +
		row(f.ID, f.Children[0], "cantine;2026-12-15;2027-07-02;mar;;") +
		row(f.ID, f.Children[1], "cantine;2026-12-01;2026-02-30;;;") +
		row(f.ID, "nobody", "cantine;2026-12-01;2027-07-02;;;") +
		"\n" +
		row(other.ID, f.Children[0], "cantine;2026-12-01;2027-07-02;;;") +
		row(other.ID, other.Children[0], "Centre de loisirs du mercredi;2026-12-01;2027-07-02;;oui;Matin sans repas") +
		row(f.ID, f.Children[1], "cantine;2026-12-01;2027-07-02;;;") +
		row(f.ID, f.Children[1], "periscolaire;2026-12-01;2027-07-02;férié;;") +
		row(f.ID, f.Children[1], "periscolaire;2026-12-01;2027-07-02;;peut-être;") +
		row(f.ID, f.Children[1], "periscolaire;2027-12-01;2027-07-02;;;") +
		row(f.ID, f.Children[1], ";2026-12-01;2027-07-02;;;") +
		row(f.ID, f.Children[1], "periscolaire;2026-12-01;2027-07-02;;;;de trop") +
		row(other.ID, other.Children[0], "mercredi;2026-12-01;2027-07-02;;;matin")
	i := d.bring(importing.Enrolments, file)
	want := []string{
		"2 created", "3 unchanged", "4 error date_invalid", "5 error child_unknown", "7 error child_unknown", "8 created", "9 created",
		"10 error weekday_invalid", "11 error standing_invalid", "12 error period_reversed", "13 error cell_missing", "14 error cell_extra", "15 error option_not_standing",
	}
	if got := outcomesOf(i); !slices.Equal(got, want) {
		t.Errorf("the report says\n%q, want\n%q", got, want)
	}
	if d.enrolledAt("cantine")+d.enrolledAt("mercredi") != 0 {
		t.Error("somebody is enrolled by the check")
	}
	if i = d.apply(i); i.Counts.NewEnrolments != 3 || d.enrolledAt("cantine") != 2 || d.enrolledAt("mercredi") != 1 {
		t.Errorf("applied as %+v, %d and %d are enrolled", i.Counts, d.enrolledAt("cantine"), d.enrolledAt("mercredi"))
	}
	h := d.householdOf(other.ID)
	if e := h.Enrolments[0]; !e.Standing || e.Option != "matin" {
		t.Errorf("enrolled %+v", e)
	}
}

func TestManyFamiliesAreEnrolledOnce(t *testing.T) {
	t.Parallel()
	d := opened(t)
	var file strings.Builder
	file.WriteString(enrolling)
	for range 12 {
		f := d.Separated("Léa", "Noé")
		for _, child := range f.Children {
			for _, activity := range []string{"cantine", "periscolaire"} {
				fmt.Fprintf(&file, "%s;%s;%s;2026-12-01;2027-07-02;;;\n", f.ID, child, activity)
			}
		}
	}
	i := d.apply(d.bring(importing.Enrolments, file.String()))
	told := 0
	for _, act := range d.Audited() {
		if strings.HasPrefix(act, "create-enrolments ") {
			told++
		}
	}
	if i.Counts.NewEnrolments != 48 || d.enrolledAt("cantine") != 24 || d.enrolledAt("periscolaire") != 24 || told != 48 {
		t.Errorf("%d told, %d and %d written, %d audited", i.Counts.NewEnrolments, d.enrolledAt("cantine"), d.enrolledAt("periscolaire"), told)
	}
	again := d.bring(importing.Enrolments, file.String())
	if again.Counts.Unchanged != 48 || again.Counts.Planned != 0 || d.enrolledAt("cantine") != 24 {
		t.Errorf("sent again it is %+v", again.Counts)
	}
}

func TestNobodyEnrolsTheirOwnFamilyByAFile(t *testing.T) {
	t.Parallel()
	d := opened(t)
	h := d.NewHome("Léa")
	d.right = d.Right(h.ParentAgent(collectivity.Manager))
	i := d.bring(importing.Enrolments, enrolling+h.ID+";"+h.Children[0]+";mercredi;2026-12-01;2027-07-02;;;\n")
	if got := outcomesOf(i); !slices.Equal(got, []string{"2 left own_family"}) {
		t.Errorf("it says %q", got)
	}
}

func TestAnotherTownsChildrenAreUnknown(t *testing.T) {
	t.Parallel()
	d := opened(t)
	var elsewhere *town.Town
	testkit.Within(t, d.table, func() { elsewhere = town.New(t) })
	f := elsewhere.Separated("Léa")
	i := d.bring(importing.Enrolments, enrolling+f.ID+";"+f.Children[0]+";cantine;2026-12-01;2027-07-02;;;\n")
	if got := outcomesOf(i); i.State != store.ImportChecked || !slices.Equal(got, []string{"2 error child_unknown"}) {
		t.Errorf("it is %s and says %q", i.State, got)
	}
}
