package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestAQueueThatTakesAllItMayLeavesTheOthersTheirShare(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		began, shares := time.Now(), []time.Duration{}
		slow := func(ctx context.Context) error {
			deadline, _ := ctx.Deadline()
			shares = append(shares, time.Until(deadline))
			<-ctx.Done()
			return ctx.Err()
		}
		quick := func(ctx context.Context) error {
			deadline, _ := ctx.Deadline()
			shares = append(shares, time.Until(deadline))
			return nil
		}
		err := inTurn(ctx, slow, quick, slow, quick)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("what failed is told: %v", err)
		}
		want := []time.Duration{30 * time.Second, 30 * time.Second, 45 * time.Second, 45 * time.Second}
		for i := range want {
			if shares[i] != want[i] || shares[i] <= patience {
				t.Errorf("queue %d has %v, want %v", i, shares[i], want[i])
			}
		}
		if took := time.Since(began); took != 75*time.Second {
			t.Errorf("all took %v", took)
		}
	})
}
