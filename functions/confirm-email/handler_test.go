package main

import (
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
)

func newHandler(w *town.Town, now func() time.Time) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), w.Secret, now}.handle)
}

func event(t *testing.T, a account.Account, token string) httpapi.Request {
	return town.As(town.Event(t, "confirm-email", map[string]string{"token": token}), a)
}

// asked has a link to a new address mailed and answers its token.
func asked(w *town.Town, a account.Account, email string, at time.Time) string {
	w.T.Helper()
	now := w.Account(a.ID)
	if err := w.Env.Store.AskEmail(w.T.Context(), now, email, at); err != nil {
		w.T.Fatal(err)
	}
	return w.Secret.Token("email", a.ID, now.NewEmailLink.Issue+1)
}

// owner says which account holds an address.
func owner(w *town.Town, email string) string {
	w.T.Helper()
	id, err := w.Env.Store.Claimed(w.T.Context(), w.Secret.Address(email))
	if err != nil {
		w.T.Fatal(err)
	}
	return id
}

func TestAConfirmedAddressReplacesTheOldOneWhichIsTold(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a, email := w.Citizen(), testkit.Address(t)
	me := town.Read[api.Me](t, newHandler(w, town.Clock), event(t, a, asked(w, a, email, town.Now)), 200)
	after := w.Account(a.ID)
	if me.Email != email || me.NewEmail != "" || after.Email != email || after.NewEmail != "" || after.Former(1) != a.Email || after.User != a.User {
		t.Errorf("shown %+v, kept %+v", me, after)
	}
	if owner(w, email) != a.ID || owner(w, a.Email) != "" {
		t.Errorf("the addresses are %q's and %q's", owner(w, email), owner(w, a.Email))
	}
	if about, ok := town.Outbox(t, store.MailEmailChanged, a.ID+"-1"); !ok || about["account"] != a.ID || about["issue"] != "1" {
		t.Error("the old address is not told")
	}
}

func TestAnAddressThatBecameFreeIsAnothers(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a, b := w.Citizen(), w.Citizen()
	h := newHandler(w, town.Clock)
	town.Read[api.Me](t, h, event(t, a, asked(w, a, testkit.Address(t), town.Now)), 200)
	town.Read[api.Me](t, h, event(t, b, asked(w, b, a.Email, town.Now)), 200)
	if owner(w, a.Email) != b.ID {
		t.Errorf("it is %q's", owner(w, a.Email))
	}
}

func TestAnAddressTakenMeanwhileIsRefused(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a, other, email := w.Citizen(), w.Citizen(), testkit.Address(t)
	h := newHandler(w, town.Clock)
	first, second := asked(w, a, email, town.Now), asked(w, other, email, town.Now)
	town.Read[api.Me](t, h, event(t, other, second), 200)
	town.Refused(t, town.Send(t, h, event(t, a, first)), 409, "email_taken")
	if after := w.Account(a.ID); after.Email != a.Email || owner(w, a.Email) != a.ID || owner(w, email) != other.ID {
		t.Errorf("got %+v", after)
	}
}

func TestTwoAccountsConfirmOneAddressAtOnce(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	accounts := []account.Account{w.Citizen(), w.Citizen()}
	tokens := []string{asked(w, accounts[0], email, town.Now), asked(w, accounts[1], email, town.Now)}
	h := newHandler(w, town.Clock)
	replies := town.InParallel(2, func(n int) town.Reply { return town.Send(t, h, event(t, accounts[n], tokens[n])) })
	won := 0
	if replies[1].StatusCode == 200 {
		won = 1
	}
	town.Refused(t, replies[1-won], 409, "email_taken")
	if replies[won].StatusCode != 200 || owner(w, email) != accounts[won].ID {
		t.Errorf("got %+v", replies[won])
	}
}

