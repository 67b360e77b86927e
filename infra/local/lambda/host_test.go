package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"preau/infra/catalog"
)

// probe is the compiled test function.
var probe = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "probe-")
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", dir, "./testdata/probe")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return filepath.Join(dir, "probe"), nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if program, err := probe(); err == nil {
		_ = os.RemoveAll(filepath.Dir(program))
	}
	os.Exit(code)
}

// A bench is a host with the probe under several names.
type bench struct {
	*Host
	t       *testing.T
	logs    string
	mu      sync.Mutex
	reports []string
}

func newBench(t *testing.T, concurrent int, functions ...Function) *bench {
	t.Helper()
	program, err := probe()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, logs: t.TempDir()}
	b.Host, err = NewHost(Options{Logs: b.logs, Concurrent: concurrent, Report: b.report})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	if functions == nil {
		functions = []Function{{}}
	}
	for _, f := range functions {
		f.Function = catalog.Function{Name: orElse(f.Name, "probe"), Memory: orElse(f.Memory, 256), Timeout: orElse(f.Timeout, 30*time.Second)}
		f.Program = orElse(f.Program, program)
		if err := b.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func orElse[T comparable](value, otherwise T) T {
	var none T
	if value == none {
		return otherwise
	}
	return value
}

func (b *bench) report(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reports = append(b.reports, line)
}

// do invokes the probe and decodes its answer into out.
func (b *bench) do(order map[string]any, out any) (functionError string) {
	b.t.Helper()
	payload, err := json.Marshal(order)
	if err != nil {
		b.t.Fatal(err)
	}
	body, functionError, err := b.Invoke(b.t.Context(), "probe", payload)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := json.Unmarshal(body, out); err != nil {
		b.t.Fatalf("decode %s: %v", body, err)
	}
	return functionError
}

type failure struct{ ErrorType, ErrorMessage string }

type order = map[string]any

func TestAnAnswerComesBackAsItWasGiven(t *testing.T) {
	t.Parallel()
	var got string
	if kind := newBench(t, 1).do(order{"do": "echo", "text": "Élise <à> l'école"}, &got); kind != "" || got != "Élise <à> l'école" {
		t.Errorf("got %q %q", kind, got)
	}
}

func TestAProcessIsUsedAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1) // with more, a call that comes before the process asks again has another one started
	var first, second struct{ PID, Calls int }
	b.do(order{"do": "who"}, &first)
	b.do(order{"do": "who"}, &second)
	if first.PID != second.PID || second.Calls != 2 {
		t.Errorf("got %+v, then %+v", first, second)
	}
}

func TestConcurrentCallsHaveAProcessEachUpToTheLimitAndOthersQueue(t *testing.T) {
	t.Parallel()
	const limit, calls = 3, 8
	b := newBench(t, limit)
	gate := filepath.Join(t.TempDir(), "open")
	pids := make([]int, calls)
	var all sync.WaitGroup
	for i := range pids {
		all.Go(func() { b.do(order{"do": "wait", "text": gate}, &pids[i]) })
	}
	b.until(func(p *pool) bool { return p.running == limit && len(p.waiting) == calls-limit })
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	slices.Sort(pids)
	if used := len(slices.Compact(pids)); used > limit || pids[0] == 0 {
		t.Errorf("%d processes served %d calls: %v", used, calls, pids)
	}
}

