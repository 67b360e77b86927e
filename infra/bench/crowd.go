package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"preau/infra/local/awsjson"
	"preau/infra/local/emulators"
	"preau/infra/seed"
	"preau/shared/account"
	"preau/shared/collectivity"
	"preau/shared/id"
)

// A crowd is many families of one child each in a town with few places a day.
type crowd struct {
	*town
	homes []home
	day   string // that all may ask for
}

// crowd makes one family as every other, subscribed, and copies what is written of it: making each would take longer than
// what is measured.
func (t *town) crowd(n, places int) crowd {
	t.change("cantine", func(a *collectivity.Activity) { a.Capacity = places })
	first := t.subscribed(1)
	c := crowd{town: t, day: first.free("cantine")[9]}
	r := t.stack.Resources
	w := writer{db: emulators.DynamoDB(r.DynamoDB), table: r.Table, town: t}
	items := w.of(first)
	for range n {
		copied, names := first.twin()
		c.homes = append(c.homes, copied)
		for _, i := range items {
			w.add(json.RawMessage(names.Replace(string(i))))
		}
	}
	w.flush()
	return c
}

// twin is a home like another, and what makes the one's items the other's. Nobody of it signs in: its account has no user in
// the pool.
func (h home) twin() (home, *strings.Replacer) {
	twin := home{town: h.town, email: address(), parent: account.Account{ID: id.New(h.Now)}}
	twin.MadeFamily = seed.MadeFamily{ID: id.New(h.Now), Guardians: []string{id.New(h.Now), id.New(h.Now)}, Children: []string{id.New(h.Now)}}
	twin.parent.User = strings.Replace(h.parent.User, h.parent.ID, twin.parent.ID, 1)
	return twin, strings.NewReplacer(
		h.ID, twin.ID, h.parent.ID, twin.parent.ID, h.email, twin.email,
		h.Guardians[0], twin.Guardians[0], h.Guardians[1], twin.Guardians[1], h.Children[0], twin.Children[0],
	)
}

// partition is that of a family.
func (t *town) partition(family string) string { return "C#" + t.slug + "#F#" + family }

// A writer writes items as they are, many at a time.
type writer struct {
	*town
	db    awsjson.Client
	table string
	batch []any
}

type object = map[string]any

func textual(s string) object { return object{"S": s} }

// of reads what is written of a home: the family's partition, the account's, and the child's enrolment at the canteen.
func (w *writer) of(h home) (items []json.RawMessage) {
	partitions := map[string]string{h.partition(h.ID): " ", "ACCOUNT#" + h.parent.ID: " ", "C#" + h.slug + "#S#cantine": "ENROLLED#" + h.ID}
	for _, pk := range slices.Sorted(maps.Keys(partitions)) {
		var out struct{ Items []json.RawMessage }
		check(w.db.Call(w.ctx, "Query", object{
			"TableName": w.table, "ConsistentRead": true, "KeyConditionExpression": "PK = :pk AND SK BETWEEN :from AND :to",
			"ExpressionAttributeValues": object{":pk": textual(pk), ":from": textual(partitions[pk]), ":to": textual(strings.TrimSpace(partitions[pk]) + "~")},
		}, &out))
		items = append(items, out.Items...)
	}
	return items
}

// most is how many items DynamoDB takes at once.
const most = 25

func (w *writer) add(item json.RawMessage) {
	w.batch = append(w.batch, object{"PutRequest": object{"Item": item}})
	if len(w.batch) == most {
		w.flush()
	}
}

func (w *writer) flush() {
	for len(w.batch) > 0 {
		var out struct{ UnprocessedItems map[string][]any }
		check(w.db.Call(w.ctx, "BatchWriteItem", object{"RequestItems": object{w.table: w.batch}}, &out))
		w.batch = out.UnprocessedItems[w.table]
	}
}
