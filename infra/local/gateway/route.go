package gateway

import (
	"net/url"
	"strings"

	"preau/infra/catalog"
)

// defaultKey is the key of the route that takes what no other does.
const defaultKey = "$default"

// match finds the route of a request and its path parameters. Where two match, the one with the longer fixed
// beginning wins: /v1/me/subscriptions/preview before /v1/me/subscriptions/{family}.
func match(routes []catalog.Route, method, path string) (best catalog.Route, params map[string]string) {
	best = catalog.Route{Path: defaultKey, Function: catalog.NotFound, Caller: catalog.Anyone}
	fixed := -1
	for _, route := range routes {
		if route.Method != method {
			continue
		}
		if p, n, ok := matchPath(route.Path, path); ok && n > fixed {
			best, params, fixed = route, p, n
		}
	}
	return best, params
}

// matchPath compares segment by segment; fixed counts the segments before the first parameter.
func matchPath(pattern, path string) (params map[string]string, fixed int, ok bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, 0, false
	}
	for i, segment := range want {
		value, err := url.PathUnescape(got[i])
		if err != nil {
			return nil, 0, false
		}
		name, isParam := parameter(segment)
		switch {
		case isParam && value != "":
			if params == nil {
				params = map[string]string{}
			}
			params[name] = value
		case segment != value:
			return nil, 0, false
		case params == nil:
			fixed++
		}
	}
	return params, fixed, true
}

func parameter(segment string) (name string, ok bool) {
	return strings.TrimSuffix(strings.TrimPrefix(segment, "{"), "}"), strings.HasPrefix(segment, "{")
}

// key is the route's name in API Gateway.
func key(r catalog.Route) string {
	if r.Path == defaultKey {
		return defaultKey
	}
	return r.Method + " " + r.Path
}
