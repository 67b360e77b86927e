package main

import (
	"maps"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/captcha"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler(w *town.Town, now func() time.Time) httpapi.Handler {
	a := app{store.Open(), w.Secret, captcha.Of(w.Secret.Key("captcha")), now}
	return httpapi.Anyone(a.handle, httpapi.Accepted)
}

func event(w *town.Town, email string, at time.Time) httpapi.Request {
	return town.Event(w.T, "request-password-reset", map[string]string{"email": email, "captcha": w.Captcha(at)})
}

func TestALinkForANewPasswordIsMailed(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a, agent := w.Citizen(), w.Agent(collectivity.Reader)
	h := newHandler(w, town.Clock)
	for id, email := range map[string]string{a.ID: a.Email, agent.ID: strings.ToUpper(agent.Email)} {
		town.Read[api.Accepted](t, h, event(w, email, town.Now), 202)
		link := w.Account(id).Reset
		if link.Issue != 1 || !link.At.Equal(town.Now) {
			t.Errorf("got %+v", link)
		}
		about, ok := town.Outbox(t, store.MailReset, id+"-1")
		if want := map[string]string{"account": id, "issue": "1"}; !ok || !maps.Equal(about, want) {
			t.Errorf("got %v, want %v", about, want)
		}
	}
}

func TestTheAnswerIsTheSameWhateverTheAddress(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := newHandler(w, town.Clock)
	a, closed, nobody := w.Citizen(), w.Citizen(), testkit.Address(t)
	w.Close(closed)
	waiting := w.SignedUp(testkit.Address(t), "le mot de passe choisi", town.Now)
	first := town.Send(t, h, event(w, testkit.Address(t), town.Now))
	for says, email := range map[string]string{"an account's": a.Email, "a closed account's": closed.Email, "a sign-up's": waiting.Email, "nobody's": nobody} {
		for _, again := range []string{"once", "twice", "three times", "four times", "five times"} {
			if reply := town.Send(t, h, event(w, email, town.Now)); reply.StatusCode != 202 || reply.Response.Body != first.Response.Body || !maps.Equal(reply.Headers, first.Headers) {
				t.Errorf("%s, %s: got %+v, want %+v", says, again, reply.Response, first.Response)
			}
		}
	}
	if w.Account(closed.ID).Reset.Issue != 0 {
		t.Error("the closed account has a link")
	}
}

func TestAtMostThreeLinksAnHourAreMailedToAnAddress(t *testing.T) {
	t.Parallel()
	w, at := town.New(t), town.Now
	h := newHandler(w, func() time.Time { return at })
	a := w.Citizen()
	for _, c := range []struct {
		later time.Duration
		issue int
	}{
		{0, 1},
		{1 * time.Minute, 2},
		{2 * time.Minute, 3},
		{3 * time.Minute, 3},
		{60*time.Minute - time.Millisecond, 3},
		{60 * time.Minute, 4}, // an hour after the first
		{60 * time.Minute, 4},
		{61 * time.Minute, 5},
	} {
		at = town.Now.Add(c.later)
		town.Read[api.Accepted](t, h, event(w, a.Email, at), 202)
		if got := w.Account(a.ID).Reset.Issue; got != c.issue {
			t.Errorf("after %s: issue %d, want %d", c.later, got, c.issue)
		}
	}
}

// TestRequestsAtOnceAreAnsweredAlike: that two of them met at the account must not show that there is one.
func TestRequestsAtOnceAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := newHandler(w, town.Clock)
	a, nobody := w.Citizen(), testkit.Address(t)
	var events []httpapi.Request
	for i := range 16 {
		events = append(events, event(w, []string{a.Email, nobody}[i%2], town.Now))
	}
	replies := town.InParallel(len(events), func(n int) town.Reply { return town.Send(t, h, events[n]) })
	for _, reply := range replies {
		if reply.StatusCode != 202 || reply.Response.Body != replies[0].Response.Body {
			t.Errorf("got %+v", reply)
		}
	}
	if n := w.Account(a.ID).Reset.Issue; n < 1 || n > 3 {
		t.Errorf("%d links, want 1 to 3", n)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := newHandler(w, town.Clock)
	spent := w.Captcha(town.Now)
	town.Read[api.Accepted](t, h, town.Event(t, "request-password-reset", map[string]string{"email": testkit.Address(t), "captcha": spent}), 202)
	cases := []struct {
		says, email, captcha string
		fields               []string
	}{
		{"an address that is none", "anne@", w.Captcha(town.Now), []string{"email email_invalid"}},
		{"no captcha", testkit.Address(t), "", []string{"captcha required"}},
		{"a captcha that was used", testkit.Address(t), spent, []string{"captcha captcha_invalid"}},
		{"a captcha that has expired", testkit.Address(t), w.Captcha(town.Now.Add(-captcha.Life)), []string{"captcha captcha_invalid"}},
		{"nothing", "", "", []string{"email required", "captcha required"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			r := town.Event(t, "request-password-reset", map[string]string{"email": c.email, "captcha": c.captcha})
			town.Refused(t, town.Send(t, h, r), 400, "invalid_input", c.fields...)
		})
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	events := []httpapi.Request{event(w, w.Citizen().Email, time.Now()), event(w, testkit.Address(t), time.Now())}
	town.Rights(t, "request-password-reset")
	for _, r := range events {
		town.Read[api.Accepted](t, handler(t.Context()), r, 202)
	}
}
