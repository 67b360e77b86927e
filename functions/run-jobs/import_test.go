package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/shared/collectivity"
	"preau/shared/id"
	"preau/shared/importing"
	"preau/shared/store"
)

// bring sends a file to be imported, and has it checked.
func (d desk) bring(of importing.Sort, file string) store.Import {
	d.t.Helper()
	return d.check(d.send(of, file), nil)
}

func (d desk) send(of importing.Sort, file string) store.Import {
	d.t.Helper()
	i, err := d.right.AddImport(d.t.Context(), store.Import{ID: id.New(*d.clock), Of: of, Name: "fichier.csv", CreatedAt: *d.clock})
	must(d.t, err)
	must(d.t, d.files.Put(d.t.Context(), d.Town.Store.ImportFile(i.ID), "application/octet-stream", bytes.NewReader([]byte(file))))
	return i
}

func (d desk) check(i store.Import, change func(*store.Import)) store.Import {
	d.t.Helper()
	must(d.t, d.Town.Store.MayCheck(d.t.Context(), i, *d.clock))
	i.State, i.Report, i.Mapping = store.ImportChecking, "", nil
	if change != nil {
		change(&i)
	}
	return d.has(i, store.JobCheckImport)
}

// has a job work on an import, to its end.
func (d desk) has(i store.Import, kind string) store.Import {
	d.t.Helper()
	j, err := d.right.StartImport(d.t.Context(), i, i.Task(id.New(*d.clock), kind, "x", *d.clock))
	must(d.t, err)
	d.run()
	if j = d.job(j.ID); !j.Over() {
		d.t.Fatalf("the job is %+v: %s", j, d.out.String())
	}
	return d.imported(i.ID)
}

func (d desk) imported(id string) store.Import {
	d.t.Helper()
	i, err := d.Town.Store.WholeImport(d.t.Context(), id)
	must(d.t, err)
	return i
}

func (d desk) apply(i store.Import) store.Import {
	d.t.Helper()
	must(d.t, d.Town.Store.MayApply(d.t.Context(), i, i.Report, *d.clock))
	i.State = store.ImportApplying
	if i = d.has(i, store.JobApplyImport); i.State != store.ImportApplied {
		d.t.Fatalf("applied as %+v, the job is %+v: %s", i, d.job(i.Job), d.out.String())
	}
	return i
}

func (d desk) undo(i store.Import) store.Import {
	d.t.Helper()
	must(d.t, d.Town.Store.MayUndo(d.t.Context(), i))
	i.State = store.ImportUndoing
	return d.has(i, store.JobUndoImport)
}

// outcomesOf are the rows of an import's report: "2 created", "3 error date_invalid".
func outcomesOf(i store.Import) []string { return told(i.Rows) }

// staying are the rows of what its undoing left.
func staying(i store.Import) []string { return told(i.Stays) }

func told(rows []importing.Line) (all []string) {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b importing.Line) int { return a.Line - b.Line })
	for _, l := range rows {
		line := fmt.Sprint(l.Line, " ", l.Outcome)
		for _, n := range l.Notes {
			if n.Level != importing.Info {
				line += " " + n.Code
			}
		}
		all = append(all, line)
	}
	return all
}

// families are the town's, as text: the label, and who is in it.
func (d desk) families() (all []string) {
	d.t.Helper()
	must(d.t, d.Town.Store.Directory(d.t.Context(), func(l store.Listed) error {
		h := d.householdOf(l.Family)
		var of []string
		for _, g := range h.Guardians {
			of = append(of, g.Name())
		}
		for _, c := range h.Children {
			of = append(of, c.Name()+" "+c.Text("identity", "birthDate"))
		}
		slices.Sort(of)
		all = append(all, h.Label+": "+strings.Join(of, ", "))
		return nil
	}))
	slices.Sort(all)
	return all
}

func (d desk) householdOf(id string) store.Household {
	d.t.Helper()
	h, err := store.DueJob{Town: d.Town.Store}.Family(id).Household(d.t.Context())
	must(d.t, err)
	return h
}

