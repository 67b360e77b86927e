package emulators

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"preau/infra/catalog"
	"preau/infra/local/awsjson"
)

type authInput struct {
	AuthFlow       string
	ClientID       string `json:"ClientId"`
	UserPoolID     string `json:"UserPoolId,omitempty"`
	AuthParameters map[string]string
	ClientMetadata map[string]string `json:",omitempty"`
}

type authOutput struct {
	AuthenticationResult *tokens           `json:",omitempty"`
	ChallengeName        string            `json:",omitempty"`
	ChallengeParameters  map[string]string `json:",omitempty"`
	Session              string            `json:",omitempty"`
}

type tokens struct {
	AccessToken  string
	IDToken      string `json:"IdToken"`
	RefreshToken string `json:",omitempty"`
	TokenType    string
	ExpiresIn    int
}

func (s *shim) adminInitiateAuth(ctx context.Context, body []byte) (any, error) {
	in, client, err := s.auth(body)
	if err != nil {
		return nil, err
	}
	if in.UserPoolID != client.UserPoolID {
		return nil, noClient(in.ClientID)
	}
	switch in.AuthFlow {
	case "ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH":
		return s.signIn(ctx, in, client)
	case "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN":
		return s.refresh(ctx, in, client)
	}
	return nil, invalid("Auth flow not enabled for this client")
}

// initiateAuth is what the public may call: the client's secret alone opens the refresh flow.
func (s *shim) initiateAuth(ctx context.Context, body []byte) (any, error) {
	in, client, err := s.auth(body)
	if err != nil {
		return nil, err
	}
	switch in.AuthFlow {
	case "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN":
		in.UserPoolID = client.UserPoolID
		return s.refresh(ctx, in, client)
	}
	return nil, invalid(in.AuthFlow + " flow not enabled for this client")
}

func (s *shim) auth(body []byte) (in authInput, client appClient, err error) {
	if err := json.Unmarshal(body, &in); err != nil {
		return in, client, malformed(err)
	}
	client, ok := s.clients[in.ClientID]
	if !ok {
		return in, client, noClient(in.ClientID)
	}
	return in, client, nil
}

func noClient(id string) error {
	return &awsjson.Error{Type: "ResourceNotFoundException", Message: "User pool client " + id + " does not exist."}
}

// errBadLogin never says whether the user exists: the clients prevent user-existence errors.
var errBadLogin = notAuthorized("Incorrect username or password.")

func (s *shim) signIn(ctx context.Context, in authInput, client appClient) (any, error) {
	username, password := in.AuthParameters["USERNAME"], in.AuthParameters["PASSWORD"]
	switch {
	case username == "":
		return nil, invalid("Missing required parameter USERNAME")
	case password == "":
		return nil, invalid("Missing required parameter PASSWORD")
	}
	if err := client.checkHash(username, in.AuthParameters["SECRET_HASH"]); err != nil {
		return nil, err
	}
	user, err := s.user(ctx, username)
	if err != nil {
		return nil, err
	}
	if err := s.locks.check(username, time.Now()); err != nil {
		return nil, err
	}
	out, err := s.authenticate(ctx, in, client)
	if isRefusal(err, "InvalidPasswordException") || isRefusal(err, "NotAuthorizedException") {
		s.locks.wrong(username, time.Now())
		return nil, errBadLogin
	}
	if err == nil {
		s.locks.right(username)
	}
	if err == nil && user.UserStatus == "FORCE_CHANGE_PASSWORD" {
		return authOutput{ChallengeName: "NEW_PASSWORD_REQUIRED", Session: strings.Repeat("s", 20), ChallengeParameters: map[string]string{
			"USER_ID_FOR_SRP": username, "requiredAttributes": "[]", "userAttributes": "{}",
		}}, nil
	}
	return out, err
}

type poolUser struct {
	Enabled    bool
	UserStatus string
}

// user finds an enabled user; an unknown one looks like a wrong password.
func (s *shim) user(ctx context.Context, username string) (u poolUser, err error) {
	err = s.local.Call(ctx, "AdminGetUser", map[string]string{"UserPoolId": poolID, "Username": username}, &u)
	if isRefusal(err, "UserNotFoundException") {
		return u, errBadLogin
	}
	if err == nil && !u.Enabled {
		return u, notAuthorized("User is disabled.")
	}
	return u, err
}

