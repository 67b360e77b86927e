package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/id"
	"preau/shared/identity"
)

// night is the use case at work on a table of its own.
type night struct {
	app
	*town.Town
	table map[string]string // environment that names it
	log   *bytes.Buffer
	at    *time.Time
}

func opened(t *testing.T) night {
	t.Helper()
	now := town.Now
	n := night{table: testkit.OwnTable(t), log: &bytes.Buffer{}, at: &now}
	testkit.Within(t, n.table, func() {
		n.Town = town.New(t)
		n.app = n.wire(identity.Open())
	})
	return n
}

func (n night) wire(pool *identity.Pool) app {
	return app{n.Env.Store, pool, slog.New(slog.NewJSONHandler(n.log, nil)), func() time.Time { return *n.at }}
}

// run ticks at an instant with events/erase-users.json and wants to hear what it did.
func (n night) run(t *testing.T, at time.Time, tells string) error {
	t.Helper()
	event, err := os.ReadFile("../../events/erase-users.json")
	must(t, err)
	*n.at = at
	n.log.Reset()
	err = n.handle(t.Context(), event)
	if !strings.Contains(n.log.String(), tells) {
		t.Errorf("told %v and %s, want %s", err, n.log, tells)
	}
	return err
}

// there says whether a user is still in the pool.
func (n night) there(t *testing.T, user string) bool {
	t.Helper()
	_, err := n.Pool.SignIn(t.Context(), identity.Citizens, user, town.Password)
	if err != nil && err != identity.ErrRefused {
		t.Fatal(err)
	}
	return err == nil
}

