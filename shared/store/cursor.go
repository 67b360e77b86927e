package store

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
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

// refusedKey says whether DynamoDB refused the key to start from.
func refusedKey(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "ValidationException"
}
