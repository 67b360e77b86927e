package httpapi

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime"
	"strings"
	"time"
)

var logger = slog.New(slog.NewJSONHandler(os.Stdout, nil))

// LogTo sends the log elsewhere than to standard output, where Lambda reads it: tests read it, or drop it.
func LogTo(w io.Writer) { logger = slog.New(slog.NewJSONHandler(w, nil)) }

// logRequest writes the one line of a request: the route's pattern, never its path, body, address or account.
// A fault adds its chain of causes and, as CloudWatch's embedded metric format, one to the metric Faults.
func logRequest(ctx context.Context, r Request, response Response, err error, took time.Duration) {
	line := []any{
		"function", os.Getenv("AWS_LAMBDA_FUNCTION_NAME"), "route", r.RouteKey, "status", response.StatusCode,
		"ms", took.Milliseconds(), "request", r.RequestContext.RequestID,
	}
	if err == nil {
		logger.Info("request", line...)
		return
	}
	no := refusalOf(ctx, err)
	line = append(line, "code", no.Code)
	if response.StatusCode < http.StatusInternalServerError {
		if no.Metric != "" {
			line = append(line, Metric(no.Metric, 1)...)
		}
		logger.Info("request", line...)
		return
	}
	logger.Error("request", append(append(line, "error", err.Error()), Metric("Faults", 1)...)...)
}

// Metric is the part of a log line that counts in CloudWatch: namespace Preau, by function.
func Metric(name string, value int) []any {
	return []any{"_aws", map[string]any{
		"Timestamp": time.Now().UnixMilli(),
		"CloudWatchMetrics": []any{map[string]any{
			"Namespace":  "Preau",
			"Dimensions": [][]string{{"function"}},
			"Metrics":    []any{map[string]string{"Name": name, "Unit": "Count"}},
		}},
	}, name, value}
}

// where names the functions of ours, innermost first, that a panic went through. A deferred function calls it.
func where() string {
	callers := make([]uintptr, 32)
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)])
	var ours []string
	for more := true; more && len(ours) < 3; {
		var f runtime.Frame
		f, more = frames.Next()
		if strings.HasPrefix(f.Function, "preau/") || strings.HasPrefix(f.Function, "main.") {
			ours = append(ours, fmt.Sprintf("%s:%d", f.Function, f.Line))
		}
	}
	return " at " + strings.Join(ours, " < ")
}