// named is the household of a label.
func (d desk) named(label string) (h store.Household) {
	d.t.Helper()
	must(d.t, d.Town.Store.Directory(d.t.Context(), func(l store.Listed) error {
		if l.Label == label {
			h = d.householdOf(l.Family)
		}
		return nil
	}))
	return h
}

const families = "N° famille;Nom responsable 1;Prénom responsable 1;Lien;Adresse;CP;Ville;Portable;Nom responsable 2;Prénom responsable 2;Lien responsable 2;Nom enfant;Prénom enfant;Né(e) le;École;Classe\n"

const morel = families +
	"12;MOREL;Claire;Mère;4 rue des Lilas;1000;Bourg-en-Bresse;612345678;Morel;Karim;Père;Morel;Léa;04/05/2018;École Jules-Verne;CE2\n" +
	"12;MOREL;Claire;Mère;4 rue des Lilas;1000;Bourg-en-Bresse;612345678;Morel;Karim;Père;Morel;Noé;04/05/2018;École Jules-Verne;CE2\n" +
	"13;D’Almeida-Château;Jean-François;Père;2, allée du Château;35140;Saint-Aubin;;;;;D’Almeida-Château;Zoé;;École des Tilleuls;PS\n"

func TestAFileOfFamiliesBecomesFamilies(t *testing.T) {
	t.Parallel()
	d := opened(t)
	i := d.bring(importing.Families, morel)
	if i.State != store.ImportChecked || i.Counts.NewFamilies != 2 || i.Counts.NewGuardians != 3 || i.Counts.NewChildren != 3 || len(d.families()) != 0 {
		t.Fatalf("checked as %+v, there are %q", i, d.families())
	}
	if got := outcomesOf(i); !slices.Equal(got, []string{"2 created", "3 created", "4 created birth_date_missing"}) {
		t.Errorf("the report says %q", got)
	}
	i = d.apply(i)
	want := []string{
		"Famille D’Almeida-Château: Jean-François D’Almeida-Château, Zoé D’Almeida-Château ",
		"Famille MOREL: Claire MOREL, Karim Morel, Léa Morel 2018-05-04, Noé Morel 2018-05-04",
	}
	if got := d.families(); !slices.Equal(got, want) {
		t.Errorf("there are %q", got)
	}
	h := d.named("Famille MOREL")
	claire, karim := h.Guardians[0], h.Guardians[1]
	if claire.Name() != "Claire MOREL" {
		claire, karim = karim, claire
	}
	if claire.Household == "" || claire.Household != karim.Household || h.Lives(karim).Text("address", "postcode") != "01000" || claire.Text("phones", "mobile") != "+33612345678" {
		t.Errorf("they live as %+v and %+v", claire, karim)
	}
	for _, c := range h.Children {
		if claire.Relation(c.ID) != "mother" || karim.Relation(c.ID) != "father" || c.Text("school", "class") != "CE2" {
			t.Errorf("the child is %+v", c)
		}
	}
	if h.External != "12" || i.Counts.NewFamilies != 2 || len(d.job(i.Job).Files) != 1 {
		t.Errorf("number %q, import %+v", h.External, i)
	}
}

func TestTheSameFileAgainChangesNothing(t *testing.T) {
	t.Parallel()
	for says, file := range map[string]string{
		"with numbers":    morel,
		"without numbers": strings.NewReplacer("\n12;", "\n;", "\n13;", "\n;").Replace(morel),
	} {
		d := opened(t)
		d.apply(d.bring(importing.Families, file))
		before := d.families()
		again := d.bring(importing.Families, file)
		if again.Counts.Unchanged != 3 || again.Counts.Planned != 0 {
			t.Errorf("%s: checked as %+v: %q", says, again.Counts, outcomesOf(again))
		}
		d.apply(again)
		if got := d.families(); !slices.Equal(got, before) {
			t.Errorf("%s: there are %q", says, got)
		}
	}
}

