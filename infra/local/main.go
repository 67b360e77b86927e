// Command local runs Préau on one laptop.
//
//	go run ./infra/local            starts everything and says where to click; Ctrl-C ends it
//	go run ./infra/local reset      forgets all data
//	go run ./infra/local captcha    prints a solved captcha, for curl
//	go run ./infra/local totp       prints the demonstration agent's code, for curl
//	go run ./infra/local test ARGS  starts everything in memory and runs go test ARGS against it
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	err := command(endWithParent(ctx))
	var failed testsFailed
	switch {
	case errors.As(err, &failed): // the tests have told their failures themselves
		os.Exit(failed.code)
	case err != nil && ctx.Err() == nil:
		fmt.Fprintln(os.Stderr, "préau:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context) error {
	if len(os.Args) < 2 {
		return run(ctx)
	}
	switch os.Args[1] {
	case "run":
		return run(ctx)
	case "reset":
		return reset()
	case "captcha":
		return solveCaptcha(ctx)
	case "totp":
		return printTOTP()
	case "test":
		return test(ctx, os.Args[2:])
	}
	return fmt.Errorf("unknown command %q: run, reset, test, captcha or totp", os.Args[1])
}
