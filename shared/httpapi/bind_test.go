package httpapi

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// child and input have a field of every sort that the API's inputs have.
type child struct {
	Name  string `json:"name" required:"true" max:"5"`
	Since string `json:"since,omitempty" format:"date"`
}

// Person is what inputs have in common.
type Person struct {
	Born string `json:"born,omitempty" format:"date"`
}

type input struct {
	Person
	ID      string   `path:"id" json:"-" max:"5"`
	Key     string   `header:"Idempotency-Key" json:"-" format:"key"`
	Session string   `cookie:"session" json:"-"`
	From    string   `query:"from" json:"-" required:"true" format:"date"`
	Tags    []string `query:"tag" json:"-" max:"2"`
	Name    string   `json:"name" required:"true" max:"5"`
	Kind    string   `json:"kind,omitempty" enum:"booking,absence"`
	At      string   `json:"at,omitempty" format:"instant"`
	Days    []string `json:"days,omitempty" enum:"mon,tue"`
	Count   int      `json:"count,omitempty"`
	Accept  bool     `json:"accept" required:"true"`
	Note    *string  `json:"note,omitempty" enum:"a,"`
	Items   []child  `json:"items,omitempty" max:"2"`
	Eldest  child    `json:"eldest,omitzero"`
	Last    *child   `json:"last,omitempty"`
}

func echo(_ context.Context, _ Caller, in input) (input, error) { return in, nil }

// sent is a good request, changed.
func sent(changes ...func(*Request)) Request {
	r := Request{
		RouteKey: "PUT /v1/things/{id}", RawQueryString: "from=2026-11-23", PathParameters: map[string]string{"id": "abc"},
		Headers: map[string]string{"content-type": "application/json"}, Body: `{"name": "Anne", "accept": true}`,
	}
	for _, change := range changes {
		change(&r)
	}
	return r
}

func body(text string) func(*Request)    { return func(r *Request) { r.Body = text } }
func query(text string) func(*Request)   { return func(r *Request) { r.RawQueryString = text } }
func with(name, v string) func(*Request) { return func(r *Request) { r.Headers[name] = v } }

// answer is a problem in short: its status and code, and each field with its code.
func answer(t *testing.T, h Handler, r Request) (status int, code string, fields []string) {
	t.Helper()
	response, err := h(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		Status               int
		Type, Title, Detail  string
		Code                 string
		Errors               []struct{ Field, Code, Detail string }
		CorrelationID, Other string
	}
	if err := json.Unmarshal([]byte(response.Body), &p); err != nil {
		t.Fatalf("%q: %v", response.Body, err)
	}
	if response.StatusCode >= 400 && (response.Headers["content-type"] != "application/problem+json" || p.Status != response.StatusCode || p.Type == "" || p.Title == "" || p.Detail == "") {
		t.Errorf("no whole problem: %+v", response)
	}
	for _, f := range p.Errors {
		if f.Detail == "" {
			t.Errorf("%s is refused without a word", f.Field)
		}
		fields = append(fields, f.Field+" "+f.Code)
	}
	return response.StatusCode, p.Code, fields
}

func TestABodyThatCanNotBeReadIsToldWhy(t *testing.T) {
	t.Parallel()
	big := `{"name": "` + strings.Repeat("a", 1<<20) + `"}`
	cases := []struct {
		says   string
		r      Request
		status int
		code   string
	}{
		{"none", sent(body("")), 400, "malformed_json"},
		{"no JSON", sent(body("name=Anne")), 400, "malformed_json"},
		{"JSON cut short", sent(body(`{"name": "An`)), 400, "malformed_json"},
		{"two values", sent(body(`{"name": "Anne", "accept": true} {}`)), 400, "malformed_json"},
		{"a list", sent(body(`[]`)), 400, "malformed_json"},
		{"a text", sent(body(`"Anne"`)), 400, "malformed_json"},
		{"no UTF-8", sent(body("{\"name\": \"\xff\"}")), 400, "malformed_json"},
		{"lists in lists without end", sent(body(`{"name": ` + strings.Repeat("[", 100_000))), 400, "malformed_json"},
		{"more than 1 MB", sent(body(big)), 413, "body_too_large"},
		{"more than 1 MB in base64", sent(body(base64.StdEncoding.EncodeToString([]byte(big))), encoded), 413, "body_too_large"},
		{"bad base64", sent(body("%%%"), encoded), 400, "malformed_json"},
		{"a form", sent(with("content-type", "application/x-www-form-urlencoded")), 415, "json_expected"},
		{"text, as forms of other sites can send it", sent(with("content-type", "text/plain")), 415, "json_expected"},
		{"of no type", sent(with("content-type", "")), 415, "json_expected"},
		{"of two types", sent(with("content-type", "application/json, text/plain")), 415, "json_expected"},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			if status, code, _ := answer(t, Anyone(echo), c.r); status != c.status || code != c.code {
				t.Errorf("got %d %s, want %d %s", status, code, c.status, c.code)
			}
		})
	}
}

