package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
)

const (
	iban    = "FR1420041010050500013M02606"
	another = "DE89370400440532013000"
)

func TestBankDetailsAreToldMaskedOnBothSides(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Give(h.Guardians[0], "bank", object{"holder": "Anne Martin", "iban": iban, "bic": "PSSTFRPPREN"})
	h.Give(h.Guardians[0], "fiscal", object{"taxReference": "2675A12345678"})
	version := h.File().Version
	bank := object{"target": h.Guardians[0], "section": "bank", "version": version, "values": object{"iban": "de89 3704 0044 0532 0130 00", "bic": "DEUTDEFF"}}
	reply := town.Send(t, newHandler(), body(h, bank))
	if reply.StatusCode != 202 || strings.Contains(reply.Response.Body, another) || strings.Contains(reply.Response.Body, iban) || strings.Contains(reply.Response.Body, "PSST") {
		t.Fatalf("got %d %s", reply.StatusCode, reply.Response.Body)
	}
	c := town.Read[api.Change](t, newHandler(), body(h, object{"target": h.Guardians[0], "section": "fiscal", "version": version, "values": object{"taxReference": "2675A00000000"}}), 202)
	if got := told(c); got != "fiscal pending: taxReference 26•••••••••••→26••••••••••• pending" {
		t.Errorf("got %s", got)
	}
	h.Decide(reply.Body["id"].(string), family.Verdict{Accept: true})
	bank["values"] = object{"iban": iban, "holder": "Paul"}
	reply = town.Send(t, newHandler(), body(h, bank))
	want := []any{object{"field": "holder", "current": "Anne Martin", "yours": "Paul"}, object{"field": "iban", "current": "DE•• •••• 3000", "yours": "FR•• •••• 2606"}}
	if d := cmp.Diff(want, reply.Body["conflicts"]); reply.StatusCode != 409 || reply.Code() != "version_moved" || d != "" {
		t.Errorf("got %d %s (-want +got)\n%s", reply.StatusCode, reply.Code(), d)
	}
}

func TestAConsentThatMovedIsToldByItsYesOrNo(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Give(h.Children[0], "authorisations", object{"outings": true})
	reply := town.Send(t, newHandler(), body(h, object{"target": h.Children[0], "section": "authorisations", "version": 1, "values": object{"outings": false}}))
	want := []any{object{"field": "outings@" + h.Guardians[0], "current": true, "yours": false}}
	if d := cmp.Diff(want, reply.Body["conflicts"]); reply.Code() != "version_moved" || d != "" {
		t.Errorf("got %s (-want +got)\n%s", reply.Code(), d)
	}
}

func TestAKeyWithSealedValuesIsOneChange(t *testing.T) {
	t.Parallel()
	for _, decision := range []collectivity.Decision{collectivity.ByAgent, collectivity.AtOnce} {
		t.Run(string(decision), func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa")
			h.Settings(func(s *collectivity.Settings) {
				s.Sections = map[string]collectivity.Decision{"child.health": decision}
			})
			const key = "6f1b0c1e-8a44-4d5e-9a01-0000000000bb"
			health := object{"target": h.Children[0], "section": "health", "version": 1, "values": object{"allergies": []any{object{"allergen": "arachide"}}, "pai": true}}
			answers := town.InParallel(5, func(int) town.Reply { return town.Send(t, newHandler(), keyed(body(h, health), key)) })
			for _, r := range answers {
				if r.StatusCode != 202 || r.Response.Body != answers[0].Response.Body || !strings.Contains(r.Response.Body, "arachide") {
					t.Errorf("got %d %s", r.StatusCode, r.Response.Body)
				}
			}
			health["values"] = object{"allergies": []any{object{"allergen": "lait"}}, "pai": true}
			if reply := town.Send(t, newHandler(), keyed(body(h, health), key)); refused(reply) != "409 key_reused Idempotency-Key: key_reused" {
				t.Errorf("another body: %s", refused(reply))
			}
			if _, err := h.Env.Store.RotateKey(t.Context(), h.Slug, town.Now); err != nil {
				t.Fatal(err)
			}
			health["values"] = object{"allergies": []any{object{"allergen": "arachide"}}, "pai": true}
			again := town.Send(t, newHandler(), keyed(body(h, health), key)) // another process, with a ring of its own
			if again.StatusCode != 202 || again.Response.Body != answers[0].Response.Body {
				t.Errorf("after a rotation: %d %s", again.StatusCode, again.Response.Body)
			}
		})
	}
}

func TestHealthThatIsTakenAtOnceIsInTheFile(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	h.Settings(func(s *collectivity.Settings) {
		s.Sections = map[string]collectivity.Decision{"child.health": collectivity.AtOnce}
	})
	health := object{"target": h.Children[0], "section": "health", "version": 1, "values": object{"diet": []any{"no_pork"}, "medication": "Ventoline"}}
	if c := town.Read[api.Change](t, newHandler(), body(h, health), 202); c.State != "accepted" {
		t.Errorf("got %s", told(c))
	}
	health["version"], health["values"] = 2, object{"diet": nil, "pai": false}
	if c := town.Read[api.Change](t, newHandler(), body(h, health), 202); c.State != "accepted" {
		t.Errorf("got %s", told(c))
	}
	lea, _ := h.File().Member(h.Children[0])
	if d := cmp.Diff(object{"medication": "Ventoline", "pai": false}, lea.Values["health"]); d != "" || h.File().Version != 3 {
		t.Errorf("version %d (-want +got)\n%s", h.File().Version, d)
	}
}