func TestAFamilyThatIsThereIsCompleted(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.apply(d.bring(importing.Families, morel))
	i := d.bring(importing.Families, families+
		"12;Morel;Claire;;4 rue des Lilas;01000;Bourg en Bresse;0687654321;;;;Morel;Lea;2018-05-04;École Jules-Verne;CM1\n"+
		"12;Morel;Claire;;;;;;;;;Morel;Inès;08/01/2022;;\n")
	if got := outcomesOf(i); !slices.Equal(got, []string{"2 updated value_kept", "3 updated relation_missing"}) {
		t.Errorf("the report says %q: %+v", got, i.Rows)
	}
	d.apply(i)
	h := d.named("Famille MOREL")
	classes := map[string]string{}
	for _, c := range h.Children {
		classes[c.Text("identity", "firstName")] = c.Text("school", "class")
	}
	if len(h.Children) != 3 || classes["Léa"] != "CM1" || classes["Noé"] != "CE2" || h.Version != 2 {
		t.Errorf("the family is %+v", h)
	}
	if got := d.check(d.send(importing.Families, families+"12;Morel;Claire;;;;;0687654321;;;;;;;;\n"), func(i *store.Import) { i.Overwrite = true }); got.Counts.Updated != 1 {
		t.Errorf("overwriting: %q", outcomesOf(got))
	}
}

// separated are two parents who live apart: a file each, and the same child in both.
const separated = families +
	"21;Petit;Anne;Mère;1 rue Haute;35140;Saint-Aubin;;;;;Petit;Tom;21/06/2018;;\n" +
	"22;Roux;Marc;Père;9 rue Basse;35140;Saint-Aubin;;;;;Petit;Tom;21/06/2018;;\n" +
	"22;Roux;Marc;Père;9 rue Basse;35140;Saint-Aubin;;;;;Roux;Lou;02/02/2020;;\n"

func TestAChildOfSeparatedParentsIsOneInTwoFiles(t *testing.T) {
	t.Parallel()
	d := opened(t)
	i := d.bring(importing.Families, separated)
	if got := outcomesOf(i); !slices.Equal(got, []string{"2 created", "3 created child_of_two_homes", "4 created"}) {
		t.Errorf("the report says %q", got)
	}
	i = d.apply(i)
	anne, marc := d.named("Famille Petit"), d.named("Famille Roux")
	if len(anne.Children) != 1 || len(marc.Children) != 2 || anne.Version != marc.Version {
		t.Fatalf("the families are %q", d.families())
	}
	tom := anne.Children[0]
	if shared, ok := marc.Member(tom.ID); !ok || shared.Home != anne.ID || marc.Guardians[0].Relation(tom.ID) != "father" {
		t.Errorf("at his father's he is %+v", shared)
	}
	again := d.bring(importing.Families, separated)
	if again.Counts.Unchanged != 3 {
		t.Errorf("again it is %+v: %q", again.Counts, outcomesOf(again))
	}
	if i = d.undo(i); i.State != store.ImportUndone || len(d.families()) != 0 {
		t.Errorf("undone it is %+v, there are %q; %s", i, d.families(), d.job(i.Job).Detail)
	}
}

func TestWhatIsNotSureIsLeftToTheAgent(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.home("Aubry", "1 rue", child("Léa", "", ""))
	without := strings.ReplaceAll(families, "N° famille;", "")
	for _, c := range []struct {
		says, row string
		want      string
	}{
		{"an adult of the same name, with another child", "Aubry;Anne;;;;;;;;;Aubry;Max;01/02/2016;;", "2 left ambiguous"},
		{"a child of the same names and birth date, with other adults", "Autre;Zita;;;;;;;;;Martin;Léa;04/05/2018;;", "2 left ambiguous"},
		{"a child and an adult in common", "Aubry;Anne;;;;;;;;;Martin;Léa;04/05/2018;;", "2 unchanged"},
		{"a child without a birth date and an adult in common", "Aubry;Anne;;;;;;;;;Martin;Léa;;;", "2 unchanged birth_date_missing"},
	} {
		if got := outcomesOf(d.bring(importing.Families, without+c.row+"\n")); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: %q", c.says, got)
		}
	}
	two := families + "31;Aubry;Anne;;;;;;;;;Aubry;Max;01/02/2016;;\n31;Aubry;Anne;;;;;;;;;Aubry;Zoé;01/02/2018;;\n"
	if got := outcomesOf(d.bring(importing.Families, two)); !slices.Equal(got, []string{"2 left ambiguous", "3 left ambiguous"}) {
		t.Errorf("not every row of a family that is left says why: %q", got)
	}
}

