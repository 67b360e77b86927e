package testkit

import (
	"encoding/json"
	"net/http"
	"testing"

	"preau/infra/catalog"
	"preau/infra/local/awsjson"
	"preau/infra/local/emulators"
)

// Dumped makes an empty table for one test, which Within can name, and dumps all that it ever held: its items as they are, and each
// item as it was after each write, by the table's stream from its beginning. Binary values are in base64, as they travel.
func Dumped(t testing.TB) (variables map[string]string, dump func() []json.RawMessage) {
	t.Helper()
	name := newTable(t, map[string]any{"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"})
	return map[string]string{catalog.EnvTable: name}, func() []json.RawMessage {
		t.Helper()
		return append(items(t, name), records(t, name)...)
	}
}

func items(t testing.TB, table string) (all []json.RawMessage) {
	t.Helper()
	in := map[string]any{"TableName": table, "ConsistentRead": true}
	for {
		var out struct {
			Items            []json.RawMessage
			LastEvaluatedKey json.RawMessage
		}
		call(t, emulators.DynamoDB(Stack(t).DynamoDB), "Scan", in, &out)
		all = append(all, out.Items...)
		if out.LastEvaluatedKey == nil {
			return all
		}
		in["ExclusiveStartKey"] = out.LastEvaluatedKey
	}
}

func records(t testing.TB, table string) (all []json.RawMessage) {
	t.Helper()
	r := Stack(t)
	streams := awsjson.Client{URL: r.DynamoDB, Prefix: "DynamoDBStreams_20120810", Key: emulators.PlatformKey, HTTP: http.DefaultClient}
	var described struct {
		Table struct{ LatestStreamArn string }
	}
	call(t, emulators.DynamoDB(r.DynamoDB), "DescribeTable", map[string]string{"TableName": table}, &described)
	var stream struct {
		StreamDescription struct{ Shards []struct{ ShardID string } }
	}
	call(t, streams, "DescribeStream", map[string]string{"StreamArn": described.Table.LatestStreamArn}, &stream)
	for _, shard := range stream.StreamDescription.Shards {
		at := map[string]string{"StreamArn": described.Table.LatestStreamArn, "ShardId": shard.ShardID, "ShardIteratorType": "TRIM_HORIZON"}
		var begin struct{ ShardIterator string }
		call(t, streams, "GetShardIterator", at, &begin)
		for iterator := begin.ShardIterator; iterator != ""; {
			var out struct {
				Records           []json.RawMessage
				NextShardIterator string
			}
			call(t, streams, "GetRecords", map[string]any{"ShardIterator": iterator, "Limit": 1000}, &out)
			all = append(all, out.Records...)
			if iterator = out.NextShardIterator; len(out.Records) == 0 {
				break
			}
		}
	}
	return all
}

func call(t testing.TB, c awsjson.Client, operation string, in, out any) {
	t.Helper()
	if err := c.Call(t.Context(), operation, in, out); err != nil {
		t.Fatalf("%s: %v", operation, err)
	}
}
