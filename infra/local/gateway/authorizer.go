package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

// An Authorizer is the JWT authorizer: it lets tokens pass that the pool signed for one of our clients and that
// have not expired. Like AWS's it passes ID tokens too; the functions look at token_use.
type Authorizer struct {
	keys     keyfunc.Keyfunc
	parser   *jwt.Parser
	audience []string
}

// NewAuthorizer reads the public keys at the address and keeps them up to date until ctx ends.
func NewAuthorizer(ctx context.Context, jwks, issuer string, audience ...string) (*Authorizer, error) {
	keys, err := keyfunc.NewDefaultCtx(ctx, []string{jwks})
	if err != nil {
		return nil, fmt.Errorf("read the pool's public keys: %w", err)
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(issuer), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithJSONNumber())
	return &Authorizer{keys, parser, audience}, nil
}

// check gives the verified claims as the gateway hands them to a function, or the WWW-Authenticate header of the
// refusal.
func (a *Authorizer) check(r *http.Request) (claims map[string]string, refusal string) {
	token := r.Header.Get("Authorization")
	if token == "" {
		return nil, "Bearer"
	}
	if scheme, rest, found := strings.Cut(token, " "); found && strings.EqualFold(scheme, "bearer") {
		token = strings.TrimSpace(rest)
	}
	all := jwt.MapClaims{}
	if _, err := a.parser.ParseWithClaims(token, all, a.keys.Keyfunc); err != nil {
		return nil, refusalFor(reason(err))
	}
	if !a.meantForUs(all) {
		return nil, refusalFor("the token does not have a valid audience")
	}
	return asText(all), ""
}

func refusalFor(why string) string {
	return fmt.Sprintf("Bearer error=\"invalid_token\" error_description=%q", why)
}

func reason(err error) string {
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return "the token has expired"
	case errors.Is(err, jwt.ErrTokenInvalidIssuer):
		return "the token issuer is invalid"
	default:
		return "the token is invalid"
	}
}

// meantForUs looks at client_id, which access tokens have, and at aud, which ID tokens have.
func (a *Authorizer) meantForUs(claims jwt.MapClaims) bool {
	if client, ok := claims["client_id"].(string); ok && slices.Contains(a.audience, client) {
		return true
	}
	audience, err := claims.GetAudience()
	return err == nil && slices.ContainsFunc(audience, func(s string) bool { return slices.Contains(a.audience, s) })
}

// asText writes all claims as text, lists as [a b].
func asText(claims jwt.MapClaims) map[string]string {
	text := map[string]string{}
	for name, value := range claims {
		switch v := value.(type) {
		case string:
			text[name] = v
		case json.Number:
			text[name] = v.String()
		default:
			text[name] = fmt.Sprint(v)
		}
	}
	return text
}