// signUp makes a sign-up with its user.
func (n night) signUp(t *testing.T) (account.Attempt, string) {
	t.Helper()
	email := testkit.Address(t)
	a := account.Attempt{ID: id.New(town.Now), Email: email, Collectivity: n.Slug, CreatedAt: town.Now}
	a.User = id.User(a.ID)
	address := n.Secret.Address(email)
	must(t, n.app.store.AddAttempt(t.Context(), address, a))
	must(t, n.Pool.Create(t.Context(), a.User, town.Password))
	must(t, n.app.store.ReadyAttempt(t.Context(), address, a, town.Now))
	return a, address
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const (
	hour = time.Hour
	day  = 24 * hour
)

func TestASignUpNeverActivatedIsErasedAfterThirtyDays(t *testing.T) {
	t.Parallel()
	n := opened(t)
	a, address := n.signUp(t)
	must(t, n.run(t, town.Now.Add(30*day-time.Millisecond), `"done":0`))
	if _, found, err := n.app.store.Attempt(t.Context(), address, a.ID); !found || err != nil || !n.there(t, a.User) {
		t.Fatalf("erased before its time (%v)", err)
	}
	must(t, n.run(t, town.Now.Add(30*day), `"done":1,"kept":0,"failed":0`))
	if _, found, err := n.app.store.Attempt(t.Context(), address, a.ID); found || err != nil || n.there(t, a.User) {
		t.Errorf("not erased (%v)", err)
	}
	must(t, n.run(t, town.Now.Add(31*day), `"done":0,"kept":0,"failed":0`))
}

func TestAnActivatedSignUpKeepsItsUser(t *testing.T) {
	t.Parallel()
	n := opened(t)
	a, address := n.signUp(t)
	must(t, n.app.store.Activate(t.Context(), address, a, account.Account{ID: a.ID, User: a.User, Email: a.Email, CreatedAt: town.Now}, nil))
	must(t, n.run(t, town.Now.Add(365*day), `"done":0,"kept":0,"failed":0`))
	if !n.there(t, a.User) {
		t.Error("somebody can not sign in any more")
	}
}

func TestReplacedCredentialsAreErasedAndCurrentOnesKept(t *testing.T) {
	t.Parallel()
	n := opened(t)
	a := n.Citizen()
	next := id.User(a.ID)
	must(t, n.app.store.PlanUser(t.Context(), a.ID, next, town.Now))
	must(t, n.Pool.Create(t.Context(), next, town.Password))
	must(t, n.app.store.TakeUser(t.Context(), a, next, nil, town.Now))
	must(t, n.run(t, town.Now.Add(hour-time.Millisecond), `"done":0`))
	must(t, n.run(t, town.Now.Add(hour), `"done":1,"kept":0,"failed":0`))
	if n.there(t, a.User) || !n.there(t, next) {
		t.Error("the old credentials go and the new ones stay")
	}
}

func TestCredentialsThatTheAccountNeverTookAreErased(t *testing.T) {
	t.Parallel()
	n := opened(t)
	a := n.Citizen()
	planned := id.User(a.ID)
	must(t, n.app.store.PlanUser(t.Context(), a.ID, planned, town.Now))
	must(t, n.Pool.Create(t.Context(), planned, town.Password))
	must(t, n.run(t, town.Now.Add(hour), `"done":1`))
	if n.there(t, planned) || !n.there(t, a.User) {
		t.Error("what was planned goes and the account's own stays")
	}
}

func TestARecordOfAUserThatItsAccountUsesIsDropped(t *testing.T) {
	t.Parallel()
	n := opened(t)
	a := n.Citizen()
	must(t, n.app.store.PlanUser(t.Context(), a.ID, a.User, town.Now))
	must(t, n.run(t, town.Now.Add(hour), `"done":0,"kept":1`))
	if !n.there(t, a.User) {
		t.Error("somebody can not sign in any more")
	}
	must(t, n.run(t, town.Now.Add(hour), `"done":0,"kept":0`))
}

func TestUsersThatCanNotBeErasedNeitherBlockTheOthersNorTheTick(t *testing.T) {
	t.Parallel()
	n := opened(t)
	const failing = 60 // more than two pages stand at the queue's head
	for i := range failing {
		must(t, n.app.store.PlanUser(t.Context(), "acc", fmt.Sprintf("acc.bad%02d", i), town.Now))
	}
	a := n.Citizen()
	last := id.User(a.ID)
	must(t, n.app.store.PlanUser(t.Context(), a.ID, last, town.Now.Add(time.Minute)))
	must(t, n.Pool.Create(t.Context(), last, town.Password))
	broken := maps.Clone(n.table)
	broken["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"] = testkit.Front(t, testkit.Stack(t).Cognito, func(operation string, body []byte) string {
		if operation == "AdminDeleteUser" && bytes.Contains(body, []byte("acc.bad")) {
			return "NotAuthorizedException"
		}
		return ""
	})
	whole := n.app
	testkit.Within(t, broken, func() { n.app = n.wire(identity.Open()) })
	if err := n.run(t, town.Now.Add(2*hour), `"done":1,"kept":0,"failed":60`); err == nil {
		t.Error("an alarm hears of failures")
	}
	if n.there(t, last) {
		t.Error("the one behind them was not erased")
	}
	n.app = whole
	must(t, n.run(t, town.Now.Add(2*hour), `"done":60,"kept":0,"failed":0`))
}

func TestTheFunctionHasTheRightsItNeeds(t *testing.T) { // not parallel: it changes whose key this process uses
	testkit.Stack(t)
	n := night{Town: town.New(t), log: &bytes.Buffer{}, at: &time.Time{}}
	n.app = n.wire(identity.Open())
	a := n.Citizen()
	early := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) // before what other tests have waiting in this table
	must(t, n.app.store.PlanUser(t.Context(), a.ID, id.User(a.ID), early))
	t.Setenv("AWS_ACCESS_KEY_ID", emulators.AccessKey("erase-users"))
	must(t, n.run(t, early.Add(hour), `"failed":0`))
	must(t, os.Setenv("AWS_ACCESS_KEY_ID", emulators.PlatformKey))
}
