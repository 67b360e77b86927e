// Package stream hands the new items of the table to the functions that wait for them, as Lambda's event source
// mapping does: in order, in batches, with the failed part of a batch tried again, a failing batch halved until the bad
// record stands alone, and a record given up after five retries noted in a file.
package stream

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"preau/infra/catalog"
	"preau/infra/local/awsjson"
)

// The mapping's settings, as infra/stack has them.
const (
	batchSize = catalog.StreamBatch
	retries   = catalog.StreamRetries
)

// The poller's pace. DynamoDB Local lists a new shard every few hours.
const (
	pollEvery = 50 * time.Millisecond
	listEvery = time.Minute
	patience  = time.Second // after an error of the table
)

// Invoke calls a function, as lambda.Host.Invoke.
type Invoke func(ctx context.Context, function string, payload []byte) (response []byte, functionError string, err error)

// A Mapping leads a table's new items to one function.
type Mapping struct {
	DynamoDB string // address of DynamoDB Local
	Table    string
	Key      string // access key to call it with
	Function string
	Prefix   string // of the sort keys of the new items that it waits for
	Marked   string // in its place: the attribute of the new and changed items that it waits for
	SortKey  string
	Invoke   Invoke
	State    string            // file that remembers the place reached; empty: it starts over
	Failures string            // file that notes what was given up
	Report   func(line string) // told of it too
	Backoff  time.Duration     // before the first retry, doubling; 0: 100 ms
}

