package child

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test binary plays the parent that dies: it starts a child, prints its id and is killed.
func TestMain(m *testing.M) {
	if how := os.Getenv("CHILD_TEST_PARENT"); how != "" {
		playParent(how)
		return
	}
	os.Exit(m.Run())
}

func playParent(how string) {
	start := Start
	if how == "watched" {
		start = startForTest
	}
	cmd := exec.Command("sh", "-c", "echo $$; exec sleep 600")
	cmd.Stdout = os.Stdout
	p, err := start(cmd)
	if err != nil {
		panic(err)
	}
	<-p.Done()
}

func startForTest(cmd *exec.Cmd) (*Process, error) {
	cmd.Stdout = os.Stdout
	release, err := startWatched(cmd)
	if err != nil {
		return nil, err
	}
	p := &Process{cmd: cmd, done: make(chan struct{}), release: release}
	go p.wait()
	return p, nil
}

func TestAChildDoesNotOutliveAParentThatIsKilled(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"native", "watched"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			parent, grandchild := startParent(t, how)
			if err := parent.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = parent.Wait()
			waitGone(t, grandchild)
		})
	}
}

func TestStopEndsTheProgramAndSaysHow(t *testing.T) {
	t.Parallel()
	for _, start := range []func(*exec.Cmd) (*Process, error){Start, startForTest} {
		p, err := start(exec.Command("sleep", "600"))
		if err != nil {
			t.Fatal(err)
		}
		p.Stop(5 * time.Second)
		if p.Err() == nil {
			t.Error("a stopped program ended as if it had finished")
		}
		waitGone(t, p.PID())
	}
}

func TestTheExitCodeOfAProgramIsKept(t *testing.T) {
	t.Parallel()
	for _, start := range []func(*exec.Cmd) (*Process, error){Start, startForTest} {
		p, err := start(exec.Command("sh", "-c", "exit 7"))
		if err != nil {
			t.Fatal(err)
		}
		<-p.Done()
		if exit, ok := p.Err().(*exec.ExitError); !ok || exit.ExitCode() != 7 {
			t.Errorf("ended with %v, want exit status 7", p.Err())
		}
	}
}

func startParent(t *testing.T, how string) (*exec.Cmd, int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "CHILD_TEST_PARENT="+how)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	return cmd, pid
}

// waitGone returns when the process is gone; the test's own limit is the only clock.
func waitGone(t *testing.T, pid int) {
	t.Helper()
	for syscall.Kill(pid, 0) == nil {
		if state, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); strings.Contains(string(state), ") Z ") {
			return
		}
		select {
		case <-t.Context().Done():
			t.Fatalf("process %d is still there", pid)
		case <-time.After(10 * time.Millisecond):
		}
	}
}
