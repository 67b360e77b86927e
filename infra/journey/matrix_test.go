package journey

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"preau/infra/catalog"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/awsconfig"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/family"
	"preau/shared/importing"
	"preau/shared/rollover"
	"preau/shared/schooldays"
	"preau/shared/store"
)

// caller is a kind of person who tries a route.
type caller string

const (
	anonymous     caller = "nobody signed in"
	otherFamily   caller = "a parent of another family"
	otherTown     caller = "an agent of another collectivity"
	reader        caller = "an agent who may only read"
	retired       caller = "credentials that were replaced"
	retiredAgent  caller = "an agent's credentials that were replaced"
	idToken       caller = "the right person with an id token"
	forged        caller = "the right person's token, altered"
	citizenClient caller = "the right agent without TOTP"
	parent        caller = "the family's parent"
	reviewer      caller = "an agent who may decide"
	manager       caller = "an agent who may set everything"
)

// refused says what each kind of caller gets from a route of each right; a caller that is not here is allowed.
var refused = map[catalog.Caller]map[caller]int{
	catalog.Anyone:    {},
	catalog.Citizens:  {anonymous: 401, retired: 401, idToken: 401, forged: 401},
	catalog.Families:  {anonymous: 401, retired: 401, idToken: 401, forged: 401, otherFamily: 404, otherTown: 404, reader: 404, reviewer: 404},
	catalog.Readers:   {anonymous: 401, retiredAgent: 401, idToken: 401, forged: 401, otherTown: 404, parent: 404, otherFamily: 404, citizenClient: 401},
	catalog.Reviewers: {anonymous: 401, retiredAgent: 401, idToken: 401, forged: 401, otherTown: 404, parent: 404, otherFamily: 404, citizenClient: 401, reader: 403},
	catalog.Managers:  {anonymous: 401, retiredAgent: 401, idToken: 401, forged: 401, otherTown: 404, parent: 404, otherFamily: 404, citizenClient: 401, reader: 403, reviewer: 403},
}

// world is a town with one of every kind of caller, each signed in over HTTP.
type world struct {
	home   town.Home
	tokens map[caller]string
	values map[string]string
}

func newWorld(t *testing.T) world {
	t.Helper()
	home, other := town.NewNow(t).NewHome("Léa"), town.NewNow(t)
	request := home.Day(booking.Booking, 0, "mercredi", "matin", nextWednesday(home.Activities[2].Season))
	w := world{home: home, tokens: map[caller]string{anonymous: ""}, values: map[string]string{
		"slug": home.Slug, "family": home.ID, "child": home.Children[0], "guardian": home.Guardians[0], "request": request.ID, "change": "unknown", "activity": "cantine", "school": "unknown", "enrolment": "unknown", "event": "unknown",
		"password": town.Password, "current": town.Password, "code": "not a code", "token": "no token", "email": testkit.Address(t), "captcha": "unsolved", "session": "",
		"agent": "unknown", "id": "unknown", "replaced": "1", "job": "unknown", "issued": "unknown", "import": "unknown", "report": "unknown",
	}}
	w.tokens[parent] = tokenOf(t, home.Account, "AccessToken")
	w.tokens[idToken] = tokenOf(t, home.Account, "IdToken")
	w.tokens[forged] = w.tokens[parent][:len(w.tokens[parent])-6] + "AAAAAA"
	w.tokens[otherFamily] = tokenOf(t, home.NewHome("Tom").Account, "AccessToken")
	w.tokens[otherTown] = tokenOf(t, other.Agent(collectivity.Manager), "AccessToken")
	w.tokens[reader] = tokenOf(t, home.Agent(collectivity.Reader), "AccessToken")
	w.tokens[retired] = retire(t, home.Town, home.Citizen())
	w.tokens[retiredAgent] = retire(t, home.Town, home.Agent(collectivity.Manager))
	agent := home.Agent(collectivity.Reviewer)
	w.tokens[reviewer] = tokenOf(t, agent, "AccessToken")
	agent.Agent = false
	w.tokens[citizenClient] = tokenOf(t, agent, "AccessToken")
	return w
}

