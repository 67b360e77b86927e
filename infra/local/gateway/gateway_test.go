package gateway

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/golang-jwt/jwt/v5"

	"preau/infra/catalog"
)

const (
	testIssuer = "http://issuer.example"
	testClient = "client-1"
)

// A bench is a gateway whose function answers what the test says and remembers what it was given.
type bench struct {
	t      *testing.T
	url    string
	key    *rsa.PrivateKey
	answer string // of the function; a JSON value
	kind   string // its function error
	delay  <-chan struct{}

	mu       sync.Mutex
	function string
	event    events.APIGatewayV2HTTPRequest
	reports  []string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, answer: `{"statusCode":200}`}
	var err error
	if b.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	keys := httptest.NewServer(http.HandlerFunc(b.serveKeys))
	t.Cleanup(keys.Close)
	authorizer, err := NewAuthorizer(t.Context(), keys.URL, testIssuer, testClient, "client-2")
	if err != nil {
		t.Fatal(err)
	}
	g := &Gateway{Invoke: b.invoke, Authorizer: authorizer, Site: site(t), Files: "http://files.example", Report: b.report, Wait: 2 * time.Second}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

func (b *bench) serveKeys(w http.ResponseWriter, _ *http.Request) {
	number := func(n *big.Int) string { return base64.RawURLEncoding.EncodeToString(n.Bytes()) }
	_ = json.NewEncoder(w).Encode(map[string]any{"keys": []map[string]string{{
		"kty": "RSA", "kid": "k1", "alg": "RS256", "use": "sig", "n": number(b.key.N), "e": number(big.NewInt(int64(b.key.E))),
	}}})
}

