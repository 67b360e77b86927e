package town

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"preau/infra/local/awsjson"
	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/shared/account"
	"preau/shared/captcha"
	"preau/shared/credentials"
	"preau/shared/id"
	"preau/shared/identity"
)

// Captcha is the solution of a challenge issued at an instant.
func (w *Town) Captcha(at time.Time) string {
	w.T.Helper()
	nonce := make([]byte, 12)
	_, _ = rand.Read(nonce) // never fails
	challenge, err := captcha.Of(w.Secret.Key("captcha")).Issue(nonce, at)
	check(w.T, err)
	solution, err := captcha.Solve(challenge)
	check(w.T, err)
	return solution
}

// SignUp is a sign-up that waits for its activation.
type SignUp struct {
	account.Attempt
	Address string // as it is filed
	w       *Town
}

// SignedUp writes a sign-up at an instant as sign-up does, its first link issued.
func (w *Town) SignedUp(email, password string, at time.Time, changes ...func(*account.Attempt)) SignUp {
	w.T.Helper()
	s := SignUp{w: w, Address: w.Secret.Address(email), Attempt: account.Attempt{
		ID: id.New(at), Person: account.Person{Civility: "mme", FirstName: "Anne", LastName: "Martin"}, Email: email,
		Collectivity: w.Slug, TermsVersion: "2026-09", CreatedAt: at,
	}}
	s.User = id.User(s.ID)
	for _, change := range changes {
		change(&s.Attempt)
	}
	check(w.T, w.Env.Store.AddAttempt(w.T.Context(), s.Address, s.Attempt))
	check(w.T, w.Pool.Create(w.T.Context(), s.User, password))
	check(w.T, w.Env.Store.ReadyAttempt(w.T.Context(), s.Address, s.Attempt, at))
	return s
}

// Token is what an issue of the sign-up's mailed link carries.
func (s SignUp) Token(issue int) string {
	return s.w.Secret.Token("activation", s.Address+"-"+s.ID, issue)
}

// Again reads the sign-up as it is kept now.
func (s SignUp) Again() account.Attempt {
	s.w.T.Helper()
	a, ok, err := s.w.Env.Store.Attempt(s.w.T.Context(), s.Address, s.ID)
	check(s.w.T, err)
	if !ok {
		s.w.T.Fatal("the sign-up is gone")
	}
	return a
}

// Account reads an account as it is kept now.
func (w *Town) Account(accountID string) account.Account {
	w.T.Helper()
	a, ok, err := w.Env.Store.Account(w.T.Context(), accountID)
	check(w.T, err)
	if !ok {
		w.T.Fatal("there is no such account")
	}
	return a
}

// Close closes an account.
func (w *Town) Close(a account.Account) {
	w.T.Helper()
	r := testkit.Stack(w.T)
	text := func(s string) map[string]string { return map[string]string{"S": s} }
	check(w.T, emulators.DynamoDB(r.DynamoDB).Call(w.T.Context(), "UpdateItem", map[string]any{
		"TableName": r.Table, "Key": map[string]any{"PK": text("ACCOUNT#" + a.ID), "SK": text("ACCOUNT")},
		"UpdateExpression": "SET Closed = :yes", "ExpressionAttributeValues": map[string]any{":yes": map[string]bool{"BOOL": true}},
	}, nil))
}

// Opens says whether a Cognito user and a password open a session.
func (w *Town) Opens(user, password string) bool {
	w.T.Helper()
	_, err := w.Pool.SignIn(w.T.Context(), identity.Citizens, user, password)
	if err != nil && !errors.Is(err, identity.ErrRefused) {
		w.T.Fatal(err)
	}
	return err == nil
}

// Session opens a session of an account and answers its cookie's value.
func (w *Town) Session(a account.Account) string {
	w.T.Helper()
	kind, client := "c", identity.ClientOf(a.Agent)
	if a.Agent {
		kind = "a"
	}
	tokens, err := w.Pool.SignIn(w.T.Context(), client, a.User, Password)
	check(w.T, err)
	check(w.T, credentials.Opened(w.T.Context(), w.Env.Store, a.User, a.Agent, tokens, "Firefox Linux", w.Env.Now))
	return kind + "~" + a.User + "~" + tokens.Refresh
}

// HasUser says whether the pool holds a user.
func (w *Town) HasUser(user string) bool {
	w.T.Helper()
	r := testkit.Stack(w.T)
	pool := awsjson.Client{URL: r.Cognito, Prefix: "AWSCognitoIdentityProviderService", Key: emulators.PlatformKey, HTTP: http.DefaultClient}
	err := pool.Call(w.T.Context(), "AdminGetUser", map[string]string{"UserPoolId": r.Pool, "Username": user}, nil)
	var refused *awsjson.Error
	if errors.As(err, &refused) && refused.Type == "UserNotFoundException" {
		return false
	}
	check(w.T, err)
	return true
}

// What Cognito says of a password that it does not take: it is wrong, or too many were.
const (
	WrongPassword = "Incorrect username or password."
	Locked        = "Password attempts exceeded"
)

// RefusingPool is the user pool for a user whom it refuses in those words, whatever the password.
func RefusingPool(t testing.TB, says string) (pool *identity.Pool) {
	t.Helper()
	front := testkit.Front(t, testkit.Stack(t).Cognito, func(operation string, _ []byte) string {
		if operation == "AdminInitiateAuth" {
			return "NotAuthorizedException: " + says
		}
		return ""
	})
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": front}, func() { pool = identity.Open() })
	return pool
}

// Rights gives the process no more rights than a function has, to the end of the test: which can not be parallel, and
// makes what it needs before.
func Rights(t testing.TB, function string) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", emulators.AccessKey(function))
}

// Refused fails the test unless a reply is that problem, with exactly these fields: "email email_invalid".
func Refused(t testing.TB, r Reply, status int, code string, fields ...string) {
	t.Helper()
	var got []string
	list, _ := r.Body["errors"].([]any)
	for _, f := range list {
		field, _ := f.(map[string]any)
		got = append(got, field["field"].(string)+" "+field["code"].(string))
	}
	if r.StatusCode != status || r.Code() != code || !slices.Equal(got, fields) {
		t.Errorf("got %d %s %q, want %d %s %q", r.StatusCode, r.Code(), got, status, code, fields)
	}
}