// TestAChildWhomAnotherFamilyHasIsSharedWithAWarning: a child of the same names and birth date may be another one, and two homes
// see what is of its health.
func TestAChildWhomAnotherFamilyHasIsSharedWithAWarning(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.apply(d.bring(importing.Families, families+"21;Petit;Anne;Mère;1 rue Haute;35140;Saint-Aubin;;;;;Petit;Tom;21/06/2018;;\n"))
	i := d.bring(importing.Families, families+"22;Roux;Marc;Père;9 rue Basse;35140;Saint-Aubin;;;;;Petit;Tom;21/06/2018;;\n")
	if got := outcomesOf(i); !slices.Equal(got, []string{"2 created child_of_two_homes"}) || i.Counts.Warnings != 1 {
		t.Errorf("the report says %q, %+v", got, i.Counts)
	}
}

func TestAFileThatCanNotBeReadIsRefusedAndNothingIsWritten(t *testing.T) {
	t.Parallel()
	d := opened(t)
	for _, c := range []struct {
		says, file  string
		code, where string
	}{
		{"a missing column", "Nom enfant;Date de naissance enfant\nMorel;04/05/2018\n", "column_missing", "Prénom"},
		{"days in American order", families + strings.Replace(strings.TrimPrefix(morel, families), "04/05/2018", "04/23/2018", 1), "date_american", "Ligne 2, colonne « Né(e) le » : « 04/23/2018 »"},
		{"two encodings", families + "1;Mor\xe9l;Claire\n", "encoding_mixed", "la ligne 2 en Windows-1252"},
		{"30,000 rows", families + strings.Repeat("1;Morel;Claire\n", 30_000), "too_many_rows", "ligne 20002"},
		{"no table", "%PDF-1.4\n\x00", "file_not_table", "tableau"},
		{"names of columns alone", families, "file_without_rows", "aucune ligne"},
		{"an empty file", "\n", "file_empty", "vide"},
	} {
		i := d.bring(importing.Families, c.file)
		if i.State != store.ImportRefused || i.Code != c.code || !strings.Contains(i.Detail, c.where) || d.job(i.Job).Code != c.code {
			t.Errorf("%s: %s %s %s", c.says, i.State, i.Code, i.Detail)
		}
	}
	if got := d.families(); len(got) != 0 {
		t.Errorf("there are %q", got)
	}
}

func TestAFileThatNeverArrivedIsAskedForAgain(t *testing.T) {
	t.Parallel()
	d := opened(t)
	i, err := d.right.AddImport(t.Context(), store.Import{ID: "never", Of: importing.Families, Name: "x.csv", CreatedAt: *d.clock})
	must(t, err)
	if i = d.check(i, nil); i.State != store.ImportRefused || i.Code != "file_missing" {
		t.Errorf("it is %+v", i)
	}
}