func (b *bench) invoke(ctx context.Context, function string, payload []byte) ([]byte, string, error) {
	b.mu.Lock()
	b.function = function
	err := json.Unmarshal(payload, &b.event)
	b.mu.Unlock()
	select {
	case <-b.delay:
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
	return []byte(b.answer), b.kind, err
}

func (b *bench) report(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reports = append(b.reports, line)
}

func at(t *testing.T, now bool) <-chan struct{} {
	t.Helper()
	gate := make(chan struct{})
	if now {
		close(gate)
	}
	return gate
}

// do sends a request, changed by change, and gives the answer and its body.
func (b *bench) do(method, path, body string, change func(*http.Request)) (*http.Response, string) {
	b.t.Helper()
	if b.delay == nil {
		b.delay = at(b.t, true)
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if change != nil {
		change(req)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res, string(text)
}

// token signs claims as the pool does; change may spoil them.
func (b *bench) token(change func(jwt.MapClaims)) string {
	b.t.Helper()
	claims := jwt.MapClaims{
		"iss": testIssuer, "client_id": testClient, "token_use": "access", "username": "u1", "sub": "s1",
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(), "cognito:groups": []string{"a", "b"},
	}
	if change != nil {
		change(claims)
	}
	return sign(b.t, jwt.SigningMethodRS256, b.key, claims)
}

func sign(t *testing.T, method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = "k1"
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

func site(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"index.html": "<html>portail", "app.js": "start()", "assets/app-Bk3f.js": "run()", "icons/a.svg": "<svg>"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestEachRouteOfTheCatalogLeadsToItsFunction(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, route := range catalog.Routes {
		path := strings.NewReplacer("{", "p-", "}", "").Replace(route.Path)
		b.do(route.Method, path, "", bearer(b.token(nil)))
		if b.function != route.Function || b.event.RouteKey != route.Method+" "+route.Path {
			t.Errorf("%s %s led to %s by %q", route.Method, path, b.function, b.event.RouteKey)
		}
	}
}

func TestWhatNoRouteMatchesGoesToTheDefaultRouteWithoutASession(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, c := range []struct{ name, method, path string }{
		{"an unknown path", "GET", "/v1/nothing"},
		{"the API's own address", "GET", "/v1"},
		{"an unknown method", "PATCH", "/v1/accounts"},
		{"a HEAD of a GET route", "HEAD", "/v1/captcha"},
		{"a trailing slash", "GET", "/v1/me/"},
		{"an empty parameter", "GET", "/v1/families/"},
		{"a doubled slash", "GET", "/v1//me"},
		{"a preflight", "OPTIONS", "/v1/me"},
	} {
		b.function = ""
		b.do(c.method, c.path, "", nil)
		if b.function != catalog.NotFound || b.event.RouteKey != "$default" || b.event.PathParameters != nil {
			t.Errorf("%s led to %q by %q", c.name, b.function, b.event.RouteKey)
		}
	}
}

func TestAnEventIsWhatAPIGatewayWrites(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.do("POST", "/v1/families/f%C3%A9%2F1/requests?child=a&child=b&x=1%262", `{"é":1}`, func(r *http.Request) {
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		r.Header.Set("Authorization", b.token(nil)) // the scheme may be missing
		r.Header.Add("Cookie", "a=1; b=2")
		r.Header.Add("X-Two", "one")
		r.Header.Add("X-Two", "two")
		r.Header.Set("User-Agent", "browser")
	})
	e := b.event
	for what, pair := range map[string][2]string{
		"version":    {e.Version, "2.0"},
		"route":      {e.RouteKey, "POST /v1/families/{family}/requests"},
		"path":       {e.RawPath, "/v1/families/fé/1/requests"},
		"parameter":  {e.PathParameters["family"], "fé/1"},
		"raw query":  {e.RawQueryString, "child=a&child=b&x=1%262"},
		"repeated":   {e.QueryStringParameters["child"], "a,b"},
		"decoded":    {e.QueryStringParameters["x"], "1&2"},
		"cookies":    {strings.Join(e.Cookies, "|"), "a=1|b=2"},
		"no header":  {e.Headers["cookie"], ""},
		"two values": {e.Headers["x-two"], "one,two"},
		"body":       {e.Body, `{"é":1}`},
		"method":     {e.RequestContext.HTTP.Method, "POST"},
		"address":    {e.RequestContext.HTTP.SourceIP, "127.0.0.1"},
		"agent":      {e.RequestContext.HTTP.UserAgent, "browser"},
		"stage":      {e.RequestContext.Stage, "$default"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %q, want %q", what, pair[0], pair[1])
		}
	}
	if e.IsBase64Encoded || e.RequestContext.RequestID == "" || e.RequestContext.TimeEpoch == 0 {
		t.Errorf("got %+v", e)
	}
}

func TestOnlyTextBodiesTravelAsText(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for contentType, encoded := range map[string]bool{
		"application/json": false, "text/csv": false, "application/problem+json": false, "application/xml; charset=utf-8": false,
		"image/jpeg": true, "application/x-www-form-urlencoded": true, "multipart/form-data; boundary=x": true, "": true,
	} {
		b.event = events.APIGatewayV2HTTPRequest{}
		b.do("POST", "/v1/accounts", "body", func(r *http.Request) { r.Header.Set("Content-Type", contentType) })
		body := b.event.Body
		if b.event.IsBase64Encoded {
			decoded, _ := base64.StdEncoding.DecodeString(body)
			body = string(decoded)
		}
		if b.event.IsBase64Encoded != encoded || body != "body" {
			t.Errorf("%q: encoded %v, body %q", contentType, b.event.IsBase64Encoded, body)
		}
	}
}

func TestTheViewersAddressIsOursAndTheOriginSecretIsStripped(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.do("GET", "/v1/captcha", "", func(r *http.Request) {
		r.Header.Set(catalog.HeaderViewer, "10.0.0.1")
		r.Header.Set(catalog.HeaderOrigin, "guess")
	})
	if got := b.event.Headers[catalog.HeaderViewer]; got != "127.0.0.1" {
		t.Errorf("the viewer is %q", got)
	}
	if got, there := b.event.Headers[catalog.HeaderOrigin]; there {
		t.Errorf("the origin secret is %q", got)
	}
}

func TestTheAuthorizerPassesOnlyTokensOfThePool(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	set := func(claim string, value any) func(jwt.MapClaims) {
		return func(c jwt.MapClaims) { c[claim] = value }
	}
	valid := jwt.MapClaims{"iss": testIssuer, "client_id": testClient, "exp": time.Now().Add(time.Hour).Unix()}
	for _, c := range []struct {
		name, header, challenge string
	}{
		{"a valid token passes", "Bearer " + b.token(nil), ""},
		{"the scheme may be in lower case", "bearer " + b.token(nil), ""},
		{"a token of the second client passes", "Bearer " + b.token(set("client_id", "client-2")), ""},
		{"an ID token passes by its audience", "Bearer " + b.token(func(c jwt.MapClaims) { delete(c, "client_id"); c["aud"] = testClient }), ""},
		{"no token", "", "Bearer"},
		{"no token at all", "Bearer x", "invalid"},
		{"an expired token", "Bearer " + b.token(set("exp", time.Now().Add(-time.Second).Unix())), "expired"},
		{"a token without an end", "Bearer " + b.token(func(c jwt.MapClaims) { delete(c, "exp") }), "invalid"},
		{"a token that is not valid yet", "Bearer " + b.token(set("nbf", time.Now().Add(time.Hour).Unix())), "invalid"},
		{"another issuer", "Bearer " + b.token(set("iss", "http://other.example")), "issuer"},
		{"another client", "Bearer " + b.token(set("client_id", "client-3")), "audience"},
		{"another key", "Bearer " + sign(t, jwt.SigningMethodRS256, other, valid), "invalid"},
		{"a shared secret", "Bearer " + sign(t, jwt.SigningMethodHS256, b.key.N.Bytes(), valid), "invalid"},
		{"no signature", "Bearer " + sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, valid), "invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.function = ""
			res, body := b.do("GET", "/v1/me", "", func(r *http.Request) { r.Header.Set("Authorization", c.header) })
			passed := b.function == "show-me"
			if passed != (c.challenge == "") || !strings.Contains(res.Header.Get("Www-Authenticate"), c.challenge) {
				t.Errorf("passed %v, challenge %q", passed, res.Header.Get("Www-Authenticate"))
			}
			if !passed && (res.StatusCode != 401 || body != `{"message":"Unauthorized"}`+"\n") {
				t.Errorf("answered %d %s", res.StatusCode, body)
			}
		})
	}
}

func TestClaimsReachTheFunctionAsText(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.do("GET", "/v1/me", "", bearer(b.token(func(c jwt.MapClaims) { c["exp"] = 4000000000; c["email_verified"] = true })))
	want := map[string]string{"username": "u1", "token_use": "access", "exp": "4000000000", "email_verified": "true", "cognito:groups": "[a b]"}
	for name, value := range want {
		if got := b.event.RequestContext.Authorizer.JWT.Claims[name]; got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

func TestARouteForAnyoneIgnoresABadToken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.do("GET", "/v1/captcha", "", bearer("broken"))
	if b.function != "issue-captcha" || b.event.RequestContext.Authorizer != nil {
		t.Errorf("led to %q with %v", b.function, b.event.RequestContext.Authorizer)
	}
}

func TestAnAnswerIsWrittenAsTheFunctionGaveIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, c := range []struct {
		name, answer string
		status       int
		contentType  string
		body         string
	}{
		{"status, headers and body", `{"statusCode":201,"headers":{"Content-Type":"application/json"},"body":"{\"id\":1}"}`, 201, "application/json", `{"id":1}`},
		{"a problem", `{"statusCode":404,"headers":{"content-type":"application/problem+json"},"body":"{}"}`, 404, "application/problem+json", `{}`},
		{"no content", `{"statusCode":204}`, 204, "", ``},
		{"a binary body", `{"statusCode":200,"headers":{"content-type":"application/pdf"},"body":"JVBERg==","isBase64Encoded":true}`, 200, "application/pdf", `%PDF`},
		{"no content type", `{"statusCode":200,"body":"x"}`, 200, "text/plain;charset=UTF-8", `x`},
		{"no status: the value is the body", `{"a":1}`, 200, "application/json", `{"a":1}`},
		{"a bare text is the body", `"hello"`, 200, "application/json", `"hello"`},
		{"not JSON", `oops`, 500, "application/json", `{"message":"Internal Server Error"}` + "\n"},
		{"a status that is none", `{"statusCode":"fine"}`, 500, "application/json", `{"message":"Internal Server Error"}` + "\n"},
		{"a status out of range", `{"statusCode":42}`, 500, "application/json", `{"message":"Internal Server Error"}` + "\n"},
		{"base64 that is none", `{"statusCode":200,"body":"???","isBase64Encoded":true}`, 500, "application/json", `{"message":"Internal Server Error"}` + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.answer = c.answer
			res, body := b.do("GET", "/v1/captcha", "", nil)
			if res.StatusCode != c.status || res.Header.Get("Content-Type") != c.contentType || body != c.body {
				t.Errorf("got %d %s %q", res.StatusCode, res.Header.Get("Content-Type"), body)
			}
		})
	}
}

func TestEachCookieOfAnAnswerIsAHeaderOfItsOwn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.answer = `{"statusCode":200,"cookies":["a=1; HttpOnly","b=2; Secure"]}`
	res, _ := b.do("GET", "/v1/captcha", "", nil)
	if got := res.Header.Values("Set-Cookie"); !slices.Equal(got, []string{"a=1; HttpOnly", "b=2; Secure"}) {
		t.Errorf("got %q", got)
	}
}

func TestAFunctionErrorIsAnInternalServerErrorWithoutItsText(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.answer, b.kind = `{"errorMessage":"secret"}`, "Unhandled"
	res, body := b.do("GET", "/v1/captcha", "", nil)
	if res.StatusCode != 500 || body != `{"message":"Internal Server Error"}`+"\n" {
		t.Errorf("got %d %s", res.StatusCode, body)
	}
}

func TestAFunctionThatDoesNotAnswerInTimeIsUnavailable(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.delay = at(t, false)
	res, body := b.do("GET", "/v1/captcha", "", nil)
	if res.StatusCode != 503 || body != `{"message":"Service Unavailable"}`+"\n" {
		t.Errorf("got %d %s", res.StatusCode, body)
	}
	if len(b.reports) != 1 || !strings.Contains(b.reports[0], "issue-captcha did not answer") {
		t.Errorf("reported %q", b.reports)
	}
}

func TestABodyOverTheLimitIsRefusedAndOneAtTheLimitPasses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	text := func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }
	res, body := b.do("POST", "/v1/accounts", strings.Repeat("x", catalog.GatewayBody+1), text)
	if res.StatusCode != 413 || body != `{"message":"Request Entity Too Large"}`+"\n" || b.function != "" {
		t.Errorf("got %d %s", res.StatusCode, body)
	}
	for says, size := range map[string]int{"the functions' limit": catalog.MaxBody, "what they refuse": catalog.MaxBody + 1, "the gateway's limit": catalog.GatewayBody} {
		b.do("POST", "/v1/accounts", strings.Repeat("x", size), text)
		if len(b.event.Body) != size {
			t.Errorf("%s: %d bytes passed", says, len(b.event.Body))
		}
	}
}

