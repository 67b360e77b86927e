package gateway

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
)

// An event is what a function gets, with the function's name.
type event struct {
	events.APIGatewayV2HTTPRequest
	function string
}

// newEvent writes a request as API Gateway does in payload format 2.0. claims is nil without an authorizer.
func newEvent(r *http.Request, route catalog.Route, params map[string]string, body []byte, claims map[string]string) event {
	e := event{function: route.Function}
	e.Version = "2.0"
	e.RouteKey = key(route)
	e.RawPath = r.URL.Path
	e.RawQueryString = r.URL.RawQuery
	e.Cookies = cookies(r)
	e.Headers = headers(r)
	e.QueryStringParameters = joined(query(r.URL.RawQuery))
	e.PathParameters = params
	e.Body, e.IsBase64Encoded = encodeBody(r, body)
	e.RequestContext = requestContext(r, e.RouteKey)
	if claims != nil {
		e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: claims},
		}
	}
	return e
}

func requestContext(r *http.Request, routeKey string) events.APIGatewayV2HTTPRequestContext {
	now := time.Now().UTC()
	return events.APIGatewayV2HTTPRequestContext{
		RouteKey: routeKey, AccountID: emulators.Account, Stage: "$default", APIID: "local",
		RequestID: rand.Text()[:16], DomainName: r.Host, DomainPrefix: "local",
		Time: now.Format("02/Jan/2006:15:04:05 -0700"), TimeEpoch: now.UnixMilli(),
		HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
			Method: r.Method, Path: r.URL.Path, Protocol: r.Proto, SourceIP: viewer(r), UserAgent: r.UserAgent(),
		},
	}
}

// headers are in lower case, several of one name joined; cookies have their own place. The viewer's address comes
// from us alone, and the origin secret from nobody.
func headers(r *http.Request) map[string]string {
	h := map[string]string{"host": r.Host}
	for name, values := range r.Header {
		h[strings.ToLower(name)] = strings.Join(values, ",")
	}
	delete(h, "cookie")
	delete(h, catalog.HeaderOrigin)
	h[catalog.HeaderViewer] = viewer(r)
	return h
}

func cookies(r *http.Request) (all []string) {
	for _, line := range r.Header.Values("Cookie") {
		for cookie := range strings.SplitSeq(line, ";") {
			if cookie = strings.TrimSpace(cookie); cookie != "" {
				all = append(all, cookie)
			}
		}
	}
	return all
}

// query reads what it can of a query string, as the gateway does with a malformed one.
func query(raw string) url.Values {
	values, _ := url.ParseQuery(raw)
	return values
}

func joined(values url.Values) map[string]string {
	if len(values) == 0 {
		return nil
	}
	all := map[string]string{}
	for name, v := range values {
		all[name] = strings.Join(v, ",")
	}
	return all
}

// encodeBody passes text as it is and anything else as base64.
func encodeBody(r *http.Request, body []byte) (text string, encoded bool) {
	if len(body) == 0 || isText(r.Header.Get("Content-Type")) && r.Header.Get("Content-Encoding") == "" {
		return string(body), false
	}
	return base64.StdEncoding.EncodeToString(body), true
}

// isText knows the media types that API Gateway takes for text.
func isText(contentType string) bool {
	kind, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	kind = strings.TrimSpace(kind)
	switch kind {
	case "application/json", "application/javascript", "application/xml":
		return true
	}
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "+json") || strings.HasSuffix(kind, "+xml")
}
