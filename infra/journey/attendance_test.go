package journey

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"preau/infra/testkit/paper"
	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
)

// TestListsComeThroughTheGatewayAsTheyAre: a workbook and paper are bytes that no text holds.
func TestListsComeThroughTheGatewayAsTheyAre(t *testing.T) {
	t.Parallel()
	h := town.NewNow(t).NewHome("Zoë", "Noé")
	day := nextWednesday(h.Activities[0].Season).AddDays(1)
	if !h.Activities[0].Season.Has(day) {
		day = day.AddDays(-2)
	}
	h.Day(booking.Booking, 0, "cantine", "", day)
	b := newBrowser(t)
	b.token = tokenOf(t, h.Agent(collectivity.Reviewer), "AccessToken")
	path := "/v1/collectivities/" + h.Slug + "/attendance"
	ask := func(format string) []byte {
		r := b.send("GET", path+"?activity=cantine&date="+string(day)+"&format="+format, nil, nil)
		if r.status != 200 || format != "json" && !strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment;") {
			t.Fatalf("%s: got %d %.200s", format, r.status, r.body)
		}
		return r.body
	}
	var shown api.Attendance
	if err := json.Unmarshal(ask("json"), &shown); err != nil || len(shown.Days) != 1 || len(shown.Days[0].Lines) != 1 || len(shown.Days[0].Others) != 1 {
		t.Fatalf("got %+v (%v)", shown, err)
	}
	if csv := ask("csv"); !bytes.HasPrefix(csv, []byte("\ufeffDate;Nom;Prénom")) || !bytes.Contains(csv, []byte("Zoë")) {
		t.Errorf("CSV: got %q", csv)
	}
	if pages := paper.Read(t, ask("pdf")); len(pages) != 1 || !pages[0].Has("Zoë") {
		t.Errorf("PDF: got %q", pages)
	}
	f, err := excelize.OpenReader(bytes.NewReader(ask("xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	if name, err := f.GetCellValue(f.GetSheetName(0), "C2"); name != "Zoë" {
		t.Errorf("XLSX: got %q (%v)", name, err)
	}
	record := map[string]any{"activity": "cantine", "date": day, "presences": []any{map[string]any{"family": h.ID, "child": h.Children[0], "presence": "present"}}}
	if r := b.send("PUT", path, record, nil); r.status != 200 || !bytes.Contains(r.body, []byte(`"code":"not_yet"`)) {
		t.Errorf("recorded ahead: got %d %s", r.status, r.body)
	}
}
