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
	image    map[string]json.RawMessage
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
				NewImage       map[string]json.RawMessage
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
		records = append(records, record{whole, r.EventName, r.DynamoDB.SequenceNumber, r.DynamoDB.Keys, r.DynamoDB.NewImage})
	}
	return records, nil
}

// wanted says whether a mapping waits for the record: an inserted item whose sort key begins with its prefix, or an inserted
// or changed one that bears its mark.
func (r record) wanted(m *Mapping) bool {
	if m.Marked == "" {
		return r.name == "INSERT" && strings.HasPrefix(r.keys[m.SortKey].S, m.Prefix)
	}
	_, marked := r.image[m.Marked]
	return marked && r.name != "REMOVE"
}

func bodies(batch []record) []json.RawMessage {
	all := make([]json.RawMessage, len(batch))
	for i, r := range batch {
		all[i] = r.body
	}
	return all
}
