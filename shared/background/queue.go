package background

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"
)

// Queue is what a worker goes through on each tick of its schedule.
type Queue[T any] struct {
	// Page lists a part of the queue as it was when the tick began; next is "" after the last part.
	Page func(ctx context.Context, cursor string) (items []T, next string, err error)
	// Work handles one item. done is false for one that turned out to need nothing.
	Work func(context.Context, T) (done bool, err error)
	// Patience is what one item may take.
	Patience time.Duration
	// Least is the time without which an item is not begun; Patience unless said. An item that stops by itself when time runs out
	// needs less than it may take.
	Least time.Duration
}

// Run goes through the queue once, until its end or until time runs out. An item that fails stays for the next tick and
// keeps no other waiting; that some failed is told at the end, so that an alarm hears of it.
func (q Queue[T]) Run(ctx context.Context, log *slog.Logger) error {
	done, kept, failed, cursor := 0, 0, 0, ""
	for {
		items, next, err := q.Page(ctx, cursor)
		if err != nil {
			return err
		}
		for _, item := range items {
			if Late(ctx, cmp.Or(q.Least, q.Patience)) {
				return tell(log, done, kept, failed, true)
			}
			switch ok, err := q.one(ctx, item); {
			case err != nil:
				failed++
				log.Error("item failed", "error", err.Error())
			case ok:
				done++
			default:
				kept++
			}
		}
		if cursor = next; cursor == "" {
			return tell(log, done, kept, failed, false)
		}
	}
}

// one handles an item within its time; a panic is this item's failure alone.
func (q Queue[T]) one(ctx context.Context, item T) (done bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, q.Patience)
	defer cancel()
	return q.Work(ctx, item)
}

// tell writes the one line of a tick.
func tell(log *slog.Logger, done, kept, failed int, cut bool) error {
	log.Info("tick", "done", done, "kept", kept, "failed", failed, "cut", cut)
	if failed > 0 {
		return fmt.Errorf("%d of %d items failed", failed, done+kept+failed)
	}
	return nil
}
