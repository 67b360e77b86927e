package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/code"
	"preau/shared/httpapi"
	"preau/shared/refusal"
	"preau/shared/store"
)

// at is the use case at an instant.
func at(w *town.Town, now time.Time) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), w.Secret, func() time.Time { return now }}.handle, httpapi.Created)
}

func with(w *town.Town, a account.Account, code string) httpapi.Request {
	return town.As(town.Event(w.T, "subscribe", map[string]string{"code": code}), a)
}

// answer is a reply's status, with the code of its problem or of its first field.
func answer(r town.Reply) string {
	code := r.Code()
	if fields, ok := r.Body["errors"].([]any); ok && code == "invalid_input" {
		code = fields[0].(map[string]any)["code"].(string)
	}
	return strings.TrimSpace(fmt.Sprint(r.StatusCode, " ", code))
}

// wrong is a code that nobody was given.
func wrong(t testing.TB) string {
	t.Helper()
	c, err := code.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return code.Format(c)
}

// issue gives the nth guardian of a family another code.
func issue(w *town.Town, h town.Home, n int, until time.Time) string {
	w.T.Helper()
	c, err := code.New(io.MultiReader(bytes.NewReader([]byte{0, 1}), rand.Reader)) // with the figures that are mistaken for letters
	if err != nil {
		w.T.Fatal(err)
	}
	if err := h.MadeFamily.Store.IssueCode(w.T.Context(), w.Secret.Code(c), h.Guardians[n], town.Now, until); err != nil {
		w.T.Fatal(err)
	}
	return c
}

func TestACodeIsReadHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := town.Home{Town: w, MadeFamily: w.Family("Léa")}
	printed := code.Format(issue(w, h, 0, town.Now.AddDate(1, 0, 0)))
	a := w.Citizen()
	cases := []struct{ says, typed string }{
		{"as printed", printed},
		{"in small letters", strings.ToLower(printed)},
		{"without separators", strings.ReplaceAll(printed, "-", "")},
		{"with spaces around and between", "  " + strings.ReplaceAll(printed, "-", " ") + " "},
		{"with the spaces of a word processor", strings.ReplaceAll(printed, "-", "\u202f")},
		{"with dashes of a word processor", strings.ReplaceAll(printed, "-", "–")},
		{"with dots", strings.ReplaceAll(printed, "-", ".")},
		{"with the letter O for zero", strings.ReplaceAll(printed, "0", "O")},
		{"with a small o for zero", strings.ReplaceAll(printed, "0", "o")},
		{"with the letter I for one", strings.ReplaceAll(printed, "1", "I")},
		{"with a small l for one", strings.ReplaceAll(printed, "1", "l")},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			sub := town.Read[api.Subscription](t, at(w, town.Now), with(w, a, c.typed), 201)
			want := api.Subscription{Family: h.ID, Guardian: h.Guardians[0], Name: "Anne Martin", Collectivity: api.CollectivityName{Slug: w.Slug, Name: "Ville de test"}, Label: "Famille Martin", Since: "2026-11-23T08:30:00Z"}
			if sub != want {
				t.Errorf("got %+v, want %+v", sub, want)
			}
		})
	}
}

