package store

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// CountQueued counts the changes and the requests that wait for a decision at the tenant, a moment ago: the index may lag.
func (c Collectivity) CountQueued(ctx context.Context) (changes, requests int, err error) {
	queues := append([]string{c.queue(changesQueue)}, c.requestQueues()...)
	counts := make([]int, len(queues))
	err = Each(len(queues), func(i int) (err error) { counts[i], err = c.countIn(ctx, queues[i]); return err })
	for _, n := range counts[1:] {
		requests += n
	}
	return counts[0], requests, err
}

// countIn counts what is in a queue.
func (s *Store) countIn(ctx context.Context, queue string) (n int, err error) {
	index, condition := "work", "#w = :queue"
	in := &dynamodb.QueryInput{
		TableName: &s.table, IndexName: &index, KeyConditionExpression: &condition, Select: types.SelectCount,
		ExpressionAttributeNames: map[string]string{"#w": "work"}, ExpressionAttributeValues: values(":queue", queue),
	}
	for {
		out, err := s.db.Query(ctx, in)
		if err != nil {
			return 0, fmt.Errorf("count what is in %s: %w", queue, err)
		}
		n += int(out.Count)
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return n, nil
		}
	}
}
