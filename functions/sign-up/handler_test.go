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
	"preau/shared/captcha"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/store"
)

// chosen is the password that a person signs up with.
const chosen = "le mot de passe choisi"

func newHandler(w *town.Town, now func() time.Time) httpapi.Handler {
	a := app{store.Open(), identity.Open(), w.Secret, captcha.Of(w.Secret.Key("captcha")), now}
	return httpapi.Anyone(a.handle, httpapi.Accepted)
}

// form is the sample event, filled in by an address; "" leaves the subscriber code out.
func form(w *town.Town, email, code string) httpapi.Request {
	return town.Event(w.T, "sign-up", map[string]string{"slug": w.Slug, "email": email, "password": chosen, "code": code, "captcha": w.Captcha(town.Now)})
}

// changed is the sample with other values; nil leaves a field out.
func changed(w *town.Town, values map[string]any) httpapi.Request {
	body := map[string]any{
		"collectivity": w.Slug, "civility": "mme", "lastName": "Martin", "firstName": "Anne", "email": testkit.Address(w.T),
		"password": chosen, "acceptTerms": true, "termsVersion": "2026-09",
	}
	if _, given := values["captcha"]; !given {
		body["captcha"] = w.Captcha(town.Now)
	}
	maps.Copy(body, values)
	maps.DeleteFunc(body, func(_ string, v any) bool { return v == nil })
	return town.With(w.T, town.Event(w.T, "sign-up", nil), body)
}

// open lists the sign-ups that wait at an address, newest first.
func open(w *town.Town, email string) []account.Attempt {
	w.T.Helper()
	attempts, err := w.Env.Store.OpenAttempts(w.T.Context(), w.Secret.Address(email))
	if err != nil {
		w.T.Fatal(err)
	}
	return attempts
}

func TestASignUpWaitsForItsMailedLink(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	f := w.Family("Léa")
	town.Read[api.Accepted](t, newHandler(w, town.Clock), form(w, email, f.Codes[0]), 202)
	attempts := open(w, email)
	if len(attempts) != 1 {
		t.Fatalf("%d sign-ups wait", len(attempts))
	}
	a := attempts[0]
	if a.Person != (account.Person{Civility: "mme", FirstName: "Anne", LastName: "Martin"}) || a.Email != email || a.Collectivity != w.Slug || a.TermsVersion != "2026-09" || !a.CreatedAt.Equal(town.Now) || a.Activated || a.CodeWrong {
		t.Errorf("got %+v", a)
	}
	if a.CodeHash != w.Secret.Code(strings.ReplaceAll(f.Codes[0], "-", "")) {
		t.Errorf("the code is kept as %q", a.CodeHash)
	}
	if !w.Opens(a.User, chosen) || w.Opens(a.User, chosen+"!") {
		t.Error("the password chosen is not the one that opens")
	}
	if owner, err := w.Env.Store.Claimed(t.Context(), w.Secret.Address(email)); owner != "" || err != nil {
		t.Errorf("the address is %s's already (%v)", owner, err)
	}
}

func TestTheOutboxHoldsIdsOnly(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	town.Read[api.Accepted](t, newHandler(w, town.Clock), form(w, email, ""), 202)
	a := open(w, email)[0]
	about, ok := town.Outbox(t, store.MailActivation, a.ID+"-0")
	want := map[string]string{"address": w.Secret.Address(email), "attempt": a.ID, "issue": "0"}
	if !ok || !maps.Equal(about, want) {
		t.Errorf("got %v, want %v", about, want)
	}
}

func TestAnAddressInUseIsAnsweredLikeAnyOther(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := newHandler(w, town.Clock)
	taken := w.Citizen().Email
	closed := w.Citizen()
	w.Close(closed)
	first := town.Send(t, h, form(w, testkit.Address(t), ""))
	for says, email := range map[string]string{"a new one": testkit.Address(t), "one of an account": taken, "one of an account, in capitals": strings.ToUpper(taken), "one of a closed account": closed.Email} {
		reply := town.Send(t, h, form(w, email, ""))
		if reply.StatusCode != 202 || reply.Response.Body != first.Response.Body || !maps.Equal(reply.Headers, first.Headers) || len(reply.Cookies) > 0 {
			t.Errorf("%s: got %+v, want %+v", says, reply.Response, first.Response)
		}
		if n := len(open(w, strings.ToLower(email))); n == 0 {
			t.Errorf("%s: no sign-up waits", says)
		}
	}
}