func TestARowThatIsWrongLeavesItsWholeFamilyOut(t *testing.T) {
	t.Parallel()
	d := opened(t)
	head := strings.Replace(families, "Nom enfant;", "N° enfant;Nom enfant;", 1)
	i := d.bring(importing.Families, head+
		"1;Morel;Claire;;;;;;;;;C1;Morel;Léa;04/05/2018;;\n"+
		"1;Morel;Claire;;;;;;;;;C2;=HYPERLINK(1);Noé;04/05/2018;;\n"+
		"2;Petit;Anne;;;;;;;;;C1;Petit;Tom;21/06/2018;;\n"+
		"3;Roux;Marc;;;;;;;;;C4;Roux;Lou;31/02/2018;;\n"+
		"4;Blanc;Eva;;;;;;;;;C5;Blanc;;01/02/2018;;\n"+
		"5;Noir;Luc;;;;;;;;;C6;Noir;Max;01/02/2018;;\n"+
		"5;Vert;Ivan;;;;;;;;;C7;Vert;Zoé;01/02/2018;;\n"+
		"6;Rose;Léo;;;;;123;;;;C8;Rose;Mia;01/02/2018;;\n")
	want := []string{
		"2 error family_wrong", "3 error cell_formula", "4 error external_id_twice", "5 error date_invalid", "6 error required",
		"7 error family_wrong", "8 error external_id_twice", "9 created phone_invalid relation_missing",
	}
	if got := outcomesOf(i); !slices.Equal(got, want) {
		t.Errorf("the report says\n%s", strings.Join(got, "\n"))
	}
	d.apply(i)
	if got := d.families(); !slices.Equal(got, []string{"Famille Rose: Léo Rose, Mia Rose 2018-02-01"}) {
		t.Errorf("there are %q", got)
	}
}

func TestAnImportIsUndoneWhileNobodyHasTouchedIt(t *testing.T) {
	t.Parallel()
	d := opened(t)
	first := d.apply(d.bring(importing.Families, morel))
	before := d.families()
	second := d.apply(d.bring(importing.Families, families+"12;Morel;Claire;;;;;;Morel;Jeanne;Grand-mère;Morel;Inès;08/01/2022;;\n12;Morel;Claire;;;;;;;;;Morel;Léa;;;CM1\n"))
	if got := d.undo(first); got.State != store.ImportApplied || d.job(got.Job).Code != "import_touched" || !slices.Equal(staying(got), []string{"2 left touched"}) {
		t.Errorf("what another import touched: %+v, %q", got, staying(got))
	}
	if got := d.undo(second); got.State != store.ImportUndone || !slices.Equal(d.families(), before) {
		t.Errorf("undone it is %+v; there are %q", got, d.families())
	}
	for _, c := range d.named("Famille MOREL").Children {
		if c.Text("school", "class") != "CE2" {
			t.Errorf("the child is %+v", c)
		}
	}
}

func TestAFamilyWithACodeIsNoLongerUndone(t *testing.T) {
	t.Parallel()
	d := opened(t)
	i := d.apply(d.bring(importing.Families, morel))
	d.done(d.ask(store.JobCodes, map[string]string{"codes": "all"}))
	got := d.undo(i)
	if got.State != store.ImportApplied || len(d.families()) != 2 || !slices.Equal(staying(got), []string{"2 left touched", "4 left touched"}) {
		t.Errorf("it is %+v: %q", got, staying(got))
	}
	if !slices.Equal(outcomesOf(got), outcomesOf(i)) || got.Counts != i.Counts {
		t.Errorf("the report of what it made was %q and is %q", outcomesOf(i), outcomesOf(got))
	}
	if why := d.job(got.Job).Detail; !strings.HasPrefix(why, "Cet import ne peut plus être annulé. Un code abonné a été émis. Rien") {
		t.Errorf("the job says %q", why)
	}
}

func TestWholeImportIsUndone(t *testing.T) {
	t.Parallel()
	d := opened(t)
	i := d.undo(d.apply(d.bring(importing.Families, morel)))
	if i.State != store.ImportUndone || len(d.families()) != 0 {
		t.Errorf("it is %+v, there are %q", i, d.families())
	}
	d.apply(d.bring(importing.Families, morel)) // and again
	if len(d.families()) != 2 {
		t.Errorf("there are %q", d.families())
	}
}

