package store_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/booking"
	"preau/shared/calendar"
	"preau/shared/store"
)

// contended stands in front of the table and answers as DynamoDB does when an item is in somebody else's transaction,
// which its emulator never does.
func contended(t *testing.T, answer func(operation, body string) string) *store.Store {
	t.Helper()
	return contendedAt(t, testkit.Stack(t).DynamoDB, answer)
}

// contendedAt is contended in front of what stands in front of the table.
func contendedAt(t *testing.T, address string, answer func(operation, body string) string) (s *store.Store) {
	t.Helper()
	table, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(table)
	pass.ErrorLog = log.New(io.Discard, "", 0) // a lost answer is nothing to tell
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		body := string(raw)
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if says := answer(operation, body); says != "" {
			w.Header().Set("Content-Type", "application/x-amz-json-1.0")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, says)
			return
		}
		r.Body = io.NopCloser(strings.NewReader(body))
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": server.URL}, func() { s = store.Open() })
	return s
}

const (
	conflict   = `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionConflictException","message":"Transaction is ongoing for the item"}`
	inProgress = `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionInProgressException","Message":"in progress"}`
	cancelled  = `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"cancelled","CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict"}]}`
)

func TestContentionPassesUnnoticed(t *testing.T) { // not parallel: it changes the environment
	h := town.NewHome(t, "Léa")
	for says, c := range map[string]struct{ operation, answer string }{
		"a single write waits for somebody's transaction":          {"UpdateItem", conflict},
		"a transaction waits for another":                          {"TransactWriteItems", cancelled},
		"a transaction sent twice by the SDK is waited for itself": {"TransactWriteItems", inProgress},
	} {
		var refused atomic.Int32
		s := contended(t, func(operation, _ string) string {
			if operation == c.operation && refused.Add(1) <= 3 {
				return c.answer
			}
			return ""
		})
		var err error
		if c.operation == "UpdateItem" {
			err = s.UpdatePerson(t.Context(), account.CallerOf(h.Account.User, false), account.Person{FirstName: "Anne", LastName: "Durand"})
		} else {
			err = s.TellOwner(t.Context(), h.Account.ID, "an-address", town.Now.Add(time.Duration(len(says))*time.Second))
		}
		if err != nil || refused.Load() < 3 {
			t.Errorf("%s: %v after %d refusals", says, err, refused.Load())
		}
	}
}

// TestThrottlingPassesLikeContention: DynamoDB may hold back whole calls while a table or a partition grows.
func TestThrottlingPassesLikeContention(t *testing.T) { // not parallel: it changes the environment
	const problem = `{"__type":"com.amazonaws.dynamodb.v20120810#%s","message":"slow down"}`
	h := town.NewHome(t, "Léa")
	for _, operation := range []string{"UpdateItem", "TransactWriteItems"} {
		for _, kind := range []string{"ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"} {
			for says, c := range map[string]struct {
				times    int32
				patience time.Duration
				want     error
			}{
				"for a while": {tries, 8 * time.Second, nil},
				"for long":    {1000, time.Millisecond, store.ErrBusy},
			} {
				t.Run(operation+" "+kind+" "+says, func(t *testing.T) {
					var refused atomic.Int32
					s := contended(t, func(called, _ string) string {
						if called == operation && refused.Add(1) <= c.times {
							return fmt.Sprintf(problem, kind)
						}
						return ""
					})
					t.Parallel() // the environment is read
					store.Impatient(s, c.patience)
					var err error
					if operation == "UpdateItem" {
						err = s.UpdatePerson(t.Context(), account.CallerOf(h.Account.User, false), account.Person{FirstName: "Anne", LastName: "Durand"})
					} else {
						err = s.TellOwner(t.Context(), h.Account.ID, "address-"+kind+says, town.Now)
					}
					if !errors.Is(err, c.want) || refused.Load() == 0 {
						t.Errorf("got %v after %d calls, want %v", err, refused.Load(), c.want)
					}
				})
			}
		}
	}
}

// tries is how often the SDK makes a call that fails.
const tries = 4

