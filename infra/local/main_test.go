package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"preau/infra/local/emulators"
)

// program is this command, built once.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "local-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "preau")
	if out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return file, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if file, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(file))
	}
	os.Exit(code)
}

// repository makes a folder that looks like this one, without functions.
func repository(t *testing.T) string {
	t.Helper()
	root, err := emulators.Root()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "infra", "local"), 0o700); err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module preau\n"), 0o600),
		os.Symlink(filepath.Join(root, "infra", "local", "emulators"), filepath.Join(dir, "infra", "local", "emulators")),
	)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// freePorts finds a port whose next one is free too.
func freePorts(t *testing.T) int {
	t.Helper()
	for range 100 {
		first, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := first.Addr().(*net.TCPAddr).Port
		next, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port+1))
		_ = first.Close()
		if err == nil {
			_ = next.Close()
			return port
		}
	}
	t.Fatal("no two ports are free")
	return 0
}

func local(t *testing.T, dir string, port int, args ...string) *exec.Cmd {
	t.Helper()
	file, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(file, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "PORT="+strconv.Itoa(port))
	return cmd
}

// startRun runs the platform in dir until it says that it is ready, and gives what it said.
func startRun(t *testing.T, dir string, port int) (*exec.Cmd, string) {
	t.Helper()
	cmd := local(t, dir, port)
	cmd.Stderr = os.Stderr
	return cmd, awaitReady(t, cmd)
}

// awaitReady starts cmd, waits until it says that it is ready and gives what it said.
func awaitReady(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	var said strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), "Ctrl-C") {
			return said.String()
		}
	}
	t.Fatalf("it ended: %s", said.String())
	return ""
}

// descendants lists the processes below one.
func descendants(t *testing.T, of int) (all []int) {
	t.Helper()
	out, err := exec.Command("ps", "-A", "-o", "pid=,ppid=").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		var pid, parent int
		if _, err := fmt.Sscan(line, &pid, &parent); err == nil && parent == of {
			all = append(append(all, pid), descendants(t, pid)...)
		}
	}
	return all
}

func waitGone(t *testing.T, pids []int) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		var alive []int
		for _, pid := range pids {
			if syscall.Kill(pid, 0) == nil && !isZombie(pid) {
				alive = append(alive, pid)
			}
		}
		if len(alive) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("processes %v are still there", alive)
		}
	}
}

// isZombie is for machines whose first process does not reap orphans.
func isZombie(pid int) bool {
	out, _ := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	return strings.HasPrefix(strings.TrimSpace(string(out)), "Z")
}

// stop ends a platform with a signal and sees to it that no process is left.
func stop(t *testing.T, cmd *exec.Cmd, signal syscall.Signal) {
	t.Helper()
	children := descendants(t, cmd.Process.Pid)
	if len(children) < 3 {
		t.Fatalf("only %v run", children)
	}
	if err := cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); signal != syscall.SIGKILL && err != nil {
		t.Errorf("it ended with %v", err)
	}
	waitGone(t, children)
}

