package main

import (
	"maps"
	"strconv"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/captcha"
	"preau/shared/httpapi"
	"preau/shared/store"
)

const chosen = "le mot de passe choisi"

func newHandler(w *town.Town, now func() time.Time) httpapi.Handler {
	a := app{store.Open(), w.Secret, captcha.Of(w.Secret.Key("captcha")), now}
	return httpapi.Anyone(a.handle, httpapi.Accepted)
}

func event(w *town.Town, email string, at time.Time) httpapi.Request {
	return town.Event(w.T, "resend-activation", map[string]string{"email": email, "captcha": w.Captcha(at)})
}

// told says whether the outbox tells an address's owner, at an instant, that there is an account.
func told(w *town.Town, email string, at time.Time) (owner string, ok bool) {
	w.T.Helper()
	about, ok := town.Outbox(w.T, store.MailHasAccount, w.Secret.Address(email)+"-"+town.Stamp(at))
	return about["account"], ok
}

func TestAnotherLinkIsMailed(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	s := w.SignedUp(testkit.Address(t), chosen, town.Now.Add(-20*time.Hour))
	town.Read[api.Accepted](t, newHandler(w, town.Clock), event(w, s.Email, town.Now), 202)
	again := s.Again()
	if len(again.Links) != 2 || !again.Links[1].Equal(town.Now) || again.ActivationDue(1, town.Now.Add(23*time.Hour)) != nil || again.ActivationDue(0, town.Now) != nil {
		t.Errorf("got %v", again.Links)
	}
	about, ok := town.Outbox(t, store.MailActivations, s.ID+"-1")
	if want := map[string]string{"address": s.Address, "issue": town.Stamp(town.Now)}; !ok || !maps.Equal(about, want) {
		t.Errorf("got %v, want %v", about, want)
	}
}

func TestTheAnswerIsTheSameWhateverTheAddress(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := newHandler(w, town.Clock)
	a, s := w.Citizen(), w.SignedUp(testkit.Address(t), chosen, town.Now)
	first := town.Send(t, h, event(w, testkit.Address(t), town.Now))
	for says, email := range map[string]string{"an account's": a.Email, "a sign-up's": s.Email} {
		for _, again := range []string{"once", "twice", "three times", "four times", "five times"} {
			if reply := town.Send(t, h, event(w, email, town.Now)); reply.StatusCode != 202 || reply.Response.Body != first.Response.Body || !maps.Equal(reply.Headers, first.Headers) {
				t.Errorf("%s, %s: got %+v, want %+v", says, again, reply.Response, first.Response)
			}
		}
	}
}

func TestTheOwnerOfAnAccountIsToldThatThereIsOne(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	s := w.SignedUp(a.Email, "le mot de passe d’un autre", town.Now) // a stranger's, which can not activate any more
	town.Read[api.Accepted](t, newHandler(w, town.Clock), event(w, a.Email, town.Now), 202)
	if owner, ok := told(w, a.Email, town.Now); !ok || owner != a.ID {
		t.Errorf("%q is told", owner)
	}
	if n := len(s.Again().Links); n != 1 {
		t.Errorf("the stranger's sign-up has %d links", n)
	}
}

func TestAtMostThreeLinksAnHourAreMailedToAnAddress(t *testing.T) {
	t.Parallel()
	w, at := town.New(t), town.Now
	h := newHandler(w, func() time.Time { return at })
	s := w.SignedUp(testkit.Address(t), chosen, town.Now)
	for _, c := range []struct {
		later time.Duration
		links int // with the first
	}{
		{1 * time.Minute, 2},
		{2 * time.Minute, 3},
		{3 * time.Minute, 4},
		{4 * time.Minute, 4},
		{59 * time.Minute, 4},
		{61 * time.Minute, 5}, // an hour after the first of the three
		{61 * time.Minute, 5},
		{62 * time.Minute, 6},
	} {
		at = town.Now.Add(c.later)
		town.Read[api.Accepted](t, h, event(w, s.Email, at), 202)
		if n := len(s.Again().Links); n != c.links {
			t.Errorf("after %s: %d links, want %d", c.later, n, c.links)
		}
	}
}

func TestRequestsAtOnceMailNoMoreLinksAndAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := newHandler(w, town.Clock)
	a, s := w.Citizen(), w.SignedUp(testkit.Address(t), chosen, town.Now)
	var events []httpapi.Request
	for i := range 16 {
		events = append(events, event(w, []string{a.Email, s.Email}[i%2], town.Now))
	}
	for _, reply := range town.InParallel(len(events), func(n int) town.Reply { return town.Send(t, h, events[n]) }) {
		if reply.StatusCode != 202 {
			t.Errorf("got %+v", reply)
		}
	}
	if n := len(s.Again().Links); n < 2 || n > 4 {
		t.Errorf("%d links, want 2 to 4", n)
	}
}

