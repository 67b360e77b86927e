package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"preau/shared/awsconfig"
	"preau/shared/collectivity"
	"preau/shared/refusal"
	"preau/shared/seal"
)

// Store is the table.
type Store struct {
	db       *dynamodb.Client
	table    string
	patience time.Duration // with contended items
	retryer  aws.Retryer   // of writes
	full     sync.Map      // slots where nobody could be booked when this process last met them, by key

	keyring string // the table of wrapped data keys; see Sealing
	vault   seal.Vault
	rings   sync.Map         // data keys that this process remembers, by slug
	clock   func() time.Time // by which it forgets them, and by which courts' orders begin and end

	module collectivity.Module // that the function is part of
	homes  sync.Map            // slug of each family that this process has met
}

// writing are the options of single writes and transactions: what throttles them is waited for as contention is, see try and
// apply.
func (s *Store) writing(o *dynamodb.Options) { o.Retryer = s.retryer }

// Open connects to the table named by PREAU_TABLE.
func Open() *Store {
	db := dynamodb.NewFromConfig(awsconfig.Load(), func(o *dynamodb.Options) {
		o.BaseEndpoint = awsconfig.Endpoint("DYNAMODB")
		o.DisableValidateResponseChecksum = true // TLS already guards the bytes; the checksum costs CPU on each read
	})
	return &Store{db: db, table: os.Getenv("PREAU_TABLE"), patience: patience, retryer: awsconfig.UntilThrottled(), clock: wallClock}
}

// ByClock has the store live by another clock.
func (s *Store) ByClock(clock func() time.Time) *Store {
	s.clock = clock
	return s
}

// wallClock counts on while Lambda freezes the process, which the monotonic clock need not.
func wallClock() time.Time { return time.Now().Round(0) }

// Warm opens the connection to the table while the process starts, so that the first request does not wait for it.
func (s *Store) Warm(ctx context.Context) *Store {
	ctx, cancel := context.WithTimeout(ctx, awsconfig.InitWait)
	defer cancel()
	_, _ = s.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.table, Key: key{"WARM", "WARM"}.attributes()})
	return s
}

// key is the primary key of an item; each entity's file builds its own.
type key struct{ PK, SK string }

type attributes = map[string]types.AttributeValue

func (k key) attributes() attributes { return attributes{"PK": text(k.PK), "SK": text(k.SK)} }

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// value encodes a Go value; it fails only for types that no entity holds.
func value(v any) types.AttributeValue {
	a, err := attributevalue.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("store: %T can not be written: %v", v, err))
	}
	return a
}

// values encodes the operands of an expression: ":name", value, …
func values(pairs ...any) attributes {
	if len(pairs) == 0 {
		return nil
	}
	out := attributes{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i].(string)] = value(pairs[i+1])
	}
	return out
}

// item encodes an entity under its key.
func item(k key, v any) attributes {
	a := value(v).(*types.AttributeValueMemberM).Value
	a["PK"], a["SK"] = text(k.PK), text(k.SK)
	return a
}

// decode reads an item into an entity.
func decode[T any](a attributes) (T, error) {
	var v T
	if err := attributevalue.UnmarshalMap(a, &v); err != nil {
		return v, fmt.Errorf("decode %T: %w", v, err)
	}
	return v, nil
}

// get reads one item consistently; ok is false when there is none.
func get[T any](ctx context.Context, s *Store, k key) (v T, ok bool, err error) {
	consistent := true
	out, err := s.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.table, Key: k.attributes(), ConsistentRead: &consistent})
	if err != nil {
		return v, false, fmt.Errorf("read %T: %w", v, err)
	}
	if out.Item == nil {
		return v, false, nil
	}
	v, err = decode[T](out.Item)
	return v, err == nil, err
}

// batch reads up to 100 items consistently in one trip, by key. Missing ones are absent from the answer.
func (s *Store) batch(ctx context.Context, keys ...key) (map[key]attributes, error) {
	return s.batchOf(ctx, "", keys...)
}

