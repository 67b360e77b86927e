package emulators

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"

	"preau/infra/catalog"
	"preau/infra/local/awsjson"
)

const (
	goodPassword = "Papillon-2026!"
	cognito      = "AWSCognitoIdentityProviderService"
)

// A pool is the stack's user pool as the platform uses it, with one user of the test's own.
type pool struct {
	t        *testing.T
	r        Resources
	username string
}

func newPool(t *testing.T) pool {
	t.Helper()
	return pool{t, running(t).Resources, rand.Text()}
}

func newUser(t *testing.T) pool {
	t.Helper()
	p := newPool(t)
	p.must("AdminCreateUser", object{"MessageAction": "SUPPRESS"})
	p.must("AdminSetUserPassword", object{"Password": goodPassword, "Permanent": true})
	return p
}

// do calls an operation on the test's user and gives the type of the refusal.
func (p pool) do(operation string, in object, out any) string {
	p.t.Helper()
	full := object{"UserPoolId": p.r.Pool, "Username": p.username}
	for k, v := range in {
		full[k] = v
	}
	return call(p.t, p.r.Cognito, cognito, platform, operation, full, out)
}

func (p pool) must(operation string, in object) {
	p.t.Helper()
	if refused := p.do(operation, in, nil); refused != "" {
		p.t.Fatalf("%s: %s", operation, refused)
	}
}

func (p pool) secret(client string) string {
	p.t.Helper()
	var out struct{ UserPoolClient struct{ ClientSecret string } }
	in := object{"UserPoolId": p.r.Pool, "ClientId": client}
	if refused := call(p.t, p.r.Cognito, cognito, platform, "DescribeUserPoolClient", in, &out); refused != "" {
		p.t.Fatal(refused)
	}
	return out.UserPoolClient.ClientSecret
}

func (p pool) hash(client string) string {
	p.t.Helper()
	mac := hmac.New(sha256.New, []byte(p.secret(client)))
	mac.Write([]byte(p.username + client))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// signIn signs the test's user in; change alters the parameters first.
func (p pool) signIn(client, password string, change object) (authOutput, string) {
	p.t.Helper()
	params := object{"USERNAME": p.username, "PASSWORD": password, "SECRET_HASH": p.hash(client)}
	return p.auth(client, "ADMIN_USER_PASSWORD_AUTH", params, change)
}

func (p pool) refresh(client, token string, change object) (authOutput, string) {
	p.t.Helper()
	return p.auth(client, "REFRESH_TOKEN_AUTH", object{"REFRESH_TOKEN": token, "SECRET_HASH": p.hash(client)}, change)
}

func (p pool) auth(client, flow string, params, change object) (out authOutput, refused string) {
	p.t.Helper()
	for k, v := range change {
		params[k] = v
	}
	in := object{"UserPoolId": p.r.Pool, "ClientId": client, "AuthFlow": flow, "AuthParameters": params}
	refused = call(p.t, p.r.Cognito, cognito, platform, "AdminInitiateAuth", in, &out)
	return out, refused
}

func (p pool) signedIn(client string) *tokens {
	p.t.Helper()
	out, refused := p.signIn(client, goodPassword, nil)
	if refused != "" {
		p.t.Fatal(refused)
	}
	return out.AuthenticationResult
}

// claims verifies a token against the pool's public keys.
func (p pool) claims(token string) jwt.MapClaims {
	p.t.Helper()
	keys, err := keyfunc.NewDefaultCtx(p.t.Context(), []string{p.r.Cognito + "/" + p.r.Pool + "/.well-known/jwks.json"})
	if err != nil {
		p.t.Fatal(err)
	}
	claims := jwt.MapClaims{}
	if _, err := jwt.ParseWithClaims(token, claims, keys.Keyfunc); err != nil {
		p.t.Fatal(err)
	}
	return claims
}

func want(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSigningInGivesTokensOfTheUserForAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	p := newUser(t)
	for client, session := range map[string]time.Duration{
		p.r.CitizenClient: catalog.CitizenSessionLife,
		p.r.AgentClient:   catalog.AgentSessionLife,
	} {
		got := p.signedIn(client)
		want(t, got.TokenType, "Bearer")
		access := p.claims(got.AccessToken)
		for claim, value := range map[string]any{
			"username": p.username, "client_id": client, "token_use": "access", "iss": p.r.Issuer,
			"exp": access["iat"].(float64) + catalog.AccessTokenLife.Seconds(),
		} {
			if access[claim] != value {
				t.Errorf("%s is %v, want %v", claim, access[claim], value)
			}
		}
		if got.ExpiresIn != 900 || access["sub"] == "" || access["sub"] == p.username {
			t.Errorf("expires in %d, sub %v", got.ExpiresIn, access["sub"])
		}
		inner, err := openRefresh(got.RefreshToken, appClient{ClientID: client})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := checkRefresh(inner, time.Now().Add(session-time.Minute)); err != nil {
			t.Errorf("a minute before the session's end: %v", err)
		}
		if _, err := checkRefresh(inner, time.Now().Add(session+time.Minute)); !isRefusal(err, "NotAuthorizedException") {
			t.Errorf("a minute after the session's end: %v", err)
		}
	}
}

func TestTheSubStaysTheSameFromSessionToSession(t *testing.T) {
	t.Parallel()
	p := newUser(t)
	first, second := p.claims(p.signedIn(p.r.CitizenClient).AccessToken), p.claims(p.signedIn(p.r.CitizenClient).AccessToken)
	if first["sub"] != second["sub"] || first["jti"] == second["jti"] {
		t.Errorf("subs %v, %v; jtis %v, %v", first["sub"], second["sub"], first["jti"], second["jti"])
	}
}

func TestSignInIsRefusedAsAWSDoes(t *testing.T) {
	t.Parallel()
	const notAuthorized = "NotAuthorizedException"
	for _, c := range []struct {
		name   string
		change object
		want   string
	}{
		{"a wrong password is not authorized", object{"PASSWORD": "Papillon-2025!"}, notAuthorized},
		{"a missing secret hash is not authorized", object{"SECRET_HASH": nil}, notAuthorized},
		{"a wrong secret hash is not authorized", object{"SECRET_HASH": "c2VjcmV0"}, notAuthorized},
		{"a missing password is an invalid parameter", object{"PASSWORD": ""}, "InvalidParameterException"},
		{"a missing user name is an invalid parameter", object{"USERNAME": ""}, "InvalidParameterException"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newUser(t)
			_, refused := p.signIn(p.r.CitizenClient, goodPassword, c.change)
			want(t, refused, c.want)
		})
	}
}

