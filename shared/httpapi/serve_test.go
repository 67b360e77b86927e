package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/refusal"
)

func TestMain(m *testing.M) {
	LogTo(io.Discard)
	if err := os.Setenv("PREAU_STAGE", "local"); err != nil { // no edge in front
		panic(err)
	}
	os.Exit(m.Run())
}

// logged is what a test writes to the log. Such a test can not run beside others.
func logged(t *testing.T, run func()) (lines []string) {
	t.Helper()
	var log bytes.Buffer
	LogTo(&log)
	defer LogTo(io.Discard)
	run()
	return strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n")
}

// failing is a use case that ends with an error.
func failing(err error) Handler {
	return Anyone(func(context.Context, Caller, api.Nothing) (api.Nothing, error) { return api.Nothing{}, err })
}

func call(t *testing.T, h Handler, r Request) Response {
	t.Helper()
	response, err := h(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func TestARefusalBecomesItsProblem(t *testing.T) {
	t.Parallel()
	kinds := map[refusal.Kind]int{
		refusal.Invalid: 400, refusal.Unauthorized: 401, refusal.Forbidden: 403, refusal.NotFound: 404, refusal.Conflict: 409,
		refusal.Gone: 410, refusal.TooLarge: 413, refusal.Unsupported: 415, refusal.TooMany: 429, refusal.Busy: 503,
	}
	for kind, status := range kinds {
		no := refusal.New(kind, "some_code", "Une phrase.")
		for says, err := range map[string]error{"as it is": no, "wrapped": fmt.Errorf("do this: %w", no)} {
			response := call(t, failing(err), Request{})
			var p api.Problem
			if e := json.Unmarshal([]byte(response.Body), &p); e != nil {
				t.Fatal(e)
			}
			want := api.Problem{Type: "about:blank", Title: p.Title, Status: status, Detail: "Une phrase.", Code: "some_code"}
			if response.StatusCode != status || !reflect.DeepEqual(p, want) || p.Title == "" {
				t.Errorf("%d %s: got %d %s", kind, says, response.StatusCode, response.Body)
			}
		}
	}
}

func TestARefusalTellsFieldsWaitAndMore(t *testing.T) {
	t.Parallel()
	no := refusal.New(refusal.TooMany, "too_many", "Trop.").At("code").After(90*time.Second+time.Millisecond).With("current", 3).With("status", 200)
	response := call(t, failing(no), Request{})
	var p map[string]any
	if err := json.Unmarshal([]byte(response.Body), &p); err != nil {
		t.Fatal(err)
	}
	if response.Headers["retry-after"] != "91" || p["current"] != 3.0 || p["status"] != 429.0 {
		t.Errorf("got %v %v", response.Headers, p)
	}
	want := []any{map[string]any{"field": "code", "code": "too_many", "detail": "Trop."}}
	if !reflect.DeepEqual(p["errors"], want) {
		t.Errorf("got %v", p["errors"])
	}
}

func TestAFaultTellsANumberAndNothingElse(t *testing.T) {
	t.Parallel()
	secret := "ACCOUNT#01abc at 10.0.0.7: disk full"
	panics := Anyone(func(context.Context, Caller, api.Nothing) (api.Nothing, error) { panic(secret) })
	crashes := Anyone(func(context.Context, Caller, api.Nothing) (api.Nothing, error) {
		return api.Nothing{}, fmt.Errorf("%c", []rune(secret)[len(secret)])
	})
	unwritable := Anyone(func(context.Context, Caller, api.Nothing) (float64, error) { return math.NaN(), nil })
	for says, h := range map[string]Handler{
		"an error": failing(errors.New(secret)), "a wrapped error": failing(fmt.Errorf("read: %w", errors.New(secret))),
		"a panic": panics, "a crash": crashes, "an answer that can not be written": unwritable,
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			r := Request{RequestContext: events.APIGatewayV2HTTPRequestContext{RequestID: "req-1"}}
			response := call(t, h, r)
			var p map[string]any
			if err := json.Unmarshal([]byte(response.Body), &p); err != nil {
				t.Fatal(err)
			}
			want := map[string]any{"type": "about:blank", "title": "Erreur interne", "status": 500.0, "code": "internal_error", "detail": internal.Detail, "correlationId": "req-1"}
			if response.StatusCode != 500 || !reflect.DeepEqual(p, want) {
				t.Errorf("got %d %s", response.StatusCode, response.Body)
			}
			if response.Headers["cache-control"] != "no-store" || response.Headers["x-request-id"] != "req-1" || len(response.Cookies) > 0 {
				t.Errorf("got %v %v", response.Headers, response.Cookies)
			}
		})
	}
}

