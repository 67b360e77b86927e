package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/paper"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
)

// careful is a home with all that carers have to know of its first child, who comes on the Tuesday; its second may come.
func careful(t *testing.T) town.Home {
	t.Helper()
	h := town.NewHome(t, "Léa", "Noé")
	lea := h.Children[0]
	h.Day(booking.Booking, 0, "cantine", "", tuesday)
	h.Give(lea, "health", map[string]any{
		"allergies": []any{map[string]any{"allergen": "arachides", "consequence": "urticaire", "treatment": "stylo"}}, "pai": true, "medication": "Ventoline",
		"diet": []any{"no_pork"}, "advice": "Lunettes", "doctor": "Dr Petit",
	})
	h.ProposeOf(town.Now, lea, "health", map[string]any{"allergies": []any{map[string]any{"allergen": "kiwi"}}})
	h.Give(lea, "authorisations", map[string]any{"outings": true, "transport": true, "hospitalisation": true})
	h.ProposeOf(town.Now, lea, "authorisations", map[string]any{"transport": false})
	h.Give(h.Children[1], "health", map[string]any{"medication": "Zyrtec"})
	aunt := func(firstName string) string {
		return h.Join(family.Contact, map[string]any{"firstName": firstName, "lastName": "Martin", "link": "Tante", "phone": "0612345611", "collect": true, "children": []any{lea}})
	}
	aunt("Jeanne")
	h.ProposeOf(town.Now, aunt("Lise"), "contact", map[string]any{"collect": false})
	order(h, "2026-01-01")
	return h
}

// order records that a court keeps the first child from its father.
func order(h town.Home, from calendar.Date) {
	h.T.Helper()
	o := family.Order{ID: "1", Kind: family.MustNotCollect, Guardian: h.Guardians[1], From: from, RecordedAt: town.Now, RecordedBy: "agent"}
	if err := h.MadeFamily.Store.RecordOrder(h.T.Context(), h.Household(), o, time.UTC); err != nil {
		h.T.Fatal(err)
	}
}

const day = "activity=cantine&date=2026-11-24"

func caring(w *town.Town, agent account.Account, ask string) api.Attendance {
	w.T.Helper()
	return town.Read[api.Attendance](w.T, newHandler(), query(w, agent, ask), 200)
}

// cared writes what the cells of a line say.
func cared(c *api.Care) string {
	if c == nil {
		return "nothing"
	}
	var parts []string
	for _, of := range []func(api.Care) []string{ofHealth(allergies), ofHealth(treatment), ofHealth(diet), ofHealth(advice), allowed} {
		parts = append(parts, strings.Join(of(*c), ", "))
	}
	for _, of := range []func(api.Care) []string{collectors, notCollectors} { // adults of one instant stand in any order
		parts = append(parts, strings.Join(slices.Sorted(slices.Values(of(*c))), ", "))
	}
	return strings.Join(parts, " | ")
}

const ofLea = "arachides (urticaire), conduite à tenir : stylo, kiwi (déclaré, non vérifié) | PAI, Traitement : Ventoline | Sans porc | Lunettes" +
	" | Sorties, Transport : retiré (déclaré, non vérifié), Hospitalisation et soins d’urgence" +
	" | Anne Martin (mère), Jeanne Martin (Tante) | Lise Martin (Tante, déclaré, non vérifié), Paul Martin (décision de justice)"

func TestCarersWhoAskAreToldWhatToKnowOfWhoComes(t *testing.T) {
	t.Parallel()
	h := careful(t)
	a := caring(h.Town, h.Carer(collectivity.Reader), day+"&care=true")
	d := a.Days[0]
	if !a.Care || len(d.Lines) != 1 || len(d.Others) != 1 {
		t.Fatalf("got %+v", a)
	}
	if got := cared(d.Lines[0].Care); got != ofLea {
		t.Errorf("got  %s\nwant %s", got, ofLea)
	}
	if d.Others[0].Care != nil {
		t.Errorf("Noé does not come, and carers are told %s", cared(d.Others[0].Care))
	}
	if got, want := h.Audited(), "show-attendance family "+h.ID+" child.health"; !slices.Contains(got, want) {
		t.Errorf("recorded %q, want %q", got, want)
	}
	items, _, err := h.MadeFamily.Store.Consultations(t.Context(), nil, "", 10)
	if err != nil || len(items) != 1 || !slices.Equal(items[0].Read["child.health"], h.Children[:1]) {
		t.Errorf("the family is told of %+v (%v)", items, err)
	}
}

