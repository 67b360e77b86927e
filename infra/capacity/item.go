// Package capacity counts what calls of DynamoDB cost, by AWS's rules and from the sizes of the items. The emulator's own
// figures are wrong: of a transaction's items that cost the same it counts one.
package capacity

import (
	"strings"

	"preau/infra/catalog"
)

// An item as it travels in DynamoDB's JSON.
type item map[string]attribute

// An attribute has one of these.
type attribute struct {
	S    *string              `json:",omitempty"`
	N    *string              `json:",omitempty"`
	B    []byte               `json:",omitempty"`
	BOOL *bool                `json:",omitempty"`
	NULL *bool                `json:",omitempty"`
	M    map[string]attribute `json:",omitzero"`
	L    []attribute          `json:",omitzero"`
	SS   []string             `json:",omitempty"`
	NS   []string             `json:",omitempty"`
	BS   [][]byte             `json:",omitempty"`
}

// size of an item in bytes, by AWS's rules ("DynamoDB item sizes and formats"): names and values, both in UTF-8. The 100
// bytes that storage adds do not count for reads and writes.
func (i item) size() (bytes int) {
	for name, a := range i {
		bytes += len(name) + a.size()
	}
	return bytes
}

func size(items []item) (bytes int) {
	for _, i := range items {
		bytes += i.size()
	}
	return bytes
}

func (a attribute) size() (bytes int) {
	switch {
	case a.S != nil:
		return len(*a.S)
	case a.N != nil:
		return numberSize(*a.N)
	case a.BOOL != nil, a.NULL != nil:
		return 1
	case a.M != nil, a.L != nil:
		return a.documentSize()
	}
	bytes = len(a.B)
	for _, s := range a.SS {
		bytes += len(s)
	}
	for _, n := range a.NS {
		bytes += numberSize(n)
	}
	for _, b := range a.BS {
		bytes += len(b)
	}
	return bytes
}

// documentSize of a list or map: three bytes, and one more for each element.
func (a attribute) documentSize() int {
	bytes := 3 + len(a.M) + len(a.L) + item(a.M).size()
	for _, e := range a.L {
		bytes += e.size()
	}
	return bytes
}

// numberSize is one byte and one more for every two significant digits; zeros at both ends do not count.
func numberSize(n string) int {
	digits, _, _ := strings.Cut(strings.ToUpper(n), "E")
	digits = strings.Trim(strings.NewReplacer("-", "", "+", "", ".", "").Replace(digits), "0")
	return 1 + (len(digits)+1)/2
}

// key is the part of an item that names it.
func (i item) key() item {
	return i.only(catalog.Table.PartitionKey, catalog.Table.SortKey)
}

// only is the item without other attributes.
func (i item) only(names ...string) item {
	out := item{}
	for _, n := range names {
		if a, ok := i[n]; ok {
			out[n] = a
		}
	}
	return out
}

// name is a key as text.
func (i item) name() string {
	return i.text(catalog.Table.PartitionKey) + "\n" + i.text(catalog.Table.SortKey)
}

func (i item) text(name string) string {
	if s := i[name].S; s != nil {
		return *s
	}
	return ""
}