func TestRunningOutOfTimeIsToldBeforeTheFunctionIsKilled(t *testing.T) {
	t.Parallel()
	slow := Anyone(func(ctx context.Context, _ Caller, _ api.Nothing) (api.Nothing, error) {
		<-ctx.Done()
		return api.Nothing{}, fmt.Errorf("read: %w", ctx.Err())
	})
	ctx, cancel := context.WithTimeout(t.Context(), reserve+50*time.Millisecond)
	defer cancel()
	response, err := slow(ctx, Request{})
	if err != nil || ctx.Err() != nil {
		t.Fatalf("the function's own time ran out: %v", err)
	}
	var p api.Problem
	if err := json.Unmarshal([]byte(response.Body), &p); err != nil || response.StatusCode != 503 || p.Code != "try_again" || response.Headers["retry-after"] == "" {
		t.Errorf("got %+v (%v)", response, err)
	}
}

func TestASuccessIsAnsweredAsItsRouteSays(t *testing.T) {
	t.Parallel()
	handle := func(context.Context, Caller, api.Nothing) (api.Accepted, error) {
		return api.Accepted{Message: "Oui"}, nil
	}
	cases := []struct {
		says   string
		h      Handler
		status int
		body   string
		cache  string
	}{
		{"OK", Anyone(handle), 200, `{"message":"Oui"}`, "no-store"},
		{"created", Anyone(handle, Created), 201, `{"message":"Oui"}`, "no-store"},
		{"accepted", Anyone(handle, Accepted), 202, `{"message":"Oui"}`, "no-store"},
		{"no content", Anyone(handle, NoContent), 204, "", "no-store"},
		{"for anyone to keep", Anyone(handle, Cached), 200, `{"message":"Oui"}`, "public, max-age=60"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			response := call(t, c.h, Request{})
			if response.StatusCode != c.status || response.Body != c.body || response.Headers["cache-control"] != c.cache || response.Headers["x-content-type-options"] != "nosniff" {
				t.Errorf("got %+v", response)
			}
		})
	}
}

// claims gives a request what the gateway's authorizer verified.
func claims(pairs ...string) Request {
	c := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		c[pairs[i]] = pairs[i+1]
	}
	return Request{RequestContext: events.APIGatewayV2HTTPRequestContext{Authorizer: &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: c},
	}}}
}

func TestOnlyAnAccessTokenSignsIn(t *testing.T) {
	t.Setenv("PREAU_CLIENT_AGENT", "agents")
	cases := []struct {
		says   string
		r      Request
		caller account.Caller
	}{
		{"a citizen's", claims("token_use", "access", "username", "acc.1", "client_id", "citizens"), account.Caller{Account: "acc", User: "acc.1"}},
		{"an agent's", claims("token_use", "access", "username", "acc.1", "client_id", "agents"), account.Caller{Account: "acc", User: "acc.1", Agent: true}},
		{"not an id token", claims("token_use", "id", "username", "acc.1", "cognito:username", "acc.1", "aud", "citizens"), account.Caller{}},
		{"not a token of no use", claims("username", "acc.1"), account.Caller{}},
		{"not a token of nobody", claims("token_use", "access"), account.Caller{}},
		{"not none", Request{}, account.Caller{}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			var caller account.Caller
			h := SignedIn(func(_ context.Context, got Caller, _ api.Nothing) (api.Nothing, error) {
				caller = got.Caller
				return api.Nothing{}, nil
			})
			status, code, _ := answer(t, h, c.r)
			if caller != c.caller {
				t.Errorf("got %+v", caller)
			}
			if good := c.caller.Account != ""; good && status != 200 || !good && (status != 401 || code != "access_token_required") {
				t.Errorf("got %d %s", status, code)
			}
		})
	}
}

func TestARequestPastCloudFrontIsRefused(t *testing.T) {
	cases := []struct {
		says, stage, secrets, header string
		status                       int
	}{
		{"the secret opens", "prod", "the secret", "the secret", 200},
		{"another does not", "prod", "the secret", "another one", 403},
		{"a part of it does not", "prod", "the secret", "the", 403},
		{"none does not", "prod", "the secret", "", 403},
		{"the first of two opens", "prod", "shown,next", "shown", 200},
		{"the second of two opens", "prod", "shown,next", "next", 200},
		{"both at once do not", "prod", "shown,next", "shown,next", 403},
		{"an empty one of two does not", "prod", "shown,", "", 403},
		{"without a secret nothing opens", "prod", "", "", 403},
		{"without a secret and a stage nothing opens", "", "", "", 403},
		{"a laptop that has a secret asks for it", "local", "the secret", "", 403},
		{"a laptop without one is open", "local", "", "", 200},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Setenv("PREAU_STAGE", c.stage)
			t.Setenv("PREAU_ORIGIN_SECRET", c.secrets)
			r := Request{Headers: map[string]string{"x-preau-origin": c.header}}
			if c.header == "" {
				r.Headers = nil
			}
			status, code, _ := answer(t, failing(nil), r)
			if status != c.status || status == 403 && code != "direct_access" {
				t.Errorf("got %d %s", status, code)
			}
		})
	}
}

