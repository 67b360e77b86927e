package main

import (
	"strings"
	"testing"
	"time"

	"preau/infra/seed"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/store"
)

// chosen is the password that a person signs up with.
const chosen = "le mot de passe choisi"

func newHandler(w *town.Town, now func() time.Time) httpapi.Handler {
	return httpapi.Anyone(app{store.Open(), identity.Open(), w.Secret, now}.handle)
}

func event(t *testing.T, token, password string) httpapi.Request {
	return town.Event(t, "activate-account", map[string]string{"token": token, "password": password})
}

// withCode gives a sign-up a subscriber code.
func withCode(w *town.Town, typed string) func(*account.Attempt) {
	return func(a *account.Attempt) { a.CodeHash = w.Secret.Code(strings.ReplaceAll(typed, "-", "")) }
}

func TestTheLinkAndThePasswordOpenTheAccountAndASession(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	s := w.SignedUp(testkit.Address(t), chosen, town.Now.Add(-time.Hour))
	reply := town.Send(t, newHandler(w, town.Clock), event(t, s.Token(0), chosen))
	if reply.StatusCode != 200 || reply.Body["expiresIn"] != 900.0 || reply.Body["accessToken"] == "" || len(reply.Body) != 2 {
		t.Fatalf("got %+v", reply)
	}
	if len(reply.Cookies) != 1 || !strings.HasPrefix(reply.Cookies[0], "preau_session=c~"+s.User+"~") {
		t.Errorf("got %v", reply.Cookies)
	}
	me, err := w.Env.Store.Me(t.Context(), account.CallerOf(s.User, false))
	if err != nil {
		t.Fatal(err)
	}
	if me.ID != s.ID || me.Email != s.Email || me.Person != s.Person || me.Collectivity != w.Slug || me.TermsVersion != "2026-09" || !me.TermsAt.Equal(s.CreatedAt) || !me.CreatedAt.Equal(town.Now) || me.Agent || me.CodeRefused != "" {
		t.Errorf("got %+v", me)
	}
	if owner, err := w.Env.Store.Claimed(t.Context(), s.Address); owner != s.ID || err != nil {
		t.Errorf("the address is %q's (%v)", owner, err)
	}
}

func TestAHundredPostsActivateOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f := w.Family("Léa")
	s := w.SignedUp(testkit.Address(t), chosen, town.Now, withCode(w, f.Codes[0]))
	h, r := newHandler(w, town.Clock), event(t, s.Token(0), chosen)
	activated := 0
	for _, reply := range town.InParallel(100, func(int) town.Reply { return town.Send(t, h, r) }) {
		switch {
		case reply.StatusCode == 200:
			activated++
		case reply.StatusCode != 410 || reply.Code() != "link_used" || len(reply.Cookies) > 0:
			t.Errorf("got %+v", reply)
		}
	}
	subs, err := w.Env.Store.Subscriptions(t.Context(), s.ID)
	if activated != 1 || len(subs) != 1 || err != nil {
		t.Errorf("activated %d times, with %d subscriptions (%v)", activated, len(subs), err)
	}
	if me := w.Account(s.ID); me.CodeRefused != "" {
		t.Errorf("its code was refused as %s", me.CodeRefused)
	}
}

// TestTheStrangersPasswordOpensNothing: whoever signs up with my address has their link mailed to me.
func TestTheStrangersPasswordOpensNothing(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	const theirs = "le mot de passe d’un autre"
	stranger := w.SignedUp(email, theirs, town.Now.Add(-time.Minute))
	owner := w.SignedUp(email, chosen, town.Now)
	h := newHandler(w, town.Clock)
	for says, r := range map[string]httpapi.Request{"the stranger's link with the owner's password": event(t, stranger.Token(0), chosen), "the owner's link with the stranger's": event(t, owner.Token(0), theirs)} {
		t.Run(says, func(t *testing.T) {
			town.Refused(t, town.Send(t, h, r), 401, "wrong_password", "password wrong_password")
		})
	}
	town.Read[api.Session](t, h, event(t, owner.Token(0), chosen), 200)
	town.Refused(t, town.Send(t, h, event(t, stranger.Token(0), theirs)), 409, "email_taken")
	if w.Account(owner.ID).User != owner.User {
		t.Error("the account is not the owner's")
	}
	if _, err := w.Env.Store.Me(t.Context(), account.CallerOf(stranger.User, false)); err == nil {
		t.Error("the stranger's user is somebody")
	}
}

