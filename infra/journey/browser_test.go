package journey

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"preau/infra/local/emulators"
	"preau/infra/local/platform"
	"preau/infra/testkit"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/captcha"
)

// TestMain runs the tests against the platform of `go run ./infra/local test`, or starts one for this package alone.
func TestMain(m *testing.M) {
	if os.Getenv(emulators.EnvStack) == "" {
		os.Exit(withPlatform(m))
	}
	os.Exit(m.Run())
}

func withPlatform(m *testing.M) int {
	p, err := platform.Start(context.Background(), platform.Options{Progress: os.Stderr})
	if err != nil {
		panic(err)
	}
	defer p.Close()
	f, err := os.CreateTemp("", "preau-stack-*.json")
	if err != nil {
		panic(err)
	}
	defer os.Remove(f.Name())
	if err := json.NewEncoder(f).Encode(p.Resources); err != nil {
		panic(err)
	}
	f.Close()
	os.Setenv(emulators.EnvStack, f.Name())
	return m.Run()
}

// browser is one person at the portal: it keeps the session's cookie and access token, and nothing else.
type browser struct {
	t      *testing.T
	portal string
	token  string
	cookie string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	return &browser{t: t, portal: testkit.Stack(t).Portal}
}

type reply struct {
	status int
	header http.Header
	body   []byte
}

// code of a problem, or "".
func (r reply) code() string {
	var p api.Problem
	_ = json.Unmarshal(r.body, &p)
	return p.Code
}

// send makes one request as it stands.
func (b *browser) send(method, path string, body any, headers map[string]string) reply {
	b.t.Helper()
	var reader io.Reader
	if body != nil {
		raw, ok := body.(string)
		if !ok {
			encoded, err := json.Marshal(body)
			if err != nil {
				b.t.Fatal(err)
			}
			raw = string(encoded)
		}
		reader = strings.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.portal+path, reader)
	if err != nil {
		b.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if b.token != "" {
		req.Header.Set("Authorization", "Bearer "+b.token)
	}
	if b.cookie != "" {
		req.Header.Set("Cookie", b.cookie)
	}
	for name, v := range headers {
		req.Header.Set(name, v)
	}
	return b.do(req)
}

var client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

func (b *browser) do(req *http.Request) reply {
	b.t.Helper()
	res, err := client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range res.Cookies() {
		b.cookie = c.Name + "=" + c.Value
		if c.MaxAge < 0 {
			b.cookie = ""
		}
	}
	return reply{res.StatusCode, res.Header, bytes.TrimSpace(raw)}
}

// want sends a request, expects a status and reads the answer.
func want[T any](b *browser, status int, method, path string, body any) T {
	b.t.Helper()
	r := b.send(method, path, body, nil)
	if r.status != status {
		b.t.Fatalf("%s %s: got %d, want %d: %s", method, path, r.status, status, r.body)
	}
	var out T
	if len(r.body) > 0 {
		if err := json.Unmarshal(r.body, &out); err != nil {
			b.t.Fatalf("%s %s: %v in %s", method, path, err, r.body)
		}
	}
	return out
}

// captcha solves a fresh challenge, as the widget does.
func (b *browser) captcha() string {
	b.t.Helper()
	solution, err := captcha.Solve(captcha.Challenge(want[api.Captcha](b, 200, "GET", "/v1/captcha", nil)))
	if err != nil {
		b.t.Fatal(err)
	}
	return solution
}

// open keeps the session that an answer opened.
func (b *browser) open(s api.Session) { b.token = s.AccessToken }

// signIn opens a session with a password.
func (b *browser) signIn(email, password string) {
	b.t.Helper()
	b.open(want[api.Session](b, 200, "POST", "/v1/sessions", api.SignIn{Email: email, Password: password}))
}

// signInAgent opens a session with a password and the authenticator's code. A code that was just used is followed by the
// next one.
func (b *browser) signInAgent(email, password string, secret []byte) {
	b.t.Helper()
	step := account.TOTPStep(time.Now())
	for _, s := range []int64{step, step + 1, step - 1} {
		r := b.send("POST", "/v1/sessions", api.SignIn{Email: email, Password: password, TOTP: account.TOTP(secret, s)}, nil)
		if r.status == 200 {
			var session api.Session
			if err := json.Unmarshal(r.body, &session); err != nil {
				b.t.Fatal(err)
			}
			b.open(session)
			return
		}
	}
	b.t.Fatal("no code of the authenticator was taken")
}

// linkIn finds the link to a page of the portal in a mail's plain text.
func linkIn(t *testing.T, m testkit.Mail, page string) (path, token string) {
	t.Helper()
	found := regexp.MustCompile(`https?://[^/\s]+(/[a-z0-9-]+/` + page + `)#(\S+)`).FindStringSubmatch(m.Text)
	if found == nil {
		t.Fatalf("no link to %s in %q", page, m.Text)
	}
	return found[1], found[2]
}