func TestNobodyElseIsToldAndNothingIsRecorded(t *testing.T) {
	t.Parallel()
	h := careful(t)
	carer, agent := h.Carer(collectivity.Reader), h.Agent(collectivity.Manager)
	before := h.Audited()
	forms := map[string]func(*testing.T, []byte) string{
		"json": func(_ *testing.T, content []byte) string { return string(content) },
		"csv":  func(_ *testing.T, content []byte) string { return string(content) },
		"xlsx": func(t *testing.T, content []byte) string { return fmt.Sprint(workbook(t, content)) },
		"pdf":  func(t *testing.T, content []byte) string { return fmt.Sprint(paper.Read(t, content)) },
	}
	for _, c := range []struct {
		says, ask string
		who       account.Account
		told      bool
	}{
		{"a carer who does not ask", "", carer, false},
		{"a carer who does not want it", "&care=false", carer, false},
		{"an agent without the right who asks", "&care=true", agent, false},
		{"a carer who asks", "&care=true", carer, true},
	} {
		for format, read := range forms {
			text := read(t, content(t, query(h.Town, c.who, day+"&format="+format+c.ask)))
			if !strings.Contains(text, "Léa") {
				t.Errorf("%s, %s: Léa is not there: %.200s", c.says, format, text)
			}
			for _, secret := range []string{"arachides", "kiwi", "Ventoline", "Lunettes", "Jeanne", "Lise", "Paul"} {
				if strings.Contains(text, secret) != c.told {
					t.Errorf("%s, %s: tells %q: %v", c.says, format, secret, !c.told)
				}
			}
			if strings.Contains(text, "Zyrtec") || format != "json" && strings.Contains(text, "Dr Petit") {
				t.Errorf("%s, %s: tells of who does not come, or of the doctor", c.says, format)
			}
		}
		if recorded := len(h.Audited()) > len(before); recorded != c.told {
			t.Errorf("%s: recorded %v", c.says, recorded)
		}
	}
}

func TestOfWhomNothingIsKnownNothingIsRecorded(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Day(booking.Booking, 0, "cantine", "", tuesday)
	a := caring(h.Town, h.Carer(collectivity.Reader), day+"&care=true")
	if got := cared(a.Days[0].Lines[0].Care); !a.Care || got != " |  |  |  |  | Anne Martin (mère), Paul Martin (père) | " {
		t.Errorf("got %v %s", a.Care, got)
	}
	if items, _, err := h.MadeFamily.Store.Consultations(t.Context(), nil, "", 10); err != nil || len(items) > 0 {
		t.Errorf("recorded %v (%v)", items, err)
	}
}

func TestCareIsOfThoseWhoAreExpectedOrThere(t *testing.T) {
	t.Parallel()
	w := class(t)
	a := caring(w, w.Carer(collectivity.Reader), day+"&care=true")
	var told []string
	for _, l := range slices.Concat(a.Days[0].Lines, a.Days[0].Waiting, a.Days[0].Others) {
		if l.Care != nil {
			told = append(told, l.FirstName)
		}
	}
	if want := []string{"Adam", "eddy", "Élise", "Zoé"}; !slices.Equal(told, want) {
		t.Errorf("of %q, want %q", told, want)
	}
}

