// Package gateway serves site and API on one origin, as CloudFront and API Gateway do together.
//
// It follows API Gateway's HTTP API: events and answers in payload format 2.0, the JWT authorizer, 29 seconds, its own
// error bodies ({"message": …}), and the $default route for what no other matches. Of CloudFront it has the viewer's
// address, the security headers and the single page behind every path that names no file.
package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"preau/infra/catalog"
)

// Invoke calls a function, as lambda.Host.Invoke.
type Invoke func(ctx context.Context, function string, payload []byte) (response []byte, functionError string, err error)

// A Gateway is the portal's origin.
type Gateway struct {
	Invoke     Invoke
	Authorizer *Authorizer
	Site       string       // folder of the static site
	Files      string       // origin of the bucket of files
	Local      http.Handler // what the platform itself serves under /_local/; nil: nothing
	// Report is told in one line when a request ends in a server error.
	Report func(line string)
	Wait   time.Duration // for a function's answer; 0: the catalog's
}

// ServeHTTP answers a request from a browser or a test.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.secure(w.Header())
	switch {
	case strings.HasPrefix(r.URL.Path, "/_local/") && g.Local != nil:
		g.Local.ServeHTTP(w, r)
	case strings.HasPrefix(r.URL.Path, "/v1/"), r.URL.Path == "/v1":
		g.serveAPI(w, r)
	default:
		g.serveSite(w, r)
	}
}

// serveAPI takes a request through route, size limit and authorizer to its function.
func (g *Gateway) serveAPI(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store") // unless the function says otherwise
	route, params := match(catalog.Routes, r.Method, r.URL.EscapedPath())
	body, err := readBody(r)
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge)
		return
	}
	var claims map[string]string
	if route.Caller != catalog.Anyone {
		var refusal string
		if claims, refusal = g.Authorizer.check(r); refusal != "" {
			w.Header().Set("Www-Authenticate", refusal)
			refuse(w, http.StatusUnauthorized)
			return
		}
	}
	g.call(w, r, newEvent(r, route, params, body, claims))
}

// readBody reads a body within the gateway's own limit; the functions' is lower. What is over it is read and dropped, so
// that the client sees the answer. Lambda's limit of 6 MB for an event is not imitated.
func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, catalog.GatewayBody+1))
	if err == nil && len(body) > catalog.GatewayBody {
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, catalog.GatewayBody))
		err = errors.New("body too large")
	}
	return body, err
}

func (g *Gateway) call(w http.ResponseWriter, r *http.Request, e event) {
	wait := g.Wait
	if wait == 0 {
		wait = catalog.GatewayWait
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	payload, err := json.Marshal(e.APIGatewayV2HTTPRequest)
	if err != nil {
		g.fail(w, r, http.StatusInternalServerError, err.Error())
		return
	}
	w.Header().Set("Apigw-Requestid", e.RequestContext.RequestID)
	response, functionError, err := g.Invoke(ctx, e.function, payload)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		g.fail(w, r, http.StatusServiceUnavailable, fmt.Sprintf("%s did not answer within %s", e.function, wait))
	case err != nil:
		g.fail(w, r, http.StatusInternalServerError, err.Error())
	case functionError != "":
		refuse(w, http.StatusInternalServerError) // the host has reported it
	default:
		g.answer(w, r, e.function, response)
	}
}

func (g *Gateway) answer(w http.ResponseWriter, r *http.Request, function string, response []byte) {
	a, err := readAnswer(response)
	if err != nil {
		g.fail(w, r, http.StatusInternalServerError, function+" gave no valid answer: "+err.Error())
		return
	}
	if a.status >= http.StatusInternalServerError {
		g.Report(fmt.Sprintf("%s %s: %d from %s", r.Method, r.URL.Path, a.status, function))
	}
	a.write(w, g.secure)
}

// fail refuses a request for a reason that only the developer is told.
func (g *Gateway) fail(w http.ResponseWriter, r *http.Request, status int, why string) {
	if r.Context().Err() == nil { // else the client has gone
		g.Report(fmt.Sprintf("%s %s: %d, %s", r.Method, r.URL.Path, status, why))
	}
	refuse(w, status)
}

// refuse writes the gateway's own error body.
func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": http.StatusText(status)})
}

// viewer is the client's address.
func viewer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
