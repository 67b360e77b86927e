package store

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Work is the place of an item in the sparse index of what waits for somebody: which queue, and since or from when.
// An item without it is in no queue.
type work struct {
	Work   string `dynamodbav:"work,omitempty"`
	WorkAt string `dynamodbav:"workAt,omitempty"`
}

func queued(queue string, at time.Time) work { return work{queue, stamp(at)} }

// shards spread a queue that a rush fills: one partition of the index takes 1,000 writes a second, and holds the table's
// own writes back beyond that.
const shards = 8

// shardOf is the shard that an id belongs to, always the same.
func shardOf(id string) int {
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() % shards)
}

// due lists the keys of a queue, oldest first, up to an instant. The index is eventually consistent: whoever acts on a
// key reads the item and its condition again.
func (s *Store) due(ctx context.Context, queue string, until time.Time, limit int32, after attributes) ([]key, attributes, error) {
	index, condition := "work", "#w = :queue AND workAt <= :until"
	out, err := s.db.Query(ctx, &dynamodb.QueryInput{
		TableName: &s.table, IndexName: &index, KeyConditionExpression: &condition, Limit: &limit, ExclusiveStartKey: after,
		ExpressionAttributeNames:  map[string]string{"#w": "work"},
		ExpressionAttributeValues: values(":queue", queue, ":until", stamp(until)),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("list what is due in %s: %w", queue, err)
	}
	keys := make([]key, 0, len(out.Items))
	for _, a := range out.Items {
		keys = append(keys, keyOf(a))
	}
	return keys, out.LastEvaluatedKey, nil
}

// duePage is a page of what is due. Workers go through their queue by pages, so that what keeps failing at its head does
// not stand before the rest.
func (s *Store) duePage(ctx context.Context, queue string, until time.Time, cursor string) (keys []key, next string, err error) {
	after, err := readCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	keys, last, err := s.due(ctx, queue, until, workPage, after)
	return keys, writeCursor(last), err
}

// shardPage is duePage of a queue that lies in shards, one after the other.
func (s *Store) shardPage(ctx context.Context, queue func(shard int) string, until time.Time, cursor string) (keys []key, next string, err error) {
	shard, within := readShard(cursor)
	keys, next, err = s.duePage(ctx, queue(shard), until, within)
	if err != nil {
		return nil, "", err
	}
	return keys, writeShard(shard, next), nil
}

// readShard and writeShard make one list of a queue's shards: the cursor within one of them, then the next one's start.
func readShard(cursor string) (shard int, within string) {
	number, within, _ := strings.Cut(cursor, ".")
	shard, _ = strconv.Atoi(number) // the first page has none
	return shard, within
}

func writeShard(shard int, within string) string {
	switch {
	case within != "":
		return strconv.Itoa(shard) + "." + within
	case shard+1 < shards:
		return strconv.Itoa(shard+1) + "."
	}
	return ""
}

// oldest lists the keys of several queues as one, oldest first. The cursor is the place of the last one listed: its instant
// and its key.
func (s *Store) oldest(ctx context.Context, queues []string, cursor string, limit int) (keys []key, next string, err error) {
	after, err := readPlace(cursor)
	if err != nil {
		return nil, "", err
	}
	pages := make([][]queuedKey, len(queues))
	var reads []func() error
	for i, q := range queues {
		reads = append(reads, func() (err error) { pages[i], err = s.from(ctx, q, after, limit); return err })
	}
	if err := together(reads...); err != nil {
		return nil, "", err
	}
	all := slices.Concat(pages...)
	slices.SortFunc(all, queuedKey.compare)
	if len(all) > limit {
		all = all[:limit]
		next = all[limit-1].place()
	}
	for _, k := range all {
		keys = append(keys, k.key)
	}
	return keys, next, nil
}

// queuedKey is a key with the instant since when it is queued.
type queuedKey struct {
	at string
	key
}

func (k queuedKey) compare(o queuedKey) int {
	return cmp.Or(strings.Compare(k.at, o.at), strings.Compare(k.PK, o.PK), strings.Compare(k.SK, o.SK))
}

// place and readPlace write where a list goes on.
func (k queuedKey) place() string {
	return base64.RawURLEncoding.EncodeToString([]byte(k.at + " " + k.PK + " " + k.SK))
}

func readPlace(cursor string) (k queuedKey, err error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	parts := strings.Split(string(b), " ")
	switch {
	case cursor == "":
		return k, nil
	case err != nil || len(parts) != 3:
		return k, ErrCursor
	}
	return queuedKey{parts[0], key{parts[1], parts[2]}}, nil
}

// ties is how many of a queue may bear the very same instant as the last one listed.
const ties = 25

// from lists a queue's keys after a place, and one more than the limit, so that it shows whether there are more.
func (s *Store) from(ctx context.Context, queue string, after queuedKey, limit int) (keys []queuedKey, err error) {
	out, err := s.db.Query(ctx, &dynamodb.QueryInput{
		TableName: &s.table, IndexName: new("work"), KeyConditionExpression: new("#w = :queue AND workAt >= :from"), Limit: new(int32(limit + 1 + ties)),
		ExpressionAttributeNames: map[string]string{"#w": "work"}, ExpressionAttributeValues: values(":queue", queue, ":from", cmp.Or(after.at, " ")),
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", queue, err)
	}
	for _, a := range out.Items {
		if k := (queuedKey{textOf(a["workAt"]), keyOf(a)}); k.compare(after) > 0 {
			keys = append(keys, k)
		}
	}
	return keys, nil
}

// workPage is what a worker takes on at once.
const workPage = 25

// textOf reads a plain attribute; one that is missing is "".
func textOf(a types.AttributeValue) string {
	s, ok := a.(*types.AttributeValueMemberS)
	if !ok {
		return ""
	}
	return s.Value
}
