package main

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"time"

	"preau/infra/catalog"
	"preau/infra/faults"
	"preau/infra/local/emulators"
	"preau/infra/local/lambda"
	"preau/infra/seed"
)

// A lab is all that measurements need: the services, the wire to the table, the programs and a town.
type lab struct {
	ctx       context.Context
	root, dir string
	stack     *emulators.Stack
	wire      *wire
	runtime   *runtime
	town      *town
	real      *town              // with notice rules and a calendar; see ruled
	measured  []program          // empty, show-planning and request-booking, with TLS to the table
	workers   map[string]*worker // of functions that prepare what another is measured on
}

// open builds the programs, starts the services and makes a town.
func (l *lab) open() {
	say("Building…")
	ca := must(faults.NewAuthority())
	check(lambda.Build(l.ctx, l.root, l.functions()))
	l.buildMeasured(ca)
	say("Starting the emulators…")
	l.stack = must(emulators.Start(l.ctx, emulators.Options{
		Modules: filepath.Join(l.root, "infra", "local", "emulators"), Portal: "https://portail.example", Progress: os.Stderr,
	}))
	l.wire = openWire(l.stack.Resources, ca.Server())
	l.runtime = openRuntime(l.ctx, l.dir)
	l.measured = []program{
		{"empty", l.built("empty"), nil},
		l.program("show-planning", l.built("show-planning"), l.wire.secure),
		l.program("request-booking", l.built("request-booking"), l.wire.secure),
	}
	l.settle()
}

// settle founds the town. Seeding reads the environment, as a function does, and acts as the platform.
func (l *lab) settle() {
	r := l.stack.Resources
	variables := r.Variables()
	maps.Copy(variables, r.AWS(emulators.PlatformKey))
	for name, value := range variables {
		check(os.Setenv(name, value))
	}
	check(os.Unsetenv("AWS_CA_BUNDLE"))
	l.town = newTown(l, must(seed.Open(l.ctx, time.Now().UTC().Truncate(time.Millisecond))), "banc-d-essai", "Banc d’essai")
}

// ruled is the town as real ones are, made when it is first asked for.
func (l *lab) ruled() *town {
	if l.real == nil {
		l.real = l.found("banc-reel", "Banc réel")
	}
	return l.real
}

// functions is where every function's program is built; the local platform keeps them there too.
func (l *lab) functions() string { return filepath.Join(l.root, ".local", "functions") }

func (l *lab) built(name string) string { return filepath.Join(l.dir, name) }

// program is a function of the catalog as it finds its environment on Lambda, with the table at an address.
func (l *lab) program(name, path, table string) program {
	r := l.stack.Resources
	env := r.AWS(emulators.AccessKey(name))
	env["AWS_ENDPOINT_URL_DYNAMODB"] = table
	values := r.Variables()
	for _, f := range catalog.Functions {
		if f.Name == name {
			for _, variable := range f.Environment() {
				env[variable] = values[variable]
			}
		}
	}
	return program{name, path, env}
}

// worker is a process of a function that stays, to prepare or count a use case.
func (l *lab) worker(function string) *worker {
	w, ok := l.workers[function]
	if !ok {
		w = l.runtime.start(l.program(function, filepath.Join(l.functions(), function), l.wire.plain))
		l.workers[function] = w
	}
	return w
}

// close ends everything that was started.
func (l *lab) close() {
	for _, w := range l.workers {
		w.end()
	}
	if l.runtime != nil {
		l.runtime.close()
	}
	if l.wire != nil {
		l.wire.close()
	}
	if l.stack != nil {
		l.stack.Close()
	}
}
