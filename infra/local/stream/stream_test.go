package stream

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"preau/infra/local/awsjson"
	"preau/infra/local/emulators"
	"preau/infra/testkit"
)

type object = map[string]any

// A bench is a table of the test's own with a mapping to a function that the test plays.
type bench struct {
	t       *testing.T
	db      awsjson.Client
	mapping Mapping

	mu      sync.Mutex
	batches [][]string // partition keys, batch by batch
	reports []string
	changed chan struct{}
	// fail says how the function fails a batch: nil for not at all.
	fail func(keys []string) (failed []string, functionError string, err error)
}

func newBench(t *testing.T) *bench {
	t.Helper()
	r := testkit.Stack(t)
	b := &bench{t: t, db: emulators.DynamoDB(r.Streams), changed: make(chan struct{}, 1000)}
	table := "stream-" + strings.ToLower(rand.Text())
	b.call("CreateTable", object{
		"TableName": table, "BillingMode": "PAY_PER_REQUEST",
		"AttributeDefinitions": []object{{"AttributeName": "PK", "AttributeType": "S"}, {"AttributeName": "SK", "AttributeType": "S"}},
		"KeySchema":            []object{{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}},
		"StreamSpecification":  object{"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
	})
	dir := t.TempDir()
	b.mapping = Mapping{
		DynamoDB: r.Streams, Table: table, Key: emulators.PlatformKey, Function: "send-mail", Prefix: "MAIL", SortKey: "SK",
		Invoke: b.invoke, State: filepath.Join(dir, "place.json"), Failures: filepath.Join(dir, "failed.jsonl"),
		Report: b.report, Backoff: time.Millisecond,
	}
	return b
}

func (b *bench) call(operation string, in any) {
	b.t.Helper()
	if err := b.db.Call(b.t.Context(), operation, in, nil); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) put(key, sort, note string) {
	b.t.Helper()
	text := func(s string) object { return object{"S": s} }
	b.call("PutItem", object{"TableName": b.mapping.Table, "Item": object{"PK": text(key), "SK": text(sort), "note": text(note)}})
}

// run polls until the test ends or stop is called.
func (b *bench) run() (stop func()) {
	ctx, cancel := context.WithCancel(b.t.Context())
	done := make(chan struct{})
	go func() { b.mapping.Run(ctx); close(done) }()
	stop = func() { cancel(); <-done }
	b.t.Cleanup(stop)
	return stop
}

func (b *bench) invoke(_ context.Context, function string, payload []byte) ([]byte, string, error) {
	var e events.DynamoDBEvent
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, "", err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	var keys []string
	sequence := map[string]string{}
	for _, r := range e.Records {
		key := r.Change.Keys["PK"].String()
		keys = append(keys, key)
		sequence[key] = r.Change.SequenceNumber
	}
	b.batches = append(b.batches, keys)
	b.changed <- struct{}{}
	if b.fail == nil {
		return []byte(`{"batchItemFailures":[]}`), "", nil
	}
	failed, functionError, err := b.fail(keys)
	var out events.DynamoDBEventResponse
	for _, key := range failed {
		out.BatchItemFailures = append(out.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: sequence[key]})
	}
	response, _ := json.Marshal(out)
	return response, functionError, err
}

func (b *bench) report(line string) {
	b.mu.Lock()
	b.reports = append(b.reports, line)
	b.mu.Unlock()
	b.changed <- struct{}{}
}

// until waits until the function's calls so far are as wanted.
func (b *bench) until(reached func(batches [][]string) bool) [][]string {
	b.t.Helper()
	for {
		b.mu.Lock()
		got := slices.Clone(b.batches)
		b.mu.Unlock()
		if reached(got) {
			return got
		}
		select {
		case <-b.changed:
		case <-time.After(30 * time.Second):
			b.t.Fatalf("the function was called with %v; reports %q", got, b.reports)
		}
	}
}

func total(n int) func([][]string) bool {
	return func(batches [][]string) bool { return len(slices.Concat(batches...)) >= n }
}

func TestNewItemsOfTheKindArriveInOrderAndNothingElseDoes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.run()
	b.put("a", "MAIL", "1")
	b.put("x", "SETTINGS", "1")
	b.put("a", "MAIL", "2") // an update
	b.call("DeleteItem", object{"TableName": b.mapping.Table, "Key": object{"PK": object{"S": "a"}, "SK": object{"S": "MAIL"}}})
	b.put("b", "MAIL#2", "1")
	b.put("c", "MAIL", "1")
	got := slices.Concat(b.until(total(3))...)
	if !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("got %v", got)
	}
}

func TestARecordIsTheEventThatLambdaGives(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := make(chan events.DynamoDBEventRecord, 1)
	b.mapping.Invoke = func(_ context.Context, function string, payload []byte) ([]byte, string, error) {
		var e events.DynamoDBEvent
		if err := json.Unmarshal(payload, &e); err != nil || len(e.Records) != 1 || function != "send-mail" {
			return nil, "", fmt.Errorf("%w: %s got %s", err, function, payload)
		}
		got <- e.Records[0]
		return []byte("null"), "", nil
	}
	b.run()
	b.put("a", "MAIL", "été")
	r := <-got
	if r.EventName != "INSERT" || r.EventSource != "aws:dynamodb" || !strings.Contains(r.EventSourceArn, ":table/"+b.mapping.Table+"/stream/") ||
		r.Change.StreamViewType != "NEW_IMAGE" || r.Change.NewImage["note"].String() != "été" || r.Change.SequenceNumber == "" || r.EventID == "" {
		t.Errorf("got %+v", r)
	}
}

