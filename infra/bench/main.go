// Command bench measures what the design promises in figures (design §5) and says which are reached:
//
//	go run ./infra/bench
//
// It starts the emulators, builds the real programs and runs them against a Lambda Runtime API of its own:
//
//   - site: what the first load of the planning weighs, and how soon it is there on a slow phone
//   - cold: CPU and time from the start of the process to its first answer
//   - warm: CPU of a further call
//   - sizes: of the programs
//   - cases: round trips to the table and capacity units of each use case, counted on the wire
//   - bookings: the same, and time, of what families ask for and look at most
//   - year: a school year asked for at once, worked off by advance-bookings
//   - jobs: a thousand codes with their letters, lists to take away, an import of 20,000 rows: memory and time
//   - rush: a thousand parents ask for a hundred places at the same moment on a bad day of the table
//
// Each can be measured alone: go run ./infra/bench -only year,rush
//
// CPU depends on the machine, so show-planning and request-booking are measured in turns with an empty handler
// (infra/bench/empty) and what counts is their ratio. Their connection to DynamoDB is TLS, with a chain of RSA
// certificates like Amazon's; so that the first handshake succeeds, as it does on AWS, their programs are built with the
// bench's root certificate beside Amazon's own in shared/awsconfig/amazon.pem: the same work and one certificate more.
//
// What crosses the wire is counted by a proxy in front of the table, and capacity units are computed from the sizes of the
// items: DynamoDB Local's own figures are wrong for transactions.
//
// The result is printed, that of a whole run also kept as Markdown in .local/bench.md. Nothing else is left behind. A figure
// that is missed is told and is no error: machines differ.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"preau/infra/local/emulators"
)

// limit is how long a run may take.
const limit = 10 * time.Minute

func main() {
	only := flag.String("only", "", "measure these parts alone, with a comma between two: "+strings.Join(names(parts), ", "))
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := run(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only string) (err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	defer func() {
		if ctx.Err() != nil && err != nil {
			err = fmt.Errorf("%w (%w)", context.Cause(ctx), err)
		}
	}()
	defer recovered(&err)
	chosen := must(choose(only))
	root := must(emulators.Root())
	dir := filepath.Join(root, ".local", "bench")
	check(os.RemoveAll(dir))
	check(os.MkdirAll(dir, 0o700))
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	r := measure(ctx, root, dir, chosen)
	fmt.Print(r.text())
	if only != "" {
		return nil // what is kept is of a whole run
	}
	return os.WriteFile(filepath.Join(root, ".local", "bench.md"), []byte(r.markdown()), 0o600)
}

// measure takes measurements, one after the other: they must not disturb one another.
func measure(ctx context.Context, root, dir string, parts []part) (r report) {
	l := &lab{ctx: ctx, root: root, dir: dir, workers: map[string]*worker{}}
	defer l.close()
	if slices.ContainsFunc(parts, func(p part) bool { return p.services }) {
		l.open()
	}
	for _, p := range parts {
		r = append(r, p.measure(l))
	}
	return r
}

// say tells the person who waits what is going on.
func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// A fault ends the run from wherever it is met: nothing here can go on without what failed.
type fault struct{ error }

func check(err error) {
	if err != nil {
		panic(fault{err})
	}
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

// recovered turns a fault into the error of a function that defers it.
func recovered(err *error) {
	switch p := recover().(type) {
	case nil:
	case fault:
		*err = p.error
	default:
		panic(p)
	}
}
