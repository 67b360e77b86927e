package testkit

import (
	"context"
	"os"
	"sync"
	"testing"

	"preau/infra/catalog"
	"preau/infra/local/emulators"
)

var opening sync.Mutex

// OwnTable makes an empty table for one test and names it in the environment while open runs, which opens the store.
// Tests of the workers need it: their queues are one for all tenants, and a running platform works on the shared table's.
func OwnTable(t testing.TB, open func()) (name string) {
	t.Helper()
	r := Stack(t)
	opening.Lock()
	defer opening.Unlock()
	name = "test-" + unique()
	copySchema(t, r, name)
	if err := os.Setenv(catalog.EnvTable, name); err != nil {
		t.Fatal(err)
	}
	open()
	if err := os.Setenv(catalog.EnvTable, r.Table); err != nil {
		t.Fatal(err)
	}
	return name
}

// schema is what two tables have in common; it has no stream, so that nobody reads along.
type schema struct {
	TableName              string
	BillingMode            string
	AttributeDefinitions   any
	KeySchema              any
	LocalSecondaryIndexes  []index
	GlobalSecondaryIndexes []index
}

type index struct {
	IndexName             string
	KeySchema, Projection any
}

// copySchema makes a table like the stack's, which is the catalog's.
func copySchema(t testing.TB, r *Resources, name string) {
	t.Helper()
	db := emulators.DynamoDB(r.DynamoDB)
	var like struct{ Table schema }
	if err := db.Call(t.Context(), "DescribeTable", map[string]string{"TableName": r.Table}, &like); err != nil {
		t.Fatalf("describe the table: %v", err)
	}
	like.Table.TableName, like.Table.BillingMode = name, "PAY_PER_REQUEST"
	if err := db.Call(t.Context(), "CreateTable", like.Table, nil); err != nil {
		t.Fatalf("create a table: %v", err)
	}
	t.Cleanup(func() {
		_ = db.Call(context.WithoutCancel(t.Context()), "DeleteTable", map[string]string{"TableName": name}, nil)
	})
}