func TestSchoolsAndEnrolmentsAreImportedToo(t *testing.T) {
	t.Parallel()
	d := opened(t)
	schools := d.bring(importing.Schools, "École;Classe;Niveau\nÉcole Jules-Verne;CE2;CE2\nÉcole Jules-Verne;CM1;CM1\necole jules verne;ce2;\nÉcole des Tilleuls;PS;\n")
	if got := outcomesOf(schools); !slices.Equal(got, []string{"2 created", "3 created", "4 unchanged", "5 created"}) || schools.Counts.NewSchools != 2 || schools.Counts.NewClasses != 3 {
		t.Errorf("the report says %q, %+v", got, schools.Counts)
	}
	schools = d.apply(schools)
	c, err := d.Town.Store.Configuration(t.Context())
	must(t, err)
	if s, ok := c.SchoolOf("école jules-verne"); !ok || len(s.Classes) != 2 || s.Classes[0].Level != "CE2" {
		t.Errorf("the schools are %+v", c.Schools)
	}
	d.apply(d.bring(importing.Families, morel))
	file := "Nom enfant;Prénom enfant;Né le;Activité;Du;Au;Jours\nMorel;Léa;04/05/2018;Cantine;01/09/2026;02/07/2027;lun mar\nMorel;Noé;04/05/2018;cantine;01/09/2026;02/07/2027;\nMorel;Personne;;cantine;01/09/2026;02/07/2027;\nMorel;Noé;;cantine;01/09/2026;02/07/2027;\nMorel;Léa;04/05/2018;Poney;01/09/2026;02/07/2027;\n"
	i := d.bring(importing.Enrolments, file)
	if got := outcomesOf(i); !slices.Equal(got, []string{"2 created", "3 created", "4 error child_unknown", "5 left ambiguous", "6 error activity_unknown"}) {
		t.Errorf("the report says %q", got)
	}
	i = d.apply(i)
	if h := d.named("Famille MOREL"); len(h.Enrolments) != 2 || i.Counts.NewEnrolments != 2 {
		t.Errorf("enrolled %+v, %+v", h.Enrolments, i.Counts)
	}
	if again := d.bring(importing.Enrolments, file); again.Counts.Unchanged != 2 || again.Counts.Planned != 0 {
		t.Errorf("again it is %+v", again.Counts)
	}
	if got := d.undo(schools); got.State != store.ImportApplied || d.job(got.Job).Code != "import_touched" {
		t.Errorf("schools of children: %+v", got)
	}
	if i = d.undo(i); i.State != store.ImportUndone || len(d.named("Famille MOREL").Enrolments) != 0 {
		t.Errorf("undone it is %+v", i)
	}
}

func TestAMappingIsRememberedAndColumnsMayBeGivenByHand(t *testing.T) {
	t.Parallel()
	d := opened(t)
	file := "A;B;C\nMorel;Claire;06 12 34 56 78\n"
	i := d.bring(importing.Families, file)
	if i.State != store.ImportRefused || i.Code != "column_missing" || len(i.Columns) != 3 || i.Columns[2].Sample != "06 12 34 56 78" {
		t.Fatalf("it is %+v", i)
	}
	given := importing.Mapping{"guardian1.lastName": {Column: "A"}, "guardian1.firstName": {Column: "B"}, "guardian1.mobile": {Column: "C"}, "guardian1.city": {Value: "Saint-Aubin"}}
	if i = d.check(i, func(i *store.Import) { i.Mapping = given }); i.State != store.ImportChecked || i.Counts.NewGuardians != 1 {
		t.Errorf("it is %+v", i)
	}
	if i = d.bring(importing.Families, file); i.State != store.ImportChecked || i.Mapping["guardian1.mobile"].Column != "C" || i.Mapping["guardian1.city"].Value != "Saint-Aubin" {
		t.Errorf("the next is %+v", i)
	}
}

func TestWhatTheTownDoesNotAskForIsNotImported(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.Settings(func(s *collectivity.Settings) {
		s.Fields = map[string]collectivity.Mode{"guardian.phones.mobile": collectivity.Hidden}
	})
	i := d.bring(importing.Families, "Nom;Prénom;Portable\nMorel;Claire;0612345678\n")
	if d.apply(i); !slices.Equal(i.Ignored, []string{"guardian1.mobile"}) || d.named("Famille Morel").Guardians[0].Value("phones", "mobile") != nil {
		t.Errorf("it is %+v", i)
	}
}

