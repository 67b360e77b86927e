package main

import (
	"testing"

	"preau/infra/testkit/town"
	"preau/shared/api"
	"preau/shared/httpapi"
	"preau/shared/store"
)

func newHandler() httpapi.Handler {
	return httpapi.SignedIn(app{store.Open(), town.Clock}.handle, httpapi.Created)
}

func TestABookingOfOneDayIsTakenAtOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	f := w.Family("Léa")
	a := w.Subscriber(f, 0)
	h := newHandler()
	event := town.As(town.Event(t, "request-booking", map[string]string{"family": f.ID, "child": f.Children[0]}), a)
	r := town.Read[api.Request](t, h, event, 201)
	if r.State != "accepted" || len(r.Days) != 1 || r.Days[0].State != "booked" {
		t.Fatalf("got %+v", r)
	}
}
