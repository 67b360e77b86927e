package main

import (
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler(w *town.Town, now time.Time) httpapi.Handler {
	return httpapi.Anyone(app{store.Open(), w.Secret, func() time.Time { return now }}.handle)
}

func event(w *town.Town, token string) httpapi.Request {
	return town.Event(w.T, "preview-invitation", map[string]string{"token": token})
}

func TestALinkTellsWhatItGives(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	manager, citizen, email := w.Agent(collectivity.Manager), w.Citizen(), testkit.Address(t)
	for address, has := range map[string]bool{email: false, citizen.Email: true} {
		_, token := w.Invite(manager, address, collectivity.Reviewer)
		got := town.Read[api.InvitationPreview](t, newHandler(w, town.Now), event(w, token), 200)
		want := api.InvitationPreview{
			Collectivity: api.CollectivityName{Slug: w.Slug, Name: "Ville de test"}, Email: address, FirstName: "Claire", LastName: "Petit",
			Role: "reviewer", Until: "2026-11-30T08:30:00Z", HasAccount: has,
		}
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		town.Refused(t, town.Send(t, newHandler(w, town.Now.AddDate(0, 0, 7)), event(w, token)), 410, "invitation_expired")
	}
}

func TestALinkThatIsNone(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	town.Refused(t, town.Send(t, newHandler(w, town.Now), event(w, "x.1.y")), 400, "link_invalid", "token link_invalid")
	town.Refused(t, town.Send(t, newHandler(w, town.Now), event(w, w.Secret.Invitation(w.Slug, "nobody", 1))), 410, "invitation_expired")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.NewNow(t)
	_, token := w.Invite(w.Agent(collectivity.Manager), testkit.Address(t), collectivity.Reader)
	town.Rights(t, "preview-invitation")
	town.Read[api.InvitationPreview](t, handler(t.Context()), event(w, token), 200)
}
