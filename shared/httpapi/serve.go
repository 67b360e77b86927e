// Package httpapi is the only place that knows HTTP: it turns an API Gateway HTTP API event (payload 2.0) into a typed
// input and a caller, and a typed output or error into a response.
//
// A use case is one function of (context, caller, input). It is served by
//
//	httpapi.Anyone(handle)                    // no session needed
//	httpapi.SignedIn(handle)                  // a verified access token; the store re-reads account and right
//	httpapi.SignedIn(handle, httpapi.Created) // another status than 200
//
// Refusals become application/problem+json with their code and French sentence; anything else is a fault: logged once,
// here, and answered as an internal error with a correlation id. One structured line per request tells route, status,
// code and duration, and nothing about persons.
package httpapi

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"preau/shared/account"
	"preau/shared/refusal"
)

// Caller is who sent the request.
type Caller struct {
	account.Caller
	Address string // the viewer's network address, as the edge says; for throttles only
}

// Request and Response are API Gateway's.
type (
	Request  = events.APIGatewayV2HTTPRequest
	Response = events.APIGatewayV2HTTPResponse
)

// Handler is a use case behind HTTP, ready for Lambda or for a test.
type Handler func(context.Context, Request) (Response, error)

// Option changes how a use case is served.
type Option func(*endpoint)

// Created answers 201, Accepted 202.
func Created(e *endpoint)  { e.status = http.StatusCreated }
func Accepted(e *endpoint) { e.status = http.StatusAccepted }

// NoContent answers 204 and no body.
func NoContent(e *endpoint) { e.status = http.StatusNoContent }

// Cached lets anyone keep the answer for a minute. Everything else is never stored.
func Cached(e *endpoint) { e.cache = "public, max-age=60" }

// Unread leaves the input empty whatever the request holds, so that nothing of it is refused.
func Unread(e *endpoint) { e.unread = true }

type endpoint struct {
	status   int
	cache    string
	signedIn bool
	unread   bool
}

// reserve is how long before Lambda's own limit a handler gives up, so that there is still an answer.
const reserve = 500 * time.Millisecond

// Anyone serves a use case that needs no session.
func Anyone[In, Out any](handle func(context.Context, Caller, In) (Out, error), options ...Option) Handler {
	return serve(handle, false, options)
}

// SignedIn serves a use case to callers with a verified access token.
func SignedIn[In, Out any](handle func(context.Context, Caller, In) (Out, error), options ...Option) Handler {
	return serve(handle, true, options)
}

// Start hands the process to Lambda. At 512 MB a function has a third of a processor, however many it sees: waking a
// second thread for each answer of the table costs a tenth of a call and gains nothing.
func Start(h Handler) {
	runtime.GOMAXPROCS(1)
	lambda.Start(h)
}

func serve[In, Out any](handle func(context.Context, Caller, In) (Out, error), signedIn bool, options []Option) Handler {
	e := endpoint{status: http.StatusOK, cache: "no-store", signedIn: signedIn}
	for _, o := range options {
		o(&e)
	}
	return func(ctx context.Context, r Request) (Response, error) {
		started := time.Now()
		if deadline, ok := ctx.Deadline(); ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, deadline.Add(-reserve))
			defer cancel()
		}
		out, err := run(ctx, e, r, handle)
		response, err := e.respond(ctx, r, out, err)
		logRequest(ctx, r, response, err, time.Since(started))
		return response, nil
	}
}

// run takes a request through the edge's own checks to the use case. A panic is a fault like any other.
func run[In, Out any](ctx context.Context, e endpoint, r Request, handle func(context.Context, Caller, In) (Out, error)) (out Out, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v%s", p, where())
		}
	}()
	if err = checkOrigin(r); err != nil {
		return out, err
	}
	caller, err := callerOf(r, e.signedIn)
	if err != nil {
		return out, err
	}
	var in In
	if !e.unread {
		if in, err = bind[In](r); err != nil {
			return out, err
		}
	}
	return handle(ctx, caller, in)
}

// checkOrigin refuses what did not come through CloudFront: its secret header is the way in. While the secret is rotated
// there are two. Without any, nothing passes but on the local platform, which has no edge.
func checkOrigin(r Request) error {
	secrets := os.Getenv("PREAU_ORIGIN_SECRET")
	if secrets == "" && os.Getenv("PREAU_STAGE") == "local" {
		return nil
	}
	shown, known := []byte(r.Headers["x-preau-origin"]), 0
	for secret := range strings.SplitSeq(secrets, ",") {
		if secret != "" {
			known |= subtle.ConstantTimeCompare([]byte(secret), shown)
		}
	}
	if known == 0 {
		return refusal.New(refusal.Forbidden, "direct_access", "Cette adresse n’est pas celle du portail.")
	}
	return nil
}

// callerOf reads the claims that the gateway's authorizer verified. Only access tokens count.
func callerOf(r Request, required bool) (Caller, error) {
	c := Caller{Address: r.Headers["x-preau-viewer"]}
	if !required {
		return c, nil
	}
	var claims map[string]string
	if a := r.RequestContext.Authorizer; a != nil && a.JWT != nil {
		claims = a.JWT.Claims
	}
	user := claims["username"]
	if claims["token_use"] != "access" || user == "" {
		return c, refusal.New(refusal.Unauthorized, "access_token_required", "Connectez-vous pour continuer.")
	}
	c.Caller = account.CallerOf(user, claims["client_id"] == os.Getenv("PREAU_CLIENT_AGENT"))
	return c, nil
}

// respond writes an output or an error, and answers the error that is to be logged.
func (e endpoint) respond(ctx context.Context, r Request, out any, err error) (Response, error) {
	response := Response{Headers: map[string]string{
		"cache-control": e.cache, "x-content-type-options": "nosniff", "x-request-id": r.RequestContext.RequestID,
	}}
	session, isSession := out.(Session)
	if session.Ended || session.Refresh != "" && err == nil {
		response.Cookies = []string{session.cookie()}
	}
	if err != nil {
		return problem(ctx, response, r, err), err
	}
	if either, ok := out.(interface{ chosen() any }); ok {
		out = either.chosen()
	}
	if file, isFile := out.(File); isFile {
		return file.answer(r, response, e.status), nil
	}
	if isSession {
		out = session.body()
	}
	response.StatusCode = e.status
	if e.status == http.StatusNoContent {
		return response, nil
	}
	body, err := json.Marshal(out)
	if err != nil {
		err = fmt.Errorf("encode the answer: %w", err)
		return problem(ctx, response, r, err), err
	}
	response.Headers["content-type"] = "application/json"
	response.Body = string(body)
	return compress(r, response), nil
}

// cut says whether an error comes from running out of time.
func cut(ctx context.Context, err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil
}