func TestAnUnknownUserLooksLikeAWrongPassword(t *testing.T) {
	t.Parallel()
	message := func(p pool, password string) string {
		c := awsjson.Client{URL: p.r.Cognito, Prefix: cognito, Key: PlatformKey, HTTP: DynamoDB("").HTTP}
		err := c.Call(t.Context(), "AdminInitiateAuth", object{
			"UserPoolId": p.r.Pool, "ClientId": p.r.CitizenClient, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
			"AuthParameters": object{"USERNAME": p.username, "PASSWORD": password, "SECRET_HASH": p.hash(p.r.CitizenClient)},
		}, nil)
		if err == nil {
			t.Fatal("signed in")
		}
		return err.Error()
	}
	want(t, message(newPool(t), goodPassword), message(newUser(t), "Papillon-2025!"))
}

func TestADisabledUserNeitherSignsInNorRefreshes(t *testing.T) {
	t.Parallel()
	p := newUser(t)
	token := p.signedIn(p.r.CitizenClient).RefreshToken
	p.must("AdminDisableUser", nil)
	_, refused := p.signIn(p.r.CitizenClient, goodPassword, nil)
	want(t, refused, "NotAuthorizedException")
	_, refused = p.refresh(p.r.CitizenClient, token, nil)
	want(t, refused, "NotAuthorizedException")
	p.must("AdminEnableUser", nil)
	p.signedIn(p.r.CitizenClient)
}

func TestADeletedUserNeitherSignsInNorRefreshes(t *testing.T) {
	t.Parallel()
	p := newUser(t)
	token := p.signedIn(p.r.CitizenClient).RefreshToken
	p.must("AdminDeleteUser", nil)
	_, refused := p.signIn(p.r.CitizenClient, goodPassword, nil)
	want(t, refused, "NotAuthorizedException")
	_, refused = p.refresh(p.r.CitizenClient, token, nil)
	want(t, refused, "NotAuthorizedException")
	want(t, p.do("AdminDeleteUser", nil, nil), "UserNotFoundException")
}

