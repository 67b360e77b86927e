package main

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/captcha"
	"preau/shared/collectivity"
	"preau/shared/credentials"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/store"
)

const wrong = "un autre mot de passe"

// desk is the handler with a clock that the test sets.
type desk struct {
	*town.Town
	h   httpapi.Handler
	now time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{Town: town.New(t), now: town.Now}
	a := app{store.Open(), identity.Open(), d.Secret, captcha.Of(d.Secret.Key("captcha")), func() time.Time { return d.now }}
	d.h = httpapi.Anyone(a.handle)
	return d
}

// signIn posts the sample event, with more of what a sign-in may hold: "totp" and a code, "captcha" and a solution.
func (d *desk) signIn(email, password string, more ...string) town.Reply {
	d.T.Helper()
	r := town.Event(d.T, "sign-in", map[string]string{"email": email, "password": password})
	if len(more) > 0 {
		body := map[string]string{"email": email, "password": password}
		for i := 0; i < len(more); i += 2 {
			body[more[i]] = more[i+1]
		}
		r = town.With(d.T, r, body)
	}
	return town.Send(d.T, d.h, r)
}

// opened fails the test unless a reply is a session of an account.
func opened(t *testing.T, r town.Reply, a account.Account) {
	t.Helper()
	kind, client, age := "c", "PREAU_CLIENT_CITIZEN", "Max-Age=2592000;"
	if a.Agent {
		kind, client, age = "a", "PREAU_CLIENT_AGENT", "Max-Age=43200;"
	}
	if r.StatusCode != 200 || len(r.Cookies) != 1 || !strings.HasPrefix(r.Cookies[0], "preau_session="+kind+"~"+a.User+"~") || !strings.Contains(r.Cookies[0], age) {
		t.Fatalf("got %+v", r)
	}
	token, _ := r.Body["accessToken"].(string)
	claims := claimsOf(t, token)
	if len(r.Body) != 2 || r.Body["expiresIn"] != 900.0 || claims["token_use"] != "access" || claims["username"] != a.User || claims["client_id"] != os.Getenv(client) {
		t.Errorf("got %v, with the claims %v", r.Body, claims)
	}
}

func claimsOf(t *testing.T, token string) (claims map[string]any) {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no token", token)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err == nil {
		err = json.Unmarshal(raw, &claims)
	}
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestAddressAndPasswordOpenASession(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.Citizen()
	opened(t, d.signIn(a.Email, town.Password), a)
	opened(t, d.signIn(" "+strings.ToUpper(a.Email), town.Password), a)
}

func TestWhoIsNotLetInLearnsNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, closed, agent := d.Citizen(), d.Citizen(), d.Agent(collectivity.Reader)
	d.Close(closed)
	replaced := d.Citizen()
	if _, err := credentials.Replace(t.Context(), d.Env.Store, d.Pool, replaced, "le nouveau mot de passe", nil, town.Now); err != nil {
		t.Fatal(err)
	}
	waiting := d.SignedUp(testkit.Address(t), town.Password, town.Now)
	stranger := d.SignedUp(a.Email, "le mot de passe d’un autre", town.Now)
	first := d.signIn(testkit.Address(t), town.Password)
	town.Refused(t, first, 401, "wrong_credentials")
	cases := []struct{ says, email, password string }{
		{"a wrong password", a.Email, wrong},
		{"the password in other letters", a.Email, strings.ToUpper(town.Password)},
		{"a password that nobody can have", a.Email, `x\\ny`},
		{"a stranger's, who signed up with the address too", a.Email, "le mot de passe d’un autre"},
		{"a closed account", closed.Email, town.Password},
		{"a password that was replaced", replaced.Email, town.Password},
		{"a sign-up that waits, and a wrong password", waiting.Email, wrong},
		{"an agent, and a wrong password", agent.Email, wrong},
		{"an address that is nobody's", testkit.Address(t), wrong},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			reply := d.signIn(c.email, c.password)
			if reply.StatusCode != 401 || reply.Response.Body != first.Response.Body || len(reply.Cookies) > 0 {
				t.Errorf("got %+v, want %+v", reply.Response, first.Response)
			}
		})
	}
	if stranger.Again().Activated {
		t.Error("it was activated")
	}
}