func TestTheEarlierOfTwoSignUpsStillActivates(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	first := w.SignedUp(email, chosen, town.Now.Add(-time.Hour))
	second := w.SignedUp(email, chosen, town.Now)
	h := newHandler(w, town.Clock)
	town.Read[api.Session](t, h, event(t, first.Token(0), chosen), 200)
	town.Refused(t, town.Send(t, h, event(t, second.Token(0), chosen)), 409, "email_taken")
	if second.Again().Activated {
		t.Error("the refused one counts as activated")
	}
}

func TestTwoSignUpsOfOneAddressActivateAtOnceAsOne(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	signUps := []town.SignUp{w.SignedUp(email, chosen, town.Now.Add(-time.Hour)), w.SignedUp(email, chosen, town.Now)}
	h := newHandler(w, town.Clock)
	replies := town.InParallel(2, func(n int) town.Reply { return town.Send(t, h, event(t, signUps[n].Token(0), chosen)) })
	won := 0
	if replies[1].StatusCode == 200 {
		won = 1
	}
	town.Refused(t, replies[1-won], 409, "email_taken")
	if owner, err := w.Env.Store.Claimed(t.Context(), signUps[0].Address); replies[won].StatusCode != 200 || owner != signUps[won].ID || err != nil {
		t.Errorf("got %d, the address is %q's (%v)", replies[won].StatusCode, owner, err)
	}
}

func TestALinkThatOpensNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	s, done, mistaken := w.SignedUp(testkit.Address(t), chosen, town.Now), w.SignedUp(testkit.Address(t), chosen, town.Now), w.SignedUp(testkit.Address(t), chosen, town.Now)
	town.Read[api.Session](t, newHandler(w, town.Clock), event(t, done.Token(0), chosen), 200)
	subject := s.Address + "-" + s.ID
	cases := []struct {
		says     string
		token    string
		password string
		later    time.Duration
		status   int
		code     string
		fields   []string
	}{
		{"used", done.Token(0), chosen, 0, 410, "link_used", nil},
		{"used, whatever the password", done.Token(0), "un autre mot de passe", 0, 410, "link_used", nil},
		{"used long ago", done.Token(0), chosen, 48 * time.Hour, 410, "link_used", nil},
		{"expired after 24 hours", s.Token(0), chosen, 24 * time.Hour, 410, "link_expired", nil},
		{"never sent", s.Token(1), chosen, 0, 410, "link_expired", nil},
		{"of a sign-up that was erased", w.Secret.Token("activation", s.Address+"-none", 0), chosen, 0, 410, "link_expired", nil},
		{"of a sign-up at another address", w.Secret.Token("activation", done.Address+"-"+s.ID, 0), chosen, 0, 410, "link_expired", nil},
		{"without a sign-up", w.Secret.Token("activation", "", 0), chosen, 0, 410, "link_expired", nil},
		{"of another kind", w.Secret.Token("reset", subject, 0), chosen, 0, 400, "link_invalid", []string{"token link_invalid"}},
		{"tampered with", strings.Replace(s.Token(0), s.ID, done.ID, 1), chosen, 0, 400, "link_invalid", []string{"token link_invalid"}},
		{"cut short by the mail program", s.Token(0)[:len(s.Token(0))-2], chosen, 0, 400, "link_invalid", []string{"token link_invalid"}},
		{"no link", "bonjour", chosen, 0, 400, "link_invalid", []string{"token link_invalid"}},
		{"too long", strings.Repeat("a", 201), chosen, 0, 400, "invalid_input", []string{"token too_long"}},
		{"with a wrong password", mistaken.Token(0), "un autre mot de passe", 0, 401, "wrong_password", []string{"password wrong_password"}},
		{"with no password", mistaken.Token(0), "", 0, 400, "invalid_input", []string{"password required"}},
		{"empty, and no password", "", "", 0, 400, "invalid_input", []string{"token required", "password required"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			h := newHandler(w, func() time.Time { return town.Now.Add(c.later) })
			reply := town.Send(t, h, event(t, c.token, c.password))
			town.Refused(t, reply, c.status, c.code, c.fields...)
			if len(reply.Cookies) > 0 {
				t.Errorf("got %v", reply.Cookies)
			}
		})
	}
	town.Read[api.Session](t, newHandler(w, town.Clock), event(t, mistaken.Token(0), chosen), 200) // a wrong password cost nothing
}

