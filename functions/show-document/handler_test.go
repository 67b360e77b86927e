package main

import (
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/calendar"
	"preau/shared/family"
	"preau/shared/files"
	"preau/shared/httpapi"
	"preau/shared/keys"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().Sealing(keys.Vault()), files.Open(), calendar.Now}.handle)
}

func ask(h town.Home, document string) httpapi.Request {
	return h.Event("show-document", map[string]string{"document": document})
}

// paper is a document of the family, accepted.
func paper(h town.Home, kind, about string) string {
	h.T.Helper()
	return h.Papers(kind, about, "attestation")
}

func TestADocumentOpensByALinkOfAMinute(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	link := town.Read[api.DocumentLink](t, newHandler(), ask(h, paper(h, "insurance", h.Children[0])), 200)
	if link.Name != "attestation-d’assurance.pdf" || link.Type != "application/pdf" || !strings.Contains(link.URL, "X-Amz-Expires=60&") {
		t.Errorf("got %+v", link)
	}
	if status, content := town.Follow(t, link.URL); status != 200 || content != "attestation" {
		t.Errorf("it leads to %d %s", status, content)
	}
}

func TestADocumentIsShownToWhomItConcerns(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	apart := w.Separated("Zoé")
	anne := town.Home{Town: w, MadeFamily: apart, Account: w.Subscriber(apart, 0)}
	paul := w.Subscriber(apart, 1)
	mine, childs := paper(anne, "tax_notice", apart.Guardians[0]), paper(anne, "pai", apart.Children[0])
	cases := []struct {
		says     string
		who      account.Account
		document string
		code     string
	}{
		{"whom it is about", anne.Account, mine, ""},
		{"a parent, of a child", paul, childs, ""},
		{"the parent who lives elsewhere", paul, mine, "member_not_found"},
		{"a stranger", w.Citizen(), childs, "family_not_found"},
		{"nobody has such a document", anne.Account, "unknown", "member_not_found"},
		{"a child is no document", anne.Account, apart.Children[0], "member_not_found"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			got := town.Send(t, newHandler(), town.As(ask(anne, c.document), c.who))
			if got.Code() != c.code || (got.StatusCode == 200) != (c.code == "") {
				t.Errorf("got %d %s, want %q", got.StatusCode, got.Code(), c.code)
			}
		})
	}
}

func TestADocumentThatWasRemovedIsGone(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	document := paper(h, "insurance", h.Children[0])
	h.Remove(family.Document, document)
	town.Refused(t, town.Send(t, newHandler(), ask(h, document)), 404, "member_not_found")
}
