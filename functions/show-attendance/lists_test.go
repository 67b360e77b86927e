package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"mime"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"preau/infra/testkit/paper"
	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
)

// answered is a successful answer.
func answered(t *testing.T, r httpapi.Request) httpapi.Response {
	t.Helper()
	response, err := newHandler()(context.Background(), r)
	if err != nil || response.StatusCode != 200 {
		t.Fatalf("got %d %s (%v)", response.StatusCode, response.Body, err)
	}
	return response
}

// content is the bytes of an answer, as the gateway gives them.
func content(t *testing.T, r httpapi.Request) []byte {
	t.Helper()
	response := answered(t, r)
	if !response.IsBase64Encoded {
		return []byte(response.Body)
	}
	raw, err := base64.StdEncoding.DecodeString(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// records are the rows of a CSV file.
func records(t *testing.T, content []byte) [][]string {
	t.Helper()
	body, marked := bytes.CutPrefix(content, []byte("\ufeff"))
	r := csv.NewReader(bytes.NewReader(body))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if !marked || err != nil {
		t.Fatalf("marked as UTF-8: %v; %v", marked, err)
	}
	return rows
}

// workbook are the rows of a workbook's first sheet.
func workbook(t *testing.T, content []byte) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	for n, row := range rows {
		for i := range row {
			at, _ := excelize.CoordinatesToCellName(i+1, n+1)
			if formula, err := f.GetCellFormula(f.GetSheetName(0), at); err != nil || formula != "" {
				t.Errorf("%s holds the formula %q (%v)", at, formula, err)
			}
		}
	}
	return rows
}

func TestATableHasARowForEachChildWhoIsExpectedAbsentOrWaiting(t *testing.T) {
	t.Parallel()
	w := class(t)
	agent := w.Agent(collectivity.Reader)
	want := [][]string{
		{"Date", "Nom", "Prénom", "Classe", "École", "Tranche d’âge", "État", "Présence", "Rang"},
		{"24/11/2026", "Martin", "Adam", "CE2 B", "École Jules-Verne", "Tous âges", "Réservé", "Présent", ""},
		{"24/11/2026", "Martin", "eddy", "CE2 B", "École Jules-Verne", "Tous âges", "Réservé", "Absent", ""},
		{"24/11/2026", "Martin", "Élise", "CE2 B", "École Jules-Verne", "Tous âges", "Réservé (tardif)", "", ""},
		{"24/11/2026", "Martin", "Œdipe", "CE2 B", "École Jules-Verne", "Tous âges", "Absence déclarée (tardive)", "", ""},
		{"24/11/2026", "Martin", "Oscar", "CE2 B", "École Jules-Verne", "Tous âges", "Absence déclarée (justifiée)", "", ""},
		{"24/11/2026", "Martin", "Zoé", "CE2 B", "École Jules-Verne", "Tous âges", "Absence demandée", "", ""},
		{"24/11/2026", "Martin", "Bob", "CE2 B", "École Jules-Verne", "Tous âges", "Liste d’attente", "", "1"},
		{"24/11/2026", "Martin", "Ève", "CE2 B", "École Jules-Verne", "Tous âges", "Liste d’attente", "", "2"},
	}
	forms := map[string][][]string{
		"csv":  records(t, content(t, query(w, agent, "activity=cantine&date=2026-11-24&format=csv"))),
		"xlsx": workbook(t, content(t, query(w, agent, "activity=cantine&date=2026-11-24&format=xlsx"))),
	}
	for form, rows := range forms {
		for i := range rows { // a workbook's rows end with their last value
			rows[i] = append(rows[i], make([]string, len(want[0])-len(rows[i]))...)
		}
		if !slices.EqualFunc(rows, want, slices.Equal) {
			t.Errorf("%s: got\n%q, want\n%q", form, rows, want)
		}
	}
}

func TestNamesThatAreFormulasAreText(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	names := []string{`=HYPERLINK("http://x.example";"y")`, "@SUM", "-2+3", "+33 6 12 34 56 78", "\t=1", "Zoë Œuvrard"}
	for i, name := range names {
		id := fmt.Sprint("c", i)
		w.AddChildren(fmt.Sprint("f", i), "cantine", town.Child(id, name, "="+name, "2018-05-04"))
		w.WriteDay(fmt.Sprint("f", i), booking.Day{Place: booking.Place{Date: tuesday, Child: id, Activity: "cantine"}, State: booking.Booked})
	}
	agent := w.Agent(collectivity.Reader)
	for _, row := range records(t, content(t, query(w, agent, "activity=cantine&date=2026-11-24&format=csv"))) {
		for _, cell := range row {
			if strings.IndexAny(cell, "=+-@\t\r") == 0 {
				t.Errorf("CSV: %q is a formula", cell)
			}
		}
	}
	rows := workbook(t, content(t, query(w, agent, "activity=cantine&date=2026-11-24&format=xlsx")))
	pages := paper.Read(t, content(t, query(w, agent, "activity=cantine&date=2026-11-24&format=pdf")))
	for _, name := range names {
		if !slices.ContainsFunc(rows, func(row []string) bool { return len(row) > 2 && row[1] == "="+name && row[2] == name }) {
			t.Errorf("XLSX: %q is not a row's name: %q", name, rows)
		}
		if first := strings.Fields(name)[0]; !strings.Contains(strings.ReplaceAll(pages[0].String(), "\n", ""), first) {
			t.Errorf("PDF: %q is not on the page: %s", first, pages[0])
		}
	}
}

func TestPaperHasAPartForEachDayWithWhoWaitsAndTheTotals(t *testing.T) {
	t.Parallel()
	w := class(t)
	w.WriteSlot("cantine", tuesday, "all", 5, 5, 0, 2)
	pages := paper.Read(t, content(t, query(w, w.Agent(collectivity.Reader), "activity=cantine&date=2026-11-24&to=2026-11-26&format=pdf")))
	if len(pages) != 3 {
		t.Fatalf("%d pages for three days", len(pages))
	}
	for i, heading := range []string{"mardi 24 novembre 2026", "mercredi 25 novembre 2026", "jeudi 26 novembre 2026"} {
		for _, want := range []string{"Ville de test", "Cantine", heading, fmt.Sprintf("Page %d/3", i+1), "Imprimé le 23/11/2026 à 09:30", "Nom", "Signature"} {
			if !pages[i].Has(want) {
				t.Errorf("page %d does not say %q", i+1, want)
			}
		}
	}
	for _, want := range []string{
		"Élise", "Œdipe", "Absence demandée", "Présent", "Absent", "Liste d’attente", "Bob", "Rang",
		"Attendus : 4 · Absences déclarées : 2 · Présents : 1 · Absents : 1 · Venus sans réservation : 0 · En attente : 2",
		"Tous âges : 4 attendus, 5 places prises sur 5, 0 libres, 2 en attente",
	} {
		if !pages[0].Has(want) {
			t.Errorf("the first page does not say %q: %s", want, pages[0])
		}
	}
	if pages[0].Has("Carla") {
		t.Error("Carla has not booked, and stands on the list")
	}
}

func TestAFileIsSavedUnderItsNameAndKeptByNobody(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	agent := w.Agent(collectivity.Reader)
	for ask, want := range map[string]struct{ kind, name string }{
		"date=2026-11-24&format=csv":                {"text/csv; charset=utf-8", "Présences Cantine 2026-11-24.csv"},
		"date=2026-11-24&to=2026-11-27&format=xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Présences Cantine 2026-11-24 au 2026-11-27.xlsx"},
		"date=2026-11-24&to=2026-11-24&format=pdf":  {"application/pdf", "Présences Cantine 2026-11-24.pdf"},
	} {
		r := answered(t, query(w, agent, "activity=cantine&"+ask))
		how, parameters, err := mime.ParseMediaType(r.Headers["content-disposition"])
		if err != nil || how != "attachment" || parameters["filename"] != want.name || r.Headers["content-type"] != want.kind {
			t.Errorf("%s: got %q (%v)", ask, r.Headers, err)
		}
		if r.Headers["cache-control"] != "no-store" {
			t.Errorf("%s may be kept: %s", ask, r.Headers["cache-control"])
		}
	}
	if r := answered(t, query(w, agent, "activity=cantine&date=2026-11-24&format=json")); r.Headers["content-type"] != "application/json" || r.Headers["content-disposition"] != "" {
		t.Errorf("JSON is no file: %q", r.Headers)
	}
}
