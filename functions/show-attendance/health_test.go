package main

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"preau/infra/testkit"
	"preau/infra/testkit/paper"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
)

// allergic is a child of whom carers have to know something.
func allergic() family.Member {
	c := town.Child("lea", "Léa", "Martin", "2018-05-04")
	c.Values["health"] = map[string]any{"allergies": []any{map[string]any{"name": "arachides", "treatment": "stylo"}, "lait"}, "diet": "sans porc", "doctor": "Dr Petit"}
	c.Values["authorisations"] = map[string]any{"leavesAlone": true, "image": false, "collectors": []any{"Odile Martin (grand-mère)"}}
	return c
}

func TestHealthIsShownToCarersOnly(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.AddChildren("f", "cantine", allergic(), town.Child("noe", "Noé", "Martin", "2019-05-04"))
	health := func(d api.AttendanceDay) *api.AttendanceHealth { return d.Others[0].Health }
	h := health(show(w, w.Carer(collectivity.Reader), "cantine", tuesday))
	if h == nil {
		t.Fatal("a carer is shown nothing")
	}
	for name, c := range map[string]struct{ got, want []string }{
		"allergies": {h.Allergies, []string{"arachides, stylo", "lait"}}, "diet": {h.Diet, []string{"sans porc"}},
		"authorisations": {h.Authorisations, []string{"leavesAlone"}}, "collectors": {h.Collectors, []string{"Odile Martin (grand-mère)"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: got %q, want %q", name, c.got, c.want)
		}
	}
	if d := show(w, w.Carer(collectivity.Reader), "cantine", tuesday); d.Others[1].Health != nil {
		t.Errorf("of Noé nothing is known, and got %+v", d.Others[1].Health)
	}
	for _, role := range []collectivity.Role{collectivity.Reader, collectivity.Manager} {
		if h := health(show(w, w.Agent(role), "cantine", tuesday)); h != nil {
			t.Errorf("a %s without the right is shown %+v", role, h)
		}
	}
}

func TestNoFormHoldsHealthForOthers(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.AddChildren("f", "cantine", allergic())
	w.WriteDay("f", booking.Day{Place: booking.Place{Date: tuesday, Child: "lea", Activity: "cantine"}, State: booking.Booked})
	forms := map[string]func(*testing.T, []byte) string{
		"json": func(_ *testing.T, content []byte) string { return string(content) },
		"csv":  func(_ *testing.T, content []byte) string { return string(content) },
		"xlsx": func(t *testing.T, content []byte) string { return fmt.Sprint(workbook(t, content)) },
		"pdf":  func(t *testing.T, content []byte) string { return fmt.Sprint(paper.Read(t, content)) },
	}
	for who, of := range map[string]struct {
		account account.Account
		sees    bool
	}{"an agent": {w.Agent(collectivity.Manager), false}, "a carer": {w.Carer(collectivity.Reader), true}} {
		for format, read := range forms {
			text := read(t, content(t, query(w, of.account, "activity=cantine&date=2026-11-24&format="+format)))
			if !strings.Contains(text, "Léa") {
				t.Errorf("%s for %s: Léa is not there: %.200s", format, who, text)
			}
			for _, secret := range []string{"arachides", "sans porc", "Odile"} {
				if strings.Contains(text, secret) != of.sees {
					t.Errorf("%s for %s tells %q: %v", format, who, secret, !of.sees)
				}
			}
			if strings.Contains(text, "Dr Petit") {
				t.Errorf("%s for %s tells the doctor, who is no carer's business", format, who)
			}
		}
	}
}

func TestThatHealthWasReadIsRecorded(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.AddChildren("f", "cantine", allergic())
	w.AddChildren("g", "periscolaire", town.Child("tom", "Tom", "Petit", "2018-05-04"))
	show(w, w.Agent(collectivity.Manager), "cantine", tuesday)     // has not the right
	show(w, w.Carer(collectivity.Reader), "periscolaire", tuesday) // there is nothing to know
	if got := w.Audited(); len(got) != 0 {
		t.Errorf("nobody read health, and the audit says %q", got)
	}
	show(w, w.Carer(collectivity.Reader), "cantine", tuesday)
	if got, want := w.Audited(), []string{"show-attendance slot cantine 2026-11-24 to 2026-11-24, health of 1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestARecordWhoseAnswerWasLostIsMadeOnce: health is shown, and that it was is written once.
func TestARecordWhoseAnswerWasLostIsMadeOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.AddChildren("f", "cantine", allergic())
	agent := w.Carer(collectivity.Reader)
	var lost atomic.Bool
	front := testkit.Losing(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) bool {
		return operation == "PutItem" && lost.CompareAndSwap(false, true)
	})
	var h httpapi.Handler
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": front}, func() { h = newHandler() })
	reply := town.Send(t, h, query(w, agent, "activity=cantine&date=2026-11-24"))
	if reply.StatusCode != 200 || !lost.Load() || len(w.Audited()) != 1 {
		t.Errorf("got %d with %d records", reply.StatusCode, len(w.Audited()))
	}
}