func TestATemporaryPasswordOpensNoSession(t *testing.T) {
	t.Parallel()
	p := newPool(t)
	p.must("AdminCreateUser", object{"MessageAction": "SUPPRESS", "TemporaryPassword": goodPassword})
	out, refused := p.signIn(p.r.CitizenClient, goodPassword, nil)
	want(t, refused, "")
	want(t, out.ChallengeName, "NEW_PASSWORD_REQUIRED")
	if out.AuthenticationResult != nil {
		t.Error("got tokens")
	}
}

func TestAPasswordHasTwelveCharactersAndNoOtherRule(t *testing.T) {
	t.Parallel()
	p := newPool(t)
	short := object{"MessageAction": "SUPPRESS", "TemporaryPassword": "aaaaaaaaaaa"}
	want(t, p.do("AdminCreateUser", short, nil), "InvalidPasswordException")
	p.must("AdminCreateUser", object{"MessageAction": "SUPPRESS"})
	set := func(password string) string {
		return p.do("AdminSetUserPassword", object{"Password": password, "Permanent": true}, nil)
	}
	want(t, set("aaaaaaaaaaa"), "InvalidPasswordException")
	want(t, set("aaaaaaaaaaaa"), "")
}

func TestAUserNameIsTakenOnce(t *testing.T) {
	t.Parallel()
	p := newUser(t)
	want(t, p.do("AdminCreateUser", object{"MessageAction": "SUPPRESS"}, nil), "UsernameExistsException")
}

func TestARefreshTokenWorksForItsOwnClientAlone(t *testing.T) {
	t.Parallel()
	p := newUser(t)
	token := p.signedIn(p.r.CitizenClient).RefreshToken
	out, refused := p.refresh(p.r.CitizenClient, token, nil)
	want(t, refused, "")
	if out.AuthenticationResult == nil || out.AuthenticationResult.RefreshToken != "" {
		t.Errorf("got %+v, want an access token and no new refresh token", out)
	}
	_, refused = p.refresh(p.r.AgentClient, token, nil)
	want(t, refused, "NotAuthorizedException")
	_, refused = p.refresh(p.r.CitizenClient, "forged", nil)
	want(t, refused, "NotAuthorizedException")
	_, refused = p.refresh(p.r.CitizenClient, token, object{"SECRET_HASH": newUser(t).hash(p.r.CitizenClient)})
	want(t, refused, "NotAuthorizedException")
}

func TestARevokedRefreshTokenIsOverAndOthersGoOn(t *testing.T) {
	t.Parallel()
	p := newUser(t)
	first, second := p.signedIn(p.r.CitizenClient).RefreshToken, p.signedIn(p.r.CitizenClient).RefreshToken
	revoke := func(secret, token string) string {
		in := object{"ClientId": p.r.CitizenClient, "ClientSecret": secret, "Token": token}
		// RevokeToken is public: the caller's rights do not matter.
		return call(t, p.r.Cognito, cognito, nothing, "RevokeToken", in, nil)
	}
	want(t, revoke("wrong", first), "UnauthorizedException")
	want(t, revoke(p.secret(p.r.CitizenClient), p.signedIn(p.r.AgentClient).RefreshToken), "UnsupportedTokenTypeException")
	want(t, revoke(p.secret(p.r.CitizenClient), first), "")
	want(t, revoke(p.secret(p.r.CitizenClient), first), "")
	_, refused := p.refresh(p.r.CitizenClient, first, nil)
	want(t, refused, "NotAuthorizedException")
	_, refused = p.refresh(p.r.CitizenClient, second, nil)
	want(t, refused, "")
}