func TestALinkWorksOnceHoweverManyComeAtOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	h, r := newHandler(w, town.Clock), event(t, a, asked(w, a, testkit.Address(t), town.Now))
	confirmed := 0
	for _, reply := range town.InParallel(10, func(int) town.Reply { return town.Send(t, h, r) }) {
		if reply.StatusCode == 200 {
			confirmed++
		} else {
			town.Refused(t, reply, 410, "link_used")
		}
	}
	if confirmed != 1 {
		t.Errorf("confirmed %d times", confirmed)
	}
}

// TestTheLinkAloneIsNotEnough: were the new address mistyped, its owner would get the account.
func TestTheLinkAloneIsNotEnough(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a, email := w.Citizen(), testkit.Address(t)
	token := asked(w, a, email, town.Now)
	h := newHandler(w, town.Clock)
	town.Refused(t, town.Send(t, h, event(t, w.Citizen(), token)), 400, "link_invalid", "token link_invalid")
	anonymous := event(t, a, token)
	anonymous.RequestContext.Authorizer = nil
	town.Refused(t, town.Send(t, h, anonymous), 401, "access_token_required")
	retired := a
	retired.User = a.ID + ".0000000000000000"
	town.Refused(t, town.Send(t, h, event(t, retired, token)), 401, "session_ended")
	if owner(w, email) != "" || w.Account(a.ID).Email != a.Email {
		t.Error("something changed")
	}
}

func TestALinkThatConfirmsNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := newHandler(w, town.Clock)
	a, used, replaced, expired, never := w.Citizen(), w.Citizen(), w.Citizen(), w.Citizen(), w.Citizen()
	good, usedToken := asked(w, a, testkit.Address(t), town.Now), asked(w, used, testkit.Address(t), town.Now)
	old, late := asked(w, replaced, testkit.Address(t), town.Now), asked(w, expired, testkit.Address(t), town.Now.Add(-24*time.Hour))
	newer := asked(w, replaced, testkit.Address(t), town.Now)
	town.Read[api.Me](t, h, event(t, used, usedToken), 200)
	cases := []struct {
		says   string
		who    account.Account
		token  string
		status int
		code   string
		fields []string
	}{
		{"used", used, usedToken, 410, "link_used", nil},
		{"replaced by a later one", replaced, old, 410, "link_expired", nil},
		{"expired after 24 hours", expired, late, 410, "link_expired", nil},
		{"never sent", never, w.Secret.Token("email", never.ID, 1), 410, "link_used", nil},
		{"of another kind", a, w.Secret.Token("reset", a.ID, 1), 400, "link_invalid", []string{"token link_invalid"}},
		{"tampered with", a, strings.Replace(good, ".1.", ".2.", 1), 400, "link_invalid", []string{"token link_invalid"}},
		{"empty", a, "", 400, "invalid_input", []string{"token required"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			town.Refused(t, town.Send(t, h, event(t, c.who, c.token)), c.status, c.code, c.fields...)
		})
	}
	town.Read[api.Me](t, h, event(t, replaced, newer), 200)
}

// TestALinkThatWentToTheOldAddressSetsNoPasswordAnyMore: whoever reads that mailbox must not get the account back.
func TestALinkThatWentToTheOldAddressSetsNoPasswordAnyMore(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	token := asked(w, a, testkit.Address(t), town.Now)
	if err := w.Env.Store.AskReset(t.Context(), w.Account(a.ID), town.Now); err != nil {
		t.Fatal(err)
	}
	town.Read[api.Me](t, newHandler(w, town.Clock), event(t, a, token), 200)
	after := w.Account(a.ID)
	if code := refusal.Code(after.Reset.Good(1, account.ResetLife, town.Now)); code != "link_used" {
		t.Errorf("got %q", code)
	}
	if err := w.Env.Store.AskReset(t.Context(), after, town.Now); err != nil {
		t.Fatal(err)
	}
	if link := w.Account(a.ID).Reset; link.Good(2, account.ResetLife, town.Now) != nil {
		t.Errorf("the next one is no good: %+v", link)
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	a := w.Citizen()
	r := event(t, a, asked(w, a, testkit.Address(t), time.Now()))
	town.Rights(t, "confirm-email")
	town.Read[api.Me](t, handler(t.Context()), r, 200)
}