// TestAnAnswerLostBeforeAnotherWriterIsMetIsNoFailure: the transaction was made, and is not taken for a stranger's when it is
// sent again, whatever DynamoDB says in between.
func TestAnAnswerLostBeforeAnotherWriterIsMetIsNoFailure(t *testing.T) {
	for says, meanwhile := range map[string]string{"a conflict": cancelled, "a throttle": `{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"slow down"}`} {
		t.Run(says, func(t *testing.T) {
			h := town.NewHome(t, "Léa")
			var calls atomic.Int32
			losing := testkit.Losing(t, testkit.Stack(t).DynamoDB, func(operation string, body []byte) bool {
				return operation == "TransactWriteItems" && strings.Contains(string(body), "SLOT#") && calls.Add(1) == 1
			})
			s := contendedAt(t, losing, func(operation, body string) string {
				if n := calls.Load(); operation == "TransactWriteItems" && strings.Contains(body, "SLOT#") && 1 <= n && n <= tries {
					calls.Add(1)
					return meanwhile
				}
				return ""
			})
			right, err := s.FamilyOf(t.Context(), account.CallerOf(h.Account.User, false), h.ID)
			check(t, err)
			r, made := judged(h, booking.Booking, tuesday, "cantine")
			written, err := right.Store.AddRequest(t.Context(), r, made)
			if err != nil || !written.Settled || written.State() != "accepted" {
				t.Errorf("it is %s, settled %v: %v", written.State(), written.Settled, err)
			}
			if calls.Load() < 3 {
				t.Errorf("%d calls", calls.Load())
			}
			h.Sound()
		})
	}
}

// TestARequestForAContendedPlaceIsKeptAndSettledLater: no parent is sent away because many ask at once.
func TestARequestForAContendedPlaceIsKeptAndSettledLater(t *testing.T) {
	h := town.NewHome(t, "Léa")
	busy := true
	s := contended(t, func(operation, body string) string {
		if busy && operation == "TransactWriteItems" && strings.Contains(body, "SLOT#") {
			return cancelled
		}
		return ""
	})
	store.Impatient(s, 50*time.Millisecond)
	right, err := s.FamilyOf(t.Context(), account.CallerOf(h.Account.User, false), h.ID)
	if err != nil {
		t.Fatal(err)
	}
	for says, period := range map[string]calendar.Period{
		"one day":   {From: "2026-11-24", To: "2026-11-24"},
		"many days": {From: "2026-12-01", To: "2026-12-11"},
	} {
		t.Run(says, func(t *testing.T) {
			busy = true
			asking := booking.Asking{Kind: booking.Booking, Period: period, Items: []booking.Item{{Child: h.Children[0], Activity: "cantine"}}}
			_, planning, err := right.Store.Planning(t.Context(), period)
			if err != nil {
				t.Fatal(err)
			}
			r := booking.Request{ID: right.Store.RequestID("busy" + says[:3]), Account: h.Account.ID, CreatedAt: town.Now, Asking: asking}
			if r.Lines, err = planning.Ask(r); err != nil {
				t.Fatal(err)
			}
			kept, err := right.Store.AddRequest(t.Context(), r, planning.Town)
			if err != nil || kept.Settled || kept.State() != "pending" {
				t.Fatalf("while busy: settled %v, %s, %v", kept.Settled, kept.State(), err)
			}
			busy = false
			if settled := h.WorkOff(r.ID); settled.State() != "accepted" {
				t.Errorf("later: %s", settled.State())
			}
			if n := h.Booked(period); n != len(r.Lines) {
				t.Errorf("%d booked of %d", n, len(r.Lines))
			}
		})
	}
}

// TestAnAbsenceAskedBeforeABookingIsFinishedStaysItsOwn: the booking's line says booked, and only the absence's is decided.
func TestAnAbsenceAskedBeforeABookingIsFinishedStaysItsOwn(t *testing.T) {
	r := booking.Request{ID: "booking", Asking: booking.Asking{Kind: booking.Booking}}
	for says, c := range map[string]struct {
		day  booking.Day
		want booking.State
	}{
		"written and left alone":         {booking.Day{Request: "booking", State: booking.Booked}, booking.Booked},
		"an absence was asked for since": {booking.Day{Request: "booking", Absence: "absence", State: booking.AbsenceRequested}, booking.Booked},
		"somebody else's":                {booking.Day{Request: "other", State: booking.Booked}, booking.Asked},
	} {
		if got := booking.OutcomeOf(r, c.day); got != c.want {
			t.Errorf("%s: got %s, want %s", says, got, c.want)
		}
	}
}
