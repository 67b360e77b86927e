package faults_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"preau/infra/catalog"
	"preau/infra/faults"
	"preau/infra/local/emulators"
	"preau/infra/testkit"
)

// A front is a proxy in front of the stack's table, with a client that never tries again and a partition of its own.
type front struct {
	*faults.Proxy
	*dynamodb.Client
	t     *testing.T
	table string
	pk    string
}

func newFront(t *testing.T, plan faults.Plan) front {
	t.Helper()
	r := testkit.Stack(t)
	p, err := faults.New(r.DynamoDB, plan)
	must(t, err)
	t.Cleanup(p.Close)
	return front{p, client(p.URL, http.DefaultClient), t, r.Table, testkit.Collectivity(t)}
}

func client(url string, with *http.Client) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region: emulators.Region, BaseEndpoint: &url, HTTPClient: with, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: emulators.PlatformKey, SecretAccessKey: "local"}, nil
		}),
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type item = map[string]types.AttributeValue

// item is one of the partition; more are pairs of an attribute's name and text.
func (f front) item(sk string, more ...string) item {
	i := item{"PK": text(f.pk), "SK": text(sk)}
	for n := 0; n < len(more); n += 2 {
		i[more[n]] = text(more[n+1])
	}
	return i
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func (f front) put(sk string) error {
	_, err := f.PutItem(f.t.Context(), &dynamodb.PutItemInput{TableName: &f.table, Item: f.item(sk)})
	return err
}

// putAll writes items in one transaction.
func (f front) putAll(items ...item) error {
	in := &dynamodb.TransactWriteItemsInput{}
	for _, i := range items {
		in.TransactItems = append(in.TransactItems, types.TransactWriteItem{Put: &types.Put{TableName: &f.table, Item: i}})
	}
	_, err := f.TransactWriteItems(f.t.Context(), in)
	return err
}

func (f front) get(sk string) error {
	_, err := f.GetItem(f.t.Context(), &dynamodb.GetItemInput{TableName: &f.table, Key: f.item(sk), ConsistentRead: aws.Bool(true)})
	return err
}

// written lists the sort keys of the partition, asked past the proxy.
func (f front) written() string {
	f.t.Helper()
	direct := client(testkit.Stack(f.t).DynamoDB, http.DefaultClient)
	condition := "PK = :pk"
	out, err := direct.Query(f.t.Context(), &dynamodb.QueryInput{
		TableName: &f.table, KeyConditionExpression: &condition, ConsistentRead: aws.Bool(true), ExpressionAttributeValues: item{":pk": text(f.pk)},
	})
	must(f.t, err)
	var all []string
	for _, i := range out.Items {
		all = append(all, i["SK"].(*types.AttributeValueMemberS).Value)
	}
	return strings.Join(all, " ")
}

// kind is the type of a refusal; "cut" where there was no answer.
func kind(err error) string {
	var refused smithy.APIError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return refused.ErrorCode()
	}
	return "cut"
}

// always is a plan under which every call meets a fault.
func always(r faults.Rates) faults.Plan { return faults.Plan{Seed: 1, All: r} }

func TestWithoutAPlanEverythingPassesAndIsCounted(t *testing.T) {
	t.Parallel()
	f := newFront(t, faults.Plan{})
	must(t, f.put("a"))
	must(t, f.get("a"))
	must(t, f.putAll(f.item("b"), f.item("c")))
	if got := f.written(); got != "a b c" {
		t.Errorf("wrote %s", got)
	}
	tally := f.Tally()
	want := map[string]int{"PutItem": 1, "GetItem": 1, "TransactWriteItems": 1}
	if !maps.Equal(tally.Calls, want) || tally.Trips != 3 || tally.Written() != 2 || len(tally.Faults) != 0 {
		t.Errorf("counted %+v", tally)
	}
	f.Reset()
	if tally := f.Tally(); len(tally.Calls) != 0 || tally.Trips != 0 {
		t.Errorf("a new tally begins with %+v", tally)
	}
}

