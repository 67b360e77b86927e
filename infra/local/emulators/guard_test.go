package emulators

import (
	"slices"
	"sync/atomic"
	"testing"

	"preau/infra/catalog"
	"preau/infra/local/awsjson"
)

type object = map[string]any

func item(pk string) object {
	return object{"PK": object{"S": pk}, "SK": object{"S": "x"}}
}

func transact(kinds ...string) object {
	var items []object
	for i, kind := range kinds {
		one := object{"TableName": tableName, "Key": item(kind + string(rune('a'+i)))}
		switch kind {
		case "Put":
			one = object{"TableName": tableName, "Item": item("put")}
		case "Update":
			one["UpdateExpression"] = "SET n = :n"
			one["ExpressionAttributeValues"] = object{":n": object{"N": "1"}}
		case "ConditionCheck":
			one["ConditionExpression"] = "attribute_not_exists(PK)"
		}
		items = append(items, object{kind: one})
	}
	return object{"TransactItems": items}
}

func query(index string) object {
	q := object{
		"TableName": tableName, "KeyConditionExpression": "PK = :p",
		"ExpressionAttributeValues": object{":p": object{"S": "guard"}},
	}
	switch index {
	case "byTime":
		q["IndexName"] = index
	case "work":
		q["IndexName"], q["KeyConditionExpression"] = index, "#w = :p"
		q["ExpressionAttributeNames"] = object{"#w": "work"}
	}
	return q
}

