package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"

	"preau/infra/local/emulators"
	"preau/infra/local/platform"
)

// test runs go test with the arguments against one platform in memory. Its output and its exit code are go test's.
func test(ctx context.Context, args []string) error {
	root, err := emulators.Root()
	if err != nil {
		return err
	}
	logs := filepath.Join(root, ".local", "test")
	if err := os.RemoveAll(logs); err != nil {
		return err
	}
	report, err := reportTo(filepath.Join(logs, "platform.log"))
	if err != nil {
		return err
	}
	p, err := platform.Start(ctx, platform.Options{Root: root, Logs: logs, Progress: os.Stderr, Report: report})
	if err != nil {
		return err
	}
	defer p.Close()
	go func() { fmt.Fprintln(os.Stderr, "préau:", <-p.Stack.Ended()) }()
	fmt.Fprintf(os.Stderr, "The platform runs at %s; its logs are in %s\n", p.Resources.Portal, relative(logs))
	if len(p.Missing) > 0 {
		fmt.Fprintf(os.Stderr, "Functions without a program: %v\n", p.Missing)
	}
	coordinates, err := writeCoordinates(p)
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(coordinates) }()
	return goTest(args, coordinates)
}

// reportTo keeps what goes wrong in a file: it must not come between the lines of the tests.
func reportTo(file string) (func(string), error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	logger := log.New(f, "", log.Ltime|log.Lmicroseconds)
	return func(line string) { logger.Println(line) }, nil
}

// writeCoordinates tells the tests where everything is. The file has a new name each time, so that go test never
// takes an answer from its cache that another platform gave.
func writeCoordinates(p *platform.Platform) (string, error) {
	f, err := os.CreateTemp("", "preau-stack-*.json")
	if err != nil {
		return "", err
	}
	if err := json.NewEncoder(f).Encode(p.Resources); err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// goTest waits for the tests even when a Ctrl-C came: go test got it too and ends by itself.
func goTest(args []string, coordinates string) error {
	cmd := exec.Command("go", append([]string{"test"}, args...)...)
	cmd.Env = append(os.Environ(), emulators.EnvStack+"="+coordinates)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return testsFailed{exit.ExitCode()}
	}
	return err
}

// testsFailed is go test's own exit code.
type testsFailed struct{ code int }

func (f testsFailed) Error() string { return fmt.Sprintf("go test ended with %d", f.code) }