// TestARequestIsOneLineThatTellsNothingOfPersons sends something personal wherever a request can carry it.
func TestARequestIsOneLineThatTellsNothingOfPersons(t *testing.T) {
	r := claims("token_use", "access", "username", "acc-martin.1", "client_id", "citizens")
	r.RouteKey, r.RawPath = "PUT /v1/things/{id}", "/v1/things/child-lea"
	r.PathParameters, r.RawQueryString = map[string]string{"id": "child-lea"}, "from=1987-06-05&tag=allergie"
	r.Headers = map[string]string{"content-type": "application/json", "x-preau-viewer": "192.0.2.10", "user-agent": "Firefox", "authorization": "Bearer eyJhbGci", "idempotency-key": "key-12345"}
	r.Cookies = []string{"session=refresh-token"}
	r.RequestContext.RequestID = "req-1"
	r.RequestContext.HTTP.SourceIP, r.RequestContext.HTTP.Path = "192.0.2.10", "/v1/things/child-lea"
	personal := []string{"martin", "lea", "allergie", "192.0.2.10", "Firefox", "eyJhbGci", "key-12345", "refresh-token", "Zoé", "1987-06-05"}
	type in struct {
		ID   string   `path:"id" json:"-"`
		From string   `query:"from" json:"-"`
		Tags []string `query:"tag" json:"-"`
		Name string   `json:"name" max:"3"`
	}
	ends := func(err error) Handler {
		return SignedIn(func(context.Context, Caller, in) (api.Accepted, error) { return api.Accepted{Message: "Zoé"}, err })
	}
	cases := []struct {
		says   string
		h      Handler
		body   string
		status int
		level  string
		code   any
	}{
		{"a success", ends(nil), `{"name": "Zoé"}`, 200, "INFO", nil},
		{"a refusal", ends(refusal.OfField("name", "name_invalid", "Zoé")), `{"name": "Zoé"}`, 400, "INFO", "invalid_input"},
		{"a field too long", ends(nil), `{"name": "Zoé Martin"}`, 400, "INFO", "invalid_input"},
		{"a field unknown", ends(nil), `{"Zoé": "Martin"}`, 400, "INFO", "invalid_input"},
		{"no JSON", ends(nil), `Zoé Martin`, 400, "INFO", "malformed_json"},
		{"a fault", ends(errors.New("read: disk full")), `{"name": "Zoé"}`, 500, "ERROR", "internal_error"},
		{"a wrong type", ends(nil), `{"name": 1}`, 400, "INFO", "invalid_input"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			r.Body = c.body
			lines := logged(t, func() { call(t, c.h, r) })
			if len(lines) != 1 {
				t.Fatalf("got %d lines: %q", len(lines), lines)
			}
			for _, p := range personal {
				if strings.Contains(lines[0], p) {
					t.Errorf("%q is in %s", p, lines[0])
				}
			}
			var line map[string]any
			if err := json.Unmarshal([]byte(lines[0]), &line); err != nil {
				t.Fatal(err)
			}
			if line["level"] != c.level || line["status"] != float64(c.status) || line["code"] != c.code || line["route"] != r.RouteKey || line["request"] != "req-1" || line["ms"] == nil {
				t.Errorf("got %s", lines[0])
			}
		})
	}
}

func TestAFaultIsOneLineWithItsCausesAndCountsAsOne(t *testing.T) {
	handler := func(do func() error) Handler {
		return Anyone(func(context.Context, Caller, api.Nothing) (any, error) {
			if err := do(); err != nil {
				return nil, err
			}
			return math.Inf(1), nil
		})
	}
	cases := []struct {
		says string
		do   func() error
		told string
	}{
		{"an error with what was attempted", func() error { return fmt.Errorf("read account: %w", errors.New("disk full")) }, "read account: disk full"},
		{"a panic with the place of it", func() error { panic("out of cheese") }, "out of cheese at "},
		{"an answer that can not be written", func() error { return nil }, "encode the answer"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			lines := logged(t, func() { call(t, handler(c.do), Request{}) })
			var line map[string]any
			if err := json.Unmarshal([]byte(lines[0]), &line); err != nil || len(lines) != 1 {
				t.Fatalf("got %q (%v)", lines, err)
			}
			told, _ := line["error"].(string)
			if line["level"] != "ERROR" || !strings.Contains(told, c.told) || line["Faults"] != 1.0 || line["_aws"] == nil {
				t.Errorf("got %s", lines[0])
			}
			if strings.Contains(c.says, "panic") && !strings.Contains(told, "TestAFaultIsOneLine") {
				t.Errorf("the place is not in %s", told)
			}
		})
	}
}

