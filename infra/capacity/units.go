package capacity

import (
	"reflect"
	"slices"

	"preau/infra/catalog"
)

// A unit reads 4 KB consistently, or writes 1 KB.
const (
	readBlock  = 4096
	writeBlock = 1024
)

func blocks(bytes, block int) float64 { return float64(max(1, (bytes+block-1)/block)) }

// readUnits of one item, or of all that a query reads together. Half of it when the read may be stale.
func readUnits(bytes int, consistent bool) float64 {
	if consistent {
		return blocks(bytes, readBlock)
	}
	return blocks(bytes, readBlock) / 2
}

// writeUnits of a write that leaves after where before was, nil for no item, with what it changes in the indexes. The
// larger of both counts, also for an update of one attribute, a delete or a condition that fails.
func writeUnits(before, after item, schema catalog.TableSchema) float64 {
	units := blocks(max(before.size(), after.size()), writeBlock)
	for _, index := range slices.Concat(schema.Local, schema.Global) {
		units += indexUnits(entry(before, index, schema), entry(after, index, schema), index)
	}
	return units
}

// indexUnits of a write to an index: an entry that comes, goes or changes is written once; one whose key changes is taken
// out and put in again. What an index does not see costs nothing there.
func indexUnits(before, after item, index catalog.Index) float64 {
	was, is := blocks(before.size(), writeBlock), blocks(after.size(), writeBlock)
	switch {
	case reflect.DeepEqual(before, after):
		return 0
	case before == nil:
		return is
	case after == nil:
		return was
	case before.text(index.PartitionKey) != after.text(index.PartitionKey), before.text(index.SortKey) != after.text(index.SortKey):
		return was + is
	}
	return max(was, is)
}

// entry is what an index holds of an item: nothing unless it has both of the index's keys.
func entry(i item, index catalog.Index, schema catalog.TableSchema) item {
	if i[index.PartitionKey].S == nil || i[index.SortKey].S == nil {
		return nil
	}
	if !index.KeysOnly {
		return i
	}
	return i.only(schema.PartitionKey, schema.SortKey, index.PartitionKey, index.SortKey)
}
