package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/family"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open().ByClock(town.Clock)}.handle)
}

func ask(h town.Home, upload string) httpapi.Request {
	return h.Event("show-upload", map[string]string{"upload": upload})
}

func TestAnUploadTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says    string
		becomes family.Upload
		want    api.Upload
	}{
		{"awaited", family.Upload{State: family.Awaited}, api.Upload{State: "awaited"}},
		{"proposed", family.Upload{State: family.Proposed, Change: "f-c"}, api.Upload{State: "proposed", Change: "f-c"}},
		{"refused, with a sentence", family.Upload{State: family.Rejected, Code: "picture_too_large"}, api.Upload{
			State: "refused", Code: "picture_too_large", Detail: "Cette image est trop grande : 25 millions de pixels au plus, et 12 000 de côté.",
		}},
		{"refused because of the file it comes into", family.Upload{State: family.Rejected, Code: "member_gone"}, api.Upload{
			State: "refused", Code: "member_gone", Detail: "Cette personne ne fait plus partie du dossier.",
		}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa")
			c.becomes.ID = h.Announce(family.Upload{Purpose: family.PhotoUpload, About: h.Children[0]}).ID
			if err := h.MadeFamily.Store.SettleUpload(t.Context(), c.becomes); err != nil {
				t.Fatal(err)
			}
			c.want.Upload = c.becomes.ID
			if d := cmp.Diff(c.want, town.Read[api.Upload](t, newHandler(), ask(h, c.becomes.ID), 200)); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

func TestAnUploadIsItsSendersOnly(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	id := h.Announce(family.Upload{Purpose: family.PhotoUpload, About: h.Children[0]}).ID
	for says, c := range map[string]struct {
		of     account.Account
		upload string
		code   string
	}{
		"nobody sent it":                      {h.Account, "unknown", "upload_not_found"},
		"the other guardian of the same home": {h.Subscriber(h.MadeFamily, 1), id, "upload_not_found"},
		"a stranger":                          {h.Citizen(), id, "family_not_found"},
	} {
		town.Refused(t, town.Send(t, newHandler(), town.As(ask(h, c.upload), c.of)), 404, c.code)
		_ = says
	}
}