func TestASignUpThatWaitsIsToldToWhoKnowsItsPassword(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	email := testkit.Address(t)
	d.SignedUp(email, town.Password, town.Now.Add(-time.Hour))
	d.SignedUp(email, "le mot de passe d’un autre", town.Now) // which does not hide the first
	town.Refused(t, d.signIn(email, town.Password), 403, "account_not_activated")
	town.Refused(t, d.signIn(email, "le mot de passe d’un autre"), 403, "account_not_activated")
	town.Refused(t, d.signIn(email, wrong), 401, "wrong_credentials")
}

// TestStrangersSignUpsDoNotHideMine: as many as a day allows.
func TestStrangersSignUpsDoNotHideMine(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	email := testkit.Address(t)
	d.SignedUp(email, town.Password, town.Now.Add(-time.Hour))
	for n := range account.MaxWaiting - 1 {
		d.SignedUp(email, "le mot de passe d’un autre", town.Now.Add(time.Duration(n)*time.Minute))
	}
	town.Refused(t, d.signIn(email, town.Password), 403, "account_not_activated")
	town.Refused(t, d.signIn(email, wrong), 401, "wrong_credentials")
}

func TestAfterFiveFailuresTheCaptchaIsAskedToo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for says, email := range map[string]string{"an account's address": d.Citizen().Email, "nobody's address": testkit.Address(t)} {
		t.Run(says, func(t *testing.T) {
			for n := range 5 {
				d.now = town.Now.Add(time.Duration(n) * time.Minute)
				town.Refused(t, d.signIn(email, wrong), 401, "wrong_credentials")
			}
			town.Refused(t, d.signIn(email, wrong), 401, "captcha_required", "captcha captcha_required")
			town.Refused(t, d.signIn(email, town.Password), 401, "captcha_required", "captcha captcha_required")
			solution := d.Captcha(d.now)
			town.Refused(t, d.signIn(email, wrong, "captcha", solution), 401, "wrong_credentials")
			town.Refused(t, d.signIn(email, wrong, "captcha", solution), 400, "invalid_input", "captcha captcha_invalid")
			town.Refused(t, d.signIn(email, wrong, "captcha", "forged"), 400, "invalid_input", "captcha captcha_invalid")
			d.now = town.Now.Add(15*time.Minute - time.Millisecond)
			town.Refused(t, d.signIn(email, wrong), 401, "captcha_required", "captcha captcha_required")
			d.now = town.Now.Add(15 * time.Minute)
			town.Refused(t, d.signIn(email, wrong), 401, "wrong_credentials")
			town.Refused(t, d.signIn(email, wrong), 401, "captcha_required", "captcha captcha_required")
		})
	}
}

func TestTheRightPasswordWithACaptchaOpensWhateverCameBefore(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.Citizen()
	for range 7 {
		d.signIn(a.Email, wrong)
	}
	d.now = d.now.Add(time.Second)
	town.Refused(t, d.signIn(a.Email, town.Password), 401, "captcha_required", "captcha captcha_required")
	opened(t, d.unlocked(a), a)
	d.now = d.now.Add(15 * time.Minute)
	opened(t, d.signIn(a.Email, town.Password), a)
}

// unlocked signs in with the right password and a captcha, once Cognito's own lock, of a second, is over.
func (d *desk) unlocked(a account.Account) town.Reply {
	d.T.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		reply := d.signIn(a.Email, town.Password, "captcha", d.Captcha(d.now))
		if reply.Code() != "wrong_credentials" || time.Now().After(end) {
			return reply
		}
	}
}

// TestALockedUserLooksLikeAWrongPassword: else it would tell that there is an account.
func TestALockedUserLooksLikeAWrongPassword(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, s := d.Citizen(), d.SignedUp(testkit.Address(t), town.Password, town.Now)
	d.h = httpapi.Anyone(app{store.Open(), town.RefusingPool(t, town.Locked), d.Secret, captcha.Of(d.Secret.Key("captcha")), town.Clock}.handle)
	for _, email := range []string{a.Email, s.Email, testkit.Address(t)} {
		town.Refused(t, d.signIn(email, town.Password), 401, "wrong_credentials")
	}
}

