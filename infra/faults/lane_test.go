package faults_test

import (
	"context"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"preau/infra/catalog"
	"preau/infra/faults"
	"preau/infra/local/emulators"
	"preau/infra/local/lambda"
	"preau/infra/testkit"
)

// A lane is a table and the processes that work on it, one of each function. Nothing else touches the table, so time can pass
// in it while no process is at work. Functions act there as the platform: the catalog's rights are for the stack's table, on
// which other tests hold them to those.
type lane struct {
	programs  string
	logs      string
	table     map[string]string // the environment that names it
	processes map[string]*process
}

// A process is a function's, warm from call to call until it is killed. It is alone on its host and its proxy: the host's end
// is its SIGKILL, and what it has under way goes through no other.
type process struct {
	host  *lambda.Host
	proxy *faults.Proxy
}

func (l *lab) newLane() *lane {
	l.t.Helper()
	a := &lane{programs: l.programs, logs: l.t.TempDir(), table: testkit.OwnTable(l.t), processes: map[string]*process{}}
	l.t.Cleanup(func() {
		for _, p := range a.processes {
			p.host.Close()
			p.proxy.Close()
		}
	})
	return a
}

func (a *lane) process(t testing.TB, function string) *process {
	t.Helper()
	if p, ok := a.processes[function]; ok {
		return p
	}
	proxy, err := faults.New(testkit.Stack(t).DynamoDB, faults.Plan{})
	must(t, err)
	host, err := lambda.NewHost(lambda.Options{Logs: a.logs, Concurrent: 1})
	must(t, err)
	must(t, host.Add(a.function(t, function, proxy.URL)))
	a.processes[function] = &process{host, proxy}
	return a.processes[function]
}

// function is the catalog's as it finds its environment on Lambda, with this lane's table at an address.
func (a *lane) function(t testing.TB, name, address string) lambda.Function {
	t.Helper()
	f, r := catalogued(t, name), testkit.Stack(t)
	env, values := r.AWS(emulators.PlatformKey), r.Variables()
	env["AWS_ENDPOINT_URL_DYNAMODB"] = address
	maps.Copy(values, a.table)
	for _, variable := range f.Environment() {
		env[variable] = values[variable]
	}
	return lambda.Function{Function: f, Program: filepath.Join(a.programs, name), Env: env}
}

func catalogued(t testing.TB, name string) catalog.Function {
	t.Helper()
	n := slices.IndexFunc(catalog.Functions, func(f catalog.Function) bool { return f.Name == name })
	if n < 0 {
		t.Fatalf("the catalog has no function %s", name)
	}
	return catalog.Functions[n]
}

// written counts the writes of a function's process so far.
func (a *lane) written(function string) int {
	p, ok := a.processes[function]
	if !ok {
		return 0
	}
	return p.proxy.Tally().Written()
}

// call invokes a function, which must do what it is asked, and answers what it says: the body where that is HTTP.
func (a *lane) call(t testing.TB, function string, payload []byte) []byte {
	t.Helper()
	out, failed, err := a.process(t, function).host.Invoke(context.Background(), function, payload)
	if err != nil || failed != "" {
		t.Fatalf("%s: %v %s %s", function, err, failed, out)
	}
	if !catalogued(t, function).HTTP() {
		return out
	}
	var answer events.APIGatewayV2HTTPResponse
	must(t, json.Unmarshal(out, &answer))
	if answer.StatusCode >= 300 {
		t.Fatalf("%s answered %d %s", function, answer.StatusCode, answer.Body)
	}
	return []byte(answer.Body)
}

// kill invokes a function and ends its process at its nth write. One that answers, because it writes less, lives on.
func (a *lane) kill(t testing.TB, function string, payload []byte, n int, when faults.When) (killed bool) {
	t.Helper()
	p := a.process(t, function)
	cancel := p.proxy.At(n, when, func() { killed = true; p.host.Close() })
	out, failed, err := p.host.Invoke(context.Background(), function, payload)
	cancel()
	p.proxy.Close() // the table has all that it will ever have of it, and killed is written
	p.host.Close()
	delete(a.processes, function)
	must(t, err)
	if answered := failed == ""; answered == killed {
		t.Fatalf("%s, killed %v: %s %s", function, killed, failed, out)
	}
	return killed
}
