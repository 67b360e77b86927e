package capacity

import (
	"encoding/json"
	"slices"
	"testing"
)

// told is a call with a request body, as it is seen before it is made.
func told(t *testing.T, operation, body string) Sight {
	t.Helper()
	s := Sight{operation: operation, body: []byte(body)}
	if err := json.Unmarshal(s.body, &s.request); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhatAReadCosts(t *testing.T) {
	t.Parallel()
	large := `{"x": {"S": "` + string(slices.Repeat([]byte("x"), 5000)) + `"}}`
	small := `{"x": {"S": "y"}}`
	cases := []struct {
		says, operation, request, answer string
		want                             float64
	}{
		{"an item", "GetItem", `{"ConsistentRead": true}`, `{"Item": ` + small + `}`, 1},
		{"a large item", "GetItem", `{"ConsistentRead": true}`, `{"Item": ` + large + `}`, 2},
		{"an item that may be stale", "GetItem", `{}`, `{"Item": ` + small + `}`, 0.5},
		{"an item that is not there", "GetItem", `{"ConsistentRead": true}`, `{}`, 1},
		{"a batch: each item for itself", "BatchGetItem", `{"RequestItems": {"t": {"ConsistentRead": true, "Keys": [{}, {}]}}}`, `{"Responses": {"t": [` + small + `,` + large + `]}}`, 3},
		{"a batch with a miss", "BatchGetItem", `{"RequestItems": {"t": {"ConsistentRead": true, "Keys": [{}, {}]}}}`, `{"Responses": {"t": [` + small + `]}}`, 2},
		{"a batch with one put off", "BatchGetItem", `{"RequestItems": {"t": {"ConsistentRead": true, "Keys": [{}, {}]}}}`, `{"Responses": {"t": [` + small + `]}, "UnprocessedKeys": {"t": {"Keys": [{}]}}}`, 1},
		{"a query: all items together", "Query", `{"ConsistentRead": true}`, `{"Items": [` + small + `,` + small + `,` + large + `]}`, 2},
		{"a query that finds nothing", "Query", `{}`, `{"Items": []}`, 0.5},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			got, err := told(t, c.operation, c.request).reads(t.Context(), []byte(c.answer))
			if err != nil || got != c.want {
				t.Errorf("%v units (%v), want %v", got, err, c.want)
			}
		})
	}
}

func TestATenantsFirstDataKeyIsCountedBesideTheSingleTable(t *testing.T) {
	t.Parallel()
	body := `{"TableName": "keyring", "Item": {"collectivity": {"S": "ville"}, "Newest": {"S": "0a0b0c0d"}}}`
	s := Meter{Table: "table"}.Look(t.Context(), "PutItem", []byte(body))
	if reads, writes, err := s.Units(t.Context(), 200, []byte(`{}`)); reads != 0 || writes != 1 || err != nil {
		t.Errorf("%v reads, %v writes, %v", reads, writes, err)
	}
}

func TestWhatCanNotBeCountedIsNotPassedOver(t *testing.T) {
	t.Parallel()
	for operation, request := range map[string]string{
		"TransactGetItems": `{}`,
		"GetItem":          `{"ProjectionExpression": "a"}`,
		"BatchGetItem":     `{"RequestItems": {"t": {"Keys": [{}], "ProjectionExpression": "a"}}}`,
	} {
		if _, err := told(t, operation, request).reads(t.Context(), []byte(`{}`)); err == nil {
			t.Errorf("%s is counted", operation)
		}
	}
}

func TestTheTargetsOfAWrite(t *testing.T) {
	t.Parallel()
	const k, put = `{"PK": {"S": "a"}, "SK": {"S": "b"}}`, `{"PK": {"S": "a"}, "SK": {"S": "b"}, "x": {"S": "y"}}`
	for _, c := range []struct {
		operation, request string
		want               int
	}{
		{"PutItem", `{"Item": ` + put + `}`, 1},
		{"UpdateItem", `{"Key": ` + k + `}`, 1},
		{"DeleteItem", `{"Key": ` + k + `}`, 1},
		{"TransactWriteItems", `{"TransactItems": [{"Put": {"Item": ` + put + `}}, {"Update": {"Key": ` + k + `}}, {"Delete": {"Key": ` + k + `}}, {"ConditionCheck": {"Key": ` + k + `}}]}`, 4},
		{"GetItem", `{"Key": ` + k + `}`, 0},
	} {
		keys := targets(c.operation, told(t, c.operation, c.request).request)
		for _, got := range keys {
			if got.name() != "a\nb" || len(got) != 2 {
				t.Errorf("%s: target %v", c.operation, got)
			}
		}
		if len(keys) != c.want {
			t.Errorf("%s: %d targets, want %d", c.operation, len(keys), c.want)
		}
	}
}

func TestThePlaceholdersOfACondition(t *testing.T) {
	t.Parallel()
	got := placeholders("PK=:pk AND begins_with(#at, :prefix)")
	for _, want := range []string{":pk", "#at", ":prefix"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not among %v", want, got)
		}
	}
}