// until waits for a state of the probe's pool.
func (b *bench) until(reached func(*pool) bool) {
	b.t.Helper()
	p := b.pool("probe")
	for {
		p.mu.Lock()
		done := reached(p)
		p.mu.Unlock()
		if done {
			return
		}
		select {
		case <-b.t.Context().Done():
			b.t.Fatal("never")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestAFailureIsToldWithItsReasonAndTheNextCallIsServed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		order order
		kind  string
		text  string
	}{
		{"an error is told", order{"do": "error", "text": "no table"}, "errorString", "no table"},
		{"a panic is told", order{"do": "panic", "text": "index out of range"}, "string", "index out of range"},
		{"an exit is told", order{"do": "exit"}, "Runtime.ExitError", "exit status 3"},
		{"an answer over Lambda's limit is told", order{"do": "big", "bytes": 7 << 20}, "Function.ResponseSizeTooLarge", "exceeded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, 1)
			var got failure
			if kind := b.do(c.order, &got); kind != "Unhandled" || got.ErrorType != c.kind || !strings.Contains(got.ErrorMessage, c.text) {
				t.Errorf("got %q %+v", kind, got)
			}
			var next string
			if kind := b.do(order{"do": "echo", "text": "again"}, &next); kind != "" || next != "again" {
				t.Errorf("the next call got %q %q", kind, next)
			}
			if len(b.reports) != 1 || !strings.Contains(b.reports[0], "probe failed: "+c.kind) || strings.Contains(b.reports[0], "\n") {
				t.Errorf("reported %q", b.reports)
			}
		})
	}
}

func TestAnAnswerOfFiveMegabytesPasses(t *testing.T) {
	t.Parallel()
	var got string
	if kind := newBench(t, 1).do(order{"do": "big", "bytes": 5 << 20}, &got); kind != "" || len(got) != 5<<20 {
		t.Errorf("got %q and %d bytes", kind, len(got))
	}
}

func TestAFunctionThatTakesTooLongIsEndedAndStartedAnew(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1, Function{Function: catalog.Function{Timeout: time.Second}})
	var who struct{ PID int }
	b.do(order{"do": "who"}, &who)
	var got failure
	if kind := b.do(order{"do": "sleep", "millis": 60000}, &got); kind != "Unhandled" || !strings.Contains(got.ErrorMessage, "timed out after 1.00 seconds") {
		t.Errorf("got %q %+v", kind, got)
	}
	if err := syscall.Kill(who.PID, 0); err == nil {
		t.Error("the process lives on")
	}
	var text string
	if kind := b.do(order{"do": "echo", "text": "again"}, &text); kind != "" || text != "again" {
		t.Errorf("the next call got %q %q", kind, text)
	}
}

func TestAFunctionThatDoesNotStartFailsItsCallsWithItsReason(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		broken  Function
		message string
	}{
		{"it exits", Function{Env: map[string]string{"PROBE_INIT": "exit"}}, "exit status 4"},
		{"it panics", Function{Env: map[string]string{"PROBE_INIT": "panic"}}, "exit status 2"},
		{"it is not there", Function{Program: "/nowhere/probe"}, "no such file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, 2, c.broken)
			for range 3 {
				var got failure
				if kind := b.do(order{"do": "echo"}, &got); kind != "Unhandled" || !strings.Contains(got.ErrorMessage, c.message) {
					t.Errorf("got %q %+v", kind, got)
				}
			}
		})
	}
}

func TestAFunctionSeesLambdasEnvironmentAndNothingOfTheLaptop(t *testing.T) {
	t.Setenv("AWS_PROFILE", "mine")
	t.Setenv("AWS_CA_BUNDLE", "/etc/mine.pem")
	t.Setenv("SECRET_OF_MINE", "x")
	b := newBench(t, 1, Function{Env: map[string]string{"PREAU_TABLE": "t"}})
	var env []string
	b.do(order{"do": "env"}, &env)
	for _, want := range []string{
		"AWS_LAMBDA_FUNCTION_NAME=probe", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256", "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"TZ=:UTC", "PREAU_TABLE=t", "GOMEMLIMIT=256MiB",
	} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is missing in %q", want, env)
		}
	}
	for _, v := range env {
		if strings.Contains(v, "mine") || strings.HasPrefix(v, "SECRET") || strings.HasPrefix(v, "HOME") {
			t.Errorf("the function sees %s", v)
		}
	}
}

