package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/store"
)

// made is a list as a manager takes it away: rows of cells, by the columns' names.
func (d desk) made(right store.AgentRight, about map[string]string) (rows []map[string]string, raw []byte) {
	d.t.Helper()
	j := d.done(d.askAs(right, store.JobList, about))
	if len(j.Files) != 1 {
		d.t.Fatalf("the job made %+v", j.Files)
	}
	raw = d.file(j, "")
	var all [][]string
	var err error
	if about["format"] == "xlsx" {
		book, opening := excelize.OpenReader(bytes.NewReader(raw))
		must(d.t, opening)
		all, err = book.GetRows(book.GetSheetName(0))
	} else {
		all, err = reader(raw).ReadAll()
	}
	must(d.t, err)
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, c := range cells {
			row[all[0][i]] = c
		}
		rows = append(rows, row)
	}
	if j.Files[0].Count != len(rows) {
		d.t.Errorf("%d rows, the job says %d", len(rows), j.Files[0].Count)
	}
	return rows, raw
}

// said are some columns of each row, sorted.
func said(rows []map[string]string, columns ...string) (all []string) {
	for _, r := range rows {
		var cells []string
		for _, c := range columns {
			cells = append(cells, r[c])
		}
		all = append(all, strings.Join(cells, "|"))
	}
	slices.Sort(all)
	return all
}

