package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/refusal"
)

// sessionCookie carries the refresh token where no script can read it.
const sessionCookie = "preau_session"

// Session is the output of the use cases that open, renew or end a session: the access token for the body, the refresh
// token and its user for the cookie.
type Session struct {
	api.Session
	User    string
	Refresh string // empty: the cookie stays as it is
	Agent   bool   // the agents' client
	Life    time.Duration
	Ended   bool // drops the cookie, even beside an error
}

func (s Session) body() any {
	if s.Ended {
		return api.Nothing{}
	}
	return s.Session
}

// cookie is scoped to the two routes that need it. Strict keeps other sites from using it.
func (s Session) cookie() string {
	c := http.Cookie{Name: sessionCookie, Path: "/v1/sessions", HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode}
	switch {
	case s.Ended:
		c.MaxAge = -1
	default:
		c.Value = fmt.Sprintf("%s~%s~%s", kindOf(s.Agent), s.User, s.Refresh)
		c.MaxAge = int(s.Life.Seconds())
	}
	return c.String()
}

// ReadSession reads the cookie of an open session.
func ReadSession(cookie string) (caller account.Caller, refresh string, err error) {
	parts := strings.SplitN(cookie, "~", 3)
	whole := len(parts) == 3 && (parts[0] == kindOf(false) || parts[0] == kindOf(true))
	if !whole || parts[1] == "" || parts[2] == "" {
		return caller, "", refusal.New(refusal.Unauthorized, "no_session", "Vous n’êtes pas connecté.")
	}
	return account.CallerOf(parts[1], parts[0] == kindOf(true)), parts[2], nil
}

func kindOf(agent bool) string {
	if agent {
		return "a"
	}
	return "c"
}

// Opened is the output of a sign-in: the life of its cookie is that of the session.
func Opened(user string, agent bool, access, refresh string, seconds int) Session {
	return Session{Session: api.Session{AccessToken: access, ExpiresIn: seconds}, User: user, Refresh: refresh, Agent: agent, Life: account.SessionLife(agent)}
}
