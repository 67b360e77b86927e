package store_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/account"
	"preau/shared/id"
	"preau/shared/store"
	"preau/shared/throttle"
)

// forgetful is a store that loses the answer to the first write that holds a text: the SDK writes again.
func forgetful(t *testing.T, holds string) (s *store.Store, lost *atomic.Int32) {
	t.Helper()
	lost = &atomic.Int32{}
	url := testkit.Losing(t, testkit.Stack(t).DynamoDB, func(operation string, body []byte) bool {
		return strings.HasSuffix(operation, "Item") && operation != "GetItem" && strings.Contains(string(body), holds) && lost.Add(1) == 1
	})
	testkit.Within(t, map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": url}, func() { s = store.Open() })
	return s, lost
}

// TestAWriteWhoseAnswerIsLostCountsOnce: the write landed, its answer did not, and its repetition meets itself.
func TestAWriteWhoseAnswerIsLostCountsOnce(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	agent := w.Citizen()
	address := w.Secret.Address(testkit.Address(t))
	attempt := account.Attempt{ID: id.New(town.Now), CreatedAt: town.Now}
	limits := []throttle.Limit{{Tries: 1, Per: time.Hour}}
	for _, c := range []struct {
		says, holds string
		write       func(context.Context, *store.Store) error
		again       string // what somebody else's same write is refused with
	}{
		{"a captcha is spent", "CAPTCHA#" + address, func(ctx context.Context, s *store.Store) error {
			return s.Spend(ctx, address, town.Now.Add(time.Hour))
		}, "captcha_invalid"},
		{"a sign-up is recorded", attempt.ID, func(ctx context.Context, s *store.Store) error {
			return s.AddAttempt(ctx, address, attempt)
		}, "condition failed"},
		{"an authenticator's code is used", agent.ID, func(ctx context.Context, s *store.Store) error {
			return s.StepTOTP(ctx, agent.ID, 7)
		}, "totp_wrong"},
		{"a try is counted", address, func(ctx context.Context, s *store.Store) error {
			wait, err := s.ReserveMail(ctx, address, town.Now, limits)
			if wait > 0 {
				return store.ErrBusy
			}
			return err
		}, "try_again"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			s, lost := forgetful(t, c.holds)
			if err := c.write(t.Context(), s); err != nil || lost.Load() < 2 {
				t.Errorf("written %d times: %v", lost.Load(), err)
			}
			if err := c.write(t.Context(), s); err == nil || !strings.Contains(err.Error(), c.again) {
				t.Errorf("somebody else's: %v, want %s", err, c.again)
			}
		})
	}
}

// TestATryOfLostAnswerLeavesTheOthers: counted twice, one mail would use up two of what is allowed.
func TestATryOfLostAnswerLeavesTheOthers(t *testing.T) {
	t.Parallel()
	w := town.New(t)
	address := w.Secret.Address(testkit.Address(t))
	s, _ := forgetful(t, address)
	for n := range 3 {
		wait, err := s.ReserveMail(t.Context(), address, town.Now.Add(time.Duration(n)*time.Minute), account.MailLimits)
		if wait > 0 || err != nil {
			t.Errorf("the %dth of three: %s, %v", n+1, wait, err)
		}
	}
}
