package background

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"
)

// numbers are the items 0 … n-1 in pages of two, the last page empty.
func numbers(n int) func(context.Context, string) ([]int, string, error) {
	return func(_ context.Context, cursor string) (items []int, next string, err error) {
		from := 2 * len(cursor)
		for i := from; i < min(from+2, n); i++ {
			items = append(items, i)
		}
		if from < n {
			next = cursor + "x"
		}
		return items, next, nil
	}
}

func TestAQueueIsGoneThroughOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		work   func(ctx context.Context, n int) (bool, error)
		tells  string
		failed bool
	}{
		{"to its end", func(context.Context, int) (bool, error) { return true, nil }, `"done":5,"kept":0,"failed":0,"cut":false`, false},
		{"though all of it fails", func(context.Context, int) (bool, error) { return false, errors.New("broken") }, `"done":0,"kept":0,"failed":5,"cut":false`, true},
		{"past an item that panics", func(_ context.Context, n int) (bool, error) {
			if n == 1 {
				panic("broken")
			}
			return n == 2, nil
		}, `"done":1,"kept":3,"failed":1,"cut":false`, true},
		{"past an item that takes too long", func(ctx context.Context, n int) (bool, error) {
			if n == 1 {
				<-ctx.Done()
			}
			return true, ctx.Err()
		}, `"done":4,"kept":0,"failed":1,"cut":false`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			var seen []int
			err := Queue[int]{Page: numbers(5), Patience: 50 * time.Millisecond, Work: func(ctx context.Context, n int) (bool, error) {
				seen = append(seen, n)
				return c.work(ctx, n)
			}}.Run(t.Context(), slog.New(slog.NewJSONHandler(&log, nil)))
			if !slices.Equal(seen, []int{0, 1, 2, 3, 4}) {
				t.Errorf("went through %v", seen)
			}
			if !strings.Contains(log.String(), c.tells) || (err != nil) != c.failed {
				t.Errorf("told %v and %s", err, &log)
			}
		})
	}
}

func TestAQueueEndsWhereTimeRunsOut(t *testing.T) {
	t.Parallel()
	short, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var log bytes.Buffer
	err := Queue[int]{Page: numbers(5), Patience: time.Hour, Work: func(context.Context, int) (bool, error) {
		return false, errors.New("began without the time that it needs")
	}}.Run(short, slog.New(slog.NewJSONHandler(&log, nil)))
	if err != nil || !strings.Contains(log.String(), `"cut":true`) {
		t.Errorf("told %v and %s", err, &log)
	}
}

func TestAnItemThatStopsByItselfIsBegunWithLessTime(t *testing.T) {
	t.Parallel()
	short, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var log bytes.Buffer
	err := Queue[int]{Page: numbers(5), Patience: time.Hour, Least: time.Second, Work: func(ctx context.Context, _ int) (bool, error) {
		if until, limited := ctx.Deadline(); !limited || time.Until(until) > time.Minute {
			return false, errors.New("may take longer than its process lives")
		}
		return true, nil
	}}.Run(short, slog.New(slog.NewJSONHandler(&log, nil)))
	if err != nil || !strings.Contains(log.String(), `"done":5,"kept":0,"failed":0,"cut":false`) {
		t.Errorf("told %v and %s", err, &log)
	}
}

func TestAQueueThatCanNotBeReadIsAFault(t *testing.T) {
	t.Parallel()
	fault := fmt.Errorf("no table")
	err := Queue[int]{Page: func(context.Context, string) ([]int, string, error) { return nil, "", fault }}.Run(t.Context(), Log())
	if !errors.Is(err, fault) {
		t.Errorf("told %v", err)
	}
}