func TestWhatACodeIsRefusedFor(t *testing.T) {
	t.Parallel()
	revoke := func(w *town.Town, h town.Home, typed string) { w.Revoke(h.MadeFamily, typed) }
	cases := []struct {
		says string
		code func(*town.Town, town.Home) string // of a family whose first guardian is subscribed; its second is not
		mine bool                               // the subscriber asks, not another account
		want string
	}{
		{"nobody was given it", func(w *town.Town, _ town.Home) string { return wrong(w.T) }, false, "404 code_unknown"},
		{"a letter is mistyped", func(_ *town.Town, h town.Home) string { return mistyped(h.Codes[1]) }, false, "400 code_malformed"},
		{"it is too short", func(_ *town.Town, h town.Home) string { return h.Codes[1][:10] }, false, "400 code_malformed"},
		{"it is empty", func(*town.Town, town.Home) string { return " " }, false, "400 required"},
		{"it is no code at all", func(*town.Town, town.Home) string { return strings.Repeat("A", 41) }, false, "400 too_long"},
		{"it has expired", func(w *town.Town, h town.Home) string { return issue(w, h, 1, town.Now.Add(-time.Second)) }, false, "410 code_expired"},
		{"it expires this instant", func(w *town.Town, h town.Home) string { return issue(w, h, 1, town.Now) }, false, "410 code_expired"},
		{"it was revoked", func(w *town.Town, h town.Home) string { revoke(w, h, h.Codes[1]); return h.Codes[1] }, false, "404 code_unknown"},
		{"another account used it", func(_ *town.Town, h town.Home) string { return h.Codes[0] }, false, "409 code_used"},
		{"another account holds its guardian", func(w *town.Town, h town.Home) string { return issue(w, h, 0, town.Now.AddDate(1, 0, 0)) }, false, "409 guardian_subscribed"},
		{"it is the other guardian's of one's own family", func(_ *town.Town, h town.Home) string { return h.Codes[1] }, true, "409 family_subscribed"},
		{"one gave the subscription up", func(w *town.Town, h town.Home) string { unsubscribe(w, h); return h.Codes[0] }, true, "409 code_used"},
		{"nothing, it is good", func(_ *town.Town, h town.Home) string { return h.Codes[1] }, false, "201"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			h := town.NewHome(t, "Léa")
			typed, who := c.code(h.Town, h), h.Account
			if !c.mine {
				who = h.Citizen()
			}
			if got := answer(town.Send(t, at(h.Town, town.Now), with(h.Town, who, typed))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// mistyped exchanges two neighbours that differ, as people do.
func mistyped(printed string) string {
	b := []byte(printed)
	for i := range 3 {
		if b[i] != b[i+1] {
			b[i], b[i+1] = b[i+1], b[i]
			break
		}
	}
	if string(b) == printed {
		b[0] = 'A' + b[0]&1
	}
	return string(b)
}

func unsubscribe(w *town.Town, h town.Home) {
	w.T.Helper()
	right, err := w.Env.Store.FamilyOf(w.T.Context(), account.CallerOf(h.Account.User, false), h.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	if err := right.Unsubscribe(w.T.Context(), town.Now); err != nil {
		w.T.Fatal(err)
	}
}

func TestTheRightIsInForceAtOnceWithTheSessionAsItIs(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f, a := w.Family("Léa"), w.Citizen()
	session := account.CallerOf(a.User, false)
	if _, err := w.Env.Store.FamilyOf(t.Context(), session, f.ID); refusal.Code(err) != "family_not_found" {
		t.Fatalf("before: %v", err)
	}
	town.Read[api.Subscription](t, at(w, town.Now), with(w, a, f.Codes[1]), 201)
	right, err := w.Env.Store.FamilyOf(t.Context(), session, f.ID)
	if err != nil || right.Guardian != f.Guardians[1] || right.Slug != w.Slug {
		t.Errorf("after: %+v %v", right, err)
	}
	about, ok := town.Outbox(t, store.MailSubscribed, a.ID+"-"+f.ID+"-"+town.Stamp(town.Now))
	if want := fmt.Sprint(map[string]string{"account": a.ID, "slug": w.Slug, "family": f.ID}); !ok || fmt.Sprint(about) != want {
		t.Errorf("the mail is about %v, want %s", about, want)
	}
}

func TestSubscribingManyTimesIsOneSubscription(t *testing.T) {
	t.Parallel()
	for _, times := range []int{2, 20} {
		t.Run(fmt.Sprint(times, " at once"), func(t *testing.T) {
			t.Parallel()
			w := town.New(t)
			f, a := w.Family("Léa"), w.Citizen()
			replies := town.InParallel(times, func(int) town.Reply {
				return town.Send(t, at(w, town.Now), with(w, a, f.Codes[0]))
			})
			for _, r := range replies {
				if r.StatusCode != 201 || r.Response.Body != replies[0].Response.Body {
					t.Errorf("one was answered %d %s", r.StatusCode, r.Response.Body)
				}
			}
			subs, err := w.Env.Store.Subscriptions(t.Context(), a.ID)
			if err != nil || len(subs) != 1 {
				t.Errorf("%d subscriptions, %v", len(subs), err)
			}
			again := town.Send(t, at(w, town.Now.Add(48*time.Hour)), with(w, a, f.Codes[0]))
			if again.StatusCode != 201 || again.Response.Body != replies[0].Response.Body {
				t.Errorf("two days later: %d %s", again.StatusCode, again.Response.Body)
			}
		})
	}
}

func TestOfManyAccountsAtOnceOneGetsTheGuardian(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	h := town.Home{Town: w, MadeFamily: w.Family("Léa")}
	codes := []string{h.Codes[0], issue(w, h, 0, town.Now.AddDate(1, 0, 0))}
	accounts := []account.Account{w.Citizen(), w.Citizen(), w.Citizen(), w.Citizen()}
	answers := map[string]int{}
	for _, got := range town.InParallel(len(accounts), func(n int) string {
		return answer(town.Send(t, at(w, town.Now), with(w, accounts[n], codes[n%2])))
	}) {
		answers[got]++
	}
	if answers["201"] != 1 || answers["409 code_used"]+answers["409 guardian_subscribed"] != len(accounts)-1 {
		t.Errorf("got %v", answers)
	}
}

// A guess is one code sent to the use case, some time after the first.
type guess struct {
	after time.Duration
	code  string // "wrong", "good" or "malformed"
	want  string
	wait  time.Duration // what Retry-After says
}

func TestWrongCodesAreLimitedByTheHourAndTheDay(t *testing.T) {
	t.Parallel()
	// wrongs are five wrong codes, a minute apart.
	wrongs := func(hour int) (all []guess) {
		for n := range 5 {
			all = append(all, guess{time.Duration(hour)*time.Hour + time.Duration(n)*time.Minute, "wrong", "404 code_unknown", 0})
		}
		return all
	}
	var day []guess
	for hour := range 4 {
		day = append(day, wrongs(2*hour)...)
	}
	cases := []struct {
		says    string
		guesses []guess
	}{
		{"five an hour", append(
			wrongs(0),
			guess{10 * time.Minute, "wrong", "429 too_many_codes", 50 * time.Minute},
			guess{20 * time.Minute, "good", "429 too_many_codes", 40 * time.Minute},
			guess{59*time.Minute + 59*time.Second, "good", "429 too_many_codes", time.Second},
			guess{60 * time.Minute, "good", "201", 0},
		)},
		{"the window slides: a place comes back as each wrong code is an hour old", append(
			wrongs(0),
			guess{60 * time.Minute, "wrong", "404 code_unknown", 0},
			guess{60*time.Minute + 30*time.Second, "wrong", "429 too_many_codes", 30 * time.Second},
			guess{61 * time.Minute, "wrong", "404 code_unknown", 0},
		)},
		{"twenty a day", append(
			day,
			guess{9 * time.Hour, "wrong", "429 too_many_codes", 15 * time.Hour},
			guess{9 * time.Hour, "good", "429 too_many_codes", 15 * time.Hour},
			guess{24 * time.Hour, "good", "201", 0},
		)},
		{"a good code is given back", []guess{
			{0, "wrong", "404 code_unknown", 0},
			{time.Minute, "wrong", "404 code_unknown", 0},
			{2 * time.Minute, "wrong", "404 code_unknown", 0},
			{3 * time.Minute, "wrong", "404 code_unknown", 0},
			{4 * time.Minute, "good", "201", 0},
			{5 * time.Minute, "good", "201", 0},
			{6 * time.Minute, "wrong", "404 code_unknown", 0},
			{7 * time.Minute, "good", "429 too_many_codes", 53 * time.Minute},
		}},
		{"what can not be a code tests no secret and does not count", []guess{
			{0, "malformed", "400 code_malformed", 0},
			{1, "malformed", "400 code_malformed", 0},
			{2, "malformed", "400 code_malformed", 0},
			{3, "malformed", "400 code_malformed", 0},
			{4, "malformed", "400 code_malformed", 0},
			{5, "malformed", "400 code_malformed", 0},
			{6, "good", "201", 0},
		}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			w := town.New(t)
			f, a := w.Family("Léa"), w.Citizen()
			for n, g := range c.guesses {
				typed := map[string]string{"wrong": wrong(t), "good": f.Codes[0], "malformed": "1234"}[g.code]
				reply := town.Send(t, at(w, town.Now.Add(g.after)), with(w, a, typed))
				if got := answer(reply); got != g.want {
					t.Fatalf("guess %d after %s: got %s, want %s", n, g.after, got, g.want)
				}
				if wait, _ := strconv.Atoi(reply.Headers["retry-after"]); wait != int(g.wait.Seconds()) {
					t.Errorf("guess %d after %s: wait %d s, want %s", n, g.after, wait, g.wait)
				}
			}
		})
	}
}

func TestOneAccountsWrongCodesAreNoLockOnAFamilyOrAnotherAccount(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f, stranger := w.Family("Léa"), w.Citizen()
	for range 5 {
		town.Send(t, at(w, town.Now), with(w, stranger, wrong(t)))
	}
	town.Read[api.Subscription](t, at(w, town.Now), with(w, w.Citizen(), f.Codes[0]), 201)
}

func TestOfFiftyGuessesAtOnceNoMoreThanFiveAreLookedUp(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	answers := map[string]int{}
	for _, r := range town.InParallel(50, func(int) town.Reply {
		return town.Send(t, at(w, town.Now), with(w, a, wrong(t)))
	}) {
		answers[answer(r)]++
		if r.StatusCode == 429 && r.Headers["retry-after"] != "3600" {
			t.Errorf("told to wait %q s", r.Headers["retry-after"])
		}
	}
	if answers["404 code_unknown"] != 5 || answers["429 too_many_codes"] != 45 {
		t.Errorf("got %v", answers)
	}
}
