package emulators

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"preau/infra/catalog"
	"preau/infra/local/awsjson"
)

// A Guard stands in front of DynamoDB Local. It refuses what the catalog does not grant the calling function and
// shows every call to observers.
type Guard struct {
	callers callers
	next    string

	mu        sync.RWMutex
	observers []*func(Call)
	faults    []*func(Call) *awsjson.Error
}

// A Call is one round trip of a function to the table. Bodies are as they travelled; treat them as read-only.
type Call struct {
	Function  string // empty: the platform or a test
	Operation string // as in PutItem, TransactWriteItems
	Request   []byte
	Response  []byte // empty when the call was refused here
	Status    int
}

// Observe has f see every call that was answered, from many goroutines at once, until stop is called.
func (g *Guard) Observe(f func(Call)) (stop func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.observers = append(g.observers, &f)
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.observers = slices.DeleteFunc(slices.Clone(g.observers), func(o *func(Call)) bool { return o == &f })
	}
}

// Inject has f answer a call instead of the table whenever it returns an error: a throttle or a conflict, which the
// emulator never shows by itself. It lasts until stop is called.
func (g *Guard) Inject(f func(Call) *awsjson.Error) (stop func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults = append(g.faults, &f)
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.faults = slices.DeleteFunc(slices.Clone(g.faults), func(o *func(Call) *awsjson.Error) bool { return o == &f })
	}
}

// ServeHTTP answers as DynamoDB.
func (g *Guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller is gone
	}
	who, refused := g.callers.of(r)
	if refused == nil {
		refused = who.mayUseTable(awsjson.Operation(r), body)
	}
	call := Call{Function: who.function.Name, Operation: awsjson.Operation(r), Request: body, Status: http.StatusBadRequest}
	if refused == nil {
		refused = g.fault(call)
	}
	if refused != nil {
		awsjson.Refuse(w, r, refused)
		g.show(call)
		return
	}
	g.pass(w, r, call)
}

// pass hands the call to the table and its answer back, untouched.
func (g *Guard) pass(w http.ResponseWriter, r *http.Request, call Call) {
	out, err := http.NewRequestWithContext(r.Context(), r.Method, g.next+r.URL.Path, bytes.NewReader(call.Request))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	out.Header = r.Header
	res, err := transport.RoundTrip(out)
	if err != nil {
		http.Error(w, "DynamoDB Local does not answer: "+err.Error(), http.StatusServiceUnavailable)
		return
	}
	defer func() { _ = res.Body.Close() }()
	call.Status = res.StatusCode
	if call.Response, err = io.ReadAll(res.Body); err != nil {
		http.Error(w, "DynamoDB Local broke off: "+err.Error(), http.StatusServiceUnavailable)
		return
	}
	g.show(call) // before the caller hears of it, so that a count is complete once an answer is there
	for name, values := range res.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(res.StatusCode)
	_, _ = w.Write(call.Response)
}

func (g *Guard) show(call Call) {
	g.mu.RLock()
	observers := g.observers
	g.mu.RUnlock()
	for _, f := range observers {
		(*f)(call)
	}
}

func (g *Guard) fault(call Call) *awsjson.Error {
	g.mu.RLock()
	faults := g.faults
	g.mu.RUnlock()
	for _, f := range faults {
		if e := (*f)(call); e != nil {
			return e
		}
	}
	return nil
}

// A need is one permission that a request takes.
type need struct {
	operation catalog.Operation
	table     string
	index     string
	partition string // of the item that is changed or deleted
}

// mayUseTable refuses a request if any of its needs is not granted.
func (c caller) mayUseTable(operation string, body []byte) *awsjson.Error {
	if c.platform {
		return nil
	}
	needs, err := needsOf(operation, body)
	if err != nil {
		return &awsjson.Error{Type: "SerializationException", Message: err.Error()}
	}
	for _, n := range needs {
		if !grants(c.function, n) {
			return c.denied("dynamodb:"+string(n.operation), n.arn())
		}
	}
	return nil
}

func grants(f catalog.Function, n need) bool {
	switch n.table {
	case tableName:
		return slices.Contains(f.Table, n.operation) && (n.index == "" || f.Index) && !n.rewrites()
	case keyringName:
		return f.Seals && slices.Contains(catalog.KeyringOperations, n.operation) && n.index == ""
	}
	return false
}

// rewrites says whether an item is touched that nobody changes or deletes once it is written.
func (n need) rewrites() bool {
	return slices.Contains(catalog.Rewriting, n.operation) && appendOnly.MatchString(n.partition)
}

// appendOnly is IAM's pattern as Go's expressions are written.
var appendOnly = regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(catalog.AppendOnly), `\*`, ".*") + "$")

func (n need) arn() string {
	arn := fmt.Sprintf("arn:aws:dynamodb:%s:%s:table/%s", Region, Account, n.table)
	if n.index != "" {
		arn += "/index/" + n.index
	}
	return arn
}

type tableRequest struct {
	itemRequest
	IndexName     string
	RequestItems  map[string]json.RawMessage
	TransactItems []map[string]itemRequest
}

// itemRequest names a table and, of an item that is changed or deleted, its key.
type itemRequest struct {
	TableName string
	Key       struct{ PK struct{ S string } }
}

// needsOf lists what a request needs. Each item of a transaction needs the operation of its kind; a batch needs
// the batch operation on each table.
func needsOf(operation string, body []byte) ([]need, error) {
	var in tableRequest
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	var needs []need
	for table := range in.RequestItems {
		needs = append(needs, need{operation: catalog.Operation(operation), table: table})
	}
	for _, item := range in.TransactItems {
		for kind, target := range item {
			needs = append(needs, need{operation: transacted[kind], table: target.TableName, partition: target.Key.PK.S})
		}
	}
	if len(needs) == 0 {
		needs = []need{{catalog.Operation(operation), in.TableName, in.IndexName, in.Key.PK.S}}
	}
	return needs, nil
}

// transacted maps the kinds of a transaction's items to the operations they need.
var transacted = map[string]catalog.Operation{
	"Get": catalog.Get, "Put": catalog.Put, "Update": catalog.Update, "Delete": catalog.Delete, "ConditionCheck": catalog.Check,
}
