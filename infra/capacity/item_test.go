package capacity

import (
	"encoding/json"
	"strings"
	"testing"
)

// readItem decodes an item of DynamoDB's JSON.
func readItem(t *testing.T, text string) item {
	t.Helper()
	var i item
	if err := json.Unmarshal([]byte(text), &i); err != nil {
		t.Fatal(err)
	}
	return i
}

func TestAnItemIsAsLargeAsAWSSays(t *testing.T) {
	t.Parallel()
	cases := []struct {
		says, item string
		want       int
	}{
		{"nothing", `{}`, 0},
		{"a string: its name and its bytes", `{"shirt-color": {"S": "R"}, "shirt-size": {"S": "M"}}`, 23},
		{"a string in UTF-8", `{"n": {"S": "Léa"}}`, 5},
		{"a name in UTF-8", `{"é": {"S": ""}}`, 2},
		{"a number: a byte and one for two digits", `{"n": {"N": "27"}}`, 3},
		{"a number with an odd count of digits", `{"n": {"N": "127"}}`, 4},
		{"zeros at the end do not count", `{"n": {"N": "1000"}}`, 3},
		{"zeros at the front do not count", `{"n": {"N": "0.0025"}}`, 3},
		{"zeros inside count", `{"n": {"N": "10001"}}`, 5},
		{"an exponent does not count", `{"n": {"N": "1.5E+10"}}`, 3},
		{"zero", `{"n": {"N": "0"}}`, 2},
		{"a negative number", `{"n": {"N": "-27"}}`, 3},
		{"38 digits", `{"n": {"N": "` + strings.Repeat("9", 38) + `"}}`, 21},
		{"true", `{"yes": {"BOOL": true}}`, 4},
		{"false is as large as true", `{"yes": {"BOOL": false}}`, 4},
		{"null", `{"no": {"NULL": true}}`, 3},
		{"bytes, not their base64", `{"b": {"B": "AAECAw=="}}`, 5},
		{"an empty list", `{"l": {"L": []}}`, 4},
		{"an empty map", `{"m": {"M": {}}}`, 4},
		{"a list: three bytes, and one for each element", `{"l": {"L": [{"S": "ab"}, {"N": "7"}]}}`, 1 + 3 + 2 + 2 + 2},
		{"a map: the names inside count too", `{"m": {"M": {"k": {"S": "v"}}}}`, 1 + 3 + 1 + 2},
		{"a map in a map", `{"m": {"M": {"k": {"M": {"x": {"BOOL": true}}}}}}`, 1 + 3 + 1 + 1 + 3 + 1 + 2},
		{"a set of strings", `{"s": {"SS": ["ab", "cde"]}}`, 6},
		{"a set of numbers", `{"s": {"NS": ["1", "22"]}}`, 5},
		{"a set of bytes", `{"s": {"BS": ["AAE=", "AA=="]}}`, 4},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if got := readItem(t, c.item).size(); got != c.want {
				t.Errorf("%d bytes, want %d", got, c.want)
			}
		})
	}
}

func TestAKeySurvivesItsWayToTheTable(t *testing.T) {
	t.Parallel()
	i := readItem(t, `{"PK": {"S": "A"}, "SK": {"S": "B"}, "other": {"M": {}}}`)
	sent, err := json.Marshal(i.key())
	if err != nil || string(sent) != `{"PK":{"S":"A"},"SK":{"S":"B"}}` {
		t.Errorf("sent %s, %v", sent, err)
	}
}
