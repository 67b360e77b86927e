// Package lambda runs Préau's functions as Lambda does: each is the very program that is deployed, started on its
// first call, one process per concurrent call, talking to the Lambda Runtime API.
package lambda

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"preau/infra/catalog"
	"preau/infra/local/logfile"
)

// A Function is a catalog function with the program that runs it.
type Function struct {
	catalog.Function
	Program string
	Env     map[string]string // besides Lambda's own variables
}

// Options of a host.
type Options struct {
	Logs       string // folder of <function>.log
	Concurrent int    // processes of one function; 0: the catalog's number
	// Report is told in one line when a function fails; nil: nobody is.
	Report func(line string)
}

// A Host runs functions.
type Host struct {
	options  Options
	listener net.Listener
	server   *http.Server
	life     context.Context // over once Close is called
	stop     context.CancelFunc
	alive    sync.WaitGroup // of processes

	mu        sync.Mutex
	pools     map[string]*pool
	instances map[string]*instance // by the path element that their Runtime API has
}

// ErrUnknown is Invoke's answer for a function that the host does not have.
var ErrUnknown = errors.New("no such function")

// NewHost opens the Runtime API on a free local port.
func NewHost(o Options) (*Host, error) {
	if o.Concurrent == 0 {
		o.Concurrent = catalog.MaxConcurrent
	}
	if o.Report == nil {
		o.Report = func(string) {}
	}
	if err := os.MkdirAll(o.Logs, 0o700); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open the Runtime API: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	h := &Host{options: o, listener: l, life: ctx, stop: stop, pools: map[string]*pool{}, instances: map[string]*instance{}}
	h.server = &http.Server{Handler: h.runtimeAPI(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = h.server.Serve(l) }()
	go h.retire()
	return h, nil
}

// Add makes a function callable.
func (h *Host) Add(f Function) error {
	if err := logfile.Begin(h.log(f.Name)); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pools[f.Name] = &pool{host: h, function: f}
	return nil
}

// Has says whether the host has the function.
func (h *Host) Has(name string) bool { return h.pool(name) != nil }

func (h *Host) pool(name string) *pool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.pools[name]
}

func (h *Host) log(function string) string { return filepath.Join(h.options.Logs, function+".log") }

// Invoke calls a function and waits for its answer. functionError is empty for a success, else what Lambda would
// call it, with response holding errorType and errorMessage. When ctx ends first, err says so and the function
// goes on, as on AWS.
func (h *Host) Invoke(ctx context.Context, function string, payload []byte) (response []byte, functionError string, err error) {
	p := h.pool(function)
	if p == nil {
		return nil, "", fmt.Errorf("invoke %s: %w", function, ErrUnknown)
	}
	call := newInvocation(payload)
	given := p.acquire(ctx)
	if given.err != nil {
		return nil, "", fmt.Errorf("invoke %s: %w", function, given.err)
	}
	if given.failure != nil {
		h.reportFailure(function, *given.failure)
		return given.failure.body, given.failure.kind, nil
	}
	go given.instance.run(call)
	select {
	case <-ctx.Done():
		return nil, "", fmt.Errorf("invoke %s: %w", function, ctx.Err())
	case out := <-call.answered:
		return out.body, out.kind, nil
	}
}

func (h *Host) reportFailure(function string, out outcome) {
	if h.life.Err() != nil {
		return // we end the processes ourselves
	}
	h.options.Report(fmt.Sprintf("%s failed: %s (%s)", function, out.message(), h.log(function)))
}

// idleLife is how long an idle process is kept; Lambda keeps it for minutes too.
const idleLife = 5 * time.Minute

// retire ends processes that idle for long.
func (h *Host) retire() {
	for {
		select {
		case <-h.life.Done():
			return
		case now := <-time.After(time.Minute):
			for _, p := range h.allPools() {
				p.retire(now.Add(-idleLife))
			}
		}
	}
}

func (h *Host) allPools() (all []*pool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.pools {
		all = append(all, p)
	}
	return all
}

// Close ends all processes at once, as Lambda's freezing does: functions must not count on a farewell.
func (h *Host) Close() {
	for _, p := range h.allPools() {
		p.close()
	}
	h.stop()
	h.alive.Wait()
	_ = h.server.Close()
}