func TestALaterSignUpLeavesAnEarlierOneAlone(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	stranger := w.SignedUp(email, "le mot de passe d’un autre", town.Now.Add(-time.Minute))
	town.Read[api.Accepted](t, newHandler(w, town.Clock), form(w, email, ""), 202)
	attempts := open(w, email)
	if len(attempts) != 2 || attempts[1].ID != stranger.ID || len(attempts[1].Links) != 1 || attempts[0].User == attempts[1].User {
		t.Fatalf("got %+v", attempts)
	}
	if w.Opens(attempts[1].User, chosen) || !w.Opens(attempts[0].User, chosen) {
		t.Error("the passwords of two sign-ups are mixed up")
	}
}

// TestSignUpIsNoMailCannon: an address is signed up with so often, then nothing more comes of it and nothing tells.
func TestSignUpIsNoMailCannon(t *testing.T) {
	t.Parallel()
	w, at := town.New(t), town.Now
	h := newHandler(w, func() time.Time { return at })
	for says, email := range map[string]string{"nobody's address": testkit.Address(t), "an account's address": w.Citizen().Email} {
		at = town.Now
		var first town.Reply
		for _, c := range []struct {
			later time.Duration
			waits int
		}{
			{0, 1},
			{1, 2},
			{2, 3},
			{3, 4},
			{4, 5},
			{5, 5},
			{59, 5}, // five an hour
			{60, 6},
			{61, 7},
			{62, 8},
			{63, 9},
			{64, 10},
			{65, 10},
			{125, 10}, // ten a day
		} {
			at = town.Now.Add(c.later * time.Minute)
			reply := town.Send(t, h, changed(w, map[string]any{"email": email, "captcha": w.Captcha(at)}))
			if first.StatusCode == 0 {
				first = reply
			}
			if reply.StatusCode != 202 || reply.Response.Body != first.Response.Body || !maps.Equal(reply.Headers, first.Headers) || len(reply.Cookies) > 0 {
				t.Errorf("%s, after %d min: got %+v", says, c.later, reply.Response)
			}
			if n := len(open(w, email)); n != c.waits {
				t.Errorf("%s, after %d min: %d sign-ups wait, want %d", says, c.later, n, c.waits)
			}
		}
		mine := open(w, email)[0]
		at = town.Now.Add(25 * time.Hour)
		town.Read[api.Accepted](t, h, changed(w, map[string]any{"email": email, "captcha": w.Captcha(at)}), 202)
		if newest := open(w, email)[0]; newest.ID == mine.ID {
			t.Errorf("%s: a day later it is still refused", says)
		}
		if wait, err := w.Env.Store.ReserveMail(t.Context(), w.Secret.Address(email), town.Now, account.MailLimits); wait > 0 || err != nil {
			t.Errorf("%s: a forgotten password has to wait %s (%v)", says, wait, err)
		}
	}
}

func TestSignUpsAtOnceAreCountedToo(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	h := newHandler(w, town.Clock)
	var events []httpapi.Request
	for range 8 {
		events = append(events, form(w, email, ""))
	}
	for _, reply := range town.InParallel(len(events), func(n int) town.Reply { return town.Send(t, h, events[n]) }) {
		if reply.StatusCode != 202 {
			t.Errorf("got %+v", reply)
		}
	}
	if n := len(open(w, email)); n != 5 {
		t.Errorf("%d sign-ups wait", n)
	}
}

func TestWhatIsTypedIsTidied(t *testing.T) {
	t.Parallel()
	w, email := town.New(t), testkit.Address(t)
	r := changed(w, map[string]any{"email": " " + strings.ToUpper(email) + " ", "lastName": "  De   La Tour ", "firstName": "Zoé\t", "civility": nil})
	town.Read[api.Accepted](t, newHandler(w, town.Clock), r, 202)
	if a := open(w, email)[0]; a.Person != (account.Person{FirstName: "Zoé", LastName: "De La Tour"}) {
		t.Errorf("got %+v", a.Person)
	}
}

func TestACodeNeverStandsInTheWay(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := newHandler(w, town.Clock)
	cases := []struct {
		says, code string
		wrong      bool
	}{
		{"none", "", false},
		{"spaces alone are none", "   ", false},
		{"one that nobody has is looked at later", "0000-0000-0000", false},
		{"a mistyped one is told later", "7K3M-Q2XA-9TRD", true},
		{"any text is told later", "je ne sais pas", true},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			email := testkit.Address(t)
			town.Read[api.Accepted](t, h, form(w, email, c.code), 202)
			if a := open(w, email)[0]; a.CodeWrong != c.wrong {
				t.Errorf("got %+v", a)
			}
		})
	}
}