func encoded(r *Request) { r.IsBase64Encoded = true }

func TestAnInputIsToldAllThatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	long := "abcdef"
	cases := []struct {
		says   string
		r      Request
		fields []string
	}{
		{"a field that does not exist", sent(body(`{"name": "Anne", "admin": true}`)), []string{"admin unknown_field"}},
		{"a number for a text", sent(body(`{"name": 1}`)), []string{"name wrong_type"}},
		{"a text for a number", sent(body(`{"count": "1"}`)), []string{"count wrong_type"}},
		{"a fraction for a whole number", sent(body(`{"count": 1.5}`)), []string{"count wrong_type"}},
		{"a number too large", sent(body(`{"count": 1e99}`)), []string{"count wrong_type"}},
		{"a text for yes", sent(body(`{"accept": "true"}`)), []string{"accept wrong_type"}},
		{"an object for a list", sent(body(`{"items": {}}`)), []string{"items wrong_type"}},
		{"a wrong type inside a list", sent(body(`{"items": [{"name": true}]}`)), []string{"items.name wrong_type"}},
		{"a wrong type in what inputs have in common", sent(body(`{"born": 2018}`)), []string{"born wrong_type"}},
		{"nothing given", sent(body(`{}`)), []string{"name required", "accept required"}},
		{"null", sent(body(`null`)), []string{"name required", "accept required"}},
		{"fields of null", sent(body(`{"name": null, "accept": null}`)), []string{"name required", "accept required"}},
		{"spaces, and no", sent(body(`{"name": "  ", "accept": false}`)), []string{"name required", "accept required"}},
		{"a text too long", sent(body(`{"name": "abcdef", "accept": true}`)), []string{"name too_long"}},
		{"a list too long", sent(body(`{"name": "a", "accept": true, "items": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}`)), []string{"items too_long"}},
		{"a value that is none of its choices", sent(body(`{"name": "a", "accept": true, "kind": "party"}`)), []string{"kind unknown_value"}},
		{"a value among others that is none of its choices", sent(body(`{"name": "a", "accept": true, "days": ["mon", "sun"]}`)), []string{"days unknown_value"}},
		{"an optional value that is none of its choices", sent(body(`{"name": "a", "accept": true, "note": "b"}`)), []string{"note unknown_value"}},
		{"an instant without a zone", sent(body(`{"name": "a", "accept": true, "at": "2026-11-23T08:30:00"}`)), []string{"at instant_invalid"}},
		{"a character that can not be seen", sent(body(`{"name": "a\u0000", "accept": true}`)), []string{"name control_character"}},
		{"items of a list, each with its place", sent(body(`{"name": "a", "accept": true, "items": [{"name": "a"}, {"since": "2026-02-30"}]}`)), []string{"items[1].name required", "items[1].since date_invalid"}},
		{"a value of what the input has in common with others", sent(body(`{"name": "a", "accept": true, "born": "2026-02-30"}`)), []string{"born date_invalid"}},
		{"an object, where it is given", sent(body(`{"name": "a", "accept": true, "eldest": {"since": "2026-11-23"}, "last": {"name": "abcdef"}}`)), []string{"eldest.name required", "last.name too_long"}},
		{"a parameter that is missing", sent(query("")), []string{"from required"}},
		{"a parameter that is wrong", sent(query("from=23/11/2026")), []string{"from date_invalid"}},
		{"a day at the end of time, beyond which no calendar goes", sent(query("from=9999-12-31")), []string{"from date_invalid"}},
		{"a parameter that does not exist", sent(query("from=2026-11-23&admin=1")), []string{"admin unknown_parameter"}},
		{"a parameter given twice", sent(query("from=2026-11-23&from=2026-11-24")), []string{"from given_twice"}},
		{"a parameter given too often", sent(query("from=2026-11-23&tag=a&tag=b&tag=c")), []string{"tag too_long"}},
		{"a path too long", sent(func(r *Request) { r.PathParameters["id"] = long }), []string{"id too_long"}},
		{"a key too short", sent(with("idempotency-key", "short")), []string{"Idempotency-Key key_invalid"}},
		{"a key with a space", sent(with("idempotency-key", "spaced out")), []string{"Idempotency-Key key_invalid"}},
		{"several things at once", sent(query("from=x&b=1"), body(`{"kind": "party"}`)), []string{"b unknown_parameter", "from date_invalid", "name required", "kind unknown_value", "accept required"}},
	}
	for _, c := range cases {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			status, code, fields := answer(t, Anyone(echo), c.r)
			if status != 400 || code != "invalid_input" || !reflect.DeepEqual(fields, c.fields) {
				t.Errorf("got %d %s %q, want 400 invalid_input %q", status, code, fields, c.fields)
			}
		})
	}
}

