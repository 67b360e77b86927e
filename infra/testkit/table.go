package testkit

import (
	"context"
	"os"
	"sync"
	"testing"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
)

// opening is held by the test that changes the process's environment, or that opens what reads it.
var opening struct {
	sync.Mutex
	by sync.Map // testing.TB → struct{}: those who hold it
}

// Within changes the process's environment while open runs, which opens what reads it. One test at a time does.
func Within(t testing.TB, variables map[string]string, open func()) {
	t.Helper()
	Stack(t)
	Opening(t, func() {
		for name, value := range variables {
			before := os.Getenv(name)
			if err := os.Setenv(name, value); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = os.Setenv(name, before) }()
		}
		open()
	})
}

// Opening runs what reads the process's environment while no other test changes it. A test that is Within may call it.
func Opening(t testing.TB, open func()) {
	t.Helper()
	if _, mine := opening.by.Load(t); mine {
		open()
		return
	}
	opening.Lock()
	defer opening.Unlock()
	opening.by.Store(t, struct{}{})
	defer opening.by.Delete(t)
	open()
}

// OwnTable makes an empty table for one test, which Within can name. Tests of the workers need it: their queues are one
// for all tenants, and a running platform works on those of the stack's table.
func OwnTable(t testing.TB) (variables map[string]string) {
	t.Helper()
	name := newTable(t, nil)
	return map[string]string{catalog.EnvTable: name}
}

// newTable makes a table like the stack's, with a stream or none, that nobody reads.
func newTable(t testing.TB, stream any) (name string) {
	t.Helper()
	r, name := Stack(t), "test-"+unique()
	db := emulators.DynamoDB(r.DynamoDB)
	var like struct{ Table schema }
	if err := db.Call(t.Context(), "DescribeTable", map[string]string{"TableName": r.Table}, &like); err != nil {
		t.Fatalf("describe the table: %v", err)
	}
	like.Table.TableName, like.Table.BillingMode, like.Table.StreamSpecification = name, "PAY_PER_REQUEST", stream
	if err := db.Call(t.Context(), "CreateTable", like.Table, nil); err != nil {
		t.Fatalf("create a table: %v", err)
	}
	t.Cleanup(func() {
		_ = db.Call(context.WithoutCancel(t.Context()), "DeleteTable", map[string]string{"TableName": name}, nil)
	})
	return name
}

// schema is what two tables have in common.
type schema struct {
	TableName              string
	BillingMode            string
	AttributeDefinitions   any
	KeySchema              any
	LocalSecondaryIndexes  []index
	GlobalSecondaryIndexes []index
	StreamSpecification    any `json:",omitempty"`
}

type index struct {
	IndexName             string
	KeySchema, Projection any
}