// retire gives an account other credentials and answers a token of the old ones.
func retire(t *testing.T, w *town.Town, a account.Account) string {
	t.Helper()
	token := tokenOf(t, a, "AccessToken")
	if err := w.Env.Store.TakeUser(t.Context(), a, a.ID+".replaced", nil, time.Now().UTC()); err != nil {
		t.Fatal(err)
	}
	return token
}

// tokenOf signs an account in at Cognito itself, which gives id tokens too.
func tokenOf(t *testing.T, a account.Account, which string) string {
	t.Helper()
	clientID := os.Getenv("PREAU_CLIENT_CITIZEN")
	if a.Agent {
		clientID = os.Getenv("PREAU_CLIENT_AGENT")
	}
	pool, api := os.Getenv("PREAU_POOL"), cognito.NewFromConfig(awsconfig.Load(), func(o *cognito.Options) {
		o.BaseEndpoint = awsconfig.Endpoint("COGNITO_IDENTITY_PROVIDER")
	})
	described, err := api.DescribeUserPoolClient(t.Context(), &cognito.DescribeUserPoolClientInput{UserPoolId: &pool, ClientId: &clientID})
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, []byte(aws.ToString(described.UserPoolClient.ClientSecret)))
	mac.Write([]byte(a.User + clientID))
	out, err := api.AdminInitiateAuth(context.Background(), &cognito.AdminInitiateAuthInput{
		UserPoolId: &pool, ClientId: &clientID, AuthFlow: types.AuthFlowTypeAdminUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": a.User, "PASSWORD": town.Password, "SECRET_HASH": base64.StdEncoding.EncodeToString(mac.Sum(nil))},
	})
	if err != nil {
		t.Fatal(err)
	}
	if which == "IdToken" {
		return aws.ToString(out.AuthenticationResult.IdToken)
	}
	return aws.ToString(out.AuthenticationResult.AccessToken)
}

// try sends a use case's sample event over HTTP.
func (w world) try(t *testing.T, route catalog.Route, who caller) reply {
	t.Helper()
	b := newBrowser(t)
	b.token = w.tokens[who]
	event := town.Event(t, route.Function, w.values)
	path := event.RawPath
	if event.RawQueryString != "" {
		path += "?" + event.RawQueryString
	}
	var body any
	if event.Body != "" {
		// The sample's day is in the past for functions that run by the real clock.
		text := strings.ReplaceAll(event.Body, "2026-11-24", string(nextWednesday(w.home.Activities[2].Season).AddDays(1)))
		text = strings.Replace(text, `"year": 2027`, `"year": `+thisYear(), 1)
		if v, moved := w.values["version"]; moved {
			text = strings.Replace(text, `"version": 1`, `"version": `+v, 1) // of what its town has set since it was made
			text = strings.Replace(text, `"restore": 1`, `"restore": `+w.values["replaced"], 1)
		}
		body = text
	}
	b.cookie = strings.Join(event.Cookies, "; ")
	return b.send(route.Method, path, body, nil)
}

// TestEveryRouteRefusesEveryCallerWhoHasNoRightToIt goes through the catalog: a new route is tried as soon as it is there.
func TestEveryRouteRefusesEveryCallerWhoHasNoRightToIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, route := range catalog.Routes {
		callers, known := refused[route.Caller]
		if !known {
			t.Errorf("%s %s: nobody has said who may not call it", route.Method, route.Path)
		}
		for who, status := range callers {
			t.Run(fmt.Sprintf("%s %s for %s", route.Method, route.Path, who), func(t *testing.T) {
				t.Parallel()
				r := w.try(t, route, who)
				if r.status != status {
					t.Errorf("got %d %s, want %d", r.status, r.body, status)
				}
				if strings.Contains(string(r.body), "Léa") || strings.Contains(string(r.body), "Martin") {
					t.Errorf("the refusal tells of the family: %s", r.body)
				}
			})
		}
	}
}

// TestEveryRouteServesItsRightCaller with the rights that the catalog gives its function: the table and the pool refuse
// whatever is missing, as IAM would.
func TestEveryRouteServesItsRightCaller(t *testing.T) {
	t.Parallel()
	for _, route := range catalog.Routes {
		t.Run(route.Method+" "+route.Path, func(t *testing.T) {
			t.Parallel()
			w, who := newRightCaller(t, route)
			status := route.Status
			if route.Function == "roll-over" && !summerOrLater() {
				status = 409
			}
			if r := w.try(t, route, who); r.status != status {
				t.Errorf("got %d %s, want %d", r.status, r.body, status)
			}
		})
	}
}