// TestAWeekTellsOfEachDay: an order counts from its first day, and the reading is recorded once.
func TestAWeekTellsOfEachDay(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Give(h.Children[0], "health", map[string]any{"medication": "Ventoline"})
	h.ProposeOf(town.Now, h.Children[0], "health", map[string]any{"advice": "Lunettes"})
	order(h, "2026-11-26")
	for _, d := range []calendar.Date{tuesday, "2026-11-26", "2026-11-27"} {
		h.Day(booking.Booking, 0, "cantine", "", d)
	}
	h.Day(booking.Absence, 0, "cantine", "", "2026-11-27")
	a := caring(h.Town, h.Carer(collectivity.Reader), day+"&to=2026-11-27&care=true")
	var got []string
	for _, d := range a.Days {
		for _, l := range d.Lines {
			got = append(got, cared(l.Care))
		}
	}
	want := []string{
		" | Traitement : Ventoline |  | Lunettes (déclaré, non vérifié) |  | Anne Martin (mère), Paul Martin (père) | ",
		" | Traitement : Ventoline |  | Lunettes (déclaré, non vérifié) |  | Anne Martin (mère) | Paul Martin (décision de justice)",
		"nothing",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if items, _, err := h.MadeFamily.Store.Consultations(t.Context(), nil, "", 10); err != nil || len(items) != 1 {
		t.Errorf("recorded %+v (%v)", items, err)
	}
}

func TestOfAChildOfTwoFilesCareIsToldOnTheLineOfItsDay(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	anne, paul := w.TwoHomes("Léa")
	anne.Give(anne.Children[0], "health", map[string]any{"medication": "Ventoline"})
	paul.Day(booking.Booking, 0, "cantine", "", tuesday)
	lines := caring(w, w.Carer(collectivity.Reader), day+"&care=true").Days[0].Lines
	if len(lines) != 1 || lines[0].Family != paul.ID || lines[0].Care == nil || lines[0].Care.Health == nil {
		t.Fatalf("got %+v", lines)
	}
	if items, _, err := paul.MadeFamily.Store.Consultations(t.Context(), nil, "", 10); err != nil || len(items) != 1 {
		t.Errorf("recorded %+v (%v)", items, err)
	}
}

// treated makes a town with families of one child each, who comes and has a treatment.
func treated(t *testing.T, n int) *town.Town {
	t.Helper()
	w := town.New(t)
	homes := make([]town.Home, n)
	for i := range n {
		homes[i] = w.NewHome(fmt.Sprintf("Léa%02d", i))
	}
	town.InParallelUpTo(8, n, func(i int) bool {
		homes[i].Give(homes[i].Children[0], "health", map[string]any{"medication": "Ventoline"})
		homes[i].Day(booking.Booking, 0, "cantine", "", tuesday)
		return true
	})
	return w
}

// TestCareIsReadByTwoQueriesAFamily: besides those of the list; the consultations of 30 families are one write.
func TestCareIsReadByTwoQueriesAFamily(t *testing.T) {
	t.Parallel()
	const n = 35
	w := treated(t, n)
	carer := w.Carer(collectivity.Reader)
	var mu sync.Mutex
	calls := map[string]int{}
	front := testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
		mu.Lock()
		defer mu.Unlock()
		calls[operation]++
		return ""
	})
	var h httpapi.Handler
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": front}, func() { h = newHandler() })
	d := town.Read[api.Attendance](t, h, query(w, carer, day+"&care=true"), 200).Days[0]
	if len(d.Lines) != n || slices.ContainsFunc(d.Lines, func(l api.AttendanceLine) bool { return l.Care == nil || l.Care.Health == nil }) {
		t.Fatalf("%d lines: %+v", len(d.Lines), d.Lines)
	}
	mu.Lock()
	defer mu.Unlock()
	want := map[string]int{
		"Query":              2*n + 2, // file and orders of each family; who is enrolled, the slots
		"BatchGetItem":       3,       // the right; the children, the days
		"TransactWriteItems": 2,
		"GetItem":            calls["GetItem"], // the settings' version, the keyring
	}
	if !maps.Equal(calls, want) {
		t.Errorf("got %v, want %v", calls, want)
	}
	recorded := 0
	for _, a := range w.Audited() {
		if strings.HasPrefix(a, "show-attendance family ") {
			recorded++
		}
	}
	if recorded != n {
		t.Errorf("recorded of %d families", recorded)
	}
}

