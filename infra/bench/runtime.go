package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// A program is what Lambda would call a bootstrap, with its environment.
type program struct {
	name, path string
	env        map[string]string
}

// runtime serves the Lambda Runtime API to processes that are measured. Unlike the local platform's (infra/local/lambda)
// it holds a process at its answer, so that what it used up to there can be read.
type runtime struct {
	ctx      context.Context
	logs     string // folder
	listener net.Listener
	server   *http.Server

	mu      sync.Mutex
	workers map[string]*worker // by the first element of their paths
}

func openRuntime(ctx context.Context, logs string) *runtime {
	r := &runtime{ctx: ctx, logs: logs, listener: must(net.Listen("tcp", "127.0.0.1:0")), workers: map[string]*worker{}}
	const at = "/{worker}/2018-06-01/runtime/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+at+"invocation/next", r.of((*worker).serveNext))
	mux.HandleFunc("POST "+at+"invocation/{id}/response", r.of((*worker).serveAnswer))
	mux.HandleFunc("POST "+at+"invocation/{id}/error", r.of((*worker).serveAnswer))
	mux.HandleFunc("POST "+at+"init/error", r.of((*worker).serveAnswer))
	r.server = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = r.server.Serve(r.listener) }()
	return r
}

func (r *runtime) of(serve func(*worker, http.ResponseWriter, *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		r.mu.Lock()
		p := r.workers[q.PathValue("worker")]
		r.mu.Unlock()
		serve(p, w, q)
	}
}

func (r *runtime) close() { _ = r.server.Close() }

// A worker is a running process of a program.
type worker struct {
	program
	cmd     *exec.Cmd
	log     string // file of what it prints
	started time.Time
	exited  chan struct{}
	ready   chan struct{} // closed when it first asks for an event
	asked   sync.Once
	events  chan []byte
	answers chan answer
	release chan struct{} // lets the process go on after an answer
	life    time.Duration // of an invocation; 30 s unless said
	held    bool          // it waits at its answer
}

// An answer is what a process said, and when.
type answer struct {
	body   []byte
	at     time.Time
	failed bool // it is an error
}

// start runs a program. Its events may be handed to it before it asks.
func (r *runtime) start(p program) *worker {
	w := &worker{program: p, exited: make(chan struct{}), ready: make(chan struct{}), events: make(chan []byte, 1), answers: make(chan answer), release: make(chan struct{})}
	r.mu.Lock()
	id := p.name + "-" + strconv.Itoa(len(r.workers))
	r.workers[id] = w
	r.mu.Unlock()
	w.log = filepath.Join(r.logs, id+".log")
	w.cmd = exec.CommandContext(r.ctx, p.path)
	w.cmd.Dir, w.cmd.Env = filepath.Dir(p.path), p.environment(r.listener.Addr().String()+"/"+id)
	log := must(os.Create(w.log))
	defer func() { _ = log.Close() }() // the process has its own
	w.cmd.Stdout, w.cmd.Stderr = log, log
	w.started = time.Now()
	check(w.cmd.Start())
	go func() {
		_ = w.cmd.Wait()
		close(w.exited)
	}()
	return w
}

// environment is what Lambda gives a function, and nothing of this machine's own.
func (p program) environment(api string) []string {
	env := []string{
		"AWS_LAMBDA_RUNTIME_API=" + api, "AWS_LAMBDA_FUNCTION_NAME=" + p.name, "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512", "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand", "AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/" + p.name,
		"AWS_LAMBDA_LOG_STREAM_NAME=bench", "AWS_EXECUTION_ENV=AWS_Lambda_provided.al2023", "LAMBDA_TASK_ROOT=" + filepath.Dir(p.path),
		"_HANDLER=bootstrap", "LANG=en_US.UTF-8", "TZ=:UTC", "PATH=/usr/local/bin:/usr/bin:/bin",
	}
	for name, value := range p.env {
		env = append(env, name+"="+value)
	}
	return env
}

// call hands the process an event and waits for the answer; the process waits there until the next call.
func (w *worker) call(event []byte) answer {
	if w.held {
		w.release <- struct{}{}
	}
	w.events <- event
	select {
	case a := <-w.answers:
		w.held = true
		if a.failed {
			w.fail("failed: %s", a.body)
		}
		return a
	case <-w.exited:
		w.fail("ended without an answer: %s", w.cmd.ProcessState)
		return answer{}
	}
}

// fail ends the run with what the process printed.
func (w *worker) fail(format string, args ...any) {
	log, _ := os.ReadFile(w.log)
	check(fmt.Errorf("%s %s\n%s", w.name, fmt.Sprintf(format, args...), log))
}

// end kills the process and tells how much CPU it used in its life, to the microsecond.
func (w *worker) end() time.Duration {
	_ = w.cmd.Process.Kill()
	<-w.exited
	return w.cmd.ProcessState.UserTime() + w.cmd.ProcessState.SystemTime()
}

func (w *worker) serveNext(out http.ResponseWriter, r *http.Request) {
	w.asked.Do(func() { close(w.ready) })
	select {
	case <-r.Context().Done(): // the process is gone
	case event := <-w.events:
		h := out.Header()
		h.Set("Lambda-Runtime-Aws-Request-Id", "00000000-0000-4000-8000-000000000000")
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(cmp.Or(w.life, 30*time.Second)).UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-3:000000000000:function:"+w.name)
		h.Set("Content-Type", "application/json")
		_, _ = out.Write(event)
	}
}

func (w *worker) serveAnswer(out http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the process is gone
	}
	id := r.PathValue("id")
	failed := id == "" || r.URL.Path[len(r.URL.Path)-len("error"):] == "error"
	select {
	case w.answers <- answer{body, time.Now(), failed}:
	case <-r.Context().Done():
		return
	}
	select {
	case <-w.release:
		out.WriteHeader(http.StatusAccepted)
	case <-r.Context().Done():
	}
}
