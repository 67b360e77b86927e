package main

import (
	"context"
	"strings"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/captcha"
	"preau/shared/httpapi"
	"preau/shared/keys"
)

func newHandler(t *testing.T) (httpapi.Handler, captcha.Captcha) {
	t.Helper()
	town.New(t)
	c := captcha.Of(keys.Must(t.Context()).Key("captcha"))
	return httpapi.Anyone(app{c, town.Clock}.handle), c
}

func TestAChallengeCanBeSolvedAndItsSolutionIsGood(t *testing.T) {
	t.Parallel()
	h, c := newHandler(t)
	challenge := town.Read[api.Captcha](t, h, town.Event(t, "issue-captcha", nil), 200)
	solution, err := captcha.Solve(captcha.Challenge(challenge))
	if err != nil {
		t.Fatal(err)
	}
	if _, until, err := c.Check(solution, town.Now); err != nil || !until.Equal(town.Now.Add(captcha.Life)) {
		t.Errorf("it ends at %s: %v", until, err)
	}
}

func TestAChallengeIsWhatTheWidgetReadsAndNothingMore(t *testing.T) {
	t.Parallel()
	h, _ := newHandler(t)
	reply := town.Send(t, h, town.Event(t, "issue-captcha", nil))
	if len(reply.Body) != 5 || reply.Body["algorithm"] != "SHA-256" || reply.Body["maxnumber"] != 50_000.0 || len(reply.Body["challenge"].(string)) != 64 || len(reply.Body["signature"].(string)) != 64 {
		t.Errorf("got %v", reply.Body)
	}
	if reply.Headers["cache-control"] != "no-store" {
		t.Errorf("it may be kept: %v", reply.Headers)
	}
}

func TestEveryoneGetsAChallengeOfTheirOwn(t *testing.T) {
	t.Parallel()
	h, _ := newHandler(t)
	seen := map[any]bool{}
	for range 50 {
		reply := town.Send(t, h, town.Event(t, "issue-captcha", nil))
		for _, name := range []string{"salt", "challenge", "signature"} {
			if seen[reply.Body[name]] {
				t.Fatalf("the same %s twice: %v", name, reply.Body)
			}
			seen[reply.Body[name]] = true
		}
		if !strings.Contains(reply.Body["salt"].(string), "?expires=") {
			t.Fatalf("it never ends: %v", reply.Body)
		}
	}
}

func TestItsOwnRightsAreEnough(t *testing.T) {
	town.New(t)
	town.Rights(t, "issue-captcha")
	town.Read[api.Captcha](t, handler(context.Background()), town.Event(t, "issue-captcha", nil), 200)
}