func TestAQueryThatCanNotBeReadIsMalformed(t *testing.T) {
	t.Parallel()
	for _, q := range []string{"from=%zz", "a;b"} {
		if status, code, _ := answer(t, Anyone(echo), sent(query(q))); status != 400 || code != "malformed_query" {
			t.Errorf("%s: got %d %s", q, status, code)
		}
	}
}

func TestAnInputIsFilledFromEverywhere(t *testing.T) {
	t.Parallel()
	a := "a"
	r := sent(
		query("from=2026-11-23&tag=x&tag=y%20z"), with("idempotency-key", "0123456789"), with("content-type", "application/json; charset=utf-8"),
		func(r *Request) { r.Cookies = []string{"other=1", "session=c~u~r=="} },
		body(`{"name": "Zoé", "kind": "absence", "at": "2026-11-23T08:30:00+01:00", "days": ["tue"], "count": 3, "accept": true, "note": "a", "items": [{"name": "Léa", "since": "2026-11-23"}],
			"born": "1988-02-03", "eldest": {"name": "Noé"}, "last": {"name": "Inès"}}`),
	)
	want := input{Person{"1988-02-03"}, "abc", "0123456789", "c~u~r==", "2026-11-23", []string{"x", "y z"}, "Zoé", "absence", "2026-11-23T08:30:00+01:00", []string{"tue"}, 3, true, &a, []child{{"Léa", "2026-11-23"}}, child{Name: "Noé"}, &child{Name: "Inès"}}
	for says, r := range map[string]Request{"plain": r, "in base64": inBase64(r)} {
		got, err := bind[input](r)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v (%v)", says, got, err)
		}
	}
}

func inBase64(r Request) Request {
	r.Body, r.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(r.Body)), true
	return r
}

func TestABodyOfExactlyOneMegabyteIsTaken(t *testing.T) {
	t.Parallel()
	text := `{"name": "Anne", "accept": true}`
	r := sent(body(text + strings.Repeat(" ", maxBody-len(text))))
	if status, code, _ := answer(t, Anyone(echo), r); status != 200 {
		t.Errorf("got %d %s", status, code)
	}
}

func TestARouteWithoutABodyTakesAny(t *testing.T) {
	t.Parallel()
	show := func(context.Context, Caller, struct {
		ID string `path:"id" json:"-"`
	},
	) (string, error) {
		return "", nil
	}
	r := sent(query(""), body("<nothing to read>"), with("content-type", "text/html"))
	if response, err := Anyone(show)(t.Context(), r); err != nil || response.StatusCode != 200 {
		t.Errorf("got %+v (%v)", response, err)
	}
}

func TestAZeroThatIsGivenIsNotMissing(t *testing.T) {
	t.Parallel()
	type counted struct {
		Days *int `json:"days" required:"true"`
	}
	days := func(_ context.Context, _ Caller, in counted) (counted, error) { return in, nil }
	for text, want := range map[string]string{
		`{"days": 0}`:    "",
		`{"days": 2}`:    "",
		`{"days": null}`: "days required",
		`{}`:             "days required",
	} {
		r := sent(body(text))
		r.RawQueryString = ""
		if _, _, fields := answer(t, Anyone(days), r); strings.Join(fields, ", ") != want {
			t.Errorf("%s: got %q, want %q", text, fields, want)
		}
	}
}