// TestAStrangerLeavesMailsForAForgottenPassword: telling the owner counts as a mail, and is done once an hour.
func TestAStrangerLeavesMailsForAForgottenPassword(t *testing.T) {
	t.Parallel()
	w, at := town.New(t), town.Now
	h := newHandler(w, func() time.Time { return at })
	a := w.Citizen()
	for n := range 5 {
		at = town.Now.Add(time.Duration(n) * time.Minute)
		town.Read[api.Accepted](t, h, event(w, a.Email, at), 202)
		if _, ok := told(w, a.Email, at); ok != (n == 0) {
			t.Errorf("the %dth time: told = %v", n+1, ok)
		}
	}
	for n := range 3 {
		wait, err := w.Env.Store.ReserveMail(t.Context(), w.Secret.Address(a.Email), at, account.MailLimits)
		if left := wait == 0; err != nil || left != (n < 2) {
			t.Errorf("a %dth mail is left: %v (%v)", n+1, left, err)
		}
	}
	at = town.Now.Add(2 * time.Hour)
	town.Read[api.Accepted](t, h, event(w, a.Email, at), 202)
	if _, ok := told(w, a.Email, at); !ok {
		t.Error("two hours later the owner is not told again")
	}
}

// TestStrangersSignUpsLeaveMineItsLink: one letter has the links of all, and counts as one mail.
func TestStrangersSignUpsLeaveMineItsLink(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	mine := w.SignedUp(email, chosen, town.Now.Add(-time.Hour))
	var last town.SignUp
	for n := range account.MaxWaiting - 1 {
		last = w.SignedUp(email, "le mot de passe d’un autre", town.Now.Add(time.Duration(n-30)*time.Minute))
	}
	h := newHandler(w, town.Clock)
	for n := range 3 {
		town.Read[api.Accepted](t, h, event(w, email, town.Now), 202)
		if got := len(mine.Again().Links); got != n+2 {
			t.Errorf("after %d mails mine has %d links", n+1, got)
		}
		if _, ok := town.Outbox(t, store.MailActivations, last.ID+"-"+strconv.Itoa(n+1)); !ok {
			t.Errorf("letter %d is not mailed", n+1)
		}
		if _, ok := town.Outbox(t, store.MailActivation, mine.ID+"-"+strconv.Itoa(n+1)); ok {
			t.Error("mine is mailed apart")
		}
	}
	town.Read[api.Accepted](t, h, event(w, email, town.Now), 202)
	if got := len(mine.Again().Links); got != 4 {
		t.Errorf("the fourth mail of an hour: %d links", got)
	}
}

func TestOnlyTheNewestSignUpsAreLookedAt(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	old := w.SignedUp(email, chosen, town.Now.Add(-48*time.Hour))
	for n := range account.MaxWaiting {
		w.SignedUp(email, chosen, town.Now.Add(time.Duration(n-30)*time.Minute))
	}
	town.Read[api.Accepted](t, newHandler(w, town.Clock), event(w, email, town.Now), 202)
	if got := len(old.Again().Links); got != 1 {
		t.Errorf("the oldest has %d links", got)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	w, at := town.New(t), town.Now
	h := newHandler(w, func() time.Time { return at })
	spent := w.Captcha(town.Now)
	r := town.Event(t, "resend-activation", map[string]string{"email": testkit.Address(t), "captcha": spent})
	town.Read[api.Accepted](t, h, r, 202)
	cases := []struct {
		says, email, captcha string
		fields               []string
	}{
		{"an address that is none", "anne", w.Captcha(town.Now), []string{"email email_invalid"}},
		{"no captcha", testkit.Address(t), "", []string{"captcha required"}},
		{"a captcha that was used", testkit.Address(t), spent, []string{"captcha captcha_invalid"}},
		{"a captcha that has expired", testkit.Address(t), w.Captcha(town.Now.Add(-captcha.Life)), []string{"captcha captcha_invalid"}},
		{"nothing", "", "", []string{"email required", "captcha required"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			r := town.Event(t, "resend-activation", map[string]string{"email": c.email, "captcha": c.captcha})
			town.Refused(t, town.Send(t, h, r), 400, "invalid_input", c.fields...)
		})
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	s, a := w.SignedUp(testkit.Address(t), chosen, time.Now()), w.Citizen()
	events := []httpapi.Request{event(w, s.Email, time.Now()), event(w, a.Email, time.Now())}
	town.Rights(t, "resend-activation")
	for _, r := range events {
		town.Read[api.Accepted](t, handler(t.Context()), r, 202)
	}
}
