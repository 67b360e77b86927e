package platform

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"preau/infra/catalog"
	"preau/infra/local/awsjson"
	"preau/infra/local/emulators"
)

// expireEvery is how often expired items are deleted; AWS takes up to days.
const expireEvery = 10 * time.Minute

// expire deletes expired items in DynamoDB's place, whose emulator's own time to live stops at the first expired item that
// lacks an index key, and expired files in S3's.
func (p *Platform) expire() {
	db := emulators.DynamoDB(p.Resources.Streams)
	for {
		if _, err := expireAt(p.life, db, p.Resources.Table, time.Now()); err != nil && p.life.Err() == nil {
			p.options.Report("expired items stay: " + err.Error())
		}
		if _, err := p.Stack.Objects.Expire(time.Now()); err != nil {
			p.options.Report("expired files stay: " + err.Error())
		}
		select {
		case <-p.life.Done():
			return
		case <-time.After(expireEvery):
		}
	}
}

// expireAt deletes what had expired at an instant and counts it.
func expireAt(ctx context.Context, db awsjson.Client, table string, now time.Time) (deleted int, err error) {
	expired := object{
		"TableName":                 table,
		"ExpressionAttributeNames":  object{"#e": catalog.Table.TimeToLive},
		"ExpressionAttributeValues": object{":now": object{"N": strconv.FormatInt(now.Unix(), 10)}},
	}
	var start object
	for {
		var page struct {
			Items            []object
			LastEvaluatedKey object
		}
		scan := with(expired, object{"FilterExpression": "#e < :now"})
		if start != nil {
			scan["ExclusiveStartKey"] = start
		}
		if err := db.Call(ctx, "Scan", scan, &page); err != nil {
			return deleted, fmt.Errorf("find expired items: %w", err)
		}
		for _, item := range page.Items {
			key := object{catalog.Table.PartitionKey: item[catalog.Table.PartitionKey], catalog.Table.SortKey: item[catalog.Table.SortKey]}
			err := db.Call(ctx, "DeleteItem", with(expired, object{"Key": key, "ConditionExpression": "#e < :now"}), nil)
			var refused *awsjson.Error
			if errors.As(err, &refused) && refused.Type == "ConditionalCheckFailedException" {
				continue // its life was prolonged meanwhile
			}
			if err != nil {
				return deleted, fmt.Errorf("delete an expired item: %w", err)
			}
			deleted++
		}
		if page.LastEvaluatedKey == nil {
			return deleted, nil
		}
		start = page.LastEvaluatedKey
	}
}

func with(base, more object) object {
	all := object{}
	for _, m := range []object{base, more} {
		for name, value := range m {
			all[name] = value
		}
	}
	return all
}
