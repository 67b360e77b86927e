package main

import (
	"testing"
	"time"

	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle, httpapi.NoContent)
}

// opens says whether the account's session opens the family.
func opens(h town.Home) bool {
	h.T.Helper()
	_, err := h.Env.Store.FamilyOf(h.T.Context(), account.CallerOf(h.Account.User, false), h.ID)
	if err != nil && refusal.Code(err) != "family_not_found" {
		h.T.Fatal(err)
	}
	return err == nil
}

func TestUnsubscribingEndsTheRightAtOnce(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	other := h.NewHome("Tom")
	if !opens(h) {
		t.Fatal("the family was never open")
	}
	town.Read[api.Nothing](t, newHandler(), h.Event("unsubscribe", nil), 204)
	if opens(h) {
		t.Error("the family is still open")
	}
	if !opens(other) {
		t.Error("another's family is closed too")
	}
	about, ok := town.Outbox(t, store.MailUnsubscribed, h.Account.ID+"-"+h.ID+"-"+town.Stamp(town.Now))
	if !ok || about["account"] != h.Account.ID || about["slug"] != h.Slug {
		t.Errorf("the mail is about %v", about)
	}
	if reply := town.Send(t, newHandler(), h.Event("unsubscribe", nil)); reply.StatusCode != 404 || reply.Code() != "family_not_found" {
		t.Errorf("again: %d %s", reply.StatusCode, reply.Code())
	}
}

func TestWhatIsNotOnesOwnIsNotFound(t *testing.T) {
	t.Parallel()
	h, elsewhere := town.NewHome(t, "Léa"), town.NewHome(t, "Tom")
	cases := []struct{ says, family string }{
		{"another family of the town", h.NewHome("Zoé").ID},
		{"a family of another collectivity", elsewhere.ID},
		{"a family that nobody has", "01jd00000000000000000000zz"},
		{"a key of the table", h.ID + "#FILE"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			reply := town.Send(t, newHandler(), h.Event("unsubscribe", map[string]string{"family": c.family}))
			if reply.StatusCode != 404 || reply.Code() != "family_not_found" {
				t.Errorf("got %d %s", reply.StatusCode, reply.Code())
			}
		})
	}
}

// TestARightEndsThoughItsGuardianIsAnothers: moved by hand, or by an import.
func TestARightEndsThoughItsGuardianIsAnothers(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	r := testkit.Stack(t)
	text := func(s string) map[string]string { return map[string]string{"S": s} }
	err := emulators.DynamoDB(r.DynamoDB).Call(t.Context(), "UpdateItem", map[string]any{
		"TableName": r.Table, "Key": map[string]any{"PK": text("C#" + h.Slug + "#F#" + h.ID), "SK": text("FILE#GUARDIAN#" + h.Guardians[0])},
		"UpdateExpression": "SET Account = :other", "ExpressionAttributeValues": map[string]any{":other": text("another")},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	town.Read[api.Nothing](t, newHandler(), h.Event("unsubscribe", nil), 204)
	if opens(h) {
		t.Error("the family is still open")
	}
	if _, ok := town.Outbox(t, store.MailUnsubscribed, h.Account.ID+"-"+h.ID+"-"+town.Stamp(town.Now)); !ok {
		t.Error("nobody is told")
	}
}

func TestTenAtOnceEndOneSubscription(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	answers := map[int]int{}
	for _, status := range town.InParallel(10, func(int) int {
		return town.Send(t, newHandler(), h.Event("unsubscribe", nil)).StatusCode
	}) {
		answers[status]++
	}
	if answers[204] != 1 || answers[404] != 9 {
		t.Errorf("got %v", answers)
	}
}

func TestTheGuardianIsFreeForANewCode(t *testing.T) {
	t.Parallel()
	h := town.NewHome(t, "Léa")
	town.Read[api.Nothing](t, newHandler(), h.Event("unsubscribe", nil), 204)
	for n, who := range []account.Account{h.Account, h.Citizen()} {
		now := town.Now.Add(time.Duration(n+1) * time.Hour)
		typed, err := h.IssueCode(t.Context(), h.MadeFamily.Store, h.Guardians[0])
		if err != nil {
			t.Fatal(err)
		}
		c, err := h.Env.Store.TryCode(t.Context(), h.Secret.Code, typed, who.ID, now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Env.Store.Subscribe(t.Context(), who, c, now); err != nil {
			t.Fatalf("account %d: %v", n, err)
		}
		h.Account = who
		if !opens(h) {
			t.Errorf("account %d: closed", n)
		}
		later := httpapi.SignedIn(app{store.Open(), func() time.Time { return now }}.handle, httpapi.NoContent)
		town.Read[api.Nothing](t, later, h.Event("unsubscribe", nil), 204)
	}
}