func same(t *testing.T, says string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", says, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// lived is a town with two families of which all is known.
func lived(t *testing.T) (d desk, martin, durand town.Home) {
	t.Helper()
	d = opened(t)
	must(t, d.Town.Store.SaveSchool(t.Context(), collectivity.School{ID: "verne", Name: "École Jules-Verne", Classes: []collectivity.Class{{ID: "cp", Name: "CP A"}}}))
	must(t, d.Town.Store.SaveSchool(t.Context(), collectivity.School{ID: "curie", Name: "École Marie-Curie"}))
	martin, durand = d.home("Martin", "3 rue de l’Église", child("Léa", "verne", "cp"), child("Tom", "curie", "")), d.home("Durand", "", child("Zoé", "curie", ""))
	martin.Account = d.Subscriber(martin.MadeFamily, 0)
	durand.Account = account.Account{ID: "nobody"}
	martin.Give(martin.Guardians[0], "phones", map[string]any{"mobile": "+33612345678", "email": "anne@example.org"})
	martin.Give(martin.Guardians[0], "fiscal", map[string]any{"scheme": "caf", "beneficiary": "7654321", "quotient": 612.5, "quotientDate": "2026-01-05"})
	return d, martin, durand
}

func TestTheListOfFamiliesIsOneOfGuardians(t *testing.T) {
	t.Parallel()
	d, martin, durand := lived(t)
	for format, amount := range map[string]string{"csv": "612,50", "xlsx": "612.50"} { // of a workbook, as its reader's language has it
		rows, _ := d.made(d.right, map[string]string{"list": "families", "format": format})
		same(t, format, said(rows, "Famille", "Civilité", "Nom", "Prénom", "Adresse", "Code postal", "Commune", "E-mail", "Régime", "Quotient familial", "Date du quotient", "Abonné au portail"), []string{
			"Famille Durand|Madame|Durand|Anne||||||||",
			"Famille Durand|Monsieur|Durand|Paul||||||||",
			"Famille Martin|Madame|Martin|Anne|3 rue de l’Église|35140|Saint-Aubin|anne@example.org|CAF|" + amount + "|05/01/2026|Oui",
			"Famille Martin|Monsieur|Martin|Paul|3 rue de l’Église|35140|Saint-Aubin|||||",
		})
		if !slices.Equal(said(rows, "Dossier", "Responsable"), said([]map[string]string{
			{"a": martin.ID, "b": martin.Guardians[0]}, {"a": martin.ID, "b": martin.Guardians[1]}, {"a": durand.ID, "b": durand.Guardians[0]}, {"a": durand.ID, "b": durand.Guardians[1]},
		}, "a", "b")) {
			t.Errorf("ids: %q", said(rows, "Dossier", "Responsable"))
		}
	}
}

func TestTheListOfChildren(t *testing.T) {
	t.Parallel()
	d, _, _ := lived(t)
	rows, _ := d.made(d.right, map[string]string{"list": "children", "format": "csv"})
	season := d.Activities[0].Season
	same(t, "children", said(rows, "Famille", "Prénom", "Date de naissance", "École", "Classe"), []string{
		"Famille Durand|Zoé|04/05/2018|École Marie-Curie|", "Famille Martin|Léa|04/05/2018|École Jules-Verne|CP A", "Famille Martin|Tom|04/05/2018|École Marie-Curie|",
	})
	if want := fmt.Sprintf("(%s au %s)", french(season.From), french(season.To)); strings.Count(rows[0]["Inscriptions"], want) != 2 {
		t.Errorf("enrolments: %s, want twice %s", rows[0]["Inscriptions"], want)
	}
}

func TestTheListOfSubscriptions(t *testing.T) {
	t.Parallel()
	d, _, durand := lived(t)
	d.Revoke(durand.MadeFamily, durand.Codes[1])
	rows, raw := d.made(d.right, map[string]string{"list": "subscriptions", "format": "csv"})
	same(t, "subscriptions", said(rows, "Famille", "Prénom", "Abonné", "Abonné depuis", "Code émis le", "Code"), []string{
		"Famille Durand|Anne|||23/11/2026|En attente", "Famille Durand|Paul|||23/11/2026|Annulé",
		"Famille Martin|Anne|Oui|23/11/2026|23/11/2026|Utilisé", "Famille Martin|Paul|||23/11/2026|En attente",
	})
	for _, code := range durand.Codes {
		if bytes.Contains(raw, []byte(code)) || bytes.Contains(raw, []byte(strings.ReplaceAll(code, "-", ""))) {
			t.Errorf("it tells the code %s", code)
		}
	}
}

const tuesday, wednesday = calendar.Date("2026-12-01"), calendar.Date("2026-12-02")

// booked has both families book days, of which carers note some.
func booked(d desk, martin, durand town.Home) {
	d.t.Helper()
	martin.Day(booking.Booking, -1, "cantine", "", tuesday)
	martin.Day(booking.Booking, 0, "mercredi", "journee", wednesday) // waits for an agent
	durand.Day(booking.Booking, -1, "cantine", "", tuesday)
	durand.Day(booking.Booking, 0, "cantine", "", tuesday.AddDays(2))
	d.WriteDay(durand.ID, booking.Day{Place: booking.Place{Date: "2026-11-20", Child: durand.Children[0], Activity: "cantine"}, Group: collectivity.AllAges, State: booking.Booked, Held: true, Presence: booking.Missing, Late: true})
	d.WriteDay(durand.ID, booking.Day{Place: booking.Place{Date: "2026-11-19", Child: durand.Children[0], Activity: "cantine"}, Group: collectivity.AllAges, State: booking.Enrolled, Presence: booking.Unbooked})
}

func TestTheListsOfBookingsAndOfAttendance(t *testing.T) {
	t.Parallel()
	d, martin, durand := lived(t)
	booked(d, martin, durand)
	december := map[string]string{"format": "csv", "from": "2026-11-01", "to": string(wednesday)}
	with := func(more ...string) map[string]string {
		about := map[string]string{}
		for name, v := range december {
			about[name] = v
		}
		for i := 0; i < len(more); i += 2 {
			about[more[i]] = more[i+1]
		}
		return about
	}
	for _, c := range []struct {
		says    string
		about   map[string]string
		columns []string
		want    []string
	}{
		{"what was asked for", with("list", "bookings"), []string{"Date", "Prénom", "Code activité", "Formule", "État", "Tardif", "Facturation"}, []string{
			"01/12/2026|Léa|cantine||Réservé||Normale", "01/12/2026|Tom|cantine||Réservé||Normale", "01/12/2026|Zoé|cantine||Réservé||Normale",
			"02/12/2026|Léa|mercredi|Journée avec repas|Demandé, en attente de réponse||", "20/11/2026|Zoé|cantine||Réservé|Oui|Absence facturée",
		}},
		{"who came, and what is billed", with("list", "attendance"), []string{"Date", "Prénom", "Activité", "Présence", "Facturation"}, []string{
			"01/12/2026|Léa|Cantine||Normale", "01/12/2026|Tom|Cantine||Normale", "01/12/2026|Zoé|Cantine||Normale",
			"19/11/2026|Zoé|Cantine|Venu sans réservation|Majorée", "20/11/2026|Zoé|Cantine|Absent|Absence facturée",
		}},
		{"of one activity", with("list", "bookings", "activity", "mercredi"), []string{"Prénom", "Famille"}, []string{"Léa|Famille Martin"}},
		{"of one day", with("list", "bookings", "from", string(wednesday)), []string{"Date"}, []string{"02/12/2026"}},
	} {
		rows, _ := d.made(d.right, c.about)
		same(t, c.says, said(rows, c.columns...), c.want)
	}
}

func TestAListHoldsNothingBeyondItsAgentsScope(t *testing.T) {
	t.Parallel()
	d, martin, durand := lived(t)
	booked(d, martin, durand)
	only := d.home("Seul", "1 rue") // without a child
	scoped := func(agent collectivity.Agent) store.AgentRight {
		a := d.Agent(collectivity.Manager)
		agent.Account, agent.Role = a.ID, collectivity.Manager
		must(t, d.Town.Store.AppointAgent(t.Context(), agent))
		return d.Right(a)
	}
	for _, c := range []struct {
		says  string
		agent collectivity.Agent
		list  string
		want  []string
	}{
		{"of the whole town", collectivity.Agent{}, "families", []string{"Famille Durand", "Famille Durand", "Famille Martin", "Famille Martin", only.Label, only.Label}},
		{"of an activity", collectivity.Agent{Activities: []string{"mercredi"}}, "families", []string{"Famille Durand", "Famille Durand", "Famille Martin", "Famille Martin"}},
		{"of an activity where nobody is", collectivity.Agent{Activities: []string{"periscolaire"}}, "families", nil},
		{"of a school", collectivity.Agent{Schools: []string{"verne"}}, "families", []string{"Famille Martin", "Famille Martin"}},
		{"children of a school", collectivity.Agent{Schools: []string{"verne"}}, "children", []string{"Famille Martin"}},
		{"subscriptions of a school", collectivity.Agent{Schools: []string{"verne"}}, "subscriptions", []string{"Famille Martin", "Famille Martin"}},
		{"bookings of a school", collectivity.Agent{Schools: []string{"curie"}}, "attendance", []string{"Famille Durand", "Famille Durand", "Famille Durand", "Famille Martin"}},
		{"bookings of an activity", collectivity.Agent{Activities: []string{"mercredi"}}, "bookings", []string{"Famille Martin"}},
	} {
		about := map[string]string{"list": c.list, "format": "csv"}
		if c.list == "bookings" || c.list == "attendance" {
			about["from"], about["to"] = "2026-11-01", string(wednesday)
		}
		rows, _ := d.made(scoped(c.agent), about)
		same(t, c.says, said(rows, "Famille"), c.want)
	}
}

func TestNoListTellsWhatIsSealedOrOfTheBank(t *testing.T) {
	t.Parallel()
	d, martin, durand := lived(t)
	booked(d, martin, durand)
	secrets := []string{"FR1420041010050500013M02606", "PSSTFRPP", "Titulaire Secret", "RUM-SECRETE", "arachides secretes", "Docteur Secret", "7654321"}
	martin.Give(martin.Guardians[0], "bank", map[string]any{"holder": secrets[2], "iban": secrets[0], "bic": "PSSTFRPPXXX"})
	martin.Give(martin.Children[0], "health", map[string]any{"doctor": secrets[5], "allergies": []any{map[string]any{"allergen": secrets[4]}}})
	for what := range lists {
		about := map[string]string{"list": what, "format": "csv", "from": "2026-11-01", "to": string(wednesday)}
		_, raw := d.made(d.right, about)
		for _, s := range secrets {
			if bytes.Contains(raw, []byte(s)) {
				t.Errorf("%s tells %s", what, s)
			}
		}
		for _, c := range lists[what].columns() {
			if strings.Contains(strings.ToLower(c.Name), "iban") || strings.Contains(strings.ToLower(c.Name), "banc") {
				t.Errorf("%s has a column %s", what, c.Name)
			}
		}
	}
}

func TestAFormulaInANameIsAText(t *testing.T) {
	t.Parallel()
	d := opened(t)
	d.home(`=HYPERLINK("http://x.example")`, "+1 rue", child("@SUM(A1)", "-2+3", ""))
	_, raw := d.made(d.right, map[string]string{"list": "families", "format": "csv"})
	for _, cell := range strings.Split(string(raw), ";") {
		if cell = strings.Trim(cell, "\"\r\n\ufeff"); strings.IndexAny(cell, "=+-@") == 0 {
			t.Errorf("%q is a formula", cell)
		}
	}
	j := d.done(d.ask(store.JobList, map[string]string{"list": "children", "format": "xlsx"}))
	book, err := excelize.OpenReader(bytes.NewReader(d.file(j, "")))
	must(t, err)
	sheet := book.GetSheetName(0)
	for _, at := range []string{"D2", "E2", "H2"} {
		formula, _ := book.GetCellFormula(sheet, at)
		kind, _ := book.GetCellType(sheet, at)
		if text, _ := book.GetCellValue(sheet, at); formula != "" || kind != excelize.CellTypeInlineString || text == "" {
			t.Errorf("%s: %q, formula %q, type %v", at, text, formula, kind)
		}
	}
}

func TestDaysOfAFamilyThatWasMergedAreListedWithTheOther(t *testing.T) {
	t.Parallel()
	d, from, into := lived(t)
	d.WriteDay(from.ID, booking.Day{Place: booking.Place{Date: "2026-11-20", Child: from.Children[0], Activity: "cantine"}, Group: collectivity.AllAges, State: booking.Booked, Held: true, Presence: booking.Present})
	plan, err := d.right.PlanMerge(t.Context(), from.ID, into.ID, town.Now)
	must(t, err)
	must(t, d.right.MergeFamilies(t.Context(), plan, town.Now))
	rows, _ := d.made(d.right, map[string]string{"list": "attendance", "format": "csv", "from": "2026-11-01", "to": "2026-11-30"})
	same(t, "days", said(rows, "Dossier", "Date", "Prénom", "Présence"), []string{into.ID + "|20/11/2026|Léa|Présent"})
	rows, _ = d.made(d.right, map[string]string{"list": "children", "format": "csv"})
	same(t, "children", said(rows, "Dossier", "Prénom"), []string{into.ID + "|Léa", into.ID + "|Tom", into.ID + "|Zoé"})
}

func TestAListThatIsCutShortBeginsAnew(t *testing.T) {
	t.Parallel()
	d, _, _ := lived(t)
	id := d.ask(store.JobList, map[string]string{"list": "families", "format": "csv"})
	j, ok, err := d.Town.Store.ClaimJob(t.Context(), id, *d.clock) // and the process died, half-way
	if must(t, err); !ok {
		t.Fatal("the job can not be had")
	}
	j.Done, j.Total = 1, 2
	must(t, d.Town.Store.Progress(t.Context(), &j, *d.clock))
	d.later(3 * time.Minute)
	if j := d.done(id); j.Done != 2 || j.Total != 2 || j.Files[0].Count != 4 {
		t.Errorf("the job is %+v", j)
	}
}