func TestNobodyImportsIntoTheirOwnFamily(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.apply(d.bring(importing.Families, morel))
	h := d.named("Famille MOREL")
	f := store.DueJob{Town: d.Town.Store}.Family(h.ID)
	code, err := d.IssueCode(t.Context(), f, h.Guardians[0].ID)
	must(t, err)
	c, err := d.Env.Store.TryCode(t.Context(), d.Secret.Code, code, d.right.Account.ID, *d.clock)
	must(t, err)
	_, err = d.Env.Store.Subscribe(t.Context(), d.right.Account, c, *d.clock)
	must(t, err)
	if got := outcomesOf(d.bring(importing.Families, families+"12;Morel;Claire;;;;;;;;;Morel;Inès;08/01/2022;;\n")); !slices.Equal(got, []string{"2 left own_family"}) {
		t.Errorf("it says %q", got)
	}
}

// sample is a file of the repository.
func sample(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile("../../infra/seed/samples/" + name)
	must(t, err)
	return string(content)
}

func TestTheSamplesAreImported(t *testing.T) {
	t.Parallel()
	d := opened(t)
	if i := d.apply(d.bring(importing.Schools, sample(t, "ecoles.csv"))); i.Counts.NewSchools != 3 || i.Counts.NewClasses != 24 {
		t.Errorf("schools %+v", i.Counts)
	}
	i := d.bring(importing.Families, sample(t, "familles.csv"))
	want := []string{
		"2 created", "3 created", "4 created", "5 created child_of_two_homes relation_missing", "6 created birth_date_missing", "7 created",
	}
	if got := outcomesOf(i); !slices.Equal(got, want) {
		t.Errorf("the report says %q", got)
	}
	d.apply(i)
	if e := d.apply(d.bring(importing.Enrolments, sample(t, "inscriptions.csv"))); e.Counts.NewEnrolments != 3 {
		t.Errorf("enrolments %+v: %q", e.Counts, outcomesOf(e))
	}
	if w := d.bring(importing.Families, sample(t, "familles-windows.csv")); w.Counts.Unchanged != 5 || w.Counts.Errors != 0 {
		t.Errorf("that of Windows %+v: %q", w.Counts, outcomesOf(w))
	}
	if all := d.bring(importing.Families, sample(t, "familles-500.csv")); all.Counts.NewFamilies != 500 || all.Counts.Errors+all.Counts.Left != 0 || slices.ContainsFunc(outcomesOf(all), func(l string) bool { return strings.Contains(l, "invalid") }) || len(all.Rows) != shownRows {
		t.Errorf("five hundred families %+v", all.Counts)
	}
}

// TestAnImportThatIsCutShortGoesOn: a run that dies behind any of its writes leaves whole families, and the next goes on.
func TestAnImportThatIsCutShortGoesOn(t *testing.T) {
	t.Parallel()
	d := opened(t)
	i := d.bring(importing.Families, separated+strings.TrimPrefix(morel, families))
	i.State = store.ImportApplying
	j, err := d.right.StartImport(t.Context(), i, i.Task("apply", store.JobApplyImport, "x", *d.clock))
	must(t, err)
	for dies := int32(1); d.job(j.ID).State != store.JobDone; dies += 2 {
		var writes atomic.Int32
		cut := d.within(map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
			if operation == "TransactWriteItems" && writes.Add(1) > dies {
				return "AccessDeniedException"
			}
			return ""
		})})
		_ = cut.tick()
		d.later(3 * time.Minute)
		if dies > 40 {
			t.Fatalf("it never ends: %+v: %s", d.job(j.ID), d.out.String())
		}
	}
	i = d.imported(i.ID)
	if got := d.families(); len(got) != 4 || i.State != store.ImportApplied || i.Counts.NewFamilies != 4 || i.Counts.Left != 0 {
		t.Errorf("there are %q, the import is %+v", got, i.Counts)
	}
	if again := d.bring(importing.Families, separated+strings.TrimPrefix(morel, families)); again.Counts.Unchanged != 6 {
		t.Errorf("again it is %+v", again.Counts)
	}
}
