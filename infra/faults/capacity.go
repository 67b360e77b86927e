package faults

import (
	"bytes"
	"encoding/json"
	"fmt"
)

const asks = `"ReturnConsumedCapacity"`

// metered is a call that asks for what it consumes, indexes included, unless its caller said what to tell of it. The answer
// carries it back too, which clients skip.
func metered(body []byte) []byte {
	open := bytes.IndexByte(body, '{')
	if open < 0 || bytes.Contains(body, []byte(asks)) {
		return body
	}
	rest := bytes.TrimSpace(body[open+1:])
	out := append([]byte("{"+asks+`:"INDEXES"`), ',')
	if bytes.Equal(rest, []byte("}")) {
		out = out[:len(out)-1]
	}
	return append(out, rest...)
}

// consumed is what a served call took, in capacity units.
func consumed(operation string, request, response []byte) (reads, writes float64, err error) {
	var out struct{ ConsumedCapacity capacities }
	if err := json.Unmarshal(response, &out); err != nil {
		return 0, 0, fmt.Errorf("read the capacity of %s: %w", operation, err)
	}
	units := 0.0
	for _, c := range out.ConsumedCapacity {
		units += c.CapacityUnits
	}
	if writing(operation) {
		return 0, units, nil
	}
	if operation == "BatchGetItem" {
		units += missed(request, response)
	}
	return units, 0, nil
}

// capacities are one of a call, or a list of one for each table.
type capacities []struct{ CapacityUnits float64 }

func (c *capacities) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(raw, []byte("{")) {
		raw = append(append([]byte("["), raw...), ']')
	}
	type list capacities
	return json.Unmarshal(raw, (*list)(c))
}

// missed is what a batch pays for keys that it finds nothing under, as much as for the smallest items: the emulator leaves
// that out.
func missed(request, response []byte) (units float64) {
	type keys struct {
		Keys           []json.RawMessage
		ConsistentRead bool
	}
	var asked struct{ RequestItems map[string]keys }
	var found struct {
		Responses       map[string][]json.RawMessage
		UnprocessedKeys map[string]keys
	}
	if json.Unmarshal(request, &asked) != nil || json.Unmarshal(response, &found) != nil {
		return 0 // the table has understood them
	}
	for table, all := range asked.RequestItems {
		unit := 0.5
		if all.ConsistentRead {
			unit = 1
		}
		units += unit * float64(len(all.Keys)-len(found.Responses[table])-len(found.UnprocessedKeys[table].Keys))
	}
	return units
}
