package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
)

// TestKeysAreFetchedOnlyForWhatIsSealed: of a family that has sealed data, a phone is proposed without them.
func TestKeysAreFetchedOnlyForWhatIsSealed(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.Settings(func(s *collectivity.Settings) {
		s.Sections = map[string]collectivity.Decision{"guardian.identity": collectivity.AtOnce}
	})
	phones := func(number, value string) func(h town.Home) object {
		return func(h town.Home) object {
			return object{"target": h.Guardians[0], "section": "phones", "values": object{number: value}}
		}
	}
	cases := []struct {
		says    string
		sent    []func(h town.Home) object // one after another; the last is counted
		most    int
		decrypt bool
	}{
		{"an open section that nobody has filled, cold", []func(town.Home) object{phones("mobile", "0612345678")}, 6, false},
		{"an open section, warm", []func(town.Home) object{phones("mobile", "0612345678"), phones("home", "0299000000")}, 3, false},
		{"a sealed section, cold", []func(town.Home) object{func(h town.Home) object {
			return object{"target": h.Children[0], "section": "health", "values": object{"pai": true}}
		}}, 6, true},
		{"an open section that nobody decides: its audit is keyed", []func(town.Home) object{func(h town.Home) object {
			return object{"target": h.Guardians[0], "section": "identity", "values": object{"birthName": "Petit"}}
		}}, 7, true},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			h := w.NewHome("Léa")
			h.Give(h.Guardians[0], "bank", object{"holder": "Anne", "iban": iban})
			h.Give(h.Children[0], "health", object{"medication": "Ventoline"})
			rounds, r := &testkit.Rounds{}, testkit.Stack(t)
			var handler httpapi.Handler
			testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": rounds.Front(t, r.DynamoDB), "AWS_ENDPOINT_URL_KMS": rounds.Front(t, r.KMS)}, func() { handler = newHandler() })
			var taken []string
			for _, of := range c.sent {
				rounds.Taken()
				if reply := town.Send(t, handler, body(h, of(h))); reply.StatusCode != http.StatusAccepted {
					t.Fatal(refused(reply))
				}
				taken = rounds.Taken()
			}
			t.Logf("%q", taken)
			decrypt := slices.ContainsFunc(taken, func(round string) bool { return strings.Contains(round, "Decrypt") })
			if len(taken) > c.most || decrypt != c.decrypt {
				t.Errorf("%d trips: %q", len(taken), taken)
			}
		})
	}
}