// thisYear is the school year that towns move to at present.
func thisYear() string {
	return strconv.Itoa(int(rollover.Around(calendar.DateOf(calendar.Now(), time.UTC))))
}

// summerOrLater says whether the move to it may be made already: not from March to June.
func summerOrLater() bool {
	today := calendar.DateOf(calendar.Now(), time.UTC)
	return rollover.Around(today).CheckOpen(collectivity.Configuration{}, today) == nil
}

// newRightCaller is a town with the one person whom a route is for, and all that the route's sample event names.
func newRightCaller(t *testing.T, route catalog.Route) (world, caller) {
	t.Helper()
	home := town.NewNow(t).NewHome("Léa")
	w := world{home: home, tokens: map[caller]string{}, values: map[string]string{
		"slug": home.Slug, "family": home.ID, "child": home.Children[0], "guardian": home.Guardians[0], "activity": "cantine",
		"password": town.Password, "current": town.Password, "email": testkit.Address(t), "code": home.Codes[1], "captcha": home.Captcha(calendar.Now()), "id": "unknown", "replaced": "1",
		"sha256": "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
	}}
	w.prepare(t, route.Function)
	switch route.Caller {
	case catalog.Citizens, catalog.Families:
		w.tokens[parent] = tokenOf(t, home.Account, "AccessToken")
		return w, parent
	case catalog.Readers:
		w.tokens[reader] = tokenOf(t, home.Agent(collectivity.Reader), "AccessToken")
		return w, reader
	case catalog.Reviewers:
		w.tokens[reviewer] = tokenOf(t, home.Agent(collectivity.Reviewer), "AccessToken")
		return w, reviewer
	case catalog.Managers:
		w.tokens[manager] = tokenOf(t, home.Agent(collectivity.Manager), "AccessToken")
		return w, manager
	}
	return w, anonymous
}

