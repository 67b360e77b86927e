package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
)

// secrets are values of every field that is sealed, as typed and as kept. What can not be told from the words of the service itself
// (yes, no, a diet's code) is for TestASealedValueTellsNothingByItsLength.
var secrets = map[string]object{
	"guardian.bank":   {"holder": "Anne Martin", "iban": "fr14 2004 1010 0505 0001 3m02 606", "bic": "psstfrppren"},
	"guardian.fiscal": {"taxReference": "2675a98765432"},
	"child.health": {
		"doctor": "Docteur Quiétude", "doctorPhone": "02 99 11 22 33", "medication": "Ventoline matin", "advice": "Appareil auditif", "pai": true,
		"vaccinations": []any{object{"name": "Rougeole Zéta", "date": "2019-06-01"}}, "diet": []any{"no_lactose"},
		"allergies": []any{object{"allergen": "Arachide", "consequence": "Œdème de Quincke", "treatment": "Stylo d’adrénaline"}},
	},
}

// others are what the values are changed to.
var others = map[string]object{
	"guardian.bank":   {"iban": "DE89370400440532013000", "bic": "DEUTDEFF500"},
	"guardian.fiscal": {"taxReference": "2675B12312312"},
	"child.health": {
		"doctor": "Docteur Alerte", "medication": "Bricanyl du soir", "advice": "Port de lunettes", "diet": []any{"no_gluten"},
		"allergies": []any{object{"allergen": "Fruits à coque", "treatment": "Appeler le quinze"}},
	},
}

// clear are words of theirs that stand nowhere else, none of them short.
var clear = []string{
	"fr14 2004 1010", "FR1420041010050500013M02606", "2004101005", "psstfrppren", "PSSTFRPPREN", "2675a98765432", "2675A98765432", "DE89370400440532013000", "DEUTDEFF500", "2675B12312312",
	"Quiétude", "+33299112233", "0299112233", "02 99 11 22 33", "Ventoline", "Appareil auditif", "Rougeole", "no_lactose", "Arachide", "de Quincke", "adrénaline",
	"Docteur Alerte", "Bricanyl", "de lunettes", "no_gluten", "Fruits à coque", "le quinze", "absence_certificate",
}

// forms are the ways in which a value may stand in bytes: as it is, escaped, in hexadecimal, and in base64 whatever stands around it.
func forms(value string) (all []string) {
	escaped, _ := json.Marshal(value)
	all = append(all, value, strings.Trim(string(escaped), `"`), hex.EncodeToString([]byte(value)), strings.ToUpper(hex.EncodeToString([]byte(value))))
	for before, skip := range []int{0, 2, 3} { // bytes before it, and the characters that they have a part in
		in64 := base64.StdEncoding.EncodeToString(append(make([]byte, before), value...))
		all = append(all, in64[skip:(before+len(value))*8/6])
	}
	return all
}

// opaque are the bytes of all binary values of an item or a record.
func opaque(t *testing.T, raw json.RawMessage) (all [][]byte) {
	t.Helper()
	var whole any
	if err := json.Unmarshal(raw, &whole); err != nil {
		t.Fatal(err)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, one := range v {
				walk(one)
			}
		case object:
			for name, one := range v {
				if text, ok := one.(string); ok && name == "B" && len(v) == 1 {
					plain, err := base64.StdEncoding.DecodeString(text)
					if err != nil {
						t.Fatal(err)
					}
					all = append(all, plain)
				}
				walk(one)
			}
		}
	}
	walk(whole)
	return all
}

// dumped is a home on a table of its own, with the handler that writes there.
func dumped(t *testing.T) (h town.Home, handler httpapi.Handler, dump func() []json.RawMessage) {
	t.Helper()
	variables, dump := testkit.Dumped(t)
	testkit.Within(t, variables, func() {
		h, handler = town.NewHome(t, "Léa", "Tom"), newHandler()
	})
	return h, handler, dump
}

