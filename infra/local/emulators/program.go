package emulators

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"preau/infra/local/child"
	"preau/infra/local/logfile"
)

// A program is a running emulator.
type program struct {
	name string
	log  string
	from int64 // where this run begins in the log
	*child.Process
}

// startProgram starts an emulator in the folder dir; all that it prints goes to a log file in logs.
func startProgram(name, dir, logs string, env []string, command ...string) (*program, error) {
	path, err := find(command[0])
	if err != nil {
		return nil, err
	}
	log := filepath.Join(logs, name+".log")
	if err := logfile.Begin(log); err != nil {
		return nil, err
	}
	out, err := logfile.Open(log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }() // the child has its own
	from, err := out.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, command[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, slices.Concat(cleanEnvironment(), env), out, out
	p, err := child.Start(cmd)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return &program{name: name, log: log, from: from, Process: p}, nil
}

// cleanEnvironment keeps the laptop's own AWS settings away from the emulators.
func cleanEnvironment() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "AWS_") || strings.HasPrefix(v, "NODE_OPTIONS=")
	})
}

// ready waits until the program answers at the address, whatever it answers.
func (p *program) ready(ctx context.Context, address string) error {
	client := http.Client{Timeout: time.Second}
	for {
		res, err := client.Get(address)
		if err == nil {
			return res.Body.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w; see %s", p.name, ctx.Err(), p.log)
		case <-p.Done():
			return fmt.Errorf("%s ended instead of serving (%s):\n%s", p.name, p.Ending(), p.tail())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// tail is the end of what the program printed.
func (p *program) tail() string {
	log, _ := os.ReadFile(p.log)
	const most = 2000
	return string(log[min(len(log), max(int(p.from), len(log)-most)):])
}