// Run polls until ctx ends. It goes on through errors of the table, which it reports once each.
func (m *Mapping) Run(ctx context.Context) {
	p := &poller{Mapping: m, api: awsjson.Client{
		URL: m.DynamoDB, Prefix: "DynamoDBStreams_20120810", Key: m.Key, HTTP: http.DefaultClient,
	}}
	var last string
	for ctx.Err() == nil {
		err := p.poll(ctx)
		if err == nil || ctx.Err() != nil {
			continue
		}
		if err.Error() != last {
			last = err.Error()
			m.Report(m.Function + " misses the stream: " + last)
		}
		p.shards, p.listed = nil, time.Time{}
		sleep(ctx, patience)
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// A poller reads all shards of the stream in turn.
type poller struct {
	*Mapping
	api    awsjson.Client
	place  place
	shards []*shard
	listed time.Time
}

// A shard is a part of the stream that is still being read.
type shard struct {
	id, iterator string
	read         bool // with this iterator
}

// poll reads every shard once, waits if there was nothing and looks for new shards now and then.
func (p *poller) poll(ctx context.Context) error {
	if time.Since(p.listed) > listEvery {
		if err := p.list(ctx); err != nil {
			return err
		}
	}
	found := false
	for _, s := range slices.Clone(p.shards) {
		n, err := p.read(ctx, s)
		if err != nil {
			return err
		}
		found = found || n > 0
	}
	if !found {
		sleep(ctx, pollEvery)
	}
	return nil
}

// list finds the shards that have not been read to their end. Parents come first, so the order of a key's items
// holds across shards; a child waits for its parent.
func (p *poller) list(ctx context.Context) error {
	arn, err := p.streamARN(ctx)
	if err != nil {
		return err
	}
	if p.place.Stream == "" {
		if p.place, err = readPlace(p.State); err != nil {
			return err
		}
	}
	if p.place.Stream != arn { // another table of the same name
		p.place, p.shards = place{Stream: arn, Shards: map[string]position{}}, nil
	}
	known, err := p.describe(ctx, arn)
	if err != nil {
		return err
	}
	p.listed = time.Now()
	for _, s := range known {
		reading := slices.ContainsFunc(p.shards, func(o *shard) bool { return o.id == s.ID })
		parent := slices.ContainsFunc(p.shards, func(o *shard) bool { return o.id == s.Parent })
		if !reading && !parent && !p.place.Shards[s.ID].Finished {
			p.shards = append(p.shards, &shard{id: s.ID})
		}
	}
	return nil
}

func (p *poller) streamARN(ctx context.Context) (string, error) {
	table := p.api
	table.Prefix = "DynamoDB_20120810"
	var out struct {
		Table struct{ LatestStreamArn string }
	}
	err := table.Call(ctx, "DescribeTable", map[string]string{"TableName": p.Table}, &out)
	if err == nil && out.Table.LatestStreamArn == "" {
		err = errors.New("the table has no stream")
	}
	return out.Table.LatestStreamArn, err
}

type shardInfo struct {
	ID     string `json:"ShardId"`
	Parent string `json:"ParentShardId"`
}

func (p *poller) describe(ctx context.Context, arn string) (all []shardInfo, err error) {
	in := map[string]string{"StreamArn": arn}
	for {
		var out struct {
			StreamDescription struct {
				Shards               []shardInfo
				LastEvaluatedShardID string `json:"LastEvaluatedShardId"`
			}
		}
		if err := p.api.Call(ctx, "DescribeStream", in, &out); err != nil {
			return nil, err
		}
		all = append(all, out.StreamDescription.Shards...)
		last := out.StreamDescription.LastEvaluatedShardID
		if last == "" {
			return all, nil
		}
		in["ExclusiveStartShardId"] = last
	}
}

// read takes the next records of a shard and delivers those that the function waits for.
func (p *poller) read(ctx context.Context, s *shard) (found int, err error) {
	if s.iterator == "" {
		if err := p.open(ctx, s); err != nil {
			return 0, err
		}
	}
	var out struct {
		Records           []json.RawMessage
		NextShardIterator string
	}
	err = p.api.Call(ctx, "GetRecords", map[string]any{"ShardIterator": s.iterator, "Limit": 1000}, &out)
	if err != nil {
		return 0, p.reopen(s, err)
	}
	s.read = true
	records, err := decode(out.Records, p.place.Stream)
	if err != nil {
		return 0, err
	}
	if err := p.deliver(ctx, s.id, records); err != nil {
		return 0, err
	}
	s.iterator = out.NextShardIterator
	if s.iterator == "" {
		return len(records), p.finish(s)
	}
	return len(records), nil
}

// reopen drops an iterator that worked and does no more: it has expired, or it stood in an empty shard whose first
// record the emulator numbers far beyond it. A new one goes on from the same place.
func (p *poller) reopen(s *shard, err error) error {
	worked := s.read
	s.iterator, s.read = "", false
	if worked && (isRefusal(err, "TrimmedDataAccessException") || isRefusal(err, "ExpiredIteratorException")) {
		return nil
	}
	return err
}

func isRefusal(err error, kind string) bool {
	var refused *awsjson.Error
	return errors.As(err, &refused) && refused.Type == kind
}

// open starts a shard where it was left, or at its beginning.
func (p *poller) open(ctx context.Context, s *shard) error {
	in := map[string]string{"StreamArn": p.place.Stream, "ShardId": s.id, "ShardIteratorType": "TRIM_HORIZON"}
	if last := p.place.Shards[s.id].Sequence; last != "" {
		in["ShardIteratorType"], in["SequenceNumber"] = "AFTER_SEQUENCE_NUMBER", last
	}
	var out struct{ ShardIterator string }
	err := p.api.Call(ctx, "GetShardIterator", in, &out)
	if isRefusal(err, "TrimmedDataAccessException") { // left more than a day ago
		delete(p.place.Shards, s.id)
		return p.open(ctx, s)
	}
	s.iterator = out.ShardIterator
	return err
}

// finish forgets a shard that was read to its end; its children may follow.
func (p *poller) finish(s *shard) error {
	p.shards = slices.DeleteFunc(p.shards, func(o *shard) bool { return o == s })
	p.listed = time.Time{}
	at := p.place.Shards[s.id]
	at.Finished = true
	p.place.Shards[s.id] = at
	return p.place.save(p.State)
}

// deliver hands a shard's records over in batches and remembers the place after each.
func (p *poller) deliver(ctx context.Context, shardID string, records []record) error {
	var batch []record
	flush := func(last record) error {
		if err := p.retry(ctx, shardID, batch); err != nil {
			return err
		}
		batch = nil
		p.place.Shards[shardID] = position{Sequence: last.sequence}
		return p.place.save(p.State)
	}
	for i, r := range records {
		if r.wanted(p.Mapping) {
			batch = append(batch, r)
		}
		if len(batch) == batchSize || i == len(records)-1 {
			if err := flush(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// retry invokes the function until each record was taken or given up. It fails only when ctx ends.
func (p *poller) retry(ctx context.Context, shardID string, batch []record) error {
	for tries := 1; len(batch) > 0; tries++ {
		done, why := p.invoke(ctx, batch)
		if ctx.Err() != nil {
			return ctx.Err() // the place stays: the batch comes again
		}
		batch = batch[done:]
		switch {
		case len(batch) == 0:
			return nil
		case done > 0:
			tries = 0 // the rest is a batch of its own
		case len(batch) > 1: // halve it, so that a bad record does not take good ones along
			if err := p.retry(ctx, shardID, batch[:len(batch)/2]); err != nil {
				return err
			}
			batch, tries = batch[len(batch)/2:], 0
		case tries > retries:
			return p.giveUp(shardID, batch[0], tries, why)
		default:
			sleep(ctx, cmp.Or(p.Backoff, 100*time.Millisecond)<<(tries-1))
		}
	}
	return nil
}

// invoke calls the function once and counts the records up to the first that failed.
func (p *poller) invoke(ctx context.Context, batch []record) (done int, why string) {
	payload, err := json.Marshal(map[string]any{"Records": bodies(batch)})
	if err != nil {
		return 0, err.Error()
	}
	response, functionError, err := p.Invoke(ctx, p.Function, payload)
	if err != nil {
		return 0, err.Error()
	}
	if functionError != "" {
		return 0, fmt.Sprintf("%s %s", functionError, response)
	}
	return firstFailure(response, batch)
}

// firstFailure reads a partial-failure answer. One that names no record of the batch fails all of it, as on AWS.
func firstFailure(response []byte, batch []record) (done int, why string) {
	var out struct {
		BatchItemFailures []struct{ ItemIdentifier string }
	}
	if err := json.Unmarshal(response, &out); err != nil {
		return 0, "the answer is not JSON"
	}
	done = len(batch)
	for _, f := range out.BatchItemFailures {
		at := slices.IndexFunc(batch, func(r record) bool { return r.sequence == f.ItemIdentifier })
		if at < 0 {
			return 0, fmt.Sprintf("the answer names record %q, which is not in the batch", f.ItemIdentifier)
		}
		done, why = min(done, at), "record "+batch[at].sequence+" failed"
	}
	return done, why
}
