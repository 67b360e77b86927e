package main

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"preau/shared/api"
)

func TestParametersSayWhereTheyStandAndTheirLimits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   reflect.Type
		want string
	}{
		"a part of the path is always required": {
			reflect.TypeFor[api.FamilyPath](),
			`[{"name":"family","in":"path","required":true,"schema":{"type":"string","maxLength":40}}]`,
		},
		"a query has formats and may hold a list": {
			reflect.TypeFor[struct {
				From  string   `query:"from" required:"true" format:"date"`
				Child []string `query:"child" max:"20"`
			}](),
			`[{"name":"from","in":"query","required":true,"schema":{"type":"string","minLength":1,"format":"date"}},` +
				`{"name":"child","in":"query","required":false,"schema":{"type":"array","items":{"type":"string"},"maxItems":20}}]`,
		},
		"an idempotency key is a header": {
			reflect.TypeFor[struct {
				Key string `header:"Idempotency-Key" format:"key"`
			}](),
			`[{"name":"Idempotency-Key","in":"header","required":false,"schema":{"type":"string","pattern":"^[!-~]{8,100}$"}}]`,
		},
		"what comes from the body or a cookie is none": {reflect.TypeFor[struct {
			Name   string `json:"name"`
			Cookie string `cookie:"c"`
		}](), `null`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := text(t, parameters(c.in)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

type held struct {
	Self []held `json:"self,omitempty"`
	Name string `json:"name"` // French
}

type holder struct {
	held
	Any   any            `json:"any"`
	Map   map[string]any `json:"map,omitempty"`
	Maybe *int           `json:"maybe,omitzero"`
	Skip  string         `json:"-"`
}

func TestASchemaHoldsWhatTheTypeHolds(t *testing.T) {
	t.Parallel()
	s := &schemas{comments{"held": "What it is.", "held.Name": "French"}, nil, map[string]object{}}
	if got, want := text(t, s.of(reflect.TypeFor[api.List[holder]]())), `{"$ref":"#/components/schemas/holderList"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for name, want := range map[string]string{
		"a page requires its items and not its cursor": `"holderList":{"type":"object","properties":{` +
			`"items":{"type":"array","items":{"$ref":"#/components/schemas/holder"}},"cursor":{"type":"string"}},"required":["items"]}`,
		"a type may hold itself, and is described": `"held":{"description":"What it is.","type":"object","properties":{` +
			`"self":{"type":"array","items":{"$ref":"#/components/schemas/held"}},"name":{"type":"string","description":"French"}},"required":["name"]}`,
		"an embedded type's fields are its holder's": `"holder":{"type":"object","properties":{` +
			`"self":{"type":"array","items":{"$ref":"#/components/schemas/held"}},"name":{"type":"string","description":"French"},` +
			`"any":{},"map":{"type":"object","additionalProperties":{}},"maybe":{"type":"integer"}},"required":["name","any"]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := text(t, s.named())
			if !strings.Contains(all, want) {
				t.Errorf("%s\nlacks %s", all, want)
			}
		})
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
