// Package faults makes a bad day of DynamoDB: a proxy in front of the table that refuses, delays and loses calls by a plan
// and a seed, and counts what crosses it. The emulator never does any of that by itself.
//
// Its tests also kill the functions' processes at any of their writes and check what is left behind (make soak).
package faults

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"preau/infra/capacity"
	"preau/infra/local/awsjson"
	"preau/infra/local/emulators"
)

// A Proxy stands in front of one table service, on 127.0.0.1. Functions and stores reach it by AWS_ENDPOINT_URL_DYNAMODB.
type Proxy struct {
	URL string // its address without TLS

	upstream  string
	transport *http.Transport
	fates     fates
	counter   counter
	hooks     hooks
	meter     atomic.Pointer[capacity.Meter]

	mu      sync.Mutex
	servers []*http.Server
	closed  bool
	under   sync.WaitGroup // calls under way
}

// New opens a proxy in front of upstream, the address of a table service.
func New(upstream string, plan Plan) (*Proxy, error) {
	p := &Proxy{upstream: upstream, transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}
	p.fates.follow(plan)
	p.counter.reset()
	l, err := p.listen()
	if err != nil {
		return nil, err
	}
	p.URL = "http://" + l.Addr().String()
	p.serve(l)
	return p, nil
}

// Secure opens the proxy a second time, with TLS.
func (p *Proxy) Secure(config *tls.Config) (url string, err error) {
	l, err := p.listen()
	if err != nil {
		return "", err
	}
	p.serve(tls.NewListener(l, config))
	return "https://" + l.Addr().String(), nil
}

func (p *Proxy) listen() (net.Listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open the fault proxy: %w", err)
	}
	return l, nil
}

func (p *Proxy) serve(l net.Listener) {
	// A process that is killed while it opens a connection is nothing to tell.
	s := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	p.mu.Lock()
	p.servers = append(p.servers, s)
	p.mu.Unlock()
	go func() { _ = s.Serve(l) }()
}

// Follow replaces the plan, its dice thrown anew.
func (p *Proxy) Follow(plan Plan) { p.fates.follow(plan) }

// Tally is what has crossed the proxy since New or Reset.
func (p *Proxy) Tally() Tally { return p.counter.read() }

// Reset begins a new tally.
func (p *Proxy) Reset() { p.counter.reset() }

// Measure counts the capacity units of calls from now on, which takes reads of its own around each write. They are right while
// nobody else writes the same items.
func (p *Proxy) Measure(table string) {
	p.meter.Store(&capacity.Meter{DB: emulators.DynamoDB(p.upstream), Table: table})
}

// Close ends the proxy. What the table already has of a call is waited for, so that nothing is written once it returns;
// nothing else is passed on.
func (p *Proxy) Close() {
	p.mu.Lock()
	p.closed = true
	servers := p.servers
	p.mu.Unlock()
	for _, s := range servers {
		_ = s.Close()
	}
	p.under.Wait()
	p.transport.CloseIdleConnections()
}

// enter admits a call unless the proxy is closed.
func (p *Proxy) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.under.Add(1)
	}
	return !p.closed
}

// ServeHTTP answers as DynamoDB, on its bad days.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || !p.enter() {
		panic(http.ErrAbortHandler)
	}
	defer p.under.Done()
	operation := awsjson.Operation(r)
	from, depth := time.Now(), p.counter.begin(operation)
	fate := p.fates.of(operation)
	answer, err := p.answer(r, operation, body, fate)
	pause(r.Context(), time.Until(from.Add(fate.hold)))
	p.counter.end(depth, answer) // before the caller hears of it: a count is complete once an answer is there
	if err != nil {
		panic(http.ErrAbortHandler) // cuts the connection
	}
	answer.write(w)
}

// An answer goes back to the caller. Its fault is empty where nothing went wrong.
type answer struct {
	fault  Fault
	status int
	header http.Header
	body   []byte
	units  units
}

// units of capacity that a call took, or why they can not be told.
type units struct {
	reads, writes float64
	err           error
}

func (a answer) write(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// errCut means that the caller gets no answer: its connection breaks.
var errCut = errors.New("the connection is cut")

// answer is what becomes of a call: a hook comes first, then the plan.
func (p *Proxy) answer(r *http.Request, operation string, body []byte, f fate) (answer, error) {
	hook := p.hooks.of(operation)
	switch {
	case hook != nil && hook.when == Before:
		hook.f()
		return answer{fault: Dropped}, errCut
	case hook == nil && f.fault == Dropped:
		return answer{fault: Dropped}, errCut
	case hook == nil && f.fault != "":
		if refused, ok := refusal(operation, body, f); ok {
			return refused, nil
		}
	}
	a, err := p.pass(r, operation, body)
	if hook != nil {
		hook.f()
	}
	if hook != nil || f.fault == Lost {
		a.fault, err = Lost, errCut
	}
	if f.fault == Slow && err == nil {
		a.fault = Slow
	}
	return a, err
}

// pass hands a call to the table, whole even if its caller dies meanwhile.
func (p *Proxy) pass(r *http.Request, operation string, body []byte) (answer, error) {
	ctx := context.WithoutCancel(r.Context())
	counted := p.measured(ctx, operation, body)
	out, err := http.NewRequestWithContext(ctx, r.Method, p.upstream+r.URL.Path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	out.Header = r.Header
	res, err := p.transport.RoundTrip(out)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }()
	a := answer{status: res.StatusCode, header: res.Header}
	if a.body, err = io.ReadAll(res.Body); err == nil {
		a.units = counted(a)
	}
	return a, err
}

// measured looks at a call that is to be counted, which the answer completes.
func (p *Proxy) measured(ctx context.Context, operation string, body []byte) func(answer) units {
	meter := p.meter.Load()
	if meter == nil {
		return func(answer) units { return units{} }
	}
	seen := meter.Look(ctx, operation, body)
	return func(a answer) (u units) {
		u.reads, u.writes, u.err = seen.Units(ctx, a.status, a.body)
		return u
	}
}

// pause waits, unless the caller gives up.
func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
