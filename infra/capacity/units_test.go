package capacity

import (
	"fmt"
	"strings"
	"testing"

	"preau/infra/catalog"
)

func TestReadUnitsAreOfFourKilobytes(t *testing.T) {
	t.Parallel()
	cases := []struct {
		bytes      int
		consistent bool
		want       float64
	}{
		{0, true, 1},
		{0, false, 0.5},
		{1, true, 1},
		{4096, true, 1},
		{4097, true, 2},
		{4096, false, 0.5},
		{4097, false, 1},
		{8193, false, 1.5},
	}
	for _, c := range cases {
		if got := readUnits(c.bytes, c.consistent); got != c.want {
			t.Errorf("%d bytes, consistent %v: %v units, want %v", c.bytes, c.consistent, got, c.want)
		}
	}
}

// sized is an item of so many bytes with the attributes of more, which is JSON: "at": …
func sized(t *testing.T, bytes int, more string) item {
	t.Helper()
	text := `{"PK": {"S": "P"}, "SK": {"S": "S"}`
	if more != "" {
		text += ", " + more
	}
	i := readItem(t, text+"}")
	fill := strings.Repeat("x", bytes-i.size()-len("fill"))
	i["fill"] = attribute{S: &fill}
	if i.size() != bytes {
		t.Fatalf("%d bytes, want %d", i.size(), bytes)
	}
	return i
}

func TestAWriteCostsTheLargerOfBeforeAndAfter(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says          string
		before, after int // bytes; 0: no item
		want          float64
	}{
		{"a small item that is new", 0, 100, 1},
		{"just one kilobyte", 0, 1024, 1},
		{"a byte more", 0, 1025, 2},
		{"an item that grows", 500, 2100, 3},
		{"an item that shrinks", 2100, 500, 3},
		{"a delete", 3000, 0, 3},
		{"a delete of nothing", 0, 0, 1},
		{"a failed condition on an item", 1500, 1500, 2},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			var before, after item
			if c.before > 0 {
				before = sized(t, c.before, "")
			}
			if c.after > 0 {
				after = sized(t, c.after, "")
			}
			if got := writeUnits(before, after, catalog.TableSchema{PartitionKey: "PK", SortKey: "SK"}); got != c.want {
				t.Errorf("%v units, want %v", got, c.want)
			}
		})
	}
}

func TestAnIndexCostsWhatItSees(t *testing.T) {
	t.Parallel()
	schema := catalog.TableSchema{
		PartitionKey: "PK", SortKey: "SK",
		Local:  []catalog.Index{{Name: "byTime", PartitionKey: "PK", SortKey: "at"}},
		Global: []catalog.Index{{Name: "work", PartitionKey: "work", SortKey: "workAt", KeysOnly: true}},
	}
	at := func(v string) string { return fmt.Sprintf(`"at": {"S": %q}`, v) }
	queued := func(v string) string { return fmt.Sprintf(`"work": {"S": "Q"}, "workAt": {"S": %q}`, v) }
	cases := []struct {
		says          string
		before, after item
		want          float64
	}{
		{"an item without their keys is in none", nil, sized(t, 500, ""), 1},
		{"an item of one index is written twice", nil, sized(t, 500, at("1")), 2},
		{"a whole entry is as large as its item", nil, sized(t, 1500, at("1")), 4},
		{"an entry of keys alone is small", nil, sized(t, 1500, queued("1")), 3},
		{"an item of both", nil, sized(t, 500, at("1")+","+queued("1")), 3},
		{"an attribute that a whole entry holds", sized(t, 500, at("1")), sized(t, 600, at("1")), 2},
		{"an attribute that an entry of keys does not hold", sized(t, 500, queued("1")), sized(t, 600, queued("1")), 1},
		{"another sort key: one out, one in", sized(t, 500, queued("1")), sized(t, 500, queued("2")), 3},
		{"an entry that goes", sized(t, 500, queued("1")), sized(t, 500, ""), 2},
		{"an entry that comes", sized(t, 500, ""), sized(t, 500, queued("1")), 2},
		{"one key of two is none", nil, sized(t, 500, `"work": {"S": "Q"}`), 1},
		{"a deleted item leaves its indexes", sized(t, 500, at("1")+","+queued("1")), nil, 3},
		{"nothing that changed", sized(t, 500, at("1")+","+queued("1")), sized(t, 500, at("1")+","+queued("1")), 1},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := writeUnits(c.before, c.after, schema); got != c.want {
				t.Errorf("%v units, want %v", got, c.want)
			}
		})
	}
}
