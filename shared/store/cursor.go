package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go"

	"preau/shared/refusal"
)

// endOfTime is later than anything that is queued.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// A cursor is the key of the last item seen. It is no right: a query names its own partition, and DynamoDB refuses a key
// of another one.
func writeCursor(last attributes) string {
	if len(last) == 0 {
		return ""
	}
	var plain map[string]string
	if attributevalue.UnmarshalMap(last, &plain) != nil {
		return ""
	}
	b, _ := json.Marshal(plain) // strings
	return base64.RawURLEncoding.EncodeToString(b)
}

// ErrCursor refuses a cursor that we did not give for this list.
var ErrCursor = refusal.OfField("cursor", "cursor_invalid", "Cette suite de liste n’est plus valable.")

func readCursor(cursor string) (attributes, error) {
	if cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	plain := map[string]string{}
	if err != nil || json.Unmarshal(b, &plain) != nil || len(plain) == 0 {
		return nil, ErrCursor
	}
	out := attributes{}
	for name, v := range plain {
		out[name] = text(v)
	}
	return out, nil
}

// onePage makes a query from a cursor on. next goes on behind what it found; "" after the last.
func (s *Store) onePage(ctx context.Context, in *dynamodb.QueryInput, cursor string) (items []attributes, next string, err error) {
	if in.ExclusiveStartKey, err = readCursor(cursor); err != nil {
		return nil, "", err
	}
	out, err := s.db.Query(ctx, in)
	if err != nil {
		return nil, "", unusable(cursor, err)
	}
	return out.Items, writeCursor(out.LastEvaluatedKey), nil
}

// pageOf is onePage of items that are all of one sort.
func pageOf[T any](ctx context.Context, s *Store, in *dynamodb.QueryInput, cursor string) (all []T, next string, err error) {
	items, next, err := s.onePage(ctx, in, cursor)
	if err != nil {
		return nil, "", err
	}
	all, err = decodeAll[T](items)
	return all, next, err
}

// unusable is what a page's fault means: a cursor that is not of the list, or a fault.
func unusable(cursor string, err error) error {
	if cursor != "" && refusedKey(err) {
		return ErrCursor
	}
	return fmt.Errorf("list a page: %w", err)
}

// refusedKey says whether DynamoDB refused the key to start from.
func refusedKey(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "ValidationException"
}
