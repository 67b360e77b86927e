package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"preau/infra/catalog"

	"preau/shared/notice"
)

// root is the module's folder: a test runs in the folder of its package.
var root = filepath.Join("..", "..")

func generated(t *testing.T) []byte {
	t.Helper()
	text, err := generate(root)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTheDocumentCheckedInIsTheOneThatTheCodeGives(t *testing.T) {
	t.Parallel()
	there, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(written)))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(there, generated(t)) {
		t.Errorf("%s is stale: run go run ./infra/openapi", written)
	}
	schema, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(rules)))
	if err != nil || !bytes.Equal(schema, notice.Schema) {
		t.Errorf("%s is stale: run go run ./infra/openapi (%v)", rules, err)
	}
}

func load(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(generated(t))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestTheDocumentIsValidOpenAPI31(t *testing.T) {
	t.Parallel()
	doc := load(t)
	if !doc.IsOpenAPI31OrLater() {
		t.Errorf("it says openapi %s", doc.OpenAPI)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestRoutesAndOperationsNameTheSameFunctions(t *testing.T) {
	t.Parallel()
	for _, r := range catalog.Routes {
		if _, ok := operations[r.Function]; !ok {
			t.Errorf("%s %s leads to %s, which has no entry in operations", r.Method, r.Path, r.Function)
		}
	}
	for name := range operations {
		if !slices.ContainsFunc(catalog.Routes, func(r catalog.Route) bool { return r.Function == name }) {
			t.Errorf("operations has %s, and no route leads there", name)
		}
	}
}

func TestEveryRouteIsToldWithItsStatusAndItsSecurity(t *testing.T) {
	t.Parallel()
	doc := load(t)
	for _, r := range catalog.Routes {
		o := doc.Paths.Value(r.Path).GetOperation(r.Method)
		if o.Responses.Status(r.Status) == nil {
			t.Errorf("%s %s does not tell its %d", r.Method, r.Path, r.Status)
		}
		bearer := o.Security != nil && slices.ContainsFunc(*o.Security, func(s openapi3.SecurityRequirement) bool { return s["accessToken"] != nil })
		if bearer != (r.Caller != catalog.Anyone) {
			t.Errorf("%s %s is for %s and asks for a token: %v", r.Method, r.Path, r.Caller, bearer)
		}
	}
}

// The sample events are bodies that the functions take: what refuses one tells something that is not so.
func TestTheBodiesOfTheSampleEventsFit(t *testing.T) {
	t.Parallel()
	doc := load(t)
	for _, r := range catalog.Routes {
		t.Run(r.Function, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join(root, "events", r.Function+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var event struct{ RouteKey, Body string }
			if err := json.Unmarshal(text, &event); err != nil {
				t.Fatal(err)
			}
			if event.RouteKey != r.Method+" "+r.Path {
				t.Errorf("the event is for %s, the route is %s %s", event.RouteKey, r.Method, r.Path)
			}
			if err := fits(doc, r, event.Body); err != nil {
				t.Error(err)
			}
		})
	}
}

// fits says what the document has against a body.
func fits(doc *openapi3.T, r catalog.Route, body string) error {
	taken := doc.Paths.Value(r.Path).GetOperation(r.Method).RequestBody
	if taken == nil || body == "" {
		return nil
	}
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		return err
	}
	return doc.ValidateSchemaJSON(taken.Value.Content.Get("application/json").Schema.Value, value, openapi3.EnableJSONSchema2020())
}

func TestBodiesThatTheEdgeRefusesDoNotFit(t *testing.T) {
	t.Parallel()
	doc := load(t)
	signUp := catalog.Route{Method: "POST", Path: "/v1/accounts"}
	request := catalog.Route{Method: "POST", Path: "/v1/families/{family}/requests"}
	good := `{"kind":"booking","items":[{"child":"c","activity":"a"}],"from":"2026-11-24","to":"2026-11-24","weekdays":["mon"]}`
	if err := fits(doc, request, good); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		route catalog.Route
		body  string
	}{
		"a field that is not there":      {request, strings.Replace(good, `"to"`, `"until"`, 1)},
		"an unknown field":               {request, strings.Replace(good, `{"kind"`, `{"x":1,"kind"`, 1)},
		"an unknown field of an item":    {request, strings.Replace(good, `"child":"c"`, `"child":"c","x":1`, 1)},
		"a value that no list holds":     {request, strings.Replace(good, `booking`, `outing`, 1)},
		"an item that no list holds":     {request, strings.Replace(good, `"mon"`, `"lundi"`, 1)},
		"an empty list that is required": {request, strings.Replace(good, `{"child":"c","activity":"a"}`, ``, 1)},
		"a text that is too long":        {request, strings.Replace(good, `"c"`, `"`+strings.Repeat("c", 41)+`"`, 1)},
		"a number for a text":            {request, strings.Replace(good, `"c"`, `7`, 1)},
		"terms that are not accepted":    {signUp, `{"collectivity":"a","lastName":"b","firstName":"c","email":"d","password":"e","acceptTerms":false,"termsVersion":"f","captcha":"g"}`},
	} {
		if fits(doc, c.route, c.body) == nil {
			t.Errorf("%s fits: %s", name, c.body)
		}
	}
}
