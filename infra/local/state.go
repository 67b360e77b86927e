package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"preau/infra/local/emulators"
)

// A state is the folder .local of the repository, used by one platform at a time.
type state struct {
	root string // of the repository
	dir  string // .local/state
	lock *os.File
}

// openState takes the folder or says who has it.
func openState() (state, error) {
	root, err := emulators.Root()
	if err != nil {
		return state{}, err
	}
	s := state{root: root, dir: filepath.Join(root, ".local", "state")}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return s, err
	}
	if s.lock, err = os.OpenFile(filepath.Join(root, ".local", "lock"), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return s, err
	}
	err = syscall.Flock(int(s.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return s, errors.New("another make run works in this folder: stop it first (Ctrl-C)")
	}
	return s, err
}

// discardHalfMade forgets what a first start left that was cut short before its demonstration town was whole: its codes
// were never shown to anybody.
func (s state) discardHalfMade() error {
	d, err := readDemo(s.root)
	if err == nil && len(d.Families) > 0 {
		return nil
	}
	return errors.Join(os.RemoveAll(s.dir), os.MkdirAll(s.dir, 0o700))
}

func (s state) close() { _ = s.lock.Close() }

// reset forgets all data. Programs and logs stay.
func reset() error {
	s, err := openState()
	if err != nil {
		return err
	}
	defer s.close()
	if err := errors.Join(os.RemoveAll(s.dir), os.RemoveAll(demoFile(s.root))); err != nil {
		return err
	}
	fmt.Println("All local data is gone. make run starts with a new town.")
	return nil
}

// demoFile is where the coordinates of a running demonstration are.
func demoFile(root string) string { return filepath.Join(root, ".local", "demo.json") }
