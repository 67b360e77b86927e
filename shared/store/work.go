package store

import (
	"context"
	"fmt"
	"hash/fnv"
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