// prepare makes what has to be there before a function is called.
func (w world) prepare(t *testing.T, function string) {
	t.Helper()
	h, now := w.home, calendar.Now()
	ctx, s := t.Context(), h.Env.Store
	var err error
	switch function {
	case "subscribe", "preview-subscription":
		w.values["code"] = h.Family("Tom").Codes[0] // of another family: one person is one guardian of a file
	case "activate-account", "resend-activation":
		signUp := h.SignedUp(w.values["email"], town.Password, now)
		w.values["token"] = signUp.Token(0)
	case "sign-in", "request-password-reset":
		w.values["email"] = h.Account.Email
	case "reset-password":
		err = s.AskReset(ctx, h.Account, now)
		w.values["token"] = h.Secret.Token("reset", h.Account.ID, 1)
	case "confirm-email":
		err = s.AskEmail(ctx, h.Account, w.values["email"], now)
		w.values["token"] = h.Secret.Token("email", h.Account.ID, 1)
	case "refresh-session", "sign-out", "list-sessions":
		w.values["session"] = h.Session(h.Account)
	case "update-agent", "remove-agent", "reset-authenticator":
		w.values["agent"] = h.Agent(collectivity.Reviewer).ID
	case "accept-invitation", "preview-invitation":
		_, w.values["token"] = h.Invite(h.Agent(collectivity.Manager), w.values["email"], collectivity.Reader)
	case "enrol-authenticator":
		agent := h.Agent(collectivity.Reviewer)
		err = h.Right(h.Agent(collectivity.Manager)).ResetAuthenticator(ctx, agent.ID, now)
		w.values["token"] = h.Secret.Token("authenticator", agent.ID, 1)
	case "show-logo", "restore-settings", "update-settings":
		w.setLogo(t)
	case "show-calendar-feed":
		w.values["token"] = w.calendar(t)
	case "withdraw-change", "decide-changes":
		w.values["change"] = h.Propose(0, "phones", map[string]any{"mobile": "0612345678"}).ID
	case "show-upload":
		w.values["upload"] = h.Announce(family.Upload{Purpose: family.PhotoUpload, About: h.Children[0], Type: "image/jpeg"}).ID
	case "show-document", "open-document":
		w.values["document"] = h.Papers("insurance", h.Children[0], "attestation")
	case "remove-note":
		w.values["note"] = "note"
		err = h.MadeFamily.Store.WriteNote(ctx, family.Note{ID: "note", Text: "Une note", At: now})
	case "lift-court-order":
		w.values["order"] = "order"
		err = h.MadeFamily.Store.RecordOrder(ctx, h.Household(), family.Order{ID: "order", Kind: family.MustNotCollect, Person: "Jean Petit", From: calendar.DateOf(now, time.UTC), RecordedAt: now}, time.UTC)
	case "preview-merge", "merge-families":
		w.values["from"], w.values["into"] = h.Separated("Zoé").ID, h.ID
	case "show-job":
		w.values["job"] = "job"
		_, err = h.Right(h.Agent(collectivity.Manager)).AddJob(ctx, store.Job{ID: "job", Role: collectivity.Reader, CreatedAt: now})
	case "show-import", "check-import", "apply-import", "undo-import":
		w.values["import"], w.values["report"] = "import", "report"
		err = w.imported(ctx, function)
	case "revoke-code":
		w.values["issued"], err = w.issued(ctx)
	case "share-child":
		other := h.Town.NewHome("Tom")
		w.values["child"], w.values["from"] = other.Children[0], other.ID
	case "unshare-child":
		w.values["family"] = h.Share(h.Town.NewHome("Tom")).ID
	case "record-departure":
		w.values["child"] = h.Join("child", map[string]any{"firstName": "Zoé", "lastName": "Martin", "birthDate": "2018-05-04"})
	case "simulate-rule":
		h.Settings(func(s *collectivity.Settings) {
			s.Calendar = schooldays.Settings{Zone: "B", Weekdays: schooldays.FourDays}
		})
	case "revoke-event":
		w.values["event"] = w.event(t)
	case "update-school":
		w.values["school"] = "verne"
		err = h.Town.Store.SaveSchool(ctx, collectivity.School{ID: "verne", Name: "École Jules-Verne"})
	case "update-enrolment":
		all, failed := h.MadeFamily.Store.Enrolments(ctx)
		err = failed
		for _, e := range all {
			if e.Activity == "cantine" {
				w.values["enrolment"] = e.ID
			}
		}
	case "update-calendar":
		c, failed := h.Town.Store.Configuration(ctx)
		w.values["version"], err = strconv.Itoa(c.Version), failed
	case "show-request", "cancel-request", "decide-requests":
		w.values["request"] = h.Day(booking.Booking, 0, "mercredi", "matin", nextWednesday(h.Activities[2].Season)).ID
	}
	if err != nil {
		t.Fatal(err)
	}
}

// issued names a code of the family that nobody has used.
func (w world) issued(ctx context.Context) (string, error) {
	all, err := w.home.MadeFamily.Store.Codes(ctx, w.home.Household())
	for _, c := range all {
		if c.Code.UsedBy == "" {
			return c.ID(), err
		}
	}
	return "", err
}

// imported announces a file, as far as a function needs it.
func (w world) imported(ctx context.Context, function string) error {
	town, right := w.home.Town.Store, w.home.Right(w.home.Agent(collectivity.Manager))
	c, err := town.Configuration(ctx)
	if err != nil {
		return err
	}
	i, err := right.AddImport(ctx, store.Import{ID: "import", Of: importing.Families, CreatedAt: calendar.Now(), Version: c.Version, Report: "report"})
	if state, further := map[string]store.ImportState{"apply-import": store.ImportChecked, "undo-import": store.ImportApplied}[function]; further {
		i.State = state
	}
	return errors.Join(err, town.SettleImport(ctx, i))
}

// calendar is the token of a link that the family's parent has made.
func (w world) calendar(t *testing.T) string {
	t.Helper()
	right, err := w.home.Env.Store.FamilyOf(t.Context(), account.CallerOf(w.home.Account.User, false), w.home.ID)
	if err != nil {
		t.Fatal(err)
	}
	link, err := right.OpenCalendar(t.Context(), calendar.Now())
	if err != nil {
		t.Fatal(err)
	}
	return w.home.Secret.Calendar(w.home.Account.ID, w.home.ID, link.Issue)
}

