package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()).ByClock(town.Clock), town.Clock}.handle)
}

const iban = "FR1420041010050500013M02606"

// home is a family whose first guardian has told their bank details, together with the other or separated.
func home(t *testing.T, separated bool) town.Home {
	t.Helper()
	w := town.New(t)
	f := w.Family("Léa")
	if separated {
		f = w.Separated("Léa")
	}
	h := town.Home{Town: w, MadeFamily: f}
	h.Account = w.Subscriber(f, 0)
	h.Edit(0, "bank", map[string]any{"holder": "Anne Martin", "iban": iban, "bic": "PSSTFRPPREN"})
	return h
}

// audited lists who is recorded to have been shown bank details.
func audited(h town.Home) []string {
	return slices.DeleteFunc(h.Audited(), func(a string) bool { return !strings.HasPrefix(a, "show-bank-details") })
}

func TestTheSampleEventShowsOnesOwnBankDetailsInFullAndThatIsRecorded(t *testing.T) {
	t.Parallel()
	h := home(t, false)
	got := town.Read[api.BankDetails](t, newHandler(), h.Event("show-bank-details", nil), 200)
	if got.Guardian != h.Guardians[0] || fmt.Sprint(got.Bank) != "map[bic:PSSTFRPPREN holder:Anne Martin iban:"+iban+"]" {
		t.Errorf("got %+v", got)
	}
	if did := audited(h); !slices.Equal(did, []string{"show-bank-details guardian " + h.Guardians[0]}) {
		t.Errorf("the audit says %q", did)
	}
	acts, err := h.Town.Store.Audit(t.Context(), "2026-11")
	if err != nil {
		t.Fatal(err)
	}
	a := acts[slices.IndexFunc(acts, func(a store.Audit) bool { return a.Action == "show-bank-details" })] // others of the same instant lie around it
	if a.By != h.Account.ID || a.Family != h.ID || a.Member != h.Guardians[0] || a.Section != "guardian.bank" || strings.Contains(fmt.Sprint(a), iban) {
		t.Errorf("got %+v", a)
	}
}

func TestWhoseBankDetailsAGuardianSees(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says      string
		separated bool
		viewer    int
		guardian  func(h town.Home) string
		want      string
	}{
		{"one's own", false, 0, first, "200 "},
		{"those of an adult of the household", false, 1, first, "200 "},
		{"one's own, separated", true, 0, first, "200 "},
		{"not those of a separated parent", true, 1, first, "404 member_not_found"},
		{"none of a child", false, 0, func(h town.Home) string { return h.Children[0] }, "404 member_not_found"},
		{"none of nobody", false, 0, func(town.Home) string { return "nobody" }, "404 member_not_found"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := home(t, c.separated)
			if c.viewer == 1 {
				h.Account = h.Subscriber(h.MadeFamily, 1)
			}
			reply := town.Send(t, newHandler(), h.Event("show-bank-details", map[string]string{"guardian": c.guardian(h)}))
			if got := fmt.Sprint(reply.StatusCode, " ", reply.Code()); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if shown, told := reply.StatusCode == 200, len(audited(h)) == 1; shown != told {
				t.Errorf("shown %v, recorded %v", shown, told)
			}
		})
	}
}

func first(h town.Home) string { return h.Guardians[0] }

func TestAGuardianWithoutBankDetailsHasNone(t *testing.T) {
	t.Parallel()
	h := home(t, false)
	got := town.Read[api.BankDetails](t, newHandler(), h.Event("show-bank-details", map[string]string{"guardian": h.Guardians[1]}), 200)
	if got.Bank == nil || len(got.Bank) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestWhatTheTownHidesIsNotShown(t *testing.T) {
	t.Parallel()
	h := home(t, false)
	h.Settings(func(s *collectivity.Settings) {
		s.Fields = map[string]collectivity.Mode{"guardian.bank.bic": collectivity.Hidden}
	})
	got := town.Read[api.BankDetails](t, newHandler(), h.Event("show-bank-details", nil), 200)
	if got.Bank["bic"] != nil || got.Bank["iban"] != iban {
		t.Errorf("got %+v", got)
	}
}

// TestWhomACourtSheltersIsSheltered: from an adult of the same household too.
func TestWhomACourtSheltersIsSheltered(t *testing.T) {
	t.Parallel()
	h := home(t, false)
	o := family.Order{ID: "1", Kind: family.AddressHidden, Guardian: h.Guardians[0], From: "2026-01-01", RecordedAt: town.Now, RecordedBy: "agent"}
	if err := h.MadeFamily.Store.RecordOrder(t.Context(), h.Household(), o, time.UTC); err != nil {
		t.Fatal(err)
	}
	h.Account = h.Subscriber(h.MadeFamily, 1)
	if reply := town.Send(t, newHandler(), h.Event("show-bank-details", nil)); reply.StatusCode != 404 {
		t.Errorf("got %d", reply.StatusCode)
	}
}

func TestWithoutASubscriptionNothingIsFound(t *testing.T) {
	t.Parallel()
	h, elsewhere := home(t, false), home(t, false)
	for says, who := range map[string]account.Account{"a stranger": h.Citizen(), "a parent elsewhere": elsewhere.Account, "a manager": h.Agent(collectivity.Manager)} {
		reply := town.Send(t, newHandler(), town.As(h.Event("show-bank-details", nil), who))
		if reply.StatusCode != 404 || reply.Code() != "family_not_found" || len(audited(h)) != 0 {
			t.Errorf("%s: got %d %s", says, reply.StatusCode, reply.Code())
		}
	}
}

func TestTheFunctionHasTheRightsItNeeds(t *testing.T) {
	h := home(t, false)
	town.Rights(t, "show-bank-details")
	if got := town.Read[api.BankDetails](t, newHandler(), h.Event("show-bank-details", nil), 200); got.Bank["iban"] != iban {
		t.Errorf("got %+v", got)
	}
}
