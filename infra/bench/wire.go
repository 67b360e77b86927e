package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"preau/infra/capacity"
	"preau/infra/local/awsjson"
	"preau/infra/local/emulators"
)

// A wire lies between the functions and the table, with TLS and without. It passes everything on untouched; while a
// recording is on, it counts.
type wire struct {
	plain, secure string // its addresses
	table         string // address of the table, with the catalog's rights in front of it
	transport     *http.Transport
	meter         capacity.Meter // what it reads is not counted itself
	recording     atomic.Pointer[recording]
	servers       []*http.Server
}

func openWire(r emulators.Resources, config *tls.Config) *wire {
	w := &wire{table: r.DynamoDB, transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}
	w.meter = capacity.Meter{DB: emulators.DynamoDB(r.DynamoDB), Table: r.Table}
	plain, secure := must(net.Listen("tcp", "127.0.0.1:0")), must(net.Listen("tcp", "127.0.0.1:0"))
	w.plain, w.secure = "http://"+plain.Addr().String(), "https://"+secure.Addr().String()
	w.serve(plain)
	w.serve(tls.NewListener(secure, config))
	return w
}

func (w *wire) serve(l net.Listener) {
	// A process that is killed while it opens a connection is nothing to tell.
	s := &http.Server{Handler: w, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	w.servers = append(w.servers, s)
	go func() { _ = s.Serve(l) }()
}

func (w *wire) close() {
	for _, s := range w.servers {
		_ = s.Close()
	}
}

// How long each answer is kept back while counting. Calls made at the same time then overlap, however late this machine lets
// one of them start; a call that needs another's answer never does.
const (
	hold      = 40 * time.Millisecond
	shortHold = 5 * time.Millisecond // where hundreds follow one another
)

func (w *wire) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	from := time.Now()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the process is gone
	}
	on := w.recording.Load()
	if on == nil {
		w.pass(out, r, body, func(int, []byte) {})
		return
	}
	ctx := context.WithoutCancel(r.Context())
	seen := w.meter.Look(ctx, awsjson.Operation(r), body)
	w.pass(out, r, body, func(status int, answer []byte) {
		c := call{operation: awsjson.Operation(r)}
		c.reads, c.writes, c.err = seen.Units(ctx, status, answer)
		time.Sleep(time.Until(from.Add(on.hold)))
		c.from, c.to = from, time.Now()
		on.add(c)
	})
}

// pass hands a request on and its answer back; before the answer is given, told hears of it.
func (w *wire) pass(out http.ResponseWriter, r *http.Request, body []byte, told func(status int, answer []byte)) {
	on, err := http.NewRequestWithContext(r.Context(), r.Method, w.table+r.URL.Path, bytes.NewReader(body))
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadGateway)
		return
	}
	on.Header = r.Header
	res, err := w.transport.RoundTrip(on)
	if err != nil {
		http.Error(out, err.Error(), http.StatusServiceUnavailable)
		return
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		http.Error(out, err.Error(), http.StatusServiceUnavailable)
		return
	}
	told(res.StatusCode, answer)
	for name, values := range res.Header {
		out.Header()[name] = values
	}
	out.WriteHeader(res.StatusCode)
	_, _ = out.Write(answer)
}

// record counts what crosses the wire while do runs.
func (w *wire) record(hold time.Duration, do func()) []call {
	on := &recording{hold: hold}
	w.recording.Store(on)
	defer w.recording.Store(nil)
	do()
	return on.calls
}
