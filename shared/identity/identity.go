// Package identity speaks to the Cognito user pool, which holds credentials and nothing else.
//
// Every password that was ever chosen is its own Cognito user with an opaque name, <account>.<random>. The account in
// our table says which of them is the current one; the others open nothing. So a stranger's sign-up with my address, a
// replaced password or a half-finished write can never sign anybody in.
package identity

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"preau/shared/awsconfig"
)

// Client is one of the pool's app clients, named by the variable that holds its id; the variable with _SECRET behind
// holds its secret. They differ in how long their sessions last.
type Client string

// The app clients.
const (
	Citizens Client = "PREAU_CLIENT_CITIZEN" // 30 days
	Agents   Client = "PREAU_CLIENT_AGENT"   // 12 hours, after TOTP
)

// ClientOf is the client that someone signs in through.
func ClientOf(agent bool) Client {
	if agent {
		return Agents
	}
	return Citizens
}

// ErrRefused means wrong credentials: a password, an unknown or erased user, an ended session.
var ErrRefused = errors.New("credentials refused")

// ErrLocked means that Cognito looks at no password of a user for a while (account.LockLife at most), because too many
// were wrong. It is an ErrRefused too: who must not learn whether there is a user is told no more than that.
var ErrLocked = fmt.Errorf("%w: locked after too many wrong passwords", ErrRefused)

// lockedMessage is how Cognito's refusal of a locked user differs from that of a wrong password.
const lockedMessage = "Password attempts exceeded"

// Pool is the user pool.
type Pool struct {
	api *cognito.Client
	id  string
}

// Open connects to the pool named by PREAU_POOL. Ending a session needs no pool, only its client.
func Open() *Pool {
	api := cognito.NewFromConfig(awsconfig.LoadPatient(), func(o *cognito.Options) {
		o.BaseEndpoint = awsconfig.Endpoint("COGNITO_IDENTITY_PROVIDER")
	})
	return &Pool{api: api, id: os.Getenv("PREAU_POOL")}
}

// Tokens are what a session consists of.
type Tokens struct {
	Access  string
	Refresh string // empty when a session is refreshed
	Seconds int    // the access token's life
}

// Create makes a user with a password. Called again for the same user, it sets the password again.
func (p *Pool) Create(ctx context.Context, user, password string) error {
	_, err := p.api.AdminCreateUser(ctx, &cognito.AdminCreateUserInput{
		UserPoolId: &p.id, Username: &user, MessageAction: types.MessageActionTypeSuppress,
	})
	if exists := (*types.UsernameExistsException)(nil); err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("create a user: %w", err)
	}
	if _, err = p.api.AdminSetUserPassword(ctx, &cognito.AdminSetUserPasswordInput{
		UserPoolId: &p.id, Username: &user, Password: &password, Permanent: true,
	}); err != nil {
		return fmt.Errorf("set a password: %w", err)
	}
	return nil
}

// SignIn opens a session. An unknown user costs the same call as a wrong password.
func (p *Pool) SignIn(ctx context.Context, client Client, user, password string) (Tokens, error) {
	return p.auth(ctx, client, user, types.AuthFlowTypeAdminUserPasswordAuth, map[string]string{"USERNAME": user, "PASSWORD": password})
}

// Refresh gives a session a new access token.
func (p *Pool) Refresh(ctx context.Context, client Client, user, refresh string) (Tokens, error) {
	return p.auth(ctx, client, user, types.AuthFlowTypeRefreshTokenAuth, map[string]string{"REFRESH_TOKEN": refresh})
}

// End revokes a session's refresh token; ending an ended session is fine.
func (p *Pool) End(ctx context.Context, client Client, refresh string) error {
	id, secret, err := client.credentials()
	if err != nil {
		return err
	}
	_, err = p.api.RevokeToken(ctx, &cognito.RevokeTokenInput{ClientId: &id, ClientSecret: &secret, Token: &refresh})
	if err = refused(err); err != nil && !errors.Is(err, ErrRefused) {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// Delete erases a user; erasing an erased one is fine.
func (p *Pool) Delete(ctx context.Context, user string) error {
	_, err := p.api.AdminDeleteUser(ctx, &cognito.AdminDeleteUserInput{UserPoolId: &p.id, Username: &user})
	if missing := (*types.UserNotFoundException)(nil); err != nil && !errors.As(err, &missing) {
		return fmt.Errorf("erase a user: %w", err)
	}
	return nil
}

func (p *Pool) auth(ctx context.Context, client Client, user string, flow types.AuthFlowType, with map[string]string) (Tokens, error) {
	id, secret, err := client.credentials()
	if err != nil {
		return Tokens{}, err
	}
	with["SECRET_HASH"] = secretHash(user, id, secret)
	out, err := p.api.AdminInitiateAuth(ctx, &cognito.AdminInitiateAuthInput{UserPoolId: &p.id, ClientId: &id, AuthFlow: flow, AuthParameters: with})
	if err != nil {
		return Tokens{}, refused(err)
	}
	if out.AuthenticationResult == nil {
		return Tokens{}, fmt.Errorf("sign in: unexpected challenge %q", out.ChallengeName)
	}
	r := out.AuthenticationResult
	return Tokens{Access: aws.ToString(r.AccessToken), Refresh: aws.ToString(r.RefreshToken), Seconds: int(r.ExpiresIn)}, nil
}

// credentials are the id and secret of an app client. They come with the process: asking Cognito for the secret would
// cost each new process a call, of which a region takes few a second.
func (c Client) credentials() (id, secret string, err error) {
	id, secret = os.Getenv(string(c)), os.Getenv(string(c)+"_SECRET")
	if id == "" || secret == "" {
		return "", "", fmt.Errorf("%s or its secret is not set", c)
	}
	return id, secret, nil
}

// refused tells wrong credentials from faults.
func refused(err error) error {
	var (
		wrong   *types.NotAuthorizedException
		missing *types.UserNotFoundException
		revoked *types.UnauthorizedException
		notOurs *types.InvalidParameterException
		another *types.UnsupportedTokenTypeException
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong) && aws.ToString(wrong.Message) == lockedMessage:
		return ErrLocked
	case errors.As(err, &wrong), errors.As(err, &missing), errors.As(err, &revoked), errors.As(err, &notOurs), errors.As(err, &another):
		return ErrRefused
	}
	return fmt.Errorf("authenticate: %w", err)
}

// secretHash is Cognito's proof that a call comes from the client that knows its secret.
func secretHash(user, clientID, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(user + clientID))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
