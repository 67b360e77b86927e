package main

import (
	"context"
	"os"
	"strings"
	"time"
)

// endWithParent ends ctx when the `go run` that started us is gone: a kill of it does not reach us.
func endWithParent(ctx context.Context) context.Context {
	program, err := os.Executable()
	if err != nil || !strings.Contains(program, "go-build") {
		return ctx
	}
	ctx, cancel := context.WithCancel(ctx)
	parent := os.Getppid()
	go func() {
		for os.Getppid() == parent {
			time.Sleep(500 * time.Millisecond)
		}
		cancel()
	}()
	return ctx
}
