package main

import (
	"strings"
	"testing"
	"time"

	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/collectivity"
	"preau/shared/credentials"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler(now time.Time) httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), func() time.Time { return now }}.handle)
}

func event(t *testing.T, a account.Account, session string) httpapi.Request {
	return town.As(town.Event(t, "list-sessions", map[string]string{"session": session}), a)
}

func list(t *testing.T, a account.Account, session string, now time.Time) []api.OpenSession {
	t.Helper()
	return town.Read[api.List[api.OpenSession]](t, newHandler(now), event(t, a, session), 200).Items
}

func TestSessionsAreListedAndTheOneThatAsksIsTold(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Agent(collectivity.Reader)
	w.Session(a)
	mine := w.Session(a)
	w.Session(w.Citizen())
	got := list(t, a, mine, town.Now)
	if len(got) != 2 {
		t.Fatalf("got %+v", got)
	}
	current := 0
	for _, s := range got {
		if s.At != "2026-11-23T08:30:00Z" || s.Until != "2026-11-23T20:30:00Z" || s.Device != "Firefox Linux" || strings.Contains(mine, s.ID) {
			t.Errorf("got %+v", s)
		}
		if s.Current {
			current++
		}
	}
	if current != 1 || len(list(t, a, mine, town.Now.Add(12*time.Hour))) != 0 {
		t.Errorf("%d ask; twelve hours later %+v", current, list(t, a, mine, town.Now.Add(12*time.Hour)))
	}
}

func TestAChangedPasswordLeavesNoneOfTheSessionsBefore(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	w.Session(a)
	user, err := credentials.Replace(t.Context(), w.Env.Store, w.Pool, a, town.Password, nil, town.Now)
	if err != nil {
		t.Fatal(err)
	}
	a.User = user
	if got := list(t, a, "", town.Now); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
	mine := w.Session(a)
	if got := list(t, a, mine, town.Now); len(got) != 1 || !got[0].Current {
		t.Errorf("got %+v", got)
	}
}

func TestAnEndedSessionListsNothing(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	a := w.Citizen()
	w.Close(a)
	town.Refused(t, town.Send(t, newHandler(town.Now), event(t, a, "")), 401, "session_ended")
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	w := town.NewNow(t)
	a := w.Citizen()
	r := event(t, a, w.Session(a))
	town.Rights(t, "list-sessions")
	town.Read[api.List[api.OpenSession]](t, handler(t.Context()), r, 200)
}