func TestAFaultIsWhatDynamoDBWouldAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says  string
		rates faults.Rates
		do    func(front) error
		want  []string // any of them
		wrote string
		fault faults.Fault
	}{
		{"a conflict of a single write", faults.Rates{Conflict: 1}, func(f front) error { return f.put("a") }, []string{"TransactionConflictException"}, "", faults.Conflict},
		{"a conflict of a transaction", faults.Rates{Conflict: 1}, func(f front) error { return f.putAll(f.item("a")) }, []string{"TransactionCanceledException"}, "", faults.Conflict},
		{"a read knows no conflict", faults.Rates{Conflict: 1}, func(f front) error { return f.get("a") }, []string{""}, "", ""},
		{"a throttled write", faults.Rates{Throttle: 1}, func(f front) error { return f.put("a") }, []string{"ProvisionedThroughputExceededException", "ThrottlingException"}, "", faults.Throttle},
		{"a throttled read", faults.Rates{Throttle: 1}, func(f front) error { return f.get("a") }, []string{"ProvisionedThroughputExceededException", "ThrottlingException"}, "", faults.Throttle},
		{"a call that never arrives", faults.Rates{Dropped: 1}, func(f front) error { return f.put("a") }, []string{"cut"}, "", faults.Dropped},
		{"a call whose answer is lost", faults.Rates{Lost: 1}, func(f front) error { return f.put("a") }, []string{"cut"}, "a", faults.Lost},
		{"a transaction whose answer is lost", faults.Rates{Lost: 1}, func(f front) error { return f.putAll(f.item("a"), f.item("b")) }, []string{"cut"}, "a b", faults.Lost},
		{"a slow answer is the answer", faults.Rates{Slow: 1}, func(f front) error { return f.put("a") }, []string{""}, "a", faults.Slow},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			f := newFront(t, always(c.rates))
			got := kind(c.do(f))
			if !strings.Contains(" "+strings.Join(c.want, " ")+" ", " "+got+" ") {
				t.Errorf("answered %q, want %q", got, c.want)
			}
			if wrote := f.written(); wrote != c.wrote {
				t.Errorf("wrote %q, want %q", wrote, c.wrote)
			}
			if n := f.Tally().Faults[c.fault]; c.fault != "" && n != 1 || c.fault == "" && len(f.Tally().Faults) > 0 {
				t.Errorf("counted %v", f.Tally().Faults)
			}
		})
	}
}

// reasons are the codes of a cancelled transaction.
func reasons(t *testing.T, err error) string {
	t.Helper()
	var c *types.TransactionCanceledException
	if !errors.As(err, &c) {
		t.Fatalf("answered %v", err)
	}
	var codes []string
	for _, r := range c.CancellationReasons {
		codes = append(codes, *r.Code)
	}
	return strings.Join(codes, " ")
}

func TestAConflictBlamesOneItemOfTheTransactionAnyOfThem(t *testing.T) {
	t.Parallel()
	f := newFront(t, always(faults.Rates{Conflict: 1}))
	seen := map[string]bool{}
	for range 40 {
		seen[reasons(t, f.putAll(f.item("a"), f.item("b"), f.item("c")))] = true
	}
	for _, want := range []string{"TransactionConflict None None", "None TransactionConflict None", "None None TransactionConflict"} {
		if !seen[want] || len(seen) != 3 {
			t.Errorf("%q is not among %v", want, seen)
		}
	}
}

func TestAThrottledTransactionIsToldSoInEachOfThreeWays(t *testing.T) {
	t.Parallel()
	f := newFront(t, always(faults.Rates{Throttle: 1}))
	seen := map[string]bool{}
	for range 40 {
		err := f.putAll(f.item("a"))
		if seen[kind(err)] = true; kind(err) == "TransactionCanceledException" && reasons(t, err) != "ThrottlingError" {
			t.Errorf("the reason is %s", reasons(t, err))
		}
	}
	if len(seen) != 3 || f.written() != "" {
		t.Errorf("saw %v, wrote %q", seen, f.written())
	}
}