func TestTheTownOutlivesARestartUntilResetAndNoProcessOutlivesThePlatform(t *testing.T) {
	t.Parallel()
	dir, port := repository(t), freePorts(t)
	read := func() (d demonstration) {
		body, err := os.ReadFile(filepath.Join(dir, ".local", "demo.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(body, &d); err != nil {
			t.Fatal(err)
		}
		return d
	}
	cmd, said := startRun(t, dir, port)
	first := read()
	if len(first.Families) == 0 || !strings.Contains(said, first.Families[0].Code) || first.Portal != fmt.Sprintf("http://localhost:%d", port) {
		t.Errorf("the first start wrote %+v and said %s", first, said)
	}
	if !strings.Contains(said, first.Portal+"/"+first.Collectivity+"/agents") || !strings.Contains(said, first.Parent.Email) || !strings.Contains(said, first.Agent.Password) {
		t.Errorf("it does not say where families and agents sign in: %s", said)
	}
	stop(t, cmd, syscall.SIGKILL)

	cmd, said = startRun(t, dir, port)
	if fmt.Sprint(read()) != fmt.Sprint(first) || !strings.Contains(said, first.Families[0].Code) {
		t.Errorf("a restart wrote %+v and said %s", read(), said)
	}
	if out, err := local(t, dir, port, "reset").CombinedOutput(); err == nil || !strings.Contains(string(out), "stop it first") {
		t.Errorf("a reset under a running platform: %s, %v", out, err)
	}
	stop(t, cmd, syscall.SIGINT)

	if out, err := local(t, dir, port, "reset").CombinedOutput(); err != nil {
		t.Fatalf("%s, %v", out, err)
	}
	cmd, _ = startRun(t, dir, port)
	if again := read(); again.Families[0].Code == first.Families[0].Code {
		t.Error("a reset kept the codes")
	}
	stop(t, cmd, syscall.SIGTERM)
}

func TestAnEmulatorThatDiesIsNamedAndEndsThePlatform(t *testing.T) {
	t.Parallel()
	cmd := local(t, repository(t), freePorts(t))
	complaint := &bytes.Buffer{}
	cmd.Stderr = complaint
	awaitReady(t, cmd)
	children := descendants(t, cmd.Process.Pid)
	for _, pid := range children {
		if args, _ := exec.Command("ps", "-o", "args=", "-p", strconv.Itoa(pid)).Output(); strings.Contains(string(args), "aws-ses-v2-local") {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(complaint.String(), "ses ended by itself (signal: killed)") ||
		!strings.Contains(complaint.String(), "ses.log") {
		t.Errorf("it ended with %v and said %s", err, complaint)
	}
	waitGone(t, children)
}

func TestACtrlCDuringTheStartIsNoError(t *testing.T) {
	t.Parallel()
	cmd := local(t, repository(t), freePorts(t))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	if lines := bufio.NewScanner(out); !lines.Scan() || lines.Text() != "Starting Préau…" {
		t.Errorf("its first line is %q", lines.Text())
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestAPortInUseSaysWhatToDo(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	out, err := local(t, repository(t), l.Addr().(*net.TCPAddr).Port).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "in use") || !strings.Contains(string(out), "PORT=") {
		t.Errorf("got %s, %v", out, err)
	}
}

func TestAFunctionThatDoesNotCompileSaysWhere(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	folder := filepath.Join(dir, "functions", "broken")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "main.go"), []byte("package main\n\nfunc main() { missing() }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"run"}, {"test", "."}} {
		out, err := local(t, dir, freePorts(t), args...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "undefined: missing") {
			t.Errorf("%v: got %s, %v", args, out, err)
		}
	}
}

func TestThePortalPortIsANumber(t *testing.T) {
	for text, want := range map[string]int{"": 8080, "9000": 9000, "x": 0, "0": 0, "1023": 0, "1024": 1024, "65534": 65534, "65535": 0} {
		t.Setenv("PORT", text)
		if got, err := portalPort(); got != want || (err == nil) != (want != 0) {
			t.Errorf("PORT=%q: %d, %v", text, got, err)
		}
	}
}

func TestTestsKnowThePlatformAndEndWithTheirOwnExitCode(t *testing.T) {
	t.Parallel()
	dir := repository(t)
	source := `package x
import ("os"; "testing")
func TestX(t *testing.T) {
	if body, err := os.ReadFile(os.Getenv("PREAU_TEST_STACK")); err != nil || len(body) == 0 { t.Fatal("no platform", err) }
	t.Fatal("as asked")
}
`
	if err := os.WriteFile(filepath.Join(dir, "x_test.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	failing := local(t, dir, 0, "test", ".")
	out, err := failing.Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.HasSuffix(string(out), "FAIL\n") || !strings.Contains(string(out), "as asked") {
		t.Errorf("a failing test: %s, %v", out, err)
	}
}

func TestAHalfMadeTownIsForgottenAndAWholeOneKept(t *testing.T) {
	for says, c := range map[string]struct {
		demo string
		kept bool
	}{
		"no town yet":    {"", false},
		"a town cut off": {`{"families": null}`, false},
		"a whole town":   {`{"families": [{"label": "Famille Morel", "code": "36BB-RHQJ-59HS"}]}`, true},
	} {
		t.Run(says, func(t *testing.T) {
			s := state{root: t.TempDir()}
			s.dir = filepath.Join(s.root, ".local", "state")
			table := filepath.Join(s.dir, "table.db")
			if err := errors.Join(os.MkdirAll(s.dir, 0o700), os.WriteFile(table, []byte("items"), 0o600)); err != nil {
				t.Fatal(err)
			}
			if c.demo != "" {
				if err := os.WriteFile(demoFile(s.root), []byte(c.demo), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.discardHalfMade(); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(table); (err == nil) != c.kept {
				t.Errorf("the table: %v", err)
			}
		})
	}
}
