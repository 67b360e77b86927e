package lambda

import (
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"preau/infra/local/child"
	"preau/infra/local/logfile"
)

// An instance is one process of a function.
type instance struct {
	id      string
	pool    *pool
	process *child.Process
	work    chan *invocation // the call that the process is to take next
	ready   chan struct{}    // closed when it first asks for work
	once    sync.Once

	idleSince time.Time // guarded by the pool

	mu         sync.Mutex
	call       *invocation // the call that it works on
	initFailed *outcome    // what it said of its own start
}

// initLimit is how long a process may take until it asks for work, as on Lambda.
const initLimit = 10 * time.Second

// runInstance runs one process from its start to its end.
func (p *pool) runInstance() {
	i := &instance{id: rand.Text(), pool: p, work: make(chan *invocation, 1), ready: make(chan struct{})}
	p.host.register(i)
	defer p.host.forget(i)
	if err := i.launch(); err != nil {
		p.started(failed("Runtime.InvalidEntrypoint", err.Error()))
		return
	}
	failure := i.awaitReady()
	p.started(failure)
	if failure != nil {
		i.process.Kill()
		return
	}
	p.offer(i)
	select {
	case <-i.process.Done():
	case <-p.host.life.Done():
		i.process.Kill()
	}
	p.lost(i)
}

// awaitReady waits until the process asks for work and says why it does not.
func (i *instance) awaitReady() *outcome {
	select {
	case <-i.ready:
		return nil
	case <-i.process.Done():
		return i.initFailure()
	case <-i.pool.host.life.Done():
		return failed("Runtime.ExitError", errClosed.Error())
	case <-time.After(initLimit):
		return failed("Sandbox.Timedout", fmt.Sprintf("%s did not ask for work within %s", i.pool.function.Name, initLimit))
	}
}

func (i *instance) initFailure() *outcome {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.initFailed != nil {
		return i.initFailed
	}
	return failed("Runtime.ExitError", "Runtime exited during init: "+i.process.Ending())
}

func (i *instance) launch() error {
	log, err := logfile.Open(i.pool.host.log(i.pool.function.Name))
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // the child has its own
	cmd := exec.Command(i.pool.function.Program)
	cmd.Dir = filepath.Dir(i.pool.function.Program)
	cmd.Env, cmd.Stdout, cmd.Stderr = i.environment(), log, log
	i.process, err = child.Start(cmd)
	return err
}

// environment is what Lambda gives a function, and nothing of the laptop's own.
func (i *instance) environment() []string {
	f := i.pool.function
	env := []string{
		"AWS_LAMBDA_RUNTIME_API=" + i.pool.host.listener.Addr().String() + "/" + i.id,
		"AWS_LAMBDA_FUNCTION_NAME=" + f.Name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=" + strconv.Itoa(f.Memory),
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/" + f.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME=" + i.id,
		"AWS_EXECUTION_ENV=AWS_Lambda_provided.al2023",
		"LAMBDA_TASK_ROOT=" + filepath.Dir(f.Program),
		"_HANDLER=bootstrap",
		"LANG=en_US.UTF-8",
		"TZ=:UTC",
		"PATH=/usr/local/bin:/usr/bin:/bin",
		// Lambda ends a function that goes over its memory; a soft limit shows the same strain here.
		"GOMEMLIMIT=" + strconv.Itoa(f.Memory) + "MiB",
	}
	if dir := os.Getenv("GOCOVERDIR"); dir != "" {
		env = append(env, "GOCOVERDIR="+dir)
	}
	for name, value := range f.Env {
		env = append(env, name+"="+value)
	}
	return env
}

func (i *instance) gone() bool {
	select {
	case <-i.process.Done():
		return true
	default:
		return false
	}
}

// asks is called when the process asks for work: it is up, and whatever it did before is over.
func (i *instance) asks() {
	first := false
	i.once.Do(func() { first = true; close(i.ready) })
	if !first {
		i.pool.offer(i)
	}
}

// run has the process work on a call and sees to it that the call is answered: by the process, by its death or by
// the function's timeout, which kills it.
func (i *instance) run(call *invocation) {
	f := i.pool.function
	call.deadline = time.Now().Add(f.Timeout)
	i.mu.Lock()
	i.call = call
	i.mu.Unlock()
	i.work <- call
	select {
	case out := <-call.result:
		i.answer(call, out)
	case <-i.process.Done():
		select {
		case out := <-call.result: // it answered before it died
			i.answer(call, out)
		default:
			i.answer(call, *failed("Runtime.ExitError", "RequestId: "+call.id+" Error: Runtime exited with error: "+i.process.Ending()))
		}
	case <-time.After(f.Timeout):
		i.process.Kill()
		i.answer(call, *failed("Sandbox.Timedout", fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", call.id, f.Timeout.Seconds())))
	}
}

func (i *instance) answer(call *invocation, out outcome) {
	if out.kind != "" {
		i.pool.host.reportFailure(i.pool.function.Name, out)
	}
	call.answered <- out
}

// takes gives the current call if it has that id and has no result yet.
func (i *instance) takes(id string) *invocation {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.call == nil || i.call.id != id {
		return nil
	}
	call := i.call
	i.call = nil
	return call
}