func TestNothingIsShownOfWhichTheReadingCouldNotBeRecorded(t *testing.T) {
	t.Parallel()
	w := treated(t, 31)
	carer := w.Carer(collectivity.Reader)
	for _, format := range []string{"json", "csv"} {
		var once sync.Once // of two writes, one fails
		front := testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) (refusal string) {
			if operation == "TransactWriteItems" {
				once.Do(func() { refusal = "ValidationException" })
			}
			return refusal
		})
		var h httpapi.Handler
		testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": front}, func() { h = newHandler() })
		if reply := town.Send(t, h, query(w, carer, day+"&care=true&format="+format)); reply.StatusCode != 500 || strings.Contains(fmt.Sprint(reply.Body), "Ventoline") {
			t.Errorf("%s: got %d", format, reply.StatusCode)
		}
	}
}

// TestARecordWhoseAnswerWasLostIsMadeOnce: health is shown, and that it was is written once.
func TestARecordWhoseAnswerWasLostIsMadeOnce(t *testing.T) {
	t.Parallel()
	h := careful(t)
	agent := h.Carer(collectivity.Reader)
	var lost atomic.Bool
	front := testkit.Losing(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) bool {
		return operation == "TransactWriteItems" && lost.CompareAndSwap(false, true)
	})
	var handle httpapi.Handler
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": front}, func() { handle = newHandler() })
	reply := town.Send(t, handle, query(h.Town, agent, day+"&care=true"))
	items, _, err := h.MadeFamily.Store.Consultations(t.Context(), nil, "", 10)
	if reply.StatusCode != 200 || !lost.Load() || err != nil || len(items) != 1 {
		t.Errorf("got %d with %d records (%v)", reply.StatusCode, len(items), err)
	}
}

func TestATableHasColumnsOfCare(t *testing.T) {
	t.Parallel()
	h := careful(t)
	want := []string{"Allergies", "Repas", "PAI et traitement", "Recommandations", "Autorisations", "Peuvent venir chercher", "Ne doivent pas venir chercher"}
	rows := records(t, content(t, query(h.Town, h.Carer(collectivity.Reader), day+"&care=true&format=csv")))
	if len(rows) != 2 || !slices.Equal(rows[0][9:], want) {
		t.Fatalf("got %q", rows)
	}
	if got := rows[1][10]; got != "Sans porc" {
		t.Errorf("of the meals: %q", got)
	}
	if got := rows[1][15]; got != "Paul Martin (décision de justice)\nLise Martin (Tante, déclaré, non vérifié)" {
		t.Errorf("of whom not to give her to: %q", got)
	}
}

// TestPaperWithCareLiesDownAndBreaksNoWord: a list that is carried about is read at a glance, that of an activity with options too.
func TestPaperWithCareLiesDownAndBreaksNoWord(t *testing.T) {
	t.Parallel()
	h := careful(t)
	h.WriteDay(h.ID, booking.Day{Place: booking.Place{Date: wednesday, Child: h.Children[0], Activity: "mercredi"}, State: booking.Booked, Option: "journee"})
	carer := h.Carer(collectivity.Reader)
	for ask, headings := range map[string]string{
		day: "Nom Prénom Classe État Santé Autorisations Peuvent doivent chercher Présence Signature",
		"activity=mercredi&date=" + string(wednesday): "Nom Prénom Classe Formule État Santé Autorisations Peuvent doivent chercher Présence Signature",
	} {
		print := content(t, query(h.Town, carer, ask+"&care=true&format=pdf"))
		if !bytes.Contains(print, []byte("/MediaBox [0 0 841.89 595.28]")) {
			t.Errorf("%s: it does not lie down", ask)
		}
		words := strings.Fields(paper.Read(t, print)[0].String())
		const said = "arachides (urticaire), stylo (déclaré, vérifié) PAI Ventoline Lunettes Sorties Hospitalisation d’urgence Jeanne (Tante) (décision justice)"
		for _, word := range strings.Fields(headings + " " + said) {
			if !slices.Contains(words, word) {
				t.Errorf("%s: %q is broken or not there: %q", ask, word, words)
			}
		}
	}
}
