// Package town makes a collectivity of its own for a test, with families, citizens and agents, and the events that their
// requests arrive as. Nothing is shared between tests, so they run in parallel against one table.
package town

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"preau/infra/catalog"
	"preau/infra/seed"
	"preau/infra/testkit"
	"preau/shared/account"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/store"
)

// Now is the instant at which tests live unless they say otherwise: a Monday morning in term time.
var Now = time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC)

// Clock is a clock that stands still at Now.
func Clock() time.Time { return Now }

// Town is a collectivity of one test.
type Town struct {
	seed.Env
	T          testing.TB
	Slug       string
	Store      store.Collectivity
	Activities []collectivity.Activity

	table string  // that it lies in
	made  *record // families, for Sound
}

// A test tells what went wrong itself; faults reach it as problems.
func init() { httpapi.LogTo(faults{}) }

// faults passes on the log lines of faults only.
type faults struct{}

func (faults) Write(line []byte) (int, error) {
	if strings.Contains(string(line), `"level":"ERROR"`) {
		return os.Stderr.Write(line)
	}
	return len(line), nil
}

// Password of all accounts that tests make.
const Password = "un mot de passe de test"

// New makes a collectivity with the demonstration's three activities: cantine and periscolaire book at once, an agent
// decides on mercredi.
func New(t testing.TB) *Town {
	w := at(t, Now)
	w.Env.Store.ByClock(Clock)
	return w
}

// NewNow makes the town at the real time, for tests whose functions run by the real clock.
func NewNow(t testing.TB) *Town { return at(t, calendar.Now()) }

func at(t testing.TB, now time.Time) *Town {
	t.Helper()
	testkit.Stack(t)
	town := &Town{T: t, Slug: testkit.Collectivity(t), made: &record{}}
	var err error
	testkit.Opening(t, func() {
		town.Env, err = seed.Open(t.Context(), now)
		town.table = os.Getenv(catalog.EnvTable)
	})
	check(t, err)
	town.Store, town.Activities, err = town.AddTown(t.Context(), town.Slug, "Ville de test")
	check(t, err)
	return town
}

// Family makes a household of two guardians and the named children, enrolled everywhere.
func (w *Town) Family(children ...string) seed.MadeFamily {
	w.T.Helper()
	f := seed.Family{Name: "Martin", Guardians: []seed.Guardian{{Civility: "mme", FirstName: "Anne", LastName: "Martin", Household: "h"}, {Civility: "m", FirstName: "Paul", LastName: "Martin", Household: "h"}}}
	for _, name := range children {
		f.Children = append(f.Children, seed.Child{FirstName: name, LastName: "Martin", BirthDate: "2018-05-04", Activities: []string{"cantine", "periscolaire", "mercredi"}})
	}
	made, err := w.AddFamily(w.T.Context(), w.Store, f, w.Activities)
	check(w.T, err)
	w.made.add(made.ID)
	return made
}

// Citizen makes an active account.
func (w *Town) Citizen() account.Account {
	w.T.Helper()
	a, err := w.AddAccount(w.T.Context(), w.Slug, testkit.Address(w.T), Password, account.Person{FirstName: "Anne", LastName: "Martin"})
	check(w.T, err)
	return a
}

// Subscriber makes an account that is subscribed as the nth guardian of a family.
func (w *Town) Subscriber(f seed.MadeFamily, n int) account.Account {
	w.T.Helper()
	a := w.Citizen()
	c, err := w.Env.Store.TryCode(w.T.Context(), w.Secret.Code, f.Codes[n], a.ID, w.Env.Now)
	check(w.T, err)
	_, err = w.Env.Store.Subscribe(w.T.Context(), a, c, w.Env.Now)
	check(w.T, err)
	return a
}

// Agent makes an account with a role at the town.
func (w *Town) Agent(role collectivity.Role) account.Account {
	w.T.Helper()
	a, _, err := w.AddAgent(w.T.Context(), w.Store, testkit.Address(w.T), Password, account.Person{FirstName: "Odile", LastName: "Test"}, role)
	check(w.T, err)
	a.Agent = true
	return a
}

// Event reads events/<useCase>.json, with ${name} replaced by the given values.
func Event(t testing.TB, useCase string, values map[string]string) httpapi.Request {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	raw, err := os.ReadFile(filepath.Join(filepath.Dir(here), "../../../events", useCase+".json"))
	check(t, err)
	text := string(raw)
	for name, v := range values {
		text = strings.ReplaceAll(text, "${"+name+"}", v)
	}
	var r httpapi.Request
	check(t, json.Unmarshal([]byte(text), &r))
	return r
}

// As gives an event the claims of an account's access token.
func As(r httpapi.Request, a account.Account) httpapi.Request {
	client := os.Getenv("PREAU_CLIENT_CITIZEN")
	if a.Agent {
		client = os.Getenv("PREAU_CLIENT_AGENT")
	}
	r.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: map[string]string{"token_use": "access", "username": a.User, "client_id": client}},
	}
	return r
}

// With gives an event another body.
func With(t testing.TB, r httpapi.Request, body any) httpapi.Request {
	t.Helper()
	raw, err := json.Marshal(body)
	check(t, err)
	r.Body = string(raw)
	r.Headers = maps.Clone(r.Headers)
	r.Headers["content-type"] = "application/json"
	return r
}

// Header gives an event another header.
func Header(r httpapi.Request, name, value string) httpapi.Request {
	r.Headers = maps.Clone(r.Headers)
	r.Headers[name] = value
	return r
}

// Reply is a response with its body read.
type Reply struct {
	httpapi.Response
	Body map[string]any
}

// Code of a problem, or "".
func (r Reply) Code() string { code, _ := r.Body["code"].(string); return code }

// Send hands an event to a handler and reads the answer.
func Send(t testing.TB, h httpapi.Handler, r httpapi.Request) Reply {
	t.Helper()
	response, err := h(context.Background(), r)
	check(t, err)
	reply := Reply{Response: response}
	if response.Body != "" {
		check(t, json.Unmarshal([]byte(response.Body), &reply.Body))
	}
	return reply
}

// Read decodes the body of an expected answer; any other status fails the test.
func Read[T any](t testing.TB, h httpapi.Handler, r httpapi.Request, status int) T {
	t.Helper()
	var v T
	response, err := h(context.Background(), r)
	check(t, err)
	if response.StatusCode != status {
		t.Fatalf("got %d, want %d: %s", response.StatusCode, status, response.Body)
	}
	if response.Body != "" {
		check(t, json.Unmarshal([]byte(response.Body), &v))
	}
	return v
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