func TestARefusalThatIsWatchedIsCounted(t *testing.T) {
	handler := Anyone(func(context.Context, Caller, api.Nothing) (any, error) {
		return nil, refusal.New(refusal.NotFound, "code_unknown", "Inconnu.").Counted("CodeRefused")
	})
	lines := logged(t, func() { call(t, handler, Request{}) })
	var line map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &line); err != nil || line["CodeRefused"] != 1.0 || line["_aws"] == nil || line["level"] != "INFO" {
		t.Errorf("got %s, %v", lines[0], err)
	}
}

func TestTheSessionTravelsInACookieThatNoScriptReads(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says   string
		out    Session
		cookie string
		body   string
	}{
		{"a citizen's for 30 days", Opened("acc.1", false, "access", "ref.resh", 900), "preau_session=c~acc.1~ref.resh; Path=/v1/sessions; Max-Age=2592000; HttpOnly; Secure; SameSite=Strict", `{"accessToken":"access","expiresIn":900}`},
		{"an agent's for 12 hours", Opened("acc.1", true, "access", "ref.resh", 900), "preau_session=a~acc.1~ref.resh; Path=/v1/sessions; Max-Age=43200; HttpOnly; Secure; SameSite=Strict", `{"accessToken":"access","expiresIn":900}`},
		{"a renewed one stays", Session{Session: api.Session{AccessToken: "access", ExpiresIn: 900}}, "", `{"accessToken":"access","expiresIn":900}`},
		{"an ended one goes", Session{Ended: true}, "preau_session=; Path=/v1/sessions; Max-Age=0; HttpOnly; Secure; SameSite=Strict", `{}`},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			h := Anyone(func(context.Context, Caller, api.Nothing) (Session, error) { return c.out, nil })
			response := call(t, h, Request{})
			if got := strings.Join(response.Cookies, ", "); got != c.cookie || response.Body != c.body {
				t.Errorf("got %q and %s", got, response.Body)
			}
		})
	}
}

func TestARefusedSignInSetsNoCookie(t *testing.T) {
	t.Parallel()
	h := Anyone(func(context.Context, Caller, api.Nothing) (Session, error) {
		return Opened("acc.1", false, "access", "refresh", 900), account.ErrWrongPassword
	})
	if response := call(t, h, Request{}); len(response.Cookies) > 0 || strings.Contains(response.Body, "access") {
		t.Errorf("got %+v", response)
	}
}

func TestASessionIsReadFromItsCookie(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says, cookie string
		caller       account.Caller
		refresh      string
	}{
		{"a citizen's", "c~acc.1~re~fr.esh", account.Caller{Account: "acc", User: "acc.1"}, "re~fr.esh"},
		{"an agent's", "a~acc.1~refresh", account.Caller{Account: "acc", User: "acc.1", Agent: true}, "refresh"},
		{"of another kind it is none", "x~acc.1~refresh", account.Caller{}, ""},
		{"without a user it is none", "c~~refresh", account.Caller{}, ""},
		{"without a token it is none", "c~acc.1~", account.Caller{}, ""},
		{"cut short it is none", "c~acc.1", account.Caller{}, ""},
		{"empty it is none", "", account.Caller{}, ""},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			caller, refresh, err := ReadSession(c.cookie)
			if caller != c.caller || refresh != c.refresh || (err == nil) != (c.refresh != "") {
				t.Errorf("got %+v, %q (%v)", caller, refresh, err)
			}
			if err != nil && refusal.Code(err) != "no_session" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestWhatIsWrittenToTheCookieIsReadBack(t *testing.T) {
	t.Parallel()
	written := Opened("01abc.q7xw", true, "access", "eyJ.a-b_c.d==", 900).cookie()
	cookie, err := http.ParseSetCookie(written)
	if err != nil {
		t.Fatal(err)
	}
	caller, refresh, err := ReadSession(cookie.Value)
	if err != nil || caller != account.CallerOf("01abc.q7xw", true) || refresh != "eyJ.a-b_c.d==" {
		t.Errorf("got %+v, %q (%v)", caller, refresh, err)
	}
}
