package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"preau/infra/capacity"
	"preau/infra/catalog"
	"preau/infra/local/awsjson"
	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/collectivity"
	"preau/shared/id"
	"preau/shared/store"
)

// A toll is what crosses the wire to the table: calls by operation, and capacity units.
type toll struct {
	mu            sync.Mutex
	calls         map[string]int
	reads, writes float64
	meter         capacity.Meter
	table         string
}

// ServeHTTP passes a call on and counts it.
func (c *toll) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller is gone
	}
	ctx, operation := context.WithoutCancel(r.Context()), awsjson.Operation(r)
	sight := c.meter.Look(ctx, operation, body)
	on, _ := http.NewRequestWithContext(ctx, r.Method, c.table+r.URL.Path, bytes.NewReader(body))
	on.Header = r.Header
	res, err := http.DefaultTransport.RoundTrip(on)
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadGateway)
		return
	}
	defer func() { _ = res.Body.Close() }()
	answer, _ := io.ReadAll(res.Body)
	reads, writes, err := sight.Units(ctx, res.StatusCode, answer)
	c.mu.Lock()
	if c.calls[operation]++; err != nil {
		c.calls[err.Error()]++
	}
	c.reads, c.writes = c.reads+reads, c.writes+writes
	c.mu.Unlock()
	maps.Copy(out.Header(), res.Header)
	out.WriteHeader(res.StatusCode)
	_, _ = out.Write(answer)
}

// of tells what something costs: "2 Query, 1 GetItem: 3 reads, 0 writes".
func (c *toll) of(do func()) string {
	c.calls, c.reads, c.writes = map[string]int{}, 0, 0
	do()
	var calls []string
	for _, operation := range slices.Sorted(maps.Keys(c.calls)) {
		calls = append(calls, fmt.Sprint(c.calls[operation], " ", operation))
	}
	return fmt.Sprintf("%s: %v reads, %v writes", strings.Join(calls, ", "), c.reads, c.writes)
}

// TestAChildOfTwoFilesCostsItsOwnFamiliesAlone: what a family with such a child reads and writes, and that others pay nothing.
func TestAChildOfTwoFilesCostsItsOwnFamiliesAlone(t *testing.T) {
	t.Parallel()
	w, table := newTownAnd(t)
	everyDay(w)
	w.Change("mercredi", func(a *collectivity.Activity) { a.Options, a.Requires = nil, nil })
	w.Change("cantine", func(a *collectivity.Activity) {
		a.Rules = `{"rules": [{"closes": {"at": "10:00", "steps": [{"days": -1}]}}]}`
	})
	homes := w.Crowd(3, "cantine", "mercredi")
	homes[1] = homes[0].Share(homes[1], "cantine", "mercredi")
	address := testkit.Stack(t).DynamoDB
	counted := &toll{calls: map[string]int{}, table: address, meter: capacity.Meter{DB: emulators.DynamoDB(address), Table: table[catalog.EnvTable]}}
	server := httptest.NewServer(counted)
	t.Cleanup(server.Close)

	month := calendar.Period{From: "2026-11-01", To: "2026-11-30"}
	asking := func(h town.Home, d calendar.Date) booking.Request {
		return booking.Request{
			ID: h.MadeFamily.Store.RequestID(id.New(town.Now)), Account: h.Account.ID, CreatedAt: town.Now,
			Asking: booking.Asking{Kind: booking.Booking, Period: calendar.Period{From: d, To: d}, Items: []booking.Item{{Child: h.Children[0], Activity: "cantine"}}},
		}
	}
	ctx := t.Context()
	for _, c := range []struct {
		says         string
		alone, ofTwo string
		do           func(town.Home, store.FamilyStore, calendar.Date) error
	}{
		{
			"a month of planning", "1 GetItem, 2 Query: 3 reads, 0 writes", "1 GetItem, 4 Query: 5 reads, 0 writes",
			func(_ town.Home, f store.FamilyStore, _ calendar.Date) error {
				_, _, _, err := f.RankedPlanning(ctx, month)
				return err
			},
		},
		{
			"a preview of one day", "1 BatchGetItem, 1 GetItem, 2 Query: 4 reads, 0 writes", "1 BatchGetItem, 1 GetItem, 4 Query: 6 reads, 0 writes",
			func(h town.Home, f store.FamilyStore, d calendar.Date) error {
				_, err := f.Foresee(ctx, asking(h, d))
				return err
			},
		},
		{
			"limits that close tomorrow", "1 GetItem, 2 Query: 3 reads, 0 writes", "1 GetItem, 4 Query: 5 reads, 0 writes",
			func(_ town.Home, f store.FamilyStore, _ calendar.Date) error {
				_, _, err := f.Closing(ctx, town.Now, town.Now.AddDate(0, 0, 2))
				return err
			},
		},
		{
			"a booking of one day", "1 GetItem, 2 Query, 1 TransactWriteItems: 3 reads, 12 writes", "1 GetItem, 4 Query, 1 TransactWriteItems: 5 reads, 14 writes",
			func(h town.Home, f store.FamilyStore, d calendar.Date) error {
				r := asking(h, d)
				_, planning, err := f.Planning(ctx, booking.WeeksOf(r.Period))
				if err == nil {
					_, err = f.Ask(ctx, r, planning, town.Now)
				}
				return err
			},
		},
	} {
		for n, want := range map[int]string{2: c.alone, 0: c.ofTwo, 1: c.ofTwo} {
			f := reopened(t, homes[n], table, server.URL)
			check(t, c.do(homes[n], f, dayOf(10+n))) // the first call of a process reads the settings too
			var err error
			got := counted.of(func() { err = c.do(homes[n], f, dayOf(20+n)) })
			check(t, err)
			if t.Logf("%s, family %d: %s", c.says, n, got); got != want {
				t.Errorf("%s, family %d: %s, want %s", c.says, n, got, want)
			}
		}
	}
}
