package testkit

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"preau/infra/local/awsjson"
)

// Front stands in front of a service of the stack. refuse sees each request, of S3 as "PUT /files/key", and answers the AWS error
// that it fails with, or "" to let it pass: a table that goes away half-way, a mailbox that SES rejects. Choose an error that the SDK does
// not try again. Its message, where that matters, stands behind it: "NotAuthorizedException: User is disabled."
func Front(t testing.TB, service string, refuse func(operation string, body []byte) string) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the caller is gone
		}
		if kind, message, said := strings.Cut(refuse(operation(r), body), ": "); kind != "" {
			if !said {
				message = "refused by a test: " + string(body)
			}
			w.Header().Set("X-Amzn-Errortype", kind) // SES v2 is REST: its clients read the type here
			awsjson.Refuse(w, r, &awsjson.Error{Type: kind, Message: message})
			return
		}
		pass(w, r, service, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// Losing stands in front of a service and loses answers: what lose picks is served, and the connection breaks before the
// caller hears of it.
func Losing(t testing.TB, service string, lose func(operation string, body []byte) bool) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the caller is gone
		}
		if !lose(operation(r), body) {
			pass(w, r, service, body)
			return
		}
		pass(httptest.NewRecorder(), r, service, body)
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// operation names what a request asks for.
func operation(r *http.Request) string {
	if name := awsjson.Operation(r); name != "" {
		return name
	}
	return r.Method + " " + r.URL.Path
}

func pass(w http.ResponseWriter, r *http.Request, service string, body []byte) {
	out, err := http.NewRequestWithContext(r.Context(), r.Method, service+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	out.Header = r.Header
	res, err := http.DefaultTransport.RoundTrip(out)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer func() { _ = res.Body.Close() }()
	for name, values := range res.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(res.StatusCode)
	_, _ = io.Copy(w, res.Body)
}