func TestGuessesAtOnceAreCountedToo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.Citizen()
	answers := map[string]int{}
	for _, reply := range town.InParallel(20, func(int) town.Reply { return d.signIn(a.Email, wrong) }) {
		answers[reply.Code()]++
	}
	if answers["wrong_credentials"] != 5 || answers["captcha_required"] != 15 {
		t.Errorf("got %v", answers)
	}
}

func TestWhoSignsInOftenIsNeverAskedForACaptcha(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a, agent := d.Citizen(), d.Agent(collectivity.Reader)
	for range 7 {
		d.now = d.now.Add(30 * time.Second)
		opened(t, d.signIn(a.Email, town.Password), a)
		town.Refused(t, d.signIn(agent.Email, town.Password), 401, "totp_required", "totp totp_required")
		opened(t, d.signIn(agent.Email, town.Password, "totp", d.code(agent, 0)), agent)
	}
}

// code is what an agent's authenticator shows, some steps from now.
func (d *desk) code(agent account.Account, steps int64) string {
	return account.TOTP(d.Secret.TOTP(agent.Authenticator()), account.TOTPStep(d.now)+steps)
}

func TestAnAgentNeedsTheAuthenticatorToo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	agent, other := d.Agent(collectivity.Manager), d.Agent(collectivity.Manager)
	shown := func(by account.Account, steps int64) func() string { return func() string { return d.code(by, steps) } }
	typed := func(text string) func() string { return func() string { return text } }
	cases := []struct {
		says, password string
		totp           func() string
		status         int
		code           string
		fields         []string
	}{
		{"the password alone", town.Password, typed(""), 401, "totp_required", []string{"totp totp_required"}},
		{"a wrong password alone", wrong, typed(""), 401, "wrong_credentials", nil},
		{"a wrong password and the right code", wrong, shown(agent, 0), 401, "wrong_credentials", nil},
		{"another agent's code", town.Password, shown(other, 0), 401, "totp_wrong", []string{"totp totp_wrong"}},
		{"a code of a minute ago", town.Password, shown(agent, -2), 401, "totp_wrong", []string{"totp totp_wrong"}},
		{"no code at all", town.Password, typed("azerty"), 401, "totp_wrong", []string{"totp totp_wrong"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			d.now = d.now.Add(15 * time.Minute) // no captcha stands in the way
			reply := d.signIn(agent.Email, c.password, "totp", c.totp())
			town.Refused(t, reply, c.status, c.code, c.fields...)
			if len(reply.Cookies) > 0 {
				t.Errorf("got %v", reply.Cookies)
			}
		})
	}
	opened(t, d.signIn(agent.Email, town.Password, "totp", d.code(agent, 0)), agent)
}

func TestAnAuthenticatorsCodeOpensOneSession(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	agent := d.Agent(collectivity.Manager)
	sessions := 0
	for _, reply := range town.InParallel(4, func(int) town.Reply {
		return d.signIn(agent.Email, town.Password, "totp", d.code(agent, 0))
	}) {
		if reply.StatusCode == 200 {
			sessions++
		} else {
			town.Refused(t, reply, 401, "totp_wrong", "totp totp_wrong")
		}
	}
	if sessions != 1 {
		t.Errorf("%d sessions", sessions)
	}
	d.now = d.now.Add(15 * time.Minute)
	opened(t, d.signIn(agent.Email, town.Password, "totp", d.code(agent, 1)), agent) // a clock that is early
	town.Refused(t, d.signIn(agent.Email, town.Password, "totp", d.code(agent, 1)), 401, "totp_wrong", "totp totp_wrong")
	town.Refused(t, d.signIn(agent.Email, town.Password, "totp", d.code(agent, 0)), 401, "totp_wrong", "totp totp_wrong")
}