// TestWhoReadsTheMailCanNotGuessThePassword: the link alone gives a few tries an hour.
func TestWhoReadsTheMailCanNotGuessThePassword(t *testing.T) {
	t.Parallel()
	w, at := town.New(t), town.Now
	now := func() time.Time { return at }
	h, wrong := newHandler(w, now), httpapi.Anyone(app{store.Open(), town.RefusingPool(t, town.WrongPassword), w.Secret, now}.handle)
	s := w.SignedUp(testkit.Address(t), chosen, town.Now)
	for n := range 10 {
		at = town.Now.Add(time.Duration(n) * time.Minute)
		town.Refused(t, town.Send(t, wrong, event(t, s.Token(0), "un autre mot de passe")), 401, "wrong_password", "password wrong_password")
	}
	reply := town.Send(t, h, event(t, s.Token(0), chosen))
	town.Refused(t, reply, 429, "too_many_attempts", "password too_many_attempts")
	if reply.Headers["retry-after"] != "3060" {
		t.Errorf("it tells to wait %s s", reply.Headers["retry-after"])
	}
	at = town.Now.Add(time.Hour)
	town.Read[api.Session](t, h, event(t, s.Token(0), chosen), 200)
}

// TestAStrangersTriesAreNoWrongPasswordOfMine: sign-in tries any password on the sign-ups that wait, until Cognito locks
// them for a while.
func TestAStrangersTriesAreNoWrongPasswordOfMine(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	s := w.SignedUp(testkit.Address(t), chosen, town.Now)
	locked := httpapi.Anyone(app{store.Open(), town.RefusingPool(t, town.Locked), w.Secret, town.Clock}.handle)
	reply := town.Send(t, locked, event(t, s.Token(0), chosen))
	town.Refused(t, reply, 429, "too_many_attempts", "password too_many_attempts")
	if reply.Headers["retry-after"] != "900" {
		t.Errorf("it tells to wait %s s", reply.Headers["retry-after"])
	}
	town.Read[api.Session](t, newHandler(w, town.Clock), event(t, s.Token(0), chosen), 200)
}

func TestALinkThatWasSentAgainIsGoodForADayOfItsOwn(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	s := w.SignedUp(testkit.Address(t), chosen, town.Now.Add(-30*time.Hour))
	if err := w.Env.Store.AgainAttempts(t.Context(), s.Address, []account.Attempt{s.Again()}, town.Now.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	h := newHandler(w, town.Clock)
	town.Refused(t, town.Send(t, h, event(t, s.Token(0), chosen)), 410, "link_expired")
	town.Read[api.Session](t, h, event(t, s.Token(1), chosen), 200)
	town.Refused(t, town.Send(t, h, event(t, s.Token(1), chosen)), 410, "link_used")
}

func TestASignUpCutShortBeforeItsUserWasMadeActivatesNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	s := w.SignedUp(testkit.Address(t), chosen, town.Now)
	unready := s.Attempt
	unready.ID = s.ID + "x"
	if err := w.Env.Store.AddAttempt(t.Context(), s.Address, unready); err != nil {
		t.Fatal(err)
	}
	token := w.Secret.Token("activation", s.Address+"-"+unready.ID, 0)
	town.Refused(t, town.Send(t, newHandler(w, town.Clock), event(t, token, chosen)), 410, "link_expired")
}