// authenticate has cognito-local issue tokens and completes its answer.
func (s *shim) authenticate(ctx context.Context, in authInput, client appClient) (out authOutput, err error) {
	body, err := json.Marshal(in)
	if err != nil {
		return out, err
	}
	answer, err := s.write(ctx, "AdminInitiateAuth", body)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		return out, err
	}
	out.AuthenticationResult.TokenType = "Bearer"
	out.AuthenticationResult.ExpiresIn = int(catalog.AccessTokenLife.Seconds())
	if t := &out.AuthenticationResult.RefreshToken; *t != "" {
		*t = sealRefresh(*t, client)
	}
	return out, nil
}

func (s *shim) refresh(ctx context.Context, in authInput, client appClient) (any, error) {
	token, err := openRefresh(in.AuthParameters["REFRESH_TOKEN"], client)
	if err != nil {
		return nil, err
	}
	username, err := checkRefresh(token, time.Now())
	if err != nil {
		return nil, err
	}
	if err := client.checkHash(username, in.AuthParameters["SECRET_HASH"]); err != nil {
		return nil, err
	}
	if _, err := s.user(ctx, username); err != nil {
		if err == errBadLogin {
			return nil, errBadRefresh
		}
		return nil, err
	}
	in.AuthParameters = map[string]string{"REFRESH_TOKEN": token}
	out, err := s.authenticate(ctx, in, client)
	if isRefusal(err, "NotAuthorizedException") { // revoked
		return nil, errBadRefresh
	}
	return out, err
}

var errBadRefresh = notAuthorized("Invalid Refresh Token")

// sealRefresh writes the client into a refresh token: cognito-local's own does not say whose it is.
func sealRefresh(token string, client appClient) string { return token + "." + client.ClientID }

func openRefresh(sealed string, client appClient) (string, error) {
	token, found := strings.CutSuffix(sealed, "."+client.ClientID)
	if !found {
		return "", errBadRefresh
	}
	return token, nil
}

// checkRefresh reads a refresh token's user and end. That it is genuine shows in the pool, which lists those issued.
func checkRefresh(token string, now time.Time) (username string, err error) {
	var claims struct {
		jwt.RegisteredClaims
		Username string `json:"cognito:username"`
	}
	if _, _, err := jwt.NewParser().ParseUnverified(token, &claims); err != nil || claims.ExpiresAt == nil {
		return "", errBadRefresh
	}
	if now.After(claims.ExpiresAt.Time) {
		return "", notAuthorized("Refresh Token has expired")
	}
	return claims.Username, nil
}

// checkHash verifies SECRET_HASH, by which a caller shows that it knows the client's secret.
func (c appClient) checkHash(username, hash string) error {
	if hash == "" {
		return notAuthorized("Client " + c.ClientID + " is configured with secret but SECRET_HASH was not received")
	}
	mac := hmac.New(sha256.New, []byte(c.ClientSecret))
	mac.Write([]byte(username + c.ClientID))
	if subtle.ConstantTimeCompare([]byte(base64.StdEncoding.EncodeToString(mac.Sum(nil))), []byte(hash)) != 1 {
		return notAuthorized("Unable to verify secret hash for client " + c.ClientID)
	}
	return nil
}

func (s *shim) revokeToken(ctx context.Context, body []byte) (any, error) {
	var in struct {
		Token        string
		ClientID     string `json:"ClientId"`
		ClientSecret string
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, malformed(err)
	}
	client, ok := s.clients[in.ClientID]
	if !ok || subtle.ConstantTimeCompare([]byte(client.ClientSecret), []byte(in.ClientSecret)) != 1 {
		return nil, &awsjson.Error{Type: "UnauthorizedException", Message: "Invalid client or client secret"}
	}
	token, err := openRefresh(in.Token, client)
	if err != nil {
		return nil, &awsjson.Error{Type: "UnsupportedTokenTypeException", Message: "Only refresh tokens of this client can be revoked"}
	}
	request, err := json.Marshal(map[string]string{"ClientId": in.ClientID, "Token": token})
	if err != nil {
		return nil, err
	}
	_, err = s.write(ctx, "RevokeToken", request)
	if err != nil && !isRefusal(err, "NotAuthorizedException") { // already revoked
		return nil, err
	}
	return struct{}{}, nil
}