// batchOf is batch of some attributes only, PK and SK among them; "": of all.
func (s *Store) batchOf(ctx context.Context, projection string, keys ...key) (map[key]attributes, error) {
	consistent := true
	ask := types.KeysAndAttributes{ConsistentRead: &consistent, ProjectionExpression: optional(projection)}
	asked := map[key]bool{}
	for _, k := range keys {
		if !asked[k] {
			asked[k] = true
			ask.Keys = append(ask.Keys, k.attributes())
		}
	}
	found := map[key]attributes{}
	for tries := 0; len(ask.Keys) > 0; tries++ {
		out, err := s.db.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{s.table: ask}})
		if err != nil {
			return nil, fmt.Errorf("read %d items: %w", len(keys), err)
		}
		for _, a := range out.Responses[s.table] {
			found[keyOf(a)] = a
		}
		if ask = out.UnprocessedKeys[s.table]; len(ask.Keys) > 0 {
			if err := pause(ctx, tries); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

func keyOf(a attributes) key {
	pk, _ := a["PK"].(*types.AttributeValueMemberS)
	sk, _ := a["SK"].(*types.AttributeValueMemberS)
	return key{pk.Value, sk.Value}
}

// query reads all items of a partition whose sort keys lie between two values, consistently.
func (s *Store) query(ctx context.Context, pk, from, to string) ([]attributes, error) {
	return s.pages(ctx, s.between(pk, from, to))
}

func (s *Store) between(pk, from, to string) *dynamodb.QueryInput {
	return &dynamodb.QueryInput{
		TableName: &s.table, KeyConditionExpression: new("PK = :pk AND SK BETWEEN :from AND :to"), ConsistentRead: new(true),
		ExpressionAttributeValues: values(":pk", pk, ":from", from, ":to", to),
	}
}

// pages reads a query to its end.
func (s *Store) pages(ctx context.Context, in *dynamodb.QueryInput) (items []attributes, err error) {
	for {
		out, err := s.db.Query(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("query: %w", err)
		}
		items = append(items, out.Items...)
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return items, nil
		}
	}
}

// end is after every sort key with a prefix: keys are ASCII below it.
const end = "~"

