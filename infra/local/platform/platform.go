// Package platform runs the whole of Préau on one laptop: the emulated AWS services, every function as its own
// program, the gateway in front, and what starts functions besides requests: the table's stream, schedules and mail
// events. `make run` and the tests of journeys start it.
package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
	"preau/infra/local/gateway"
	"preau/infra/local/lambda"
)

// Options of a platform. The zero value is one for tests: in memory, on free ports.
type Options struct {
	Root        string // of the repository; empty: found above the working directory
	Dir         string // where state is kept; empty: nothing outlives the platform
	Logs        string // folder of all logs; empty: with the state
	Port        int    // of site and API; 0: any
	MailboxPort int    // of the mailbox page; 0: any

	Functions []catalog.Function // nil: the catalog's
	Programs  string             // folder of their programs; empty: they are built from the source

	Progress io.Writer         // told what takes long; nil: nobody
	Report   func(line string) // told what goes wrong, from many goroutines; nil: nobody
}

// A Platform is running.
type Platform struct {
	Resources emulators.Resources
	Fresh     bool     // the table was made just now
	Missing   []string // functions of the catalog that have no program yet
	Logs      string
	Stack     *emulators.Stack
	Functions *lambda.Host

	options    Options
	listener   net.Listener
	server     *http.Server
	life       context.Context
	stop       context.CancelFunc
	background sync.WaitGroup
}

// Start starts everything and returns when it is ready.
func Start(ctx context.Context, o Options) (*Platform, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	p := &Platform{options: o}
	p.life, p.stop = context.WithCancel(context.WithoutCancel(ctx))
	if err := p.start(ctx); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

func (o *Options) complete() (err error) {
	if o.Root == "" {
		if o.Root, err = emulators.Root(); err != nil {
			return err
		}
	}
	if o.Functions == nil {
		o.Functions = catalog.Functions
	}
	if o.Report == nil {
		o.Report = func(string) {}
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	return nil
}

func (p *Platform) start(ctx context.Context) (err error) {
	// The port first: whoever has two platforms running should hear of it at once.
	if p.listener, err = listen(p.options.Port); err != nil {
		return err
	}
	programs, err := p.startServices(ctx)
	if err != nil {
		return err
	}
	if err := p.startFunctions(programs); err != nil {
		return err
	}
	if err := p.startGateway(); err != nil {
		return err
	}
	p.startTriggers()
	return nil
}

func listen(port int) (net.Listener, error) {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, fmt.Errorf("port %d is in use: stop the program that holds it, or choose another port with PORT=… (%w)", port, err)
	}
	return l, nil
}

// startServices starts the emulators while the functions are built. If one fails, the other is given up.
func (p *Platform) startServices(ctx context.Context) (programs string, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	built := make(chan struct{})
	go func() {
		defer close(built)
		var failed error
		if programs, failed = p.programs(ctx); failed != nil {
			cancel(failed)
		}
	}()
	if p.Stack, err = p.startStack(ctx); err != nil {
		cancel(err)
	}
	<-built
	if failed := context.Cause(ctx); failed != nil {
		return "", failed
	}
	p.Resources, p.Fresh, p.Logs = p.Stack.Resources, p.Stack.Fresh, p.Stack.Logs
	return programs, nil
}

func (p *Platform) startStack(ctx context.Context) (*emulators.Stack, error) {
	o := p.options
	return emulators.Start(ctx, emulators.Options{
		Modules: filepath.Join(o.Root, "infra", "local", "emulators"), Dir: o.Dir, Logs: o.Logs,
		Portal:      fmt.Sprintf("http://localhost:%d", p.listener.Addr().(*net.TCPAddr).Port),
		MailboxPort: o.MailboxPort, Functions: o.Functions, Progress: o.Progress, Report: o.Report,
	})
}

// programs builds the functions, unless they are given.
func (p *Platform) programs(ctx context.Context) (string, error) {
	if p.options.Programs != "" {
		return p.options.Programs, nil
	}
	dir := filepath.Join(p.options.Root, ".local", "functions")
	long := time.AfterFunc(time.Second, func() {
		_, _ = fmt.Fprintln(p.options.Progress, "Building the functions (the first time takes a minute or two)…")
	})
	defer long.Stop()
	return dir, lambda.Build(ctx, p.options.Root, dir)
}

func (p *Platform) startFunctions(programs string) (err error) {
	p.Functions, err = lambda.NewHost(lambda.Options{Logs: p.Logs, Report: p.options.Report})
	if err != nil {
		return err
	}
	values := p.Resources.Variables()
	for _, f := range p.options.Functions {
		program := filepath.Join(programs, f.Name)
		if !p.exists(f.Name, program) {
			p.Missing = append(p.Missing, f.Name)
			continue
		}
		env := p.Resources.AWS(emulators.AccessKey(f.Name))
		for _, name := range f.Environment() {
			env[name] = values[name]
		}
		if err := p.Functions.Add(lambda.Function{Function: f, Program: program, Env: env}); err != nil {
			return err
		}
	}
	return nil
}

// exists says whether a function has a program, and still has a source where it was built from one.
func (p *Platform) exists(name, program string) bool {
	if p.options.Programs == "" {
		if _, err := os.Stat(filepath.Join(p.options.Root, "functions", name)); err != nil {
			return false
		}
	}
	_, err := os.Stat(program)
	return err == nil
}

func (p *Platform) startGateway() error {
	r := p.Resources
	authorizer, err := gateway.NewAuthorizer(p.life, r.Cognito+"/"+r.Pool+"/.well-known/jwks.json", r.Issuer, r.CitizenClient, r.AgentClient)
	if err != nil {
		return err
	}
	p.server = &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: &gateway.Gateway{
		Invoke: p.Functions.Invoke, Authorizer: authorizer, Report: p.options.Report,
		Site: filepath.Join(p.options.Root, "web", "dist"), Files: r.S3, Local: p.endpoints(),
	}}
	go func() { _ = p.server.Serve(p.listener) }()
	return nil
}

// URL is the origin of site and API on 127.0.0.1.
func (p *Platform) URL() string { return "http://" + p.listener.Addr().String() }

// Close stops everything, callers first. No process is left when it returns.
func (p *Platform) Close() {
	p.stop()
	if p.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		_ = errors.Join(p.server.Shutdown(ctx), p.server.Close())
	} else if p.listener != nil {
		_ = p.listener.Close()
	}
	p.background.Wait()
	if p.Functions != nil {
		p.Functions.Close()
	}
	if p.Stack != nil {
		p.Stack.Close()
	}
}
