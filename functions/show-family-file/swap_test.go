package main

import (
	"maps"
	"strings"
	"testing"

	"preau/infra/local/emulators"
	"preau/infra/testkit"
	"preau/infra/testkit/town"
	"preau/shared/family"
)

// A cell is one attribute of an item. Behind # are words that are reserved.
type cell struct{ pk, sk, path string }

func (c cell) call(t *testing.T, operation string, more object, out any) {
	t.Helper()
	in := object{"TableName": testkit.Stack(t).Table, "Key": object{"PK": object{"S": c.pk}, "SK": object{"S": c.sk}}}
	names := map[string]string{"#v": "Values", "#f": "Fields", "#o": "Old", "#n": "New"}
	maps.DeleteFunc(names, func(placeholder, _ string) bool { return !strings.Contains(c.path, placeholder) })
	in["ExpressionAttributeNames"] = names
	for name, v := range more {
		in[name] = v
	}
	if err := emulators.DynamoDB(testkit.Stack(t).DynamoDB).Call(t.Context(), operation, in, out); err != nil {
		t.Fatal(err)
	}
}

// read reads the attribute as the table has it: {"B": …}, the only one at the end of the path.
func (c cell) read(t *testing.T) (value any) {
	t.Helper()
	var out struct{ Item object }
	c.call(t, "GetItem", object{"ProjectionExpression": c.path, "ConsistentRead": true}, &out)
	for value = (object{"M": out.Item}); ; {
		v := value.(object)
		switch {
		case v["M"] != nil:
			for _, only := range v["M"].(object) {
				value = only
			}
		case v["L"] != nil:
			value = v["L"].([]any)[0]
		default:
			return value
		}
	}
}

func (c cell) write(t *testing.T, v any) {
	t.Helper()
	c.call(t, "UpdateItem", object{"UpdateExpression": "SET " + c.path + " = :v", "ExpressionAttributeValues": object{":v": v}}, nil)
}

// value is a field of a member.
func value(h town.Home, kind, member, section, field string) cell {
	return cell{"C#" + h.Slug + "#F#" + h.ID, "FILE#" + kind + "#" + member, "#v." + section + "." + field}
}

// proposed is a side of a change's first field: #o, the old value, or #n, the new one.
func proposed(h town.Home, c family.Change, side string) cell {
	return cell{"C#" + h.Slug + "#F#" + h.ID, "CHANGE#" + c.ID, "#f[0]." + side}
}

func swap(t *testing.T, a, b cell) {
	t.Helper()
	first, second := a.read(t), b.read(t)
	a.write(t, second)
	b.write(t, first)
}

// secret words of the values that are sealed in this file's families.
var secretWords = []string{"Ventoline", "Bricanyl", "Lunettes", "FR142004", "FR76", "PSSTFRPP", "DE893704", "arachide"}

// TestASealedValueIsReadOnlyWhereItWasWritten: whoever can write to the table can not pass one value off as another. What was touched
// is a fault: it is told to nobody but the log.
func TestASealedValueIsReadOnlyWhereItWasWritten(t *testing.T) {
	w := town.New(t)
	home := func(t *testing.T, w *town.Town) town.Home {
		h := w.NewHome("Léa", "Tom")
		for n, iban := range []string{"FR1420041010050500013M02606", "DE89370400440532013000"} {
			h.Give(h.Guardians[n], "bank", object{"holder": "A", "iban": iban, "bic": "PSSTFRPPREN"})
			h.Give(h.Children[n], "health", object{"medication": "Ventoline", "advice": "Lunettes"})
		}
		return h
	}
	elsewhere := home(t, town.New(t))
	cases := []struct {
		says  string
		touch func(t *testing.T, h town.Home)
	}{
		{"two fields of one member", func(t *testing.T, h town.Home) {
			swap(t, value(h, "GUARDIAN", h.Guardians[0], "bank", "iban"), value(h, "GUARDIAN", h.Guardians[0], "bank", "bic"))
		}},
		{"one field of two members", func(t *testing.T, h town.Home) {
			swap(t, value(h, "GUARDIAN", h.Guardians[0], "bank", "iban"), value(h, "GUARDIAN", h.Guardians[1], "bank", "iban"))
		}},
		{"one field of two children", func(t *testing.T, h town.Home) {
			swap(t, value(h, "CHILD", h.Children[0], "health", "medication"), value(h, "CHILD", h.Children[1], "health", "medication"))
		}},
		{"one field of two families", func(t *testing.T, h town.Home) {
			other := home(t, w)
			swap(t, value(h, "CHILD", h.Children[0], "health", "medication"), value(other, "CHILD", other.Children[0], "health", "medication"))
		}},
		{"one field of two collectivities", func(t *testing.T, h town.Home) {
			swap(t, value(h, "CHILD", h.Children[0], "health", "medication"), value(elsewhere, "CHILD", elsewhere.Children[0], "health", "medication"))
		}},
		{"a field and what was proposed for it", func(t *testing.T, h town.Home) {
			c := h.ProposeOf(town.Now, h.Children[0], "health", object{"medication": "Bricanyl"})
			value(h, "CHILD", h.Children[0], "health", "medication").write(t, proposed(h, c, "#n").read(t))
		}},
		{"the two sides of a change", func(t *testing.T, h town.Home) {
			c := h.ProposeOf(town.Now, h.Children[0], "health", object{"medication": "Bricanyl"})
			swap(t, proposed(h, c, "#o"), proposed(h, c, "#n"))
		}},
		{"a value cut short", func(t *testing.T, h town.Home) {
			value(h, "CHILD", h.Children[0], "health", "medication").write(t, object{"B": "AQ=="})
		}},
		{"nothing but a byte string without a byte", func(t *testing.T, h town.Home) {
			value(h, "CHILD", h.Children[0], "health", "medication").write(t, object{"B": ""})
		}},
		{"a value that is not sealed at all", func(t *testing.T, h town.Home) {
			value(h, "GUARDIAN", h.Guardians[0], "bank", "iban").write(t, object{"S": "FR7630006000011234567890189"})
		}},
		{"a list that is not sealed at all", func(t *testing.T, h town.Home) {
			value(h, "CHILD", h.Children[0], "health", "allergies").write(t, object{"L": []any{object{"M": object{"allergen": object{"S": "arachide"}}}}})
		}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			h := home(t, w)
			show(h) // it is right before
			c.touch(t, h)
			reply := town.Send(t, newHandler(), h.Event("show-family-file", nil))
			if reply.StatusCode != 500 || reply.Code() != "internal_error" || reply.Body["correlationId"] == "" || reply.Body["correlationId"] == nil {
				t.Fatalf("got %d %.300s", reply.StatusCode, reply.Response.Body)
			}
			for _, word := range secretWords {
				if strings.Contains(reply.Response.Body, word) {
					t.Errorf("%s leaks: %s", word, reply.Response.Body)
				}
			}
		})
	}
}
