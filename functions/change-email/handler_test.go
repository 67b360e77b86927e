package main

import (
	"maps"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/store"
)

func newHandler(now func() time.Time) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), identity.Open(), now}.handle, httpapi.Accepted)
}

func event(t *testing.T, a account.Account, email, password string) httpapi.Request {
	return town.As(town.Event(t, "change-email", map[string]string{"email": email, "password": password}), a)
}

func TestANewAddressWaitsForItsConfirmation(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	for _, a := range []account.Account{w.Citizen(), w.Agent(collectivity.Manager)} {
		email := testkit.Address(t)
		town.Read[api.Accepted](t, newHandler(town.Clock), event(t, a, " "+strings.ToUpper(email), town.Password), 202)
		after := w.Account(a.ID)
		if after.Email != a.Email || after.NewEmail != email || after.NewEmailLink.Issue != 1 || !after.NewEmailLink.At.Equal(town.Now) {
			t.Errorf("got %+v", after)
		}
		about, ok := town.Outbox(t, store.MailNewEmail, a.ID+"-1")
		if want := map[string]string{"account": a.ID, "issue": "1"}; !ok || !maps.Equal(about, want) {
			t.Errorf("got %v, want %v", about, want)
		}
	}
}

func TestAnAddressInUseIsAnsweredLikeAnyOther(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	h := newHandler(town.Clock)
	first := town.Send(t, h, event(t, a, testkit.Address(t), town.Password))
	again := town.Send(t, h, event(t, a, w.Citizen().Email, town.Password))
	if again.StatusCode != 202 || again.Response.Body != first.Response.Body || !maps.Equal(again.Headers, first.Headers) {
		t.Errorf("got %+v, want %+v", again.Response, first.Response)
	}
}

func TestTheLastAddressAskedForIsTheOne(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	first, second := testkit.Address(t), testkit.Address(t)
	for _, email := range []string{first, second} {
		town.Read[api.Accepted](t, newHandler(town.Clock), event(t, a, email, town.Password), 202)
	}
	if after := w.Account(a.ID); after.NewEmail != second || after.NewEmailLink.Issue != 2 {
		t.Errorf("got %+v", after)
	}
}

func TestWhatIsRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	cases := []struct {
		says, email, password string
		fields                []string
	}{
		{"a wrong password", testkit.Address(t), "pas le bon du tout", []string{"password wrong_password"}},
		{"an address that is none", "anne", town.Password, []string{"email email_invalid"}},
		{"the same address", strings.ToUpper(a.Email), town.Password, []string{"email email_same"}},
		{"nothing", "", "", []string{"email required", "password required"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			town.Refused(t, town.Send(t, newHandler(town.Clock), event(t, a, c.email, c.password)), 400, "invalid_input", c.fields...)
		})
	}
	if after := w.Account(a.ID); after.NewEmail != "" || after.NewEmailLink.Issue != 0 {
		t.Errorf("got %+v", after)
	}
}

// TestThePasswordCanNotBeGuessedWithASession that was left open or stolen.
func TestThePasswordCanNotBeGuessedWithASession(t *testing.T) {
	t.Parallel()
	w, at := town.New(t), town.Now
	now := func() time.Time { return at }
	h, wrong := newHandler(now), httpapi.SignedIn(app{store.Open(), town.RefusingPool(t, town.WrongPassword), now}.handle, httpapi.Accepted)
	a := w.Citizen()
	for n := range 10 {
		at = town.Now.Add(time.Duration(n) * time.Minute)
		town.Refused(t, town.Send(t, wrong, event(t, a, testkit.Address(t), "pas le bon du tout")), 400, "invalid_input", "password wrong_password")
	}
	reply := town.Send(t, h, event(t, a, testkit.Address(t), town.Password))
	town.Refused(t, reply, 429, "too_many_attempts", "password too_many_attempts")
	if reply.Headers["retry-after"] != "3060" {
		t.Errorf("it tells to wait %s s", reply.Headers["retry-after"])
	}
	at = town.Now.Add(time.Hour)
	town.Read[api.Accepted](t, h, event(t, a, testkit.Address(t), town.Password), 202)
}

func TestALockedUserIsToldToWait(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := httpapi.SignedIn(app{store.Open(), town.RefusingPool(t, town.Locked), town.Clock}.handle, httpapi.Accepted)
	reply := town.Send(t, h, event(t, w.Citizen(), testkit.Address(t), town.Password))
	town.Refused(t, reply, 429, "too_many_attempts", "password too_many_attempts")
	if reply.Headers["retry-after"] != "900" {
		t.Errorf("it tells to wait %s s", reply.Headers["retry-after"])
	}
}

func TestAnAccountHasThreeLinksAnHourMailed(t *testing.T) {
	t.Parallel()
	w, at := town.New(t), town.Now
	h := newHandler(func() time.Time { return at })
	a := w.Citizen()
	for range 3 {
		at = at.Add(time.Minute)
		town.Read[api.Accepted](t, h, event(t, a, testkit.Address(t), town.Password), 202)
	}
	reply := town.Send(t, h, event(t, a, testkit.Address(t), town.Password))
	town.Refused(t, reply, 429, "too_many_mails", "email too_many_mails")
	if reply.Headers["retry-after"] != "3480" {
		t.Errorf("it tells to wait %s s", reply.Headers["retry-after"])
	}
	at = at.Add(58 * time.Minute)
	town.Read[api.Accepted](t, h, event(t, a, testkit.Address(t), town.Password), 202)
}

// TestAskingForSomebodysAddressLeavesTheirMails: an address's own three an hour are for its owner's forgotten password.
func TestAskingForSomebodysAddressLeavesTheirMails(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	owner := w.Citizen()
	for range 3 {
		town.Read[api.Accepted](t, newHandler(town.Clock), event(t, w.Citizen(), owner.Email, town.Password), 202)
	}
	if wait, err := w.Env.Store.ReserveMail(t.Context(), w.Secret.Address(owner.Email), town.Now, account.NoticeLimits); wait > 0 || err != nil {
		t.Errorf("wait %s (%v)", wait, err)
	}
}

func TestAnEndedSessionChangesNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	w.Close(a)
	town.Refused(t, town.Send(t, newHandler(town.Clock), event(t, a, testkit.Address(t), town.Password)), 401, "session_ended")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	a, agent := w.Citizen(), w.Agent(collectivity.Reader)
	town.Rights(t, "change-email")
	h := handler(t.Context())
	town.Read[api.Accepted](t, h, event(t, a, testkit.Address(t), town.Password), 202)
	town.Read[api.Accepted](t, h, event(t, agent, testkit.Address(t), town.Password), 202)
}
