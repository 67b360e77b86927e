package main

import (
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()), files.Open(), calendar.Now}.handle)
}

func ask(h town.Home, document string, a account.Account) httpapi.Request {
	return town.As(h.Event("open-document", map[string]string{"document": document}), a)
}

func TestAnAgentOpensWhatTheirRightsLetThemSee(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	insurance, pai := h.Papers("insurance", h.Children[0], "assurance"), h.Papers("pai", h.Children[0], "projet")
	notice := h.Papers("tax_notice", h.Guardians[0], "avis")
	second := h.Share(h.NewHome("Zoé"))
	cases := []struct {
		says     string
		who      account.Account
		document string
		code     string
	}{
		{"a reviewer of an activity of the family, a tax notice", h.Scoped(collectivity.Reviewer, "cantine"), notice, ""},
		{"a reviewer of another activity, a tax notice", h.Scoped(collectivity.Reviewer, "vacances"), notice, "family_not_found"},
		{"a parent of the family, an insurance", h.ParentAgent(collectivity.Manager), insurance, "own_family"},
		{"a parent of their child's other household, an insurance", second.ParentAgent(collectivity.Manager), insurance, "own_family"},
		{"a reader, an insurance", h.Agent(collectivity.Reader), insurance, ""},
		{"a reader, a PAI", h.Agent(collectivity.Reader), pai, "role_missing"},
		{"a manager without the health right, a PAI", h.Agent(collectivity.Manager), pai, "role_missing"},
		{"a carer with the health right, a PAI", h.Carer(collectivity.Reader), pai, ""},
		{"a reader, a tax notice", h.Agent(collectivity.Reader), notice, "role_missing"},
		{"a reviewer, a tax notice", h.Agent(collectivity.Reviewer), notice, ""},
		{"an agent of another town", town.New(t).Agent(collectivity.Manager), insurance, "collectivity_not_found"},
		{"a document of nobody", h.Agent(collectivity.Manager), "unknown", "member_not_found"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			got := town.Send(t, newHandler(), ask(h, c.document, c.who))
			if got.Code() != c.code || (got.StatusCode == 200) != (c.code == "") {
				t.Errorf("got %d %s, want %q", got.StatusCode, got.Code(), c.code)
			}
		})
	}
}

func TestAnAgentWhomACourtBarsFromTheirFamilyDoesNotOpenItsPapers(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	paper, agent := h.Papers("insurance", h.Children[0], "assurance"), h.ParentAgent(collectivity.Manager)
	o := family.Order{ID: "1", Kind: family.NoAccess, Guardian: h.Guardians[0], From: "2026-01-01", RecordedAt: town.Now, RecordedBy: "agent"}
	if err := h.MadeFamily.Store.RecordOrder(t.Context(), h.Household(), o, time.UTC); err != nil {
		t.Fatal(err)
	}
	town.Refused(t, town.Send(t, newHandler(), ask(h, paper, agent)), 403, "own_family")
}

func TestOpeningIsToldToTheFamily(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	carer := h.Carer(collectivity.Reader)
	link := town.Read[api.DocumentLink](t, newHandler(), ask(h, h.Papers("pai", h.Children[0], "projet"), carer), 200)
	if status, content := town.Follow(t, link.URL); status != 200 || content != "projet" {
		t.Errorf("it leads to %d %s", status, content)
	}
	read, _, err := h.MadeFamily.Store.Consultations(t.Context(), nil, "", 10)
	if err != nil || len(read) != 1 || read[0].By != carer.ID || read[0].Action != "open-document" || read[0].Read["document.pai"][0] != h.Children[0] {
		t.Errorf("the family sees %+v, %v", read, err)
	}
}