// setLogo has a manager give the town a logo.
func (w world) setLogo(t *testing.T) {
	t.Helper()
	seen, err := w.home.Town.Store.Configuration(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	next := seen.Settings
	next.Logo = "logo"
	right := w.home.Right(w.home.Agent(collectivity.Manager))
	if err := right.SetSettings(t.Context(), seen, next, &store.Logo{ID: "logo", Type: "image/png", Picture: []byte("png")}, "update-settings", []string{"logo"}, calendar.Now()); err != nil {
		t.Fatal(err)
	}
	w.values["replaced"], w.values["version"] = strconv.Itoa(seen.Version), strconv.Itoa(seen.Version+1)
}

// event declares a strike tomorrow.
func (w world) event(t *testing.T) (id string) {
	t.Helper()
	day := calendar.DateOf(calendar.Now(), time.UTC).AddDays(1)
	e := collectivity.Event{
		ID: "strike", Kind: collectivity.Strike, Effect: collectivity.Cancels, Name: "Grève", CreatedAt: calendar.Now(), Author: "agent",
		Period: calendar.Period{From: day, To: day},
	}
	seen, err := w.home.Town.Store.Configuration(t.Context())
	if err == nil {
		_, err = w.home.Town.Store.DeclareEvent(t.Context(), seen, e, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	return e.ID
}

// TestWhatHasNoRouteIsAProblemToo covers the gateway's $default.
func TestWhatHasNoRouteIsAProblemToo(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	for _, c := range []struct{ says, method, path string }{
		{"an unknown path", "GET", "/v1/poneys"},
		{"a known path with another method", "DELETE", "/v1/captcha"},
		{"a version that does not exist", "GET", "/v2/captcha"},
	} {
		r := b.send(c.method, c.path, nil, nil)
		if strings.HasPrefix(c.path, "/v1/") && (r.status != 404 || r.code() != "route_not_found" || r.header.Get("Content-Type") != "application/problem+json") {
			t.Errorf("%s: got %d %s", c.says, r.status, r.body)
		}
	}
}

// TestBadBodiesAreRefusedOverHTTP tries what no typed client sends.
func TestBadBodiesAreRefusedOverHTTP(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	for _, c := range []struct {
		says, body string
		status     int
		code       string
	}{
		{"malformed JSON", `{"email":`, 400, "malformed_json"},
		{"two documents", `{} {}`, 400, "malformed_json"},
		{"an unknown field", `{"email":"a@b.fr","password":"x","admin":true}`, 400, "invalid_input"},
		{"a missing field", `{"email":"a@b.fr"}`, 400, "invalid_input"},
		{"a wrong type", `{"email":3,"password":"x"}`, 400, "invalid_input"},
		{"a list", `[]`, 400, "malformed_json"},
	} {
		r := b.send("POST", "/v1/sessions", c.body, nil)
		if r.status != c.status || r.code() != c.code {
			t.Errorf("%s: got %d %s", c.says, r.status, r.body)
		}
	}
	r := b.send("POST", "/v1/sessions", `{"email":"`+strings.Repeat("a", catalog.MaxBody)+`"}`, nil)
	if r.status != 413 || r.code() != "body_too_large" {
		t.Errorf("a body over 1 MB: got %d %.200s", r.status, r.body)
	}
	r = b.send("POST", "/v1/sessions", `{"email":"`+strings.Repeat("a", catalog.GatewayBody)+`"}`, nil)
	var gateway struct{ Message string }
	if err := json.Unmarshal(r.body, &gateway); r.status != 413 || err != nil || gateway.Message == "" {
		t.Errorf("a body over the gateway's own limit: got %d %.200s", r.status, r.body)
	}
	r = b.send("POST", "/v1/sessions", `{"email":"a@b.fr","password":"x"}`, map[string]string{"Content-Type": "text/plain"})
	if r.status != 415 || r.code() != "json_expected" {
		t.Errorf("another type: got %d %s", r.status, r.body)
	}
}
