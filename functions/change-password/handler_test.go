package main

import (
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/httpapi"
	"preau/shared/identity"
	"preau/shared/store"
)

// chosen is the new password.
const chosen = "le nouveau mot de passe"

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), identity.Open(), town.Clock}.handle)
}

func event(t *testing.T, a account.Account, current, password string) httpapi.Request {
	return town.As(town.Event(t, "change-password", map[string]string{"current": current, "password": password}), a)
}

func TestTheOtherSessionsEndAndThisOneGoesOn(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	for kind, a := range map[string]account.Account{"c": w.Citizen(), "a": w.Agent(collectivity.Manager)} {
		caller, refresh, err := httpapi.ReadSession(w.Session(a))
		if err != nil {
			t.Fatal(err)
		}
		reply := town.Send(t, newHandler(), event(t, a, town.Password, chosen))
		after := w.Account(a.ID)
		if reply.StatusCode != 200 || reply.Body["expiresIn"] != 900.0 || len(reply.Cookies) != 1 || !strings.HasPrefix(reply.Cookies[0], "preau_session="+kind+"~"+after.User+"~") {
			t.Fatalf("got %+v", reply)
		}
		if !w.Opens(after.User, chosen) || w.Opens(after.User, town.Password) || w.HasUser(a.User) {
			t.Error("the old password is not gone")
		}
		if _, err := w.Env.Store.Me(t.Context(), caller); err != account.ErrSessionEnded {
			t.Errorf("an old access token: %v", err)
		}
		if _, err := w.Pool.Refresh(t.Context(), identity.ClientOf(a.Agent), a.User, refresh); err != identity.ErrRefused {
			t.Errorf("an old refresh token: %v", err)
		}
		if _, ok := town.Outbox(t, store.MailPasswordChanged, after.User); !ok {
			t.Error("nobody is told")
		}
	}
}

func TestWhatIsRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	cases := []struct {
		says, current, password string
		fields                  []string
	}{
		{"a wrong current password", "pas le bon du tout", chosen, []string{"current wrong_password"}},
		{"a current password that nobody can have", `x\\ny`, chosen, []string{"current wrong_password"}},
		{"a password too short", town.Password, "court", []string{"password password_short"}},
		{"one's address for a password", town.Password, a.Email, []string{"password password_weak"}},
		{"nothing", "", "", []string{"current required", "password required"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			town.Refused(t, town.Send(t, newHandler(), event(t, a, c.current, c.password)), 400, "invalid_input", c.fields...)
		})
	}
	if after := w.Account(a.ID); after.User != a.User || !w.Opens(a.User, town.Password) {
		t.Errorf("got %+v", after)
	}
}

// TestThePasswordCanNotBeGuessedWithASession that was left open or stolen.
func TestThePasswordCanNotBeGuessedWithASession(t *testing.T) {
	t.Parallel()
	w, at := town.New(t), town.Now
	now := func() time.Time { return at }
	h := httpapi.SignedIn(app{store.Open(), identity.Open(), now}.handle)
	wrong := httpapi.SignedIn(app{store.Open(), town.RefusingPool(t, town.WrongPassword), now}.handle)
	a := w.Citizen()
	answers := map[string]int{}
	for _, reply := range town.InParallel(14, func(int) town.Reply { return town.Send(t, wrong, event(t, a, "pas le bon du tout", chosen)) }) {
		answers[reply.Code()]++
	}
	if answers["invalid_input"] != 10 || answers["too_many_attempts"] != 4 {
		t.Fatalf("got %v", answers)
	}
	at = town.Now.Add(5 * time.Minute)
	reply := town.Send(t, h, event(t, a, town.Password, chosen))
	town.Refused(t, reply, 429, "too_many_attempts", "current too_many_attempts")
	if reply.Headers["retry-after"] != "3300" || !strings.Contains(reply.Response.Body, "Réessayez dans 55 min.") {
		t.Errorf("got %v", reply)
	}
	at = town.Now.Add(time.Hour)
	town.Read[api.Session](t, h, event(t, a, town.Password, chosen), 200)
}

func TestALockedUserIsToldToWait(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	h := httpapi.SignedIn(app{store.Open(), town.RefusingPool(t, town.Locked), town.Clock}.handle)
	for range 12 { // which are no tries
		reply := town.Send(t, h, event(t, a, town.Password, chosen))
		town.Refused(t, reply, 429, "too_many_attempts", "current too_many_attempts")
		if reply.Headers["retry-after"] != "900" {
			t.Errorf("it tells to wait %s s", reply.Headers["retry-after"])
		}
	}
	town.Read[api.Session](t, newHandler(), event(t, a, town.Password, chosen), 200)
}

func TestOfSeveralChangesAtOnceOneHoldsAndTheOthersSessionsEnd(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	changed := 0
	for _, reply := range town.InParallel(4, func(n int) town.Reply {
		return town.Send(t, newHandler(), event(t, a, town.Password, chosen+string(rune('a'+n))))
	}) {
		switch {
		case reply.StatusCode == 200:
			changed++
		case reply.StatusCode == 400: // came after the first had erased the old user
			town.Refused(t, reply, 400, "invalid_input", "current wrong_password")
		default:
			town.Refused(t, reply, 401, "session_ended")
		}
	}
	if changed != 1 {
		t.Errorf("changed %d times", changed)
	}
}

func TestAnEndedSessionChangesNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	town.Read[api.Session](t, newHandler(), event(t, a, town.Password, chosen), 200)
	town.Refused(t, town.Send(t, newHandler(), event(t, a, chosen, chosen+" encore")), 401, "session_ended")
	closed := w.Citizen()
	w.Close(closed)
	town.Refused(t, town.Send(t, newHandler(), event(t, closed, town.Password, chosen)), 401, "session_ended")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.New(t)
	a, agent := w.Citizen(), w.Agent(collectivity.Reader)
	town.Rights(t, "change-password")
	h := handler(t.Context())
	town.Read[api.Session](t, h, event(t, a, town.Password, chosen), 200)
	town.Read[api.Session](t, h, event(t, agent, town.Password, chosen), 200)
}