// TestADumpTellsNothingThatIsSealed: all sealed fields are given, changed, refused and withdrawn, decided and taken at once, with keys that are used
// again, mails and audits, before and after a rotation of keys. Nothing that the table ever held tells any of them.
func TestADumpTellsNothingThatIsSealed(t *testing.T) {
	h, handler, dump := dumped(t)
	give := func(child int, values map[string]object) (ids []string) {
		t.Helper()
		for _, key := range []string{"guardian.bank", "guardian.fiscal", "child.health"} {
			target, section, _ := strings.Cut(key, ".")
			member := h.Guardians[child]
			if target == "child" {
				member = h.Children[child]
			}
			event := keyed(body(h, object{"target": member, "section": section, "values": values[key]}), fmt.Sprintf("6f1b0c1e-%s-%d-%d-%d", key, child, len(ids), h.File().Version))
			for range 2 { // the second is the same
				ids = append(ids, town.Read[api.Change](t, handler, event, 202).ID)
			}
			ids = ids[:len(ids)-1]
		}
		return ids
	}
	accept := func(ids []string) {
		for _, id := range ids {
			h.Decide(id, family.Verdict{Accept: true})
		}
	}
	accept(give(0, secrets))
	for n, id := range give(0, others) {
		if n%2 == 0 {
			h.Decide(id, family.Verdict{Reason: "Illisible."})
			continue
		}
		kept, by, err := h.MadeFamily.Store.Change(t.Context(), id)
		if err == nil {
			kept, err = kept.Withdraw(town.Now)
		}
		if err == nil {
			err = h.MadeFamily.Store.WithdrawChange(t.Context(), h.Household(), kept, by)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	h.Join(family.Document, object{"type": "absence_certificate", "about": h.Children[0]})
	if _, err := h.Env.Store.RotateKey(t.Context(), h.Slug, town.Now); err != nil {
		t.Fatal(err)
	}
	accept(give(0, others))
	h.Settings(func(s *collectivity.Settings) {
		s.Sections = map[string]collectivity.Decision{"child.health": collectivity.AtOnce, "guardian.bank": collectivity.AtOnce, "guardian.fiscal": collectivity.AtOnce}
	})
	give(1, secrets)
	right := store.AgentRight{Account: h.Account, Agent: collectivity.Agent{Name: "Odile"}, Store: h.Town.Store}
	if err := right.Consulted(t.Context(), "open-family-file", map[string]store.Read{h.ID: {"child.health": h.Children[:1]}}, town.Now); err != nil {
		t.Fatal(err)
	}

	all := dump()
	sealed, mails, holders := 0, 0, 0
	for _, raw := range all {
		haystacks := append(opaque(t, raw), raw)
		sealed += len(haystacks) - 1
		mails += bytes.Count(raw, []byte("MAIL#change-"))
		holders += bytes.Count(raw, []byte("Anne Martin"))
		for _, value := range clear {
			for _, form := range forms(value) {
				for _, hay := range haystacks {
					if bytes.Contains(hay, []byte(form)) {
						t.Errorf("%q stands as %q in %.200s", value, form, raw)
					}
				}
			}
		}
	}
	// What is not sealed is found, so that this could fail.
	if len(all) < 100 || sealed < 100 || mails < 10 || holders < 3 {
		t.Errorf("%d items and records with %d sealed values, %d of mails, %d with the holder's name: that is not the dump", len(all), sealed, mails, holders)
	}
}

// TestASealedValueTellsNothingByItsLength: a yes is as long as a no, and each type of document as any other.
func TestASealedValueTellsNothingByItsLength(t *testing.T) {
	h, _, dump := dumped(t)
	for n, yes := range []bool{true, false} {
		h.Give(h.Children[n], "health", object{"pai": yes})
	}
	for _, kind := range family.DocumentTypes {
		h.Join(family.Document, object{"type": kind, "about": h.Children[0]})
	}
	lengths := map[int]int{}
	for _, raw := range dump() {
		for _, sealed := range opaque(t, raw) {
			lengths[len(sealed)]++
		}
	}
	if len(lengths) != 1 {
		t.Errorf("lengths %v", lengths)
	}
}
