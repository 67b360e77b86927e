package stream

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A record is one change of the table, as the function gets it.
type record struct {
	body     json.RawMessage
	name     string // INSERT, MODIFY, REMOVE
	sequence string
	keys     map[string]struct{ S string }
}

// decode reads the records of an answer. The stream's form is the event's but for the stream's name.
func decode(raw []json.RawMessage, stream string) ([]record, error) {
	records := make([]record, 0, len(raw))
	for _, body := range raw {
		var fields map[string]json.RawMessage
		var r struct {
			EventName string
			DynamoDB  struct {
				Keys           map[string]struct{ S string }
				SequenceNumber string
			}
		}
		if err := json.Unmarshal(body, &fields); err != nil {
			return nil, fmt.Errorf("read a stream record: %w", err)
		}
		if err := json.Unmarshal(body, &r); err != nil {
			return nil, fmt.Errorf("read a stream record: %w", err)
		}
		name, err := json.Marshal(stream)
		if err != nil {
			return nil, err
		}
		fields["eventSourceARN"] = name
		whole, err := json.Marshal(fields)
		if err != nil {
			return nil, err
		}
		records = append(records, record{whole, r.EventName, r.DynamoDB.SequenceNumber, r.DynamoDB.Keys})
	}
	return records, nil
}

// isNew says whether the record is an inserted item whose sort key begins with the prefix.
func (r record) isNew(sortKey, prefix string) bool {
	return r.name == "INSERT" && strings.HasPrefix(r.keys[sortKey].S, prefix)
}

func bodies(batch []record) []json.RawMessage {
	all := make([]json.RawMessage, len(batch))
	for i, r := range batch {
		all[i] = r.body
	}
	return all
}