func TestABatchHoldsTwentyRecordsAtMost(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range 45 {
		b.put(fmt.Sprint(i), "MAIL", "")
	}
	b.run()
	got := b.until(total(45))
	if len(got) != 3 || len(got[0]) != 20 || len(got[1]) != 20 || len(got[2]) != 5 {
		t.Errorf("got %d batches: %v", len(got), got)
	}
}

func TestOnlyTheRestOfABatchIsTriedAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tried := false
	b.fail = func(keys []string) ([]string, string, error) {
		if tried || !slices.Contains(keys, "b") {
			return nil, "", nil
		}
		tried = true
		return []string{"b"}, "", nil
	}
	for _, key := range []string{"a", "b", "c"} {
		b.put(key, "MAIL", "")
	}
	b.run()
	got := b.until(total(5))
	if fmt.Sprint(got) != "[[a b c] [b c]]" {
		t.Errorf("got %v", got)
	}
}

func TestABadRecordIsGivenUpAfterFiveRetriesAndTakesNoOtherAlong(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]func(keys []string) ([]string, string, error){
		"the function fails":              func([]string) ([]string, string, error) { return nil, "Unhandled", nil },
		"the call fails":                  func([]string) ([]string, string, error) { return nil, "", errors.New("no process") },
		"the function names the record":   func([]string) ([]string, string, error) { return []string{"bad"}, "", nil },
		"the function names no record":    func([]string) ([]string, string, error) { return []string{"unknown"}, "", nil },
		"the function names all of them":  func(keys []string) ([]string, string, error) { return keys, "", nil },
		"the function names a later one ": func(keys []string) ([]string, string, error) { return keys[slices.Index(keys, "bad"):], "", nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			tries := 0
			taken := map[string]bool{}
			b.fail = func(keys []string) ([]string, string, error) {
				if slices.Contains(keys, "bad") {
					if len(keys) == 1 {
						tries++
					}
					return failure(keys)
				}
				for _, key := range keys {
					taken[key] = true
				}
				return nil, "", nil
			}
			for _, key := range []string{"a", "b", "bad", "c", "d"} {
				b.put(key, "MAIL", "")
			}
			b.run()
			b.until(func([][]string) bool { b.mu.Lock(); defer b.mu.Unlock(); return taken["d"] && len(b.reports) == 1 })
			if tries != 6 || !taken["c"] {
				t.Errorf("the record alone was tried %d times; taken %v", tries, taken)
			}
			note, err := os.ReadFile(b.mapping.Failures)
			if err != nil || strings.Count(string(note), "\n") != 1 || !strings.Contains(string(note), `"approximateInvokeCount":6`) || strings.Contains(string(note), "bad") {
				t.Errorf("noted %s, %v", note, err)
			}
		})
	}
}

func TestARestartGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	stop := b.run()
	b.put("a", "MAIL", "")
	b.until(total(1))
	stop()
	b.put("b", "MAIL", "")
	b.run()
	got := slices.Concat(b.until(total(2))...)
	if !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("got %v", got)
	}
}

func TestABatchThatWasCutShortComesAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.put("a", "MAIL", "")
	ctx, cancel := context.WithCancel(t.Context())
	first := b.mapping
	first.Invoke = func(ctx context.Context, _ string, _ []byte) ([]byte, string, error) {
		cancel()
		return nil, "", ctx.Err()
	}
	first.Run(ctx)
	b.run()
	if got := b.until(total(1)); fmt.Sprint(got) != "[[a]]" {
		t.Errorf("got %v", got)
	}
}

func TestAnotherTableOfTheNameIsReadFromItsBeginning(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := (place{Stream: "arn:of:an:older:table", Shards: map[string]position{"s": {Sequence: "1"}}}).save(b.mapping.State); err != nil {
		t.Fatal(err)
	}
	b.put("a", "MAIL", "")
	b.run()
	b.until(total(1))
}

func TestABrokenPlaceIsTheBeginning(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := os.WriteFile(b.mapping.State, []byte(`{"Stre`), 0o600); err != nil {
		t.Fatal(err)
	}
	b.put("a", "MAIL", "")
	b.run()
	b.until(total(1))
}

func TestAnOutageOfTheTableIsToldOnceAndPassedOver(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.put("a", "MAIL", "")
	right := b.mapping.DynamoDB
	b.mapping.DynamoDB = "http://127.0.0.1:1"
	stop := b.run()
	b.until(func([][]string) bool { b.mu.Lock(); defer b.mu.Unlock(); return len(b.reports) == 1 })
	stop()
	if !strings.Contains(b.reports[0], "send-mail misses the stream") {
		t.Errorf("reported %q", b.reports)
	}
	b.mapping.DynamoDB = right
	b.run()
	b.until(total(1))
}

func TestAnotherTablesItemsDoNotDisturbTheStream(t *testing.T) {
	t.Parallel()
	b, other := newBench(t), newBench(t)
	b.run()
	for _, key := range []string{"a", "b", "c"} {
		// The emulator numbers the records of all tables in one row.
		for i := range 5 {
			other.put(fmt.Sprint(i), "MAIL", key)
		}
		time.Sleep(3 * pollEvery) // the poller now stands behind those numbers
		b.put(key, "MAIL", "")
		b.until(func(batches [][]string) bool { return slices.Contains(slices.Concat(batches...), key) })
	}
	if got := b.until(total(3)); fmt.Sprint(got) != "[[a] [b] [c]]" || len(b.reports) != 0 {
		t.Errorf("got %v, reports %q", got, b.reports)
	}
}