// TestAuthenticatorCodesCanNotBeGuessed even with the password and a captcha each: six digits are few.
func TestAnAuthenticatorThatWasResetOpensNothingUntilAnotherIsEnrolled(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	manager, agent := d.Agent(collectivity.Manager), d.Agent(collectivity.Reader)
	if err := d.Right(manager).ResetAuthenticator(t.Context(), agent.ID, d.now); err != nil {
		t.Fatal(err)
	}
	town.Refused(t, d.signIn(agent.Email, town.Password), 401, "authenticator_reset", "totp authenticator_reset")
	town.Refused(t, d.signIn(agent.Email, town.Password, "totp", d.code(agent, 0)), 401, "authenticator_reset", "totp authenticator_reset")
	town.Refused(t, d.signIn(agent.Email, wrong), 401, "wrong_credentials")
	enrolled, err := d.Env.Store.EnrolAuthenticator(t.Context(), d.Account(agent.ID))
	if err != nil {
		t.Fatal(err)
	}
	enrolled.Agent = true
	town.Refused(t, d.signIn(agent.Email, town.Password, "totp", d.code(agent, 0)), 401, "totp_wrong", "totp totp_wrong")
	opened(t, d.signIn(agent.Email, town.Password, "totp", d.code(enrolled, 0)), enrolled)
}

func TestASessionIsRecordedWithItsDevice(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := d.Citizen()
	d.signIn(a.Email, wrong)
	opened(t, d.signIn(a.Email, town.Password), a)
	open, err := d.Env.Store.Sessions(t.Context(), d.Account(a.ID), d.now)
	if err != nil || len(open) != 1 || open[0].Device != "Chrome Android" || !open[0].At.Equal(d.now) || !open[0].Until.Equal(d.now.AddDate(0, 0, 30)) {
		t.Errorf("open are %+v, %v", open, err)
	}
}

func TestAuthenticatorCodesCanNotBeGuessed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	agent := d.Agent(collectivity.Manager)
	for range 10 {
		d.now = d.now.Add(4 * time.Minute)
		town.Refused(t, d.signIn(agent.Email, town.Password, "totp", d.code(agent, 7)), 401, "totp_wrong", "totp totp_wrong")
	}
	reply := d.signIn(agent.Email, town.Password, "totp", d.code(agent, 0))
	town.Refused(t, reply, 429, "too_many_totps", "totp too_many_totps")
	if reply.Headers["retry-after"] != "1440" {
		t.Errorf("it tells to wait %s s", reply.Headers["retry-after"])
	}
	d.now = d.now.Add(24 * time.Minute)
	opened(t, d.signIn(agent.Email, town.Password, "totp", d.code(agent, 0)), agent)
}

func TestWhatMakesNoSenseIsToldFieldByField(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	cases := []struct {
		says   string
		body   map[string]any
		fields []string
	}{
		{"nothing", map[string]any{}, []string{"email required", "password required"}},
		{"an address that is none", map[string]any{"email": "anne", "password": "x"}, []string{"email email_invalid"}},
		{"a password as long as a book", map[string]any{"email": "a@example.org", "password": strings.Repeat("a", 513)}, []string{"password too_long"}},
		{"a code as a number", map[string]any{"email": "a@example.org", "password": "x", "totp": 123456}, []string{"totp wrong_type"}},
		{"a client", map[string]any{"email": "a@example.org", "password": "x", "agent": false}, []string{"agent unknown_field"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			r := town.With(t, town.Event(t, "sign-in", nil), c.body)
			town.Refused(t, town.Send(t, d.h, r), 400, "invalid_input", c.fields...)
		})
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	d := newDesk(t)
	a, agent := d.Citizen(), d.Agent(collectivity.Reader)
	waiting := d.SignedUp(testkit.Address(t), town.Password, time.Now())
	d.now = time.Now()
	town.Rights(t, "sign-in")
	d.h = handler(t.Context())
	opened(t, d.signIn(a.Email, town.Password), a)
	opened(t, d.signIn(agent.Email, town.Password, "totp", d.code(agent, 0)), agent)
	town.Refused(t, d.signIn(waiting.Email, town.Password), 403, "account_not_activated")
	for range 5 {
		town.Read[api.Problem](t, d.h, town.Event(t, "sign-in", map[string]string{"email": a.Email, "password": wrong}), 401)
	}
	opened(t, d.unlocked(a), a)
}
