package main

import (
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/local/lambda"
	"preau/infra/local/stream"
	"preau/shared/account"
	"preau/shared/api"
	"preau/shared/booking"
)

// advance is the function that goes on with what bookings leave to be done.
const advance = "advance-bookings"

// A stage runs functions as the local platform does: on its host, with its limit of processes, the table's stream leading to
// advance-bookings.
type stage struct {
	*lab
	host *lambda.Host
	end  context.CancelFunc // of the stream
	done sync.WaitGroup
}

// openStage starts advance-bookings and another function, whose table is at an address.
func (l *lab) openStage(function, table string) *stage {
	host := must(lambda.NewHost(lambda.Options{Logs: filepath.Join(l.dir, "logs"), Report: func(line string) { say("%s", line) }}))
	s := &stage{lab: l, host: host}
	for _, name := range []string{function, advance} {
		p := l.program(name, filepath.Join(l.functions(), name), table)
		n := slices.IndexFunc(catalog.Functions, func(f catalog.Function) bool { return f.Name == name })
		check(host.Add(lambda.Function{Function: catalog.Functions[n], Program: p.path, Env: p.env}))
	}
	ctx, end := context.WithCancel(l.ctx)
	s.end = end
	r := l.stack.Resources
	m := stream.Mapping{
		DynamoDB: r.Streams, Table: r.Table, Key: emulators.PlatformKey, SortKey: catalog.Table.SortKey,
		Function: advance, Marked: catalog.Wake, Invoke: host.Invoke, Report: func(line string) { say("%s", line) },
		State: filepath.Join(l.dir, "stream.json"), Failures: filepath.Join(l.dir, "failed.jsonl"),
	}
	s.done.Go(func() { m.Run(ctx) })
	return s
}

// An asked is a parent's request, and what was answered.
type asked struct {
	home
	took        time.Duration
	at          time.Time // of the answer
	fault       string    // where it is none
	api.Request           // as it is answered, and later as it is settled
}

// A wish is a parent's request before it is sent.
type wish struct {
	home
	event []byte
}

// ask sends a request. took is counted from began.
func (s *stage) ask(w wish, began time.Time) asked {
	a := asked{home: w.home}
	out, failed, err := s.host.Invoke(s.ctx, "request-booking", w.event)
	a.at = time.Now()
	a.took = a.at.Sub(began)
	var response events.APIGatewayV2HTTPResponse
	switch {
	case err != nil:
		a.fault = err.Error()
	case failed != "":
		a.fault = failed + ": " + string(out)
	case json.Unmarshal(out, &response) != nil, response.StatusCode != http.StatusCreated, json.Unmarshal([]byte(response.Body), &a.Request) != nil:
		a.fault = string(out)
	}
	return a
}

// settled waits until a request has all of its outcomes.
func (s *stage) settled(a asked) booking.Request {
	right := must(a.Env.Store.FamilyOf(s.ctx, account.CallerOf(a.parent.User, false), a.home.ID))
	for {
		r := must(right.Store.Request(s.ctx, a.Request.ID))
		if r.Settled {
			return r.Request
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (s *stage) close() {
	s.end()
	s.done.Wait()
	s.host.Close()
}