// decodeAll reads items of one kind.
func decodeAll[T any](items []attributes) ([]T, error) {
	all := make([]T, 0, len(items))
	for _, a := range items {
		v, err := decode[T](a)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// write is one write outside a transaction, or part of one.
type write struct {
	put       attributes // a whole item
	key       key        // of an update or delete
	update    string
	delete    bool
	check     bool // nothing is written: the condition alone
	show      bool // an update answers the item as it is then; in a transaction, and of a check, one whose condition failed
	condition string
	values    attributes
	names     map[string]string
	or        error  // what a failed condition means
	mark      string // see once
	code      string // of a check on behalf of a line: why the line is dropped
}

// patience is how long a write waits for contended items before the caller is told to come back.
const patience = 8 * time.Second

// transact makes all writes or none. A failed condition answers its write's own error; contention is retried with
// jitter for a while, then refused as busy.
func (s *Store) transact(ctx context.Context, writes ...write) error {
	failed, err := s.try(ctx, writes)
	if err != nil || len(failed) == 0 {
		return err
	}
	if or := writes[failed[0].index].or; or != nil {
		return or
	}
	return fmt.Errorf("write %d of %d: its condition failed", failed[0].index+1, len(writes))
}

// mostWrites is how many items DynamoDB takes in a transaction.
const mostWrites = 100

// failure is a write of a transaction whose condition failed, with the item as it is; nil: there is none, or the write did
// not ask.
type failure struct {
	index int
	item  attributes
}

// try makes all writes or none and answers the writes whose conditions failed.
func (s *Store) try(ctx context.Context, writes []write) (failed []failure, err error) {
	return s.tryUntil(ctx, writes, time.Now().Add(s.patience))
}

// tryUntil is try that gives up when others contend for the items until an instant.
func (s *Store) tryUntil(ctx context.Context, writes []write, deadline time.Time) (failed []failure, err error) {
	// The token makes it one transaction however often it is sent: an attempt whose answer was lost may have made it.
	in := &dynamodb.TransactWriteItemsInput{ClientRequestToken: new(rand.Text())}
	for _, w := range writes {
		in.TransactItems = append(in.TransactItems, s.transactItem(w))
	}
	for tries := 0; ; tries++ {
		_, err := s.db.TransactWriteItems(ctx, in, s.writing)
		if err == nil {
			return nil, nil
		}
		failed, contended := reasons(err)
		if len(failed) > 0 {
			return failed, nil
		}
		if !contended {
			return nil, fmt.Errorf("write %d items: %w", len(writes), err)
		}
		if time.Now().After(deadline) {
			return nil, ErrBusy
		}
		if err := pause(ctx, tries); err != nil {
			return nil, err
		}
	}
}

// ErrBusy means that too many wrote the same items for too long. Nothing was written.
var ErrBusy = refusal.New(refusal.Busy, "try_again", "Le service est très demandé. Réessayez dans quelques instants : rien n’est perdu.").After(5 * time.Second)

// reasons sorts why a transaction was not made: conditions that failed, or contention that passes.
func reasons(err error) (failed []failure, contended bool) {
	var c *types.TransactionCanceledException
	if !errors.As(err, &c) {
		return nil, awsconfig.Throttled(err) // or its first attempt is still in progress
	}
	for i, r := range c.CancellationReasons {
		switch {
		case r.Code == nil || *r.Code == "None":
		case *r.Code == "ConditionalCheckFailed":
			failed = append(failed, failure{i, r.Item})
		case *r.Code == "TransactionConflict", *r.Code == "ThrottlingError", *r.Code == "ProvisionedThroughputExceeded":
			contended = true
		}
	}
	return failed, contended
}

// pause waits with full jitter: up to 50 ms, doubling to at most a second.
func pause(ctx context.Context, tries int) error {
	return jitter(ctx, min(50*time.Millisecond<<min(tries, 5), time.Second))
}

// jitter waits anything up to a time.
func jitter(ctx context.Context, most time.Duration) error {
	select {
	case <-time.After(mathrand.N(most)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) transactItem(w write) types.TransactWriteItem {
	condition, table := optional(w.condition), &s.table
	switch {
	case w.put != nil:
		return types.TransactWriteItem{Put: &types.Put{TableName: table, Item: w.put, ConditionExpression: condition, ExpressionAttributeValues: w.values, ExpressionAttributeNames: w.names}}
	case w.update != "":
		return types.TransactWriteItem{Update: &types.Update{TableName: table, Key: w.key.attributes(), UpdateExpression: &w.update, ConditionExpression: condition, ExpressionAttributeValues: w.values, ExpressionAttributeNames: w.names, ReturnValuesOnConditionCheckFailure: w.shows()}}
	case w.check:
		return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{TableName: table, Key: w.key.attributes(), ConditionExpression: condition, ExpressionAttributeValues: w.values, ExpressionAttributeNames: w.names, ReturnValuesOnConditionCheckFailure: w.shows()}}
	}
	return types.TransactWriteItem{Delete: &types.Delete{TableName: table, Key: w.key.attributes(), ConditionExpression: condition, ExpressionAttributeValues: w.values, ExpressionAttributeNames: w.names}}
}

// shows has a failed condition answer the item that failed it.
func (w write) shows() types.ReturnValuesOnConditionCheckFailure {
	if w.show {
		return types.ReturnValuesOnConditionCheckFailureAllOld
	}
	return types.ReturnValuesOnConditionCheckFailureNone
}

// apply makes one write alone: cheaper than a transaction of one.
func (s *Store) apply(ctx context.Context, w write) error {
	_, err := s.applied(ctx, w)
	return err
}

// applied is apply, and answers the item of an update that shows it.
func (s *Store) applied(ctx context.Context, w write) (attributes, error) {
	deadline := time.Now().Add(s.patience)
	for tries := 0; ; tries++ {
		after, err := s.applyOnce(ctx, w)
		var contended *types.TransactionConflictException // the item is in somebody's transaction: the SDK does not retry it
		var failed *types.ConditionalCheckFailedException
		switch {
		case err == nil:
			return after, nil
		case errors.As(err, &failed) && w.landed(failed):
			return failed.Item, nil
		case errors.As(err, &failed) && w.or != nil:
			return nil, w.or
		case errors.As(err, &failed):
			return nil, errCondition
		case !errors.As(err, &contended) && !awsconfig.Throttled(err):
			return nil, fmt.Errorf("write: %w", err)
		case time.Now().After(deadline):
			return nil, ErrBusy
		}
		if err := pause(ctx, tries); err != nil {
			return nil, err
		}
	}
}

func (s *Store) applyOnce(ctx context.Context, w write) (after attributes, err error) {
	condition := optional(w.condition)
	switch {
	case w.put != nil:
		_, err = s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: w.put, ConditionExpression: condition, ExpressionAttributeValues: w.values, ExpressionAttributeNames: w.names, ReturnValuesOnConditionCheckFailure: w.asks()}, s.writing)
	case w.update != "":
		in := &dynamodb.UpdateItemInput{TableName: &s.table, Key: w.key.attributes(), UpdateExpression: &w.update, ConditionExpression: condition, ExpressionAttributeValues: w.values, ExpressionAttributeNames: w.names, ReturnValuesOnConditionCheckFailure: w.asks()}
		if w.show {
			in.ReturnValues = types.ReturnValueAllNew
		}
		var out *dynamodb.UpdateItemOutput
		if out, err = s.db.UpdateItem(ctx, in, s.writing); err == nil {
			after = out.Attributes
		}
	case w.delete:
		_, err = s.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.table, Key: w.key.attributes(), ConditionExpression: condition, ExpressionAttributeValues: w.values, ExpressionAttributeNames: w.names, ReturnValuesOnConditionCheckFailure: w.asks()}, s.writing)
	}
	return after, err
}

// errCondition means that somebody else wrote first.
var errCondition = errors.New("condition failed")

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Conditions that many entities share.
const (
	isNew  = "attribute_not_exists(PK)"
	exists = "attribute_exists(PK)"
)

// epoch is a time-to-live value.
func epoch(t time.Time) int64 { return t.Unix() }

// stamp writes an instant so that strings sort as instants do.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
