// Command probe is a function that does what the tests of the host ask it to.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type order struct {
	Do     string
	Text   string
	Bytes  int
	Millis int
}

func main() {
	switch os.Getenv("PROBE_INIT") {
	case "exit":
		fmt.Println("no configuration")
		os.Exit(4)
	case "panic":
		panic("init is broken")
	}
	lambda.Start(handle)
}

var calls int

func handle(ctx context.Context, o order) (any, error) {
	calls++
	switch o.Do {
	case "echo":
		return o.Text, nil
	case "env":
		return os.Environ(), nil
	case "who":
		return map[string]int{"pid": os.Getpid(), "calls": calls}, nil
	case "context":
		deadline, _ := ctx.Deadline()
		c, _ := lambdacontext.FromContext(ctx)
		return map[string]any{"left": time.Until(deadline).Milliseconds(), "request": c.AwsRequestID, "arn": c.InvokedFunctionArn}, nil
	case "sleep":
		time.Sleep(time.Duration(o.Millis) * time.Millisecond)
		return os.Getpid(), nil
	case "big":
		return strings.Repeat("x", o.Bytes), nil
	case "log":
		fmt.Println(o.Text)
		return nil, nil
	case "error":
		return nil, errors.New(o.Text)
	case "panic":
		panic(o.Text)
	case "exit":
		os.Exit(3)
	case "raw":
		return json.RawMessage(o.Text), nil
	case "wait": // until the file is there
		for {
			if _, err := os.Stat(o.Text); err == nil {
				return os.Getpid(), nil
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	return nil, errors.New("unknown order " + o.Do)
}