func TestTheSiteIsOnePageBehindEveryPathThatNamesNoFile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, c := range []struct {
		method, path string
		status       int
		contentType  string
		body         string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8", "<html>portail"},
		{"GET", "/saint-aubin/planning", 200, "text/html; charset=utf-8", "<html>portail"},
		{"GET", "/index.html", 200, "text/html; charset=utf-8", "<html>portail"},
		{"GET", "/v1x", 200, "text/html; charset=utf-8", "<html>portail"},
		{"GET", "/app.js", 200, "text/javascript; charset=utf-8", "start()"},
		{"GET", "/icons/a.svg", 200, "image/svg+xml", "<svg>"},
		{"GET", "/missing.js", 404, "text/plain; charset=utf-8", "Not Found\n"},
		{"GET", "/../gateway_test.go", 404, "text/plain; charset=utf-8", "Not Found\n"},
		{"HEAD", "/app.js", 200, "text/javascript; charset=utf-8", ""},
		{"POST", "/", 405, "text/plain; charset=utf-8", "Method Not Allowed\n"},
	} {
		res, body := b.do(c.method, c.path, "", nil)
		if res.StatusCode != c.status || res.Header.Get("Content-Type") != c.contentType || body != c.body {
			t.Errorf("%s %s: %d %s %q", c.method, c.path, res.StatusCode, res.Header.Get("Content-Type"), body)
		}
	}
}

