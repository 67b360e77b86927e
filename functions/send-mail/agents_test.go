package main

import (
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/collectivity"
	"preau/shared/store"
)

// manager is the right of a manager of the office's town.
func (o office) manager(t *testing.T) (right store.AgentRight) {
	t.Helper()
	testkit.Within(t, o.table, func() {
		var err error
		right, err = o.app.store.AgentOf(t.Context(), account.CallerOf(o.Agent(collectivity.Manager).User, true), o.Slug, collectivity.Manager)
		must(t, err)
	})
	return right
}

func (o office) invite(t *testing.T, right store.AgentRight, email string) collectivity.Invitation {
	t.Helper()
	i, err := right.Invite(t.Context(), collectivity.Invitation{
		ID: o.Secret.Address(email), Email: email, FirstName: "Zéphyrine", LastName: "Durand", Role: collectivity.Reviewer, By: "Odile Test",
	}, o.clock.now())
	must(t, err)
	return i
}

func TestAnInvitationIsMailedWithTheLinkThatIsInForce(t *testing.T) {
	t.Parallel()
	o, email := opened(t), testkit.Address(t)
	right := o.manager(t)
	first := o.invite(t, right, email)
	second := o.invite(t, right, email)
	for _, n := range []string{"1", "2"} {
		o.send(t, batch(t, "invitation-"+o.Slug+"-"+first.ID+"-"+n))
	}
	got := testkit.Mails(t, email)
	if len(got) != 1 {
		t.Fatalf("got %d mails, want that of the second link", len(got))
	}
	token := o.Secret.Invitation(o.Slug, second.ID, 2)
	for _, has := range []string{"/" + o.Slug + "/invitation#" + token, "Odile Test (Ville de test)", "traiter les demandes", "lundi 30 novembre 2026 à 9 h 30"} {
		if !strings.Contains(got[0].Text, has) {
			t.Errorf("no %q in %s", has, got[0].Text)
		}
	}
	if strings.Contains(got[0].Text, "Durand") || got[0].Subject != "Invitation à rejoindre le portail famille – Ville de test" {
		t.Errorf("got %s: %s", got[0].Subject, got[0].Text)
	}
	if all, _ := o.everything(t); strings.Contains(all, token[strings.LastIndex(token, ".")+1:]) {
		t.Error("the table holds the token")
	}
}

func TestAnInvitationThatIsGoneIsNotMailed(t *testing.T) {
	t.Parallel()
	o, email := opened(t), testkit.Address(t)
	right := o.manager(t)
	i := o.invite(t, right, email)
	must(t, right.RemoveAgent(t.Context(), i.ID, town.Now))
	id := "invitation-" + o.Slug + "-" + i.ID + "-1"
	o.send(t, batch(t, id))
	if got := testkit.Mails(t, email); len(got) != 0 || o.outbox(t, id).text("outcome") != "moot" {
		t.Errorf("%d mails, %v", len(got), o.outbox(t, id))
	}
}

func TestAnotherAuthenticatorIsEnrolledByTheLatestLink(t *testing.T) {
	t.Parallel()
	o := opened(t)
	right := o.manager(t)
	must(t, right.ResetAuthenticator(t.Context(), right.Account.ID, town.Now))
	must(t, right.ResetAuthenticator(t.Context(), right.Account.ID, town.Now.Add(time.Minute)))
	for _, n := range []string{"1", "2"} {
		o.send(t, batch(t, "authenticator-"+right.Account.ID+"-"+n))
	}
	got := testkit.Mails(t, right.Account.Email)
	if len(got) != 1 || !strings.Contains(got[0].Text, "/authentification#"+o.Secret.Token("authenticator", right.Account.ID, 2)) || !strings.Contains(got[0].Text, "mardi 24 novembre 2026 à 9 h 31") {
		t.Errorf("got %+v", got)
	}
}