func TestACodeGivenAtSignUpSubscribes(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f := w.Family("Léa")
	s := w.SignedUp(testkit.Address(t), chosen, town.Now, withCode(w, f.Codes[1]))
	town.Read[api.Session](t, newHandler(w, town.Clock), event(t, s.Token(0), chosen), 200)
	right, err := w.Env.Store.FamilyOf(t.Context(), account.CallerOf(s.User, false), f.ID)
	if err != nil || right.Guardian != f.Guardians[1] {
		t.Errorf("got guardian %q (%v)", right.Guardian, err)
	}
	if _, ok := town.Outbox(t, store.MailSubscribed, s.ID+"-"+f.ID+"-"+town.Stamp(town.Now)); !ok {
		t.Error("no mail tells of it")
	}
}

func TestACodeThatOpensNothingLeavesTheAccountAndTheReason(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f := w.Family("Léa")
	w.Subscriber(f, 0)
	second, err := w.IssueCode(t.Context(), f.Store, f.Guardians[0])
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		says   string
		change func(*account.Attempt)
		at     time.Time
		reason string
	}{
		{"mistyped", func(a *account.Attempt) { a.CodeWrong = true }, town.Now, "code_unknown"},
		{"nobody's", withCode(w, "0000-0000-0000"), town.Now, "code_unknown"},
		{"used by another", withCode(w, f.Codes[0]), town.Now, "code_used"},
		{"of a guardian who has an account", withCode(w, second), town.Now, "guardian_subscribed"},
		{"expired", withCode(w, f.Codes[1]), town.Now.AddDate(2, 0, 0), "code_expired"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			s := w.SignedUp(testkit.Address(t), chosen, c.at, c.change)
			town.Read[api.Session](t, newHandler(w, func() time.Time { return c.at }), event(t, s.Token(0), chosen), 200)
			subs, err := w.Env.Store.Subscriptions(t.Context(), s.ID)
			if got := w.Account(s.ID).CodeRefused; got != c.reason || len(subs) != 0 || err != nil {
				t.Errorf("got %q and %d subscriptions (%v), want %q", got, len(subs), err, c.reason)
			}
		})
	}
}

func TestTwoPersonsWithOneCodeBothGetAnAccountAndOneTheFamily(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	for range 5 {
		f := w.Family("Léa")
		signUps := []town.SignUp{twin(w, f), twin(w, f)}
		h := newHandler(w, town.Clock)
		for _, reply := range town.InParallel(2, func(n int) town.Reply { return town.Send(t, h, event(t, signUps[n].Token(0), chosen)) }) {
			if reply.StatusCode != 200 {
				t.Errorf("got %+v", reply)
			}
		}
		refused := w.Account(signUps[0].ID).CodeRefused + w.Account(signUps[1].ID).CodeRefused
		if refused != "code_used" {
			t.Errorf("the reasons are %q", refused)
		}
	}
}

func twin(w *town.Town, f seed.MadeFamily) town.SignUp {
	return w.SignedUp(testkit.Address(w.T), chosen, town.Now, withCode(w, f.Codes[0]))
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	f := w.Family("Léa")
	s := w.SignedUp(testkit.Address(t), chosen, time.Now(), withCode(w, f.Codes[0]))
	r := event(t, s.Token(0), chosen)
	town.Rights(t, "activate-account")
	town.Read[api.Session](t, handler(t.Context()), r, 200)
}
