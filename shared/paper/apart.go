package paper

import (
	"errors"
	"io"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"preau/shared/filetype"
	"preau/shared/refusal"
)

// apart is the variable by which a process knows that it is there to clean one document.
const apart = "PREAU_PAPER_APART"

// How such a process ends, besides well.
const (
	exitRefused   = 10 // the document is refused; the code is written out
	exitExhausted = 11 // it took more than a document may
)

// What cleaning a document may take. A usual one of 10 MB takes a tenth of it.
const (
	mostMemory = 400 << 20 // bytes
	mostStack  = 64 << 20  // bytes, of objects within objects
	mostTime   = 20 * time.Second
)

// A process that was started to clean a document does that and nothing else. This is decided before main, so that no program
// with this package in it can forget to.
func init() {
	if os.Getenv(apart) != "" {
		os.Exit(serve(os.Stdin, os.Stdout))
	}
}

// serve cleans the document that it reads, and gives the process's exit status.
func serve(in io.Reader, out io.Writer) (status int) {
	os.Stdout = os.Stderr // whatever a library prints is no document
	debug.SetMemoryLimit(mostMemory / 2)
	debug.SetMaxStack(mostStack)
	go watch()
	raw, err := io.ReadAll(in)
	if err != nil {
		return exitExhausted
	}
	cleaned, err := clean(raw)
	if said := (*refusal.Refusal)(nil); errors.As(err, &said) {
		_, _ = io.WriteString(out, said.Code)
		return exitRefused
	}
	if _, err := out.Write(cleaned); err != nil {
		return exitExhausted
	}
	return 0
}

// watch ends the process when it takes too much.
func watch() {
	const all, returned = "/memory/classes/total:bytes", "/memory/classes/heap/released:bytes"
	memory := []metrics.Sample{{Name: all}, {Name: returned}}
	for end := time.Now().Add(mostTime); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		metrics.Read(memory)
		if memory[0].Value.Uint64()-memory[1].Value.Uint64() > mostMemory {
			break
		}
	}
	os.Exit(exitExhausted)
}

// whole makes every failure of the library one of the document.
func whole(err *error) {
	if recover() != nil || *err != nil && refusal.Code(*err) == "" {
		*err = filetype.ErrBroken
	}
}