func TestThereIsNoWayAroundTheAllowedFlows(t *testing.T) {
	t.Parallel()
	p := newUser(t)
	public := func(operation string, in object) string {
		return call(t, p.r.Cognito, cognito, catalog.Function{Name: "stranger"}, operation, in, nil)
	}
	params := object{"USERNAME": p.username, "PASSWORD": goodPassword, "SECRET_HASH": p.hash(p.r.CitizenClient)}
	_, refused := p.auth(p.r.CitizenClient, "USER_SRP_AUTH", params, nil)
	want(t, refused, "InvalidParameterException")
	_, refused = p.auth("unknown", "ADMIN_USER_PASSWORD_AUTH", params, nil)
	want(t, refused, "ResourceNotFoundException")
	want(t, public("InitiateAuth", object{"ClientId": p.r.CitizenClient, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": params}), "InvalidParameterException")
	want(t, public("SignUp", object{"ClientId": p.r.CitizenClient, "Username": "me", "Password": goodPassword}), "NotAuthorizedException")
	want(t, p.do("AdminUpdateUserAttributes", nil, nil), "InvalidParameterException")
}

func TestAFunctionDoesToThePoolOnlyWhatTheCatalogGrants(t *testing.T) {
	t.Parallel()
	p := newUser(t)
	params := object{"USERNAME": p.username, "PASSWORD": goodPassword, "SECRET_HASH": p.hash(p.r.CitizenClient)}
	in := object{"UserPoolId": p.r.Pool, "ClientId": p.r.CitizenClient, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": params}
	want(t, call(t, p.r.Cognito, cognito, signer, "AdminInitiateAuth", in, nil), "")
	want(t, call(t, p.r.Cognito, cognito, nothing, "AdminInitiateAuth", in, nil), "AccessDeniedException")
	user := object{"UserPoolId": p.r.Pool, "Username": p.username}
	for _, operation := range []string{"AdminDeleteUser", "AdminCreateUser", "AdminSetUserPassword", "AdminGetUser", "AdminDisableUser", "ListUsers", "DescribeUserPoolClient"} {
		want(t, call(t, p.r.Cognito, cognito, signer, operation, user, nil), "AccessDeniedException")
	}
}

func TestParallelSignInsLoseNoSession(t *testing.T) {
	t.Parallel()
	p := newUser(t)
	got := make([]string, 20)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() {
			out, refused := p.signIn(p.r.CitizenClient, goodPassword, nil)
			if refused == "" {
				got[i] = out.AuthenticationResult.RefreshToken
			}
		})
	}
	all.Wait()
	for i, token := range got {
		if _, refused := p.refresh(p.r.CitizenClient, token, nil); refused != "" {
			t.Errorf("session %d: %s", i, refused)
		}
	}
}

func TestAHalfWrittenPoolIsReplacedByItsLastCopy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := seedCognito(dir, nil); err != nil {
		t.Fatal(err)
	}
	file := poolFile(dir)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := keepCopy(file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := seedCognito(dir, nil); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != string(whole) || !json.Valid(got) {
		t.Errorf("restored %q, %v", got, err)
	}
	if entries, _ := filepath.Glob(file + ".new"); entries != nil {
		t.Error("the copy left a file behind")
	}
}

func TestSeveralWrongPasswordsLockAUserForAWhile(t *testing.T) {
	t.Parallel()
	p := newUser(t)
	in := object{"AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "ClientId": p.r.CitizenClient, "AuthParameters": object{"USERNAME": p.username, "PASSWORD": goodPassword, "SECRET_HASH": p.hash(p.r.CitizenClient)}}
	for range 5 {
		if _, refused := p.signIn(p.r.CitizenClient, "un autre mot de passe", nil); refused != "NotAuthorizedException" {
			t.Fatal(refused)
		}
	}
	refused := p.do("AdminInitiateAuth", in, nil)
	want(t, refused, "NotAuthorizedException")
	for ; refused != ""; refused = p.do("AdminInitiateAuth", in, nil) { // a second
		time.Sleep(100 * time.Millisecond)
	}
}

func TestALockLastsTwiceAsLongAfterEachWrongPassword(t *testing.T) {
	t.Parallel()
	var l lockouts
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for n, locked := range []time.Duration{0, 0, 0, 0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, 64 * time.Second, 128 * time.Second, 256 * time.Second, 512 * time.Second, 15 * time.Minute} {
		l.wrong("anne", now)
		if locked > 0 && l.check("anne", now.Add(locked-1)) == nil || l.check("anne", now.Add(locked)) != nil || l.check("paul", now) != nil {
			t.Errorf("after %d wrong passwords: not locked for %s", n+1, locked)
		}
		now = now.Add(locked)
	}
	l.right("anne")
	l.wrong("anne", now)
	if l.check("anne", now) != nil {
		t.Error("a right password did not begin anew")
	}
	for range 4 {
		l.wrong("anne", now)
	}
	now = now.Add(15 * time.Minute)
	l.wrong("anne", now)
	if l.check("anne", now) != nil {
		t.Error("a quarter of an hour did not begin anew")
	}
}
