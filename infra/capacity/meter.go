package capacity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"preau/infra/catalog"
	"preau/infra/local/awsjson"
)

// A request to the table, as far as its cost depends on it.
type request struct {
	TableName      string
	Key, Item      item
	IndexName      string
	ConsistentRead bool
	RequestItems   map[string]struct {
		Keys                 []item
		ConsistentRead       bool
		ProjectionExpression string
	}
	TransactItems []map[string]struct{ Key, Item item }

	Select, ProjectionExpression, FilterExpression string
}

// A response of the table.
type response struct {
	Item            item
	Items           []item
	Responses       map[string][]item
	UnprocessedKeys map[string]struct{ Keys []item }
}

// A Meter counts calls of a table. It reads what a call does not show: items before and after a write, and all that a query
// read where it answers a part of it. So it is right as long as nobody else writes the same items.
type Meter struct {
	DB    awsjson.Client
	Table string
}

// A Sight is what was seen of a call before it reached the table.
type Sight struct {
	meter     Meter
	operation string
	body      []byte
	request   request
	targets   []item // keys that it writes
	before    map[string]item
	err       error
}

// Look prepares for counting a call.
func (m Meter) Look(ctx context.Context, operation string, body []byte) Sight {
	s := Sight{meter: m, operation: operation, body: body}
	if s.err = json.Unmarshal(body, &s.request); s.err != nil {
		return s
	}
	if s.keyring() {
		return s
	}
	s.targets = targets(operation, s.request)
	s.before, s.err = m.items(ctx, s.targets)
	return s
}

// Units are the capacity units of the call, once the table has answered.
func (s Sight) Units(ctx context.Context, status int, answer []byte) (reads, writes float64, err error) {
	err = s.err
	switch {
	case err != nil:
	case s.keyring():
		writes = blocks(s.request.Item.size(), writeBlock)
	case len(s.targets) > 0 && (status == http.StatusOK || conditional(answer)):
		writes, err = s.writes(ctx)
	case len(s.targets) == 0 && status == http.StatusOK:
		reads, err = s.reads(ctx, answer)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("count %s: %w", s.operation, err)
	}
	return reads, writes, nil
}

// keyring says whether a call makes a tenant's first data key, in a table of its own. Nothing is there before, and if it is,
// it is of the same size.
func (s Sight) keyring() bool {
	return s.operation == "PutItem" && s.request.TableName != "" && s.request.TableName != s.meter.Table
}

var errUncounted = errors.New("nobody knows what this costs")

// conditional says whether a write was refused by a condition: it costs what it would have written over. Other refusals
// cost nothing.
func conditional(answer []byte) bool {
	return strings.Contains(string(answer), "ConditionalCheckFailed")
}

// targets are the keys of the items that a call writes, or checks in a transaction.
func targets(operation string, r request) (keys []item) {
	switch operation {
	case "PutItem":
		return []item{r.Item.key()}
	case "UpdateItem", "DeleteItem":
		return []item{r.Key}
	case "TransactWriteItems":
		for _, kinds := range r.TransactItems {
			for _, t := range kinds {
				if t.Key == nil {
					t.Key = t.Item.key()
				}
				keys = append(keys, t.Key)
			}
		}
	}
	return keys
}

// writes are the write units of the call, now that it is done. All of them count twice in a transaction; AWS does not say
// whether those of the indexes do, so this is the most that it can be.
func (s Sight) writes(ctx context.Context) (units float64, err error) {
	after, err := s.meter.items(ctx, s.targets)
	for _, k := range s.targets {
		units += writeUnits(s.before[k.name()], after[k.name()], catalog.Table)
	}
	if s.operation == "TransactWriteItems" {
		units *= 2
	}
	return units, err
}

// reads are the read units of the call. What a batch found nothing for costs as much as the smallest item.
func (s Sight) reads(ctx context.Context, answer []byte) (units float64, err error) {
	var found response
	if err := json.Unmarshal(answer, &found); err != nil {
		return 0, err
	}
	switch s.operation {
	case "GetItem":
		if s.request.ProjectionExpression != "" {
			return 0, errUncounted
		}
		return readUnits(found.Item.size(), s.request.ConsistentRead), nil
	case "BatchGetItem":
		return s.batch(found)
	case "Query":
		if s.partial() {
			if found, err = s.again(ctx); err != nil {
				return 0, err
			}
		}
		return readUnits(size(found.Items), s.request.ConsistentRead), nil
	}
	return 0, errUncounted
}

func (s Sight) batch(found response) (units float64, err error) {
	for table, asked := range s.request.RequestItems {
		if asked.ProjectionExpression != "" {
			return 0, errUncounted
		}
		for _, i := range found.Responses[table] {
			units += readUnits(i.size(), asked.ConsistentRead)
		}
		missing := len(asked.Keys) - len(found.Responses[table]) - len(found.UnprocessedKeys[table].Keys)
		units += float64(missing) * readUnits(0, asked.ConsistentRead)
	}
	return units, nil
}

// partial says whether a query answers less than it reads, which is what it costs.
func (s Sight) partial() bool {
	return s.request.Select != "" || s.request.ProjectionExpression != "" || s.request.FilterExpression != ""
}

// again is the query's answer without what makes it partial.
func (s Sight) again(ctx context.Context) (found response, err error) {
	var whole map[string]any
	if err := json.Unmarshal(s.body, &whole); err != nil {
		return found, err
	}
	for _, part := range []string{"Select", "ProjectionExpression", "FilterExpression"} {
		delete(whole, part)
	}
	condition, _ := whole["KeyConditionExpression"].(string)
	for _, operands := range []string{"ExpressionAttributeNames", "ExpressionAttributeValues"} {
		used, _ := whole[operands].(map[string]any)
		maps.DeleteFunc(used, func(name string, _ any) bool { return !slices.Contains(placeholders(condition), name) })
		if len(used) == 0 {
			delete(whole, operands)
		}
	}
	err = s.meter.DB.Call(ctx, "Query", whole, &found)
	return found, err
}

// placeholders are the words of an expression, names and values among them.
func placeholders(expression string) []string {
	return strings.FieldsFunc(expression, func(r rune) bool { return strings.ContainsRune(" (),=<>", r) })
}

// items reads items as they are, by key.
func (m Meter) items(ctx context.Context, keys []item) (map[string]item, error) {
	found := map[string]item{}
	if len(keys) == 0 {
		return found, nil
	}
	ask := map[string]any{"RequestItems": map[string]any{m.Table: map[string]any{"Keys": keys, "ConsistentRead": true}}}
	var out response
	if err := m.DB.Call(ctx, "BatchGetItem", ask, &out); err != nil {
		return nil, fmt.Errorf("read %d items: %w", len(keys), err)
	}
	for _, i := range out.Responses[m.Table] {
		found[i.key().name()] = i
	}
	return found, nil
}