func TestAFunctionKnowsItsDeadlineAndRequest(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1, Function{Function: catalog.Function{Timeout: time.Hour}})
	var got struct {
		Left         int64
		Request, ARN string
	}
	b.do(order{"do": "context"}, &got)
	if got.Left < 3_500_000 || got.Left > 3_600_000 || len(got.Request) != 36 || got.ARN != "arn:aws:lambda:eu-west-3:000000000000:function:probe" {
		t.Errorf("got %+v", got)
	}
}

func TestACallerWhoLeavesDoesNotStopTheFunction(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	gate := filepath.Join(t.TempDir(), "open")
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, _, err := b.Invoke(ctx, "probe", []byte(`{"do":"wait","text":"`+gate+`"}`))
		left <- err
	}()
	b.until(func(p *pool) bool { return p.running == 1 && p.starting == 0 && len(p.waiting) == 0 })
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var who struct{ PID, Calls int }
	b.do(order{"do": "who"}, &who)
	if who.Calls != 2 {
		t.Errorf("the same process should have finished the first call, it served %d", who.Calls)
	}
}

func TestACallerWhoLeavesTheQueueIsNotServed(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	gate := filepath.Join(t.TempDir(), "open")
	var pid int
	var first sync.WaitGroup
	first.Go(func() { b.do(order{"do": "wait", "text": gate}, &pid) })
	b.until(func(p *pool) bool { return p.running == 1 && p.starting == 0 && len(p.waiting) == 0 })
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, _, err := b.Invoke(ctx, "probe", []byte(`{"do":"who"}`)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	first.Wait()
	var who struct{ Calls int }
	b.do(order{"do": "who"}, &who)
	if who.Calls != 2 {
		t.Errorf("%d calls were served, want 2", who.Calls)
	}
}

func TestIdleProcessesAreRetired(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	var who struct{ PID int }
	b.do(order{"do": "who"}, &who)
	b.until(func(p *pool) bool { return len(p.idle) == 1 })
	b.pool("probe").retire(time.Now().Add(-time.Hour))
	b.until(func(p *pool) bool { return p.running == 1 })
	b.pool("probe").retire(time.Now().Add(time.Hour))
	b.until(func(p *pool) bool { return p.running == 0 })
	if syscall.Kill(who.PID, 0) == nil {
		t.Error("the process lives on")
	}
}

func TestWhatAFunctionPrintsIsInItsLog(t *testing.T) {
	t.Parallel()
	b := newBench(t, 1)
	var none any
	b.do(order{"do": "log", "text": "one line"}, &none)
	log, err := os.ReadFile(filepath.Join(b.logs, "probe.log"))
	if err != nil || string(log) != "one line\n" {
		t.Errorf("got %q, %v", log, err)
	}
}

func TestCloseLeavesNoProcessAndRefusesCalls(t *testing.T) {
	t.Parallel()
	b := newBench(t, 2)
	var who struct{ PID int }
	b.do(order{"do": "who"}, &who)
	b.until(func(p *pool) bool { return len(p.idle) == 1 })
	stuck := make(chan string)
	go func() {
		_, kind, _ := b.Invoke(t.Context(), "probe", []byte(`{"do":"sleep","millis":60000}`))
		stuck <- kind
	}()
	b.until(func(p *pool) bool { return len(p.idle) == 0 })
	b.Close()
	if kind := <-stuck; kind != "Unhandled" {
		t.Errorf("the running call got %q", kind)
	}
	if syscall.Kill(who.PID, 0) == nil {
		t.Error("a process lives on")
	}
	if _, _, err := b.Invoke(t.Context(), "probe", []byte(`{}`)); err == nil {
		t.Error("a call was served after Close")
	}
	if len(b.reports) != 0 {
		t.Errorf("reported %q", b.reports)
	}
}

func TestAnUnknownFunctionIsAnError(t *testing.T) {
	t.Parallel()
	if _, _, err := newBench(t, 1).Invoke(t.Context(), "nobody", nil); !errors.Is(err, ErrUnknown) {
		t.Errorf("got %v", err)
	}
}
