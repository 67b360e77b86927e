package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()).ByClock(town.Clock), town.Clock}.handle)
}

const iban = "FR1420041010050500013M02606"

// home is a family whose first guardian has told their bank details.
func home(t *testing.T) town.Home {
	t.Helper()
	h := town.NewHome(t, "Léa")
	h.Edit(0, "bank", map[string]any{"holder": "Anne Martin", "iban": iban})
	return h
}

func event(h town.Home, agent account.Account) httpapi.Request {
	return town.As(h.Event("reveal-bank-details", nil), agent)
}

// recorded lists what is kept of who was shown bank details: in the town's audit, and with the family.
func recorded(h town.Home) (audit, family []string) {
	h.T.Helper()
	audit = slices.DeleteFunc(h.Audited(), func(a string) bool { return !strings.HasPrefix(a, "reveal-bank-details") })
	items, _, err := h.MadeFamily.Store.Consultations(h.T.Context(), nil, "", 10)
	if err != nil {
		h.T.Fatal(err)
	}
	for _, c := range items {
		family = append(family, fmt.Sprint(c.Action, " ", c.Name, " ", c.Read))
	}
	return audit, family
}

func TestTheSampleEventRevealsBankDetailsAndRecordsWhy(t *testing.T) {
	t.Parallel()
	h := home(t)
	got := town.Read[api.BankDetails](t, newHandler(), event(h, h.Agent(collectivity.Manager)), 200)
	if got.Guardian != h.Guardians[0] || fmt.Sprint(got.Bank) != "map[holder:Anne Martin iban:"+iban+"]" {
		t.Errorf("got %+v", got)
	}
	audit, told := recorded(h)
	if want := []string{"reveal-bank-details guardian " + h.Guardians[0] + " Prélèvement rejeté"}; !slices.Equal(audit, want) {
		t.Errorf("the audit says %q", audit)
	}
	if want := []string{fmt.Sprint("reveal-bank-details Odile Test map[guardian.bank:[", h.Guardians[0], "]]")}; !slices.Equal(told, want) {
		t.Errorf("the family is told %q", told)
	}
}

func TestWhatIsNotRevealed(t *testing.T) {
	t.Parallel()
	h, elsewhere := home(t), home(t)
	manager, citizen := h.Agent(collectivity.Manager), h.NewHome("Tom")
	parent, other := h.ParentAgent(collectivity.Manager), h.ShareAt(town.Now, h.NewHome("Zoé")).ParentAgent(collectivity.Manager)
	body := func(guardian, reason string) map[string]any {
		return map[string]any{"guardian": guardian, "reason": reason}
	}
	anne := h.Guardians[0]
	cases := []struct {
		says   string
		who    account.Account
		family string
		body   any
		want   string
	}{
		{"without a reason", manager, h.ID, body(anne, ""), "400 invalid_input reason required"},
		{"for a reason of spaces", manager, h.ID, body(anne, "  "), "400 invalid_input reason required"},
		{"for a reason that is a novel", manager, h.ID, body(anne, strings.Repeat("a", 201)), "400 invalid_input reason too_long"},
		{"without saying whose", manager, h.ID, body("", "Rejet"), "400 invalid_input guardian required"},
		{"of a child", manager, h.ID, body(h.Children[0], "Rejet"), "404 member_not_found"},
		{"of a guardian of another family", manager, h.ID, body(elsewhere.Guardians[0], "Rejet"), "404 member_not_found"},
		{"of a family of another collectivity", manager, elsewhere.ID, body(elsewhere.Guardians[0], "Rejet"), "404 family_not_found"},
		{"by a reviewer", h.Agent(collectivity.Reviewer), h.ID, body(anne, "Rejet"), "403 role_missing"},
		{"by a manager of another activity", h.Scoped(collectivity.Manager, "vacances"), h.ID, body(anne, "Rejet"), "404 family_not_found"},
		{"by a manager of another collectivity", elsewhere.Agent(collectivity.Manager), h.ID, body(anne, "Rejet"), "404 collectivity_not_found"},
		{"by a manager of their own family", parent, h.ID, body(anne, "Rejet"), "403 own_family"},
		{"by a manager of their child's other household", other, h.ID, body(anne, "Rejet"), "403 own_family"},
		{"by a parent", citizen.Account, h.ID, body(anne, "Rejet"), "404 collectivity_not_found"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			r := town.As(town.Event(t, "reveal-bank-details", map[string]string{"slug": h.Slug, "family": c.family, "guardian": anne}), c.who)
			reply := town.Send(t, newHandler(), town.With(t, r, c.body))
			got := fmt.Sprint(reply.StatusCode, " ", reply.Code())
			if list, _ := reply.Body["errors"].([]any); len(list) > 0 {
				field := list[0].(map[string]any)
				got += fmt.Sprint(" ", field["field"], " ", field["code"])
			}
			if got != c.want || strings.Contains(fmt.Sprint(reply.Body), iban) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	if audit, told := recorded(h); len(audit)+len(told) > 0 {
		t.Errorf("nothing was shown, and recorded is %q %q", audit, told)
	}
}

// TestNothingIsRevealedThatCouldNotBeRecorded: where the record fails, nothing is shown.
func TestNothingIsRevealedThatCouldNotBeRecorded(t *testing.T) {
	t.Parallel()
	h := home(t)
	reply := town.Send(t, unrecorded(t), event(h, h.Agent(collectivity.Manager)))
	if reply.StatusCode != 500 || strings.Contains(fmt.Sprint(reply.Body), iban) {
		t.Errorf("got %d %v", reply.StatusCode, reply.Body)
	}
}

// unrecorded is the handler on a table that takes no record.
func unrecorded(t *testing.T) (h httpapi.Handler) {
	t.Helper()
	front := testkit.Front(t, testkit.Stack(t).DynamoDB, func(operation string, _ []byte) string {
		if operation == "TransactWriteItems" {
			return "ValidationException"
		}
		return ""
	})
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": front}, func() { h = newHandler() })
	return h
}

func TestTheFunctionHasTheRightsItNeeds(t *testing.T) {
	h := home(t)
	manager := h.Agent(collectivity.Manager)
	town.Rights(t, "reveal-bank-details")
	if got := town.Read[api.BankDetails](t, newHandler(), event(h, manager), 200); got.Bank["iban"] != iban {
		t.Errorf("got %+v", got)
	}
}