func TestTheSameSeedGivesEachOperationTheSameFaults(t *testing.T) {
	t.Parallel()
	fates := func(seed uint64, between func(front)) (all string) {
		f := newFront(t, faults.Plan{Seed: seed, All: faults.Rates{}, Of: map[string]faults.Rates{"PutItem": {Conflict: 0.2, Dropped: 0.2, Throttle: 0.2}}})
		for range 12 {
			all += " " + kind(f.put("a"))
			between(f)
		}
		return all
	}
	alone := func(front) {}
	first := fates(7, alone)
	if again := fates(7, func(f front) { must(t, f.get("a")) }); again != first {
		t.Errorf("seed 7 gave%s, and then%s", first, again)
	}
	if other := fates(8, alone); other == first {
		t.Errorf("seeds 7 and 8 both give%s", first)
	}
}

func TestAPlanCanBeReplaced(t *testing.T) {
	t.Parallel()
	f := newFront(t, faults.Plan{})
	must(t, f.put("a"))
	f.Follow(always(faults.Rates{Dropped: 1}))
	if err := f.put("b"); kind(err) != "cut" {
		t.Errorf("answered %v", err)
	}
	f.Follow(faults.Plan{})
	must(t, f.put("c"))
	if got := f.written(); got != "a c" {
		t.Errorf("wrote %s", got)
	}
}

func TestASlowAnswerComesAfterTheCallerGaveUp(t *testing.T) {
	t.Parallel()
	f := newFront(t, faults.Plan{Slow: time.Hour, All: faults.Rates{Slow: 1}})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := f.PutItem(ctx, &dynamodb.PutItemInput{TableName: &f.table, Item: f.item("a")})
		done <- err
	}()
	for f.written() != "a" {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("answered %v", err)
	}
}

func TestCallsAtTheSameTimeAreOneTrip(t *testing.T) {
	t.Parallel()
	f := newFront(t, faults.Plan{Hold: 200 * time.Millisecond})
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() { must(t, f.get("a")) })
	}
	all.Wait()
	must(t, f.put("a"))
	if tally := f.Tally(); tally.Trips != 2 || tally.Calls["GetItem"] != 3 {
		t.Errorf("counted %+v", tally)
	}
}

func TestAHookStandsAtItsWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n     int
		when  faults.When
		wrote string
	}{
		{1, faults.Before, "b c"},
		{1, faults.After, "a b c"},
		{2, faults.Before, "a c"},
		{3, faults.After, "a b c"},
		{4, faults.Before, "a b c"},
	} {
		t.Run(fmt.Sprintf("%s write %d", c.when, c.n), func(t *testing.T) {
			t.Parallel()
			f := newFront(t, faults.Plan{})
			var fired atomic.Int32
			f.At(c.n, c.when, func() { fired.Add(1) })
			for n, sk := range []string{"a", "b", "c"} {
				must(t, f.get("x"))
				err := f.put(sk)
				if want := map[bool]string{true: "cut"}[n+1 == c.n]; kind(err) != want {
					t.Errorf("write %d was answered %v", n+1, err)
				}
			}
			if fired.Load() != map[bool]int32{true: 1}[c.n <= 3] || f.written() != c.wrote {
				t.Errorf("fired %d times, wrote %q, want %q", fired.Load(), f.written(), c.wrote)
			}
		})
	}
}

func TestACancelledHookNeverFires(t *testing.T) {
	t.Parallel()
	f := newFront(t, faults.Plan{})
	f.At(1, faults.Before, func() { t.Error("it fired") })()
	must(t, f.put("a"))
}

func TestAfterCloseNothingIsWritten(t *testing.T) {
	t.Parallel()
	f := newFront(t, faults.Plan{})
	reached, released := make(chan struct{}), make(chan struct{})
	f.At(1, faults.After, func() { close(reached); <-released })
	done := make(chan struct{})
	go func() { _ = f.put("a"); close(done) }()
	<-reached
	closed := make(chan struct{})
	go func() { f.Close(); close(closed) }()
	<-done // Close breaks the connection while the call is under way
	select {
	case <-closed:
		t.Error("Close did not wait")
	default:
	}
	close(released)
	<-closed
	if err := f.put("b"); kind(err) != "cut" || f.written() != "a" {
		t.Errorf("answered %v, wrote %q", err, f.written())
	}
}

