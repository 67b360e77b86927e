package store

import (
	"context"
	"time"

	"preau/shared/refusal"
)

// ErrSpent refuses a captcha's solution that was used before.
var ErrSpent = refusal.OfField("captcha", "captcha_invalid", "La vérification anti-robot n’est plus valable. Recommencez-la.")

// Spend uses up something that works once, until it expires by itself: a captcha's solution, by its name.
func (s *Store) Spend(ctx context.Context, name string, until time.Time) error {
	spent := struct {
		Expires int64 `dynamodbav:"expires"`
	}{epoch(until)}
	return s.apply(ctx, write{put: item(key{"CAPTCHA#" + name, "USED"}, spent), condition: isNew, or: ErrSpent}.once())
}
