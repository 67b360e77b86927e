package emulators

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"

	"preau/infra/local/awsjson"
)

// The shim stands in front of cognito-local and makes it answer as AWS does. What it corrects:
//
//   - Rights: a function calls only what the catalog grants it.
//   - Only the operations that Préau uses are served; self-sign-up is refused.
//   - Passwords: at least 12 characters; cognito-local accepts any.
//   - A wrong password and an unknown user both get NotAuthorizedException with the same message; cognito-local
//     has its own type for the first.
//   - A disabled user can not sign in or refresh.
//   - A user who must change a temporary password gets the challenge, not tokens.
//   - SECRET_HASH is required and verified, for refresh tokens too.
//   - Only the flows that the client allows are open.
//   - A refresh token expires with its client's session and works with its own client alone.
//   - RevokeToken verifies the client and its secret; a token that is already revoked is no error.
//   - AuthenticationResult says TokenType and ExpiresIn.
//   - Several wrong passwords lock a user for a while (cognito_lock.go).
//   - Writes come one after the other: cognito-local rewrites its file without waiting for the write before.
//
// Not corrected: auth_time and origin_jti of a refreshed access token are new ones here.
type shim struct {
	callers callers
	clients map[string]appClient
	pool    string // the pool's file, empty if it need not be kept
	local   awsjson.Client
	plain   http.Handler // what is not an operation: the public keys

	writing sync.Mutex
	locks   lockouts
}

// A cognitoOperation serves one operation. A public one needs no rights: it is authorised by what it carries.
type cognitoOperation struct {
	public bool
	serve  func(*shim, context.Context, []byte) (any, error)
}

var cognitoOperations = map[string]cognitoOperation{
	"AdminCreateUser":        {serve: (*shim).adminCreateUser},
	"AdminSetUserPassword":   {serve: (*shim).adminSetUserPassword},
	"AdminInitiateAuth":      {serve: (*shim).adminInitiateAuth},
	"AdminDeleteUser":        {serve: write("AdminDeleteUser")},
	"AdminDisableUser":       {serve: write("AdminDisableUser")},
	"AdminEnableUser":        {serve: write("AdminEnableUser")},
	"AdminGetUser":           {serve: read("AdminGetUser")},
	"ListUsers":              {serve: read("ListUsers")},
	"DescribeUserPool":       {serve: read("DescribeUserPool")},
	"DescribeUserPoolClient": {serve: read("DescribeUserPoolClient")},
	"InitiateAuth":           {public: true, serve: (*shim).initiateAuth},
	"RevokeToken":            {public: true, serve: (*shim).revokeToken},
	"SignUp":                 {public: true, serve: signUp},
}

func (s *shim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		s.plain.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller is gone
	}
	answer, err := s.answer(r, body)
	if err != nil {
		awsjson.Refuse(w, r, asRefusal(err))
		return
	}
	awsjson.Write(w, r, answer)
}

func (s *shim) answer(r *http.Request, body []byte) (any, error) {
	name := awsjson.Operation(r)
	operation, known := cognitoOperations[name]
	if !operation.public {
		if refused := s.mayUsePool(r, name); refused != nil {
			return nil, refused
		}
	}
	if !known {
		return nil, invalid(name + " is not part of the local user pool")
	}
	return operation.serve(s, r.Context(), body)
}

func (s *shim) mayUsePool(r *http.Request, operation string) *awsjson.Error {
	who, refused := s.callers.of(r)
	if refused != nil || who.platform {
		return refused
	}
	if !slices.Contains(who.function.Pool, operation) {
		return who.denied("cognito-idp:"+operation, "arn:aws:cognito-idp:"+Region+":"+Account+":userpool/"+poolID)
	}
	return nil
}

// asRefusal lets an outage of cognito-local look like one of Cognito.
func asRefusal(err error) *awsjson.Error {
	var refused *awsjson.Error
	if errors.As(err, &refused) && refused.Status < http.StatusInternalServerError {
		return refused
	}
	return &awsjson.Error{Status: http.StatusInternalServerError, Type: "InternalErrorException", Message: err.Error()}
}

// read hands an operation on as it is.
func read(operation string) func(*shim, context.Context, []byte) (any, error) {
	return func(s *shim, ctx context.Context, body []byte) (any, error) {
		answer, err := s.local.Send(ctx, operation, body)
		return json.RawMessage(answer), err
	}
}

// write hands an operation on that changes the pool.
func write(operation string) func(*shim, context.Context, []byte) (any, error) {
	return func(s *shim, ctx context.Context, body []byte) (any, error) {
		return s.write(ctx, operation, body)
	}
}

// write waits for the write before. The caller's going away does not stop it half-way.
func (s *shim) write(ctx context.Context, operation string, body []byte) (json.RawMessage, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	answer, err := s.local.Send(context.WithoutCancel(ctx), operation, body)
	if err == nil && s.pool != "" {
		err = keepCopy(s.pool)
	}
	return answer, err
}

func (s *shim) adminCreateUser(ctx context.Context, body []byte) (any, error) {
	var in struct{ TemporaryPassword *string }
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, malformed(err)
	}
	if in.TemporaryPassword != nil && len(*in.TemporaryPassword) < minPassword {
		return nil, tooShort()
	}
	return s.write(ctx, "AdminCreateUser", body)
}

func (s *shim) adminSetUserPassword(ctx context.Context, body []byte) (any, error) {
	var in struct{ Password string }
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, malformed(err)
	}
	if len(in.Password) < minPassword {
		return nil, tooShort()
	}
	return s.write(ctx, "AdminSetUserPassword", body)
}

func signUp(*shim, context.Context, []byte) (any, error) {
	return nil, notAuthorized("SignUp is not permitted for this user pool")
}

func tooShort() error {
	return &awsjson.Error{Type: "InvalidPasswordException", Message: "Password did not conform with policy: Password not long enough"}
}

func notAuthorized(message string) error {
	return &awsjson.Error{Type: "NotAuthorizedException", Message: message}
}

func invalid(message string) error {
	return &awsjson.Error{Type: "InvalidParameterException", Message: message}
}

func malformed(err error) error {
	return &awsjson.Error{Type: "SerializationException", Message: err.Error()}
}

// isRefusal says whether err is AWS's error of that type.
func isRefusal(err error, kind string) bool {
	var refused *awsjson.Error
	return errors.As(err, &refused) && refused.Type == kind
}