func TestWhatIsWrongIsToldFieldByFieldAndSpendsNoCaptcha(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := newHandler(w, town.Clock)
	w.Settings(func(s *collectivity.Settings) { s.Terms.Version = "2026-10" })
	good := map[string]any{"termsVersion": "2026-10", "captcha": w.Captcha(town.Now)}
	cases := []struct {
		says   string
		values map[string]any
		fields []string
	}{
		{"nothing given", map[string]any{"collectivity": nil, "lastName": nil, "firstName": nil, "email": nil, "password": nil, "acceptTerms": nil, "termsVersion": nil, "captcha": nil, "civility": nil}, []string{"collectivity required", "lastName required", "firstName required", "email required", "password required", "acceptTerms required", "termsVersion required", "captcha required"}},
		{"everything wrong", map[string]any{"collectivity": "nowhere", "lastName": "123", "firstName": "<b>", "email": "anne", "password": "court"}, []string{"collectivity collectivity_not_found", "lastName name_invalid", "firstName name_invalid", "email email_invalid", "password password_short"}},
		{"terms not accepted", map[string]any{"acceptTerms": false}, []string{"acceptTerms required"}},
		{"terms of another version", map[string]any{"termsVersion": "2026-09"}, []string{"termsVersion terms_moved"}},
		{"a collectivity that is not on the portal", map[string]any{"collectivity": "nowhere"}, []string{"collectivity collectivity_not_found"}},
		{"a civility that is none", map[string]any{"civility": "mlle"}, []string{"civility unknown_value"}},
		{"an address that is none", map[string]any{"email": "anne@localhost"}, []string{"email email_invalid"}},
		{"an address with a header behind it", map[string]any{"email": "a@example.org\r\nBcc: b@example.org"}, []string{"email email_invalid"}},
		{"a password too short", map[string]any{"password": "onze signes"}, []string{"password password_short"}},
		{"a password too long", map[string]any{"password": strings.Repeat("ab", 65)}, []string{"password password_long"}},
		{"a password of one character", map[string]any{"password": "éééééééééééé"}, []string{"password password_weak"}},
		{"a password that Cognito takes not", map[string]any{"password": "douze\nsignes"}, []string{"password control_character"}},
		{"a name that is none", map[string]any{"lastName": "-"}, []string{"lastName name_invalid"}},
		{"names too long", map[string]any{"lastName": strings.Repeat("a", 101), "firstName": strings.Repeat("a", 101)}, []string{"lastName too_long", "firstName too_long"}},
		{"a name with a character that can not be seen", map[string]any{"firstName": "An\u0000ne"}, []string{"firstName control_character"}},
		{"a text for a yes", map[string]any{"acceptTerms": "true"}, []string{"acceptTerms wrong_type"}},
		{"a number for a name", map[string]any{"lastName": 1}, []string{"lastName wrong_type"}},
		{"a right of one's own", map[string]any{"agent": true}, []string{"agent unknown_field"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			values := maps.Clone(good)
			maps.Copy(values, c.values)
			town.Refused(t, town.Send(t, h, changed(w, values)), 400, "invalid_input", c.fields...)
		})
	}
	town.Read[api.Accepted](t, h, changed(w, good), 202)
}

func TestNobodySignsUpAtASuspendedTown(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	w.Settings(func(s *collectivity.Settings) { s.Suspended = true })
	town.Refused(t, town.Send(t, newHandler(w, town.Clock), form(w, testkit.Address(t), "")), 400, "invalid_input", "collectivity collectivity_suspended")
}

func TestACaptchaLetsOneSignUpIn(t *testing.T) {
	t.Parallel()
	w, at := town.New(t), town.Now
	h := newHandler(w, func() time.Time { return at })
	spent, late := w.Captcha(town.Now), w.Captcha(town.Now)
	town.Read[api.Accepted](t, h, changed(w, map[string]any{"captcha": spent}), 202)
	cases := []struct {
		says, captcha string
		at            time.Time
	}{
		{"not a second one", spent, town.Now},
		{"not after its end", late, town.Now.Add(captcha.Life)},
		{"not when it was forged", late[:len(late)-8] + "AAAAAAA=", town.Now},
		{"not when it is none", "captcha", town.Now},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			at = c.at
			town.Refused(t, town.Send(t, h, changed(w, map[string]any{"captcha": c.captcha})), 400, "invalid_input", "captcha captcha_invalid")
		})
	}
}

func TestACaptchaLetsOneSignUpInHoweverManyComeAtOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := newHandler(w, town.Clock)
	r := changed(w, nil)
	taken := 0
	for _, reply := range town.InParallel(20, func(int) town.Reply { return town.Send(t, h, r) }) {
		if reply.StatusCode == 202 {
			taken++
		} else {
			town.Refused(t, reply, 400, "invalid_input", "captcha captcha_invalid")
		}
	}
	if taken != 1 {
		t.Errorf("%d were let in", taken)
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	r := changed(w, map[string]any{"captcha": w.Captcha(time.Now())}) // the wired handler has a real clock
	town.Rights(t, "sign-up")
	town.Read[api.Accepted](t, handler(t.Context()), r, 202)
}
