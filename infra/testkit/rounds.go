package testkit

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/infra/local/awsjson"
)

// quiet is how long no other call has arrived before those that are held make a round.
const quiet = 250 * time.Millisecond

// Rounds counts how often a use case waits for its services. It holds each call until no other arrives, then lets all go that it
// holds: calls at the same time are one round, a call that waited for an answer is of a later one.
type Rounds struct {
	mu     sync.Mutex
	held   *round
	rounds []string
}

type round struct {
	calls []string
	over  chan struct{}
	timer *time.Timer
}

// Front stands in front of a service.
func (r *Rounds) Front(t testing.TB, service string) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return // the caller is gone
		}
		<-r.join(awsjson.Operation(request))
		pass(w, request, service, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func (r *Rounds) join(call string) (over chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held == nil {
		held := &round{over: make(chan struct{})}
		held.timer = time.AfterFunc(quiet, func() { r.end(held) })
		r.held = held
	}
	r.held.timer.Reset(quiet)
	r.held.calls = append(r.held.calls, call)
	return r.held.over
}

// end lets the held calls go.
func (r *Rounds) end(held *round) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held != held {
		return
	}
	slices.Sort(held.calls)
	r.rounds = append(r.rounds, strings.Join(held.calls, " "))
	r.held = nil
	close(held.over)
}

// Taken are the rounds since it was last asked, each with its calls: "GetItem Query".
func (r *Rounds) Taken() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.rounds
	r.rounds = nil
	return taken
}
