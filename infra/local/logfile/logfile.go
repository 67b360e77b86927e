// Package logfile keeps the logs of earlier runs, bounded.
package logfile

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// most is the size in bytes over which a log is put aside.
const most = 5 << 20

// Begin marks the start of a run in a log that is there. One that has grown too large becomes file.1, in the place of
// the one before it. A log that is not there yet needs no mark.
func Begin(file string) error {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Size() > most {
		return os.Rename(file, file+".1")
	}
	out, err := Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }()
	// JSON as the functions' own lines, for those who read them with jq.
	_, err = out.WriteString(`{"time":"` + time.Now().UTC().Format(time.RFC3339) + `","level":"INFO","msg":"the platform starts"}` + "\n")
	return err
}

// Open opens a log to add to it.
func Open(file string) (*os.File, error) {
	return os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}
