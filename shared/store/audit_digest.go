package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"preau/shared/calendar"
)

// AuditDigest counts the records of a day (UTC) and hashes them: each as a line of JSON that holds all of its attributes as the
// table has them, in the order of their keys. SHA-256, in hexadecimal.
func (c Collectivity) AuditDigest(ctx context.Context, day calendar.Date) (count int, digest string, err error) {
	hash := sha256.New()
	in := c.between(c.auditPK(string(day[:7])), string(day), string(day)+end)
	for {
		out, err := c.db.Query(ctx, in)
		if err != nil {
			return 0, "", fmt.Errorf("read the audit of %s: %w", day, err)
		}
		for _, a := range out.Items {
			line, err := json.Marshal(plainItem(a)) // maps come sorted
			if err != nil {
				return 0, "", fmt.Errorf("hash the audit of %s: %w", day, err)
			}
			hash.Write(append(line, '\n')) // never fails
		}
		count += len(out.Items)
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return count, hex.EncodeToString(hash.Sum(nil)), nil
		}
	}
}

// plainItem is an item as DynamoDB's own JSON writes it: each value under the name of its type.
func plainItem(a attributes) map[string]any {
	out := map[string]any{}
	for name, v := range a {
		out[name] = plainValue(v)
	}
	return out
}

func plainValue(v types.AttributeValue) any {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return map[string]any{"S": v.Value}
	case *types.AttributeValueMemberN:
		return map[string]any{"N": v.Value}
	case *types.AttributeValueMemberBOOL:
		return map[string]any{"BOOL": v.Value}
	case *types.AttributeValueMemberM:
		return map[string]any{"M": plainItem(v.Value)}
	case *types.AttributeValueMemberL:
		list := make([]any, len(v.Value))
		for i, one := range v.Value {
			list[i] = plainValue(one)
		}
		return map[string]any{"L": list}
	}
	return map[string]any{fmt.Sprintf("%T", v): v} // nothing else is written there; if it is, it counts
}

// FirstAudited is the day of the oldest record that is kept, since a day; ok is false when there is none.
func (c Collectivity) FirstAudited(ctx context.Context, since, until calendar.Date) (day calendar.Date, ok bool, err error) {
	for month := since[:7] + "-01"; month <= until; month = month.AddMonths(1) {
		in := c.between(c.auditPK(string(month[:7])), string(since), string(until)+end)
		in.Limit = new(int32(1))
		out, err := c.db.Query(ctx, in)
		if err != nil {
			return "", false, fmt.Errorf("read the audit of %s: %w", month, err)
		}
		if len(out.Items) > 0 {
			return calendar.Date(keyOf(out.Items[0]).SK[:10]), true, nil
		}
	}
	return "", false, nil
}

// AuditKept is the first day (UTC) of which all records are still there at an instant.
func AuditKept(now time.Time) calendar.Date {
	return calendar.DateOf(now.AddDate(0, -auditMonths, 0), time.UTC).AddDays(1)
}