func TestWithTLSTheChainIsTrustedByItsRootAlone(t *testing.T) {
	t.Parallel()
	f := newFront(t, faults.Plan{})
	ca, err := faults.NewAuthority()
	must(t, err)
	url, err := f.Secure(ca.Server())
	must(t, err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca.PEM())
	trusting := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	if err := (front{f.Proxy, client(url, trusting), t, f.table, f.pk}).put("a"); err != nil || f.written() != "a" {
		t.Errorf("answered %v, wrote %q", err, f.written())
	}
	if err := (front{f.Proxy, client(url, http.DefaultClient), t, f.table, f.pk}).put("b"); err == nil {
		t.Error("anybody trusts it")
	}
}

func TestCapacityIsCountedAsAWSDoesOnceItIsMeasured(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 2500)
	for _, c := range []struct {
		says          string
		do            func(front) error
		reads, writes float64
	}{
		{"a small item", func(f front) error { return f.put("s") }, 0, 1},
		{"an item of three kilobytes", func(f front) error { return f.putOne(f.item("l", "x", long)) }, 0, 3},
		{"with both indexes, one of keys alone", func(f front) error {
			return f.putOne(f.item("i", "x", long, "at", "1", "work", "TEST", "workAt", f.pk))
		}, 0, 3 + 3 + 1},
		{"twice in a transaction, equal items too", func(f front) error {
			return f.putAll(f.item("t", "x", long, "at", "1", "work", "TEST", "workAt", f.pk), f.item("u", "at", "1"), f.item("v", "at", "1"))
		}, 0, 2 * (3 + 3 + 1 + 2 + 2)},
		{"a read", func(f front) error { return f.get("s") }, 1, 0},
		{"a batch with two keys of nothing", func(f front) error { return f.batch("s", "none", "neither") }, 3, 0},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			f := newFront(t, faults.Plan{})
			must(t, f.put("s"))
			if tally := f.Tally(); tally.Writes != 0 {
				t.Errorf("counted %v units before", tally.Writes)
			}
			f.Measure(f.table)
			must(t, c.do(f))
			if tally := f.Tally(); tally.Reads != c.reads || tally.Writes != c.writes || tally.Uncounted != nil {
				t.Errorf("read %v and wrote %v units (%v), want %v and %v", tally.Reads, tally.Writes, tally.Uncounted, c.reads, c.writes)
			}
		})
	}
}

func TestWhatCanNotBeCountedIsTold(t *testing.T) {
	t.Parallel()
	f := newFront(t, faults.Plan{})
	f.Measure(f.table)
	in := &dynamodb.GetItemInput{TableName: &f.table, Key: f.item("a"), ProjectionExpression: aws.String("PK")}
	_, err := f.GetItem(t.Context(), in)
	must(t, err)
	if f.Tally().Uncounted == nil {
		t.Error("it was passed over")
	}
}

func (f front) putOne(i item) error {
	_, err := f.PutItem(f.t.Context(), &dynamodb.PutItemInput{TableName: &f.table, Item: i})
	return err
}

func (f front) batch(keys ...string) error {
	ask := types.KeysAndAttributes{ConsistentRead: aws.Bool(true)}
	for _, sk := range keys {
		ask.Keys = append(ask.Keys, f.item(sk))
	}
	_, err := f.BatchGetItem(f.t.Context(), &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{f.table: ask}})
	return err
}

func TestAFunctionOfTheCatalogIsHeldToItsRightsThroughTheProxy(t *testing.T) {
	t.Parallel()
	f := newFront(t, faults.Plan{})
	in := &dynamodb.PutItemInput{TableName: &f.table, Item: f.item("a")}
	_, err := f.PutItem(t.Context(), in, func(o *dynamodb.Options) {
		o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: emulators.AccessKey(catalog.Functions[1].Name), SecretAccessKey: "local"}, nil
		})
	})
	if kind(err) != "AccessDeniedException" {
		t.Errorf("show-collectivity wrote: %v", err)
	}
}
