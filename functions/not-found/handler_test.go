package main

import (
	"os"
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/httpapi"
)

// TestMain says that no edge stands in front.
func TestMain(m *testing.M) {
	if err := os.Setenv("PREAU_STAGE", "local"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func TestWhatHasNoRouteIsNotFound(t *testing.T) {
	t.Parallel()
	h := httpapi.Anyone(handle, httpapi.Unread)
	sample := town.Event(t, "not-found", nil)
	cases := []struct {
		says   string
		change func(*httpapi.Request)
	}{
		{"a path that is none", func(*httpapi.Request) {}},
		{"with a query", func(r *httpapi.Request) { r.RawQueryString = "page=2" }},
		{"with a query that can not be read", func(r *httpapi.Request) { r.RawQueryString = "%zz;" }},
		{"with a method that the path has not", func(r *httpapi.Request) { r.RequestContext.HTTP.Method = "PUT" }},
		{"with a body that is no JSON", func(r *httpapi.Request) { r.Body = "<xml/>" }},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			r := sample
			c.change(&r)
			town.Refused(t, town.Send(t, h, r), 404, "route_not_found")
		})
	}
}

func TestWhatCameAroundTheEdgeIsRefusedAndNotTold(t *testing.T) {
	t.Setenv("PREAU_ORIGIN_SECRET", "the secret of the edge")
	reply := town.Send(t, httpapi.Anyone(handle, httpapi.Unread), town.Event(t, "not-found", nil))
	town.Refused(t, reply, 403, "direct_access")
}
