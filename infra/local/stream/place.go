package stream

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// A place is how far a stream was read.
type place struct {
	Stream string
	Shards map[string]position
}

type position struct {
	Sequence string
	Finished bool `json:",omitempty"`
}

// readPlace reads the place kept in a file. A missing or broken one is the beginning: functions take a record twice.
func readPlace(file string) (place, error) {
	p := place{Shards: map[string]position{}}
	if file == "" {
		return p, nil
	}
	body, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return p, fmt.Errorf("read the place in the stream: %w", err)
	}
	if json.Unmarshal(body, &p) != nil || p.Shards == nil {
		return place{Shards: map[string]position{}}, nil
	}
	return p, nil
}

func (p place) save(file string) error {
	if file == "" {
		return nil
	}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", body, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// giveUp notes the position of a record that failed for good. Like AWS it keeps no content.
func (p *poller) giveUp(shardID string, r record, tries int, why string) error {
	p.Report(fmt.Sprintf("%s gave a stream record up after %d tries: %s (%s)", p.Function, tries, why, p.Failures))
	line, err := json.Marshal(map[string]any{
		"timestamp":      time.Now().UTC().Format(time.RFC3339Nano),
		"requestContext": map[string]any{"functionArn": p.Function, "condition": "RetryAttemptsExhausted", "approximateInvokeCount": tries},
		"DDBStreamBatchInfo": map[string]any{
			"streamArn": p.place.Stream, "shardId": shardID, "batchSize": 1,
			"startSequenceNumber": r.sequence, "endSequenceNumber": r.sequence,
		},
	})
	if err != nil {
		return err
	}
	f, err := os.OpenFile(p.Failures, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}