func TestAFunctionDoesToTheTableOnlyWhatTheCatalogGrants(t *testing.T) {
	t.Parallel()
	s := running(t)
	key := object{"TableName": tableName, "Key": item("guard")}
	get := object{"TableName": tableName, "Key": item("guard")}
	put := object{"TableName": tableName, "Item": item("guard-put")}
	batch := object{"RequestItems": object{tableName: object{"Keys": []object{item("guard")}}}}
	batchWrite := object{"RequestItems": object{tableName: []object{{"PutRequest": object{"Item": item("guard")}}}}}
	const denied = "AccessDeniedException"
	for _, c := range []struct {
		name      string
		as        catalog.Function
		operation string
		in        object
		want      string
	}{
		{"a granted read is served", reader, "GetItem", get, ""},
		{"a granted batch is served", reader, "BatchGetItem", batch, ""},
		{"a granted query is served", reader, "Query", query(""), ""},
		{"a granted write is served", writer, "PutItem", put, ""},
		{"a granted transaction is served", writer, "TransactWriteItems", transact("Put", "Update", "Delete", "ConditionCheck"), ""},
		{"a transaction of granted reads is served", reader, "TransactGetItems", transact("Get", "Get"), ""},
		{"a query on an index with the index right is served", finder, "Query", query("work"), ""},
		{"the platform may scan", platform, "Scan", object{"TableName": tableName, "Limit": 1}, ""},
		{"a read without the right is denied", writer, "GetItem", get, denied},
		{"a batch without the right is denied", writer, "BatchGetItem", batch, denied},
		{"a query without the right is denied", writer, "Query", query(""), denied},
		{"a put without the right is denied", reader, "PutItem", put, denied},
		{"an update without the right is denied", reader, "UpdateItem", key, denied},
		{"a delete without the right is denied", reader, "DeleteItem", key, denied},
		{"one item of a transaction without the right denies it", finder, "TransactWriteItems", transact("Put"), denied},
		{"a condition check needs its own right", reader, "TransactWriteItems", transact("ConditionCheck"), denied},
		{"a read in a transaction needs the right", writer, "TransactGetItems", transact("Get"), denied},
		{"a query on a local index without the index right is denied", reader, "Query", query("byTime"), denied},
		{"a query on a global index without the index right is denied", reader, "Query", query("work"), denied},
		{"a batch of writes can not be granted", writer, "BatchWriteItem", batchWrite, denied},
		{"no function scans", finder, "Scan", object{"TableName": tableName}, denied},
		{"no function describes the table", reader, "DescribeTable", object{"TableName": tableName}, denied},
		{"another table is denied", reader, "GetItem", object{"TableName": "other", "Key": item("x")}, denied},
		{"a function with no right to the table is denied", nothing, "GetItem", get, denied},
		{"an unknown key is nobody", catalog.Function{Name: "stranger"}, "GetItem", get, "UnrecognizedClientException"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := call(t, s.Resources.DynamoDB, "DynamoDB_20120810", c.as, c.operation, c.in, nil); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestNoFunctionChangesOrDeletesARecordOfTheAudit(t *testing.T) {
	t.Parallel()
	s := running(t)
	audit := item("C#ville#A#2026-11")
	key, put := object{"TableName": tableName, "Key": audit}, object{"TableName": tableName, "Item": audit}
	in := func(kind string) object {
		one := object{"TableName": tableName, "Key": audit}
		if kind == "Update" {
			one["UpdateExpression"] = "REMOVE n"
		}
		return object{"TransactItems": []object{{"Put": object{"TableName": tableName, "Item": item("guard-beside")}}, {kind: one}}}
	}
	const denied = "AccessDeniedException"
	for _, c := range []struct {
		name      string
		as        catalog.Function
		operation string
		in        object
		want      string
	}{
		{"one is added", writer, "PutItem", put, ""},
		{"an update is denied", writer, "UpdateItem", key, denied},
		{"a deletion is denied", writer, "DeleteItem", key, denied},
		{"an update in a transaction is denied", writer, "TransactWriteItems", in("Update"), denied},
		{"a deletion in a transaction is denied", writer, "TransactWriteItems", in("Delete"), denied},
		{"a family's partition is another", writer, "DeleteItem", object{"TableName": tableName, "Key": item("C#ville#F#A")}, ""},
		{"the platform, which expires what is old, deletes", platform, "DeleteItem", object{"TableName": tableName, "Key": item("C#ville#A#2020-01")}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := call(t, s.Resources.DynamoDB, "DynamoDB_20120810", c.as, c.operation, c.in, nil); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestOnlyAFunctionThatSealsReachesTheKeyringAndErasesNothingThere(t *testing.T) {
	t.Parallel()
	s := running(t)
	slug := object{"collectivity": object{"S": "guard"}}
	key, put := object{"TableName": keyringName, "Key": slug}, object{"TableName": keyringName, "Item": slug}
	in := func(kind string) object { return object{"TransactItems": []object{{kind: key}}} }
	const denied = "AccessDeniedException"
	for _, c := range []struct {
		name      string
		as        catalog.Function
		operation string
		in        object
		want      string
	}{
		{"a function that seals reads it", sealer, "GetItem", key, ""},
		{"a function that seals adds to it", sealer, "PutItem", put, ""},
		{"the platform does as it likes", platform, "DeleteItem", object{"TableName": keyringName, "Key": object{"collectivity": object{"S": "other"}}}, ""},
		{"an erasure is denied, though the function may delete in the single table", sealer, "DeleteItem", key, denied},
		{"an erasure in a transaction is denied", sealer, "TransactWriteItems", in("Delete"), denied},
		{"an update is denied", sealer, "UpdateItem", key, denied},
		{"a query is denied", sealer, "Query", object{"TableName": keyringName}, denied},
		{"a scan is denied", sealer, "Scan", object{"TableName": keyringName}, denied},
		{"a batch is denied", sealer, "BatchGetItem", object{"RequestItems": object{keyringName: object{"Keys": []object{slug}}}}, denied},
		{"a function that does not seal reads nothing there", reader, "GetItem", key, denied},
		{"a function that does not seal writes nothing there", writer, "PutItem", put, denied},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := call(t, s.Resources.DynamoDB, "DynamoDB_20120810", c.as, c.operation, c.in, nil); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestObserversSeeEachRoundTripOfAFunction(t *testing.T) {
	t.Parallel()
	s := running(t)
	var seen atomic.Pointer[Call]
	var count atomic.Int32
	stop := s.Guard.Observe(func(c Call) {
		if c.Function == finder.Name && c.Operation == "Query" && slices.Contains([]byte(c.Request), '?') {
			seen.Store(&c)
			count.Add(1)
		}
	})
	q := query("")
	q["ExpressionAttributeValues"] = object{":p": object{"S": "who?"}}
	call(t, s.Resources.DynamoDB, "DynamoDB_20120810", finder, "Query", q, nil)
	stop()
	call(t, s.Resources.DynamoDB, "DynamoDB_20120810", finder, "Query", q, nil)
	if count.Load() != 1 {
		t.Fatalf("saw %d calls, want 1", count.Load())
	}
	if c := seen.Load(); c.Status != 200 || string(c.Response) != `{"Items":[],"Count":0,"ScannedCount":0}` {
		t.Errorf("saw status %d, answer %s", c.Status, c.Response)
	}
}

func TestAnInjectedFaultAnswersInsteadOfTheTable(t *testing.T) {
	t.Parallel()
	s := running(t)
	stop := s.Guard.Inject(func(c Call) *awsjson.Error {
		if c.Function == writer.Name && c.Operation == "DeleteItem" {
			return &awsjson.Error{Type: "ThrottlingException", Message: "slow down"}
		}
		return nil
	})
	in := object{"TableName": tableName, "Key": item("fault")}
	if got := call(t, s.Resources.DynamoDB, "DynamoDB_20120810", writer, "DeleteItem", in, nil); got != "ThrottlingException" {
		t.Errorf("got %q, want the fault", got)
	}
	stop()
	if got := call(t, s.Resources.DynamoDB, "DynamoDB_20120810", writer, "DeleteItem", in, nil); got != "" {
		t.Errorf("got %q after the fault was stopped", got)
	}
}

func TestEachFunctionHasItsOwnAccessKey(t *testing.T) {
	t.Parallel()
	owner := map[string]string{PlatformKey: "the platform"}
	for _, f := range catalog.Functions {
		key := AccessKey(f.Name)
		if other, taken := owner[key]; taken {
			t.Errorf("%s and %s share the key %s", f.Name, other, key)
		}
		owner[key] = f.Name
	}
}
