package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func newHandler(now time.Time) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()), func() time.Time { return now }}.handle)
}

type object = map[string]any

func confirm(h town.Home, version any) httpapi.Request {
	h.T.Helper()
	return town.With(h.T, h.Event("confirm-family-file", nil), object{"version": version})
}

func TestTheSampleEventConfirmsTheFile(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	want := api.Confirmation{On: "2026-11-23", By: h.Guardians[0]}
	if d := cmp.Diff(want, town.Read[api.Confirmation](t, newHandler(town.Now), h.Event("confirm-family-file", nil), 200)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if file := h.File(); file.Confirmed != "2026-11-23" || file.ConfirmedBy != h.Guardians[0] || file.Version != 1 {
		t.Errorf("confirmed on %s by %s at version %d", file.Confirmed, file.ConfirmedBy, file.Version)
	}
}

// TestAConfirmationIsOfTheTownsDay: its midnight, not that of Greenwich.
func TestAConfirmationIsOfTheTownsDay(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	for at, on := range map[string]string{"2026-08-31T21:59:00Z": "2026-08-31", "2026-08-31T22:01:00Z": "2026-09-01", "2027-01-31T23:01:00Z": "2027-02-01"} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := town.Read[api.Confirmation](t, newHandler(now), confirm(h, 1), 200); got.Due || got.On != on {
			t.Errorf("at %s: %+v, want %s", at, got, on)
		}
	}
}

func TestWhatIsNotConfirmed(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.Settings(func(s *collectivity.Settings) {
		s.Fields = map[string]collectivity.Mode{"child.health.vaccinations": collectivity.Required}
		s.Documents = []collectivity.DocumentRule{{Type: "pai", When: collectivity.ForPAI}}
	})
	vaccinated := func() town.Home {
		h := w.NewHome("Léa")
		h.Give(h.Children[0], "health", object{"vaccinations": []any{object{"name": "DTP"}}})
		return h
	}
	whole := vaccinated()
	moved := vaccinated()
	moved.Edit(0, "phones", object{"mobile": "0612345678"})
	pai := vaccinated()
	pai.Give(pai.Children[0], "health", object{"pai": true})
	sent := vaccinated()
	sent.Give(sent.Children[0], "health", object{"pai": true})
	sent.AdditionAt(town.Now, family.Document, object{"type": "pai", "about": sent.Children[0]})
	lacking := w.NewHome("Inès")
	waiting := w.NewHome("Tom")
	waiting.ProposeOf(town.Now, waiting.Children[0], "health", object{"vaccinations": []any{object{"name": "DTP"}}})
	cases := []struct {
		says    string
		home    town.Home
		version any
		want    string
	}{
		{"a file that lacks nothing", whole, 2, "200"},
		{"what is missing waits for an agent", waiting, 1, "200"},
		{"the missing document waits for an agent", sent, 3, "200"},
		{"a version of before", moved, 2, "409 version_moved"},
		{"a version that is not there yet", whole, 9, "409 version_moved"},
		{"no version", whole, nil, "400 invalid_input version: required"},
		{"a version of another type", whole, "2", "400 invalid_input version: wrong_type"},
		{"a file that lacks a field", lacking, 1, "409 file_incomplete Il manque : vaccins d’Inès"},
		{"a file that lacks a document", pai, 3, "409 file_incomplete Il manque : document du PAI de Léa"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			reply := town.Send(t, newHandler(town.Now), confirm(c.home, c.version))
			got := fmt.Sprint(reply.StatusCode)
			if reply.Code() != "" {
				got += " " + reply.Code()
			}
			for _, list := range []string{"errors", "missing"} {
				fields, _ := reply.Body[list].([]any)
				for _, f := range fields {
					f, _ := f.(object)
					if got += " "; list == "missing" {
						got += fmt.Sprint(f["detail"])
						continue
					}
					got += fmt.Sprint(f["field"], ": ", f["code"])
				}
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestOnlyASubscriberConfirms(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	for says, who := range map[string]account.Account{
		"a stranger": h.Citizen(), "a parent of another family": h.NewHome("Zoé").Account, "an agent": h.Agent(collectivity.Manager),
	} {
		if reply := town.Send(t, newHandler(town.Now), town.As(confirm(h, 1), who)); reply.StatusCode != 404 || reply.Code() != "family_not_found" {
			t.Errorf("%s: %d %s", says, reply.StatusCode, reply.Code())
		}
	}
	if h.File().Confirmed != "" {
		t.Errorf("confirmed on %s", h.File().Confirmed)
	}
}
