package store

import (
	"context"
	"time"

	"preau/shared/captcha"
	"preau/shared/id"
)

// SpendCaptcha checks a solution and uses it up: it works once.
func (s *Store) SpendCaptcha(ctx context.Context, c captcha.Captcha, solution string, now time.Time) error {
	name, until, err := c.Check(solution, now)
	if err != nil {
		return err
	}
	spent := struct {
		Expires int64 `dynamodbav:"expires"`
	}{epoch(until)}
	k := key{"CAPTCHA#" + id.Derived(name), "USED"}
	return s.apply(ctx, write{put: item(k, spent), condition: isNew, or: captcha.ErrWrong})
}
