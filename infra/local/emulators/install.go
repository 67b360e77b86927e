package emulators

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// Root is the folder of go.mod above the working directory.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod above the working directory: run this inside the repository")
		}
	}
}

// Install installs the pinned emulators into dir, the folder of package.json, unless they are there already.
// Several processes may install at once: one does, the others wait.
func Install(ctx context.Context, dir string, progress io.Writer) error {
	lock, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return fmt.Errorf("read the emulators' versions: %w", err)
	}
	sum := sha256.Sum256(lock)
	want := hex.EncodeToString(sum[:])
	if installed(dir) == want {
		return nil
	}
	unlock, err := lockFolder(dir)
	if err != nil {
		return err
	}
	defer unlock()
	if installed(dir) == want {
		return nil
	}
	if err := npmInstall(ctx, dir, progress); err != nil {
		return err
	}
	return os.WriteFile(stamp(dir), []byte(want), 0o600)
}

func stamp(dir string) string { return filepath.Join(dir, "node_modules", ".installed") }

func installed(dir string) string {
	sum, _ := os.ReadFile(stamp(dir)) // none: not installed
	return string(sum)
}

func npmInstall(ctx context.Context, dir string, progress io.Writer) error {
	if _, err := find("npm"); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(progress, "Installing the emulators (once, about 20 s)…")
	var out bytes.Buffer
	npm := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund")
	npm.Dir, npm.Stdout, npm.Stderr = dir, &out, &out
	if err := npm.Run(); err != nil {
		return fmt.Errorf("npm ci in %s failed; is the network reachable? (%w)\n%s", dir, err, out.Bytes())
	}
	return nil
}

// find looks a needed program up and says how to get it when it is missing.
func find(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		return "", fmt.Errorf("%s was not found: %s, then run this again", program, howToGet[program])
	}
	return path, nil
}

var howToGet = map[string]string{
	"npm":  "install Node.js 20.19 or newer (https://nodejs.org, or apt install nodejs npm)",
	"node": "install Node.js 20.19 or newer (https://nodejs.org, or apt install nodejs)",
	"java": "install a Java runtime, 17 or newer (https://adoptium.net, or apt install default-jre-headless)",
}

// lockFolder waits until no other process installs into dir.
func lockFolder(dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return func() { _ = f.Close() }, nil
}
