// Package background is what the functions share that a stream, a schedule or an event starts: nobody waits for their
// answer, so their log is all that they tell.
package background

import (
	"context"
	"log/slog"
	"os"
	"time"
)

// Log writes JSON lines that CloudWatch counts metrics from, by function.
func Log() *slog.Logger {
	return slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("function", os.Getenv("AWS_LAMBDA_FUNCTION_NAME"))
}

// Late says whether an invocation has less time left than a next step needs. What is left out comes with the next tick.
func Late(ctx context.Context, needed time.Duration) bool {
	deadline, limited := ctx.Deadline()
	return limited && time.Until(deadline) < needed
}