func TestFilesWhoseNamesChangeWithTheirContentAreKeptForGood(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for path, want := range map[string]string{
		"/assets/app-Bk3f.js": "public, max-age=31536000, immutable", "/assets/app-gone.js": "", "/": "no-cache", "/saint-aubin/planning": "no-cache", "/app.js": "no-cache",
	} {
		if res, _ := b.do("GET", path, "", nil); res.Header.Get("Cache-Control") != want {
			t.Errorf("%s: %q", path, res.Header.Get("Cache-Control"))
		}
	}
}

func TestScriptsComePackedToWhoTakesThemSo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for path, want := range map[string]string{"/assets/app-Bk3f.js": "gzip", "/app.js": "", "/": ""} {
		res, _ := b.do("GET", path, "", func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
		if got := res.Header.Get("Content-Encoding"); got != want {
			t.Errorf("%s: packed as %q", path, got)
		}
	}
	if res, body := b.do("GET", "/assets/app-Bk3f.js", "", nil); body != "run()" || res.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("got %q, %s", body, res.Header.Get("Content-Type")) // Go's client unpacks
	}
}

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.answer = `{"statusCode":200,"headers":{"content-security-policy":"default-src *"}}`
	for _, path := range []string{"/", "/app.js", "/missing.js", "/v1/captcha", "/v1/me"} {
		res, _ := b.do("GET", path, "", nil)
		csp := res.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'self';") || !strings.Contains(csp, "frame-ancestors 'none'") ||
			!strings.Contains(csp, "img-src 'self' data: http://files.example;") || !strings.Contains(csp, "connect-src 'self' http://files.example;") {
			t.Errorf("%s: policy %q", path, csp)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "Strict-Transport-Security": "",
			"Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
}

func TestAnAnswerOfTheAPIIsNotStoredUnlessTheFunctionSaysSo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	res, _ := b.do("GET", "/v1/captcha", "", nil)
	b.answer = `{"statusCode":200,"headers":{"cache-control":"public, max-age=60"}}`
	stored, _ := b.do("GET", "/v1/captcha", "", nil)
	if res.Header.Get("Cache-Control") != "no-store" || stored.Header.Get("Cache-Control") != "public, max-age=60" {
		t.Errorf("got %q and %q", res.Header.Get("Cache-Control"), stored.Header.Get("Cache-Control"))
	}
}

func TestAServerErrorOfAFunctionIsReported(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.answer = `{"statusCode":500,"body":"{}"}`
	b.do("GET", "/v1/captcha", "", nil)
	if len(b.reports) != 1 || b.reports[0] != "GET /v1/captcha: 500 from issue-captcha" {
		t.Errorf("reported %q", b.reports)
	}
}

func TestTheConnectionSurvivesARefusedBody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.do("POST", "/v1/accounts", string(bytes.Repeat([]byte("x"), 3*catalog.GatewayBody/2)), nil)
	if res, _ := b.do("GET", "/v1/captcha", "", nil); res.StatusCode != 200 {
		t.Errorf("got %d", res.StatusCode)
	}
}
